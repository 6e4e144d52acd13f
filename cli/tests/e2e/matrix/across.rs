//! A war between a Matrix room and a Discord server, by two connectors over one database, with what
//! the two clans say to each other.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use gmbot_discord_fake::{Fake, Message};

use crate::counterpart::Counterpart;
use crate::matrix::bot::Bot;
use crate::matrix::people::{People, text};
use crate::matrix::room::Kind;
use crate::matrix::war::{ENCRYPTED, Side, war_in};
use crate::report::Report;

/// How long anything on Discord may take.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn run(people: &People, bot: &Bot, report: &Report) {
    let discord = Fake::start();
    let (mia, noa) = (discord.user("mia"), discord.user("noa"));
    let guild = discord.guild("Sofa Gang", mia);
    discord.join(guild, noa);
    let channel = discord.general(guild);
    let log = File::options().create(true).append(true).open(bot.program.path("log"));
    let _connector = Counterpart::start(
        bot.program
            .command(["discord"])
            .env("GMBOT_DISCORD_API", discord.url())
            .env("GMBOT_DISCORD_TOKEN", discord.token())
            .stdout(Stdio::null())
            .stderr(log.expect("a file")),
    );
    let wait = |is: &dyn Fn(&Message) -> bool| {
        let come = discord.wait_at_most(PATIENCE, |state| {
            state.messages(channel).into_iter().find(|message| is(message)).cloned()
        });
        come.expect("a message on Discord in time")
    };
    let told = |words: &str| wait(&|message| message.text().contains(words));
    let say = |who, line: &str| discord.say(channel, who, &format!("<@{}> {line}", discord.me()));
    let ask = |who, line: &str| {
        let said = say(who, line);
        wait(&|message| message.answers == Some(said))
    };
    discord.wait_for_shards(1);
    ask(mia, "subscribe 4");

    let kind = Kind { version: "12", encrypted: true };
    let side = Side::open(people, bot, kind, "Long Shots", ENCRYPTED[0]);
    let Side { room, leader, second } = &side;
    let created = room.ask(leader, &format!("gmbot createwar {leader} {second} -game 4"));
    let war = war_in(created.text());
    told(&format!("challenge {war}"));
    ask(mia, &format!("accept {war} <@{mia}> <@{noa}>"));
    room.hears(bot.user(), "Sofa Gang accepted");

    room.say(second, &text(&format!("gmbot say -war {war} -- no snipers, please")));
    told("no snipers, please");
    say(noa, &format!("say -war {war} -- agreed"));
    room.hears(bot.user(), "agreed");

    for voter in [leader, second] {
        room.say(voter, &text(&format!("gmbot vote {war} -winner us")));
    }
    for voter in [mia, noa] {
        say(voter, &format!("vote {war} -winner them"));
    }
    let glory = room.hears(bot.user(), "both sides say so");
    assert!(glory.text().contains("+20"), "{glory:?}");
    let glory = told("both sides say so");
    assert!(glory.text().contains("+20"), "{}", glory.text());
    discord.assert_local();
    report.add("matrix", "wars between a Matrix room and a Discord server", 1);
}
