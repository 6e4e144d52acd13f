//! The gateway: sessions begun, taken up, ended.

use gmbot_discord_fake::{Fake, Handshakes};
use serenity::all::{Event, GatewayIntents};

use crate::bot::{Bot, INTENTS};

#[test]
fn a_bot_is_told_its_guilds_and_hears_what_is_said() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let guild = fake.guild("Alpha", ann);
    let bot = Bot::connect(&fake, INTENTS);
    let told = bot.hears(|event| {
        let Event::GuildCreate(event) = event else { return None };
        Some(event.guild.name)
    });
    assert_eq!(told, "Alpha");
    fake.say(fake.general(guild), ann, &format!("<@{}> help", fake.me()));
    assert_eq!(bot.hears_text(), format!("<@{}> help", fake.me()));
}

#[test]
fn text_is_told_only_where_the_bot_is_meant_or_permitted_to_read_it() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    fake.say(general, ann, "gmbot help");
    assert_eq!(bot.hears_text(), "");
    fake.say(fake.direct(ann), ann, "help");
    assert_eq!(bot.hears_text(), "help");
    drop(bot);

    fake.grant(GatewayIntents::MESSAGE_CONTENT);
    let bot = Bot::connect(&fake, INTENTS | GatewayIntents::MESSAGE_CONTENT);
    bot.hears_of("READY");
    fake.say(general, ann, "gmbot help");
    assert_eq!(bot.hears_text(), "gmbot help");
}

#[test]
fn a_session_goes_on_after_each_kind_of_break() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    bot.hears_of("READY");
    let breaks = [
        Fake::reconnect,
        Fake::cut,
        |fake: &Fake| fake.invalidate(true),
        |fake: &Fake| fake.close(4000),
    ];
    for (n, brk) in breaks.iter().enumerate() {
        brk(&fake);
        // Said while nobody is connected, or just before.
        fake.say(direct, ann, &format!("word {n}"));
        assert_eq!(bot.hears_text(), format!("word {n}"));
        fake.wait_for_shards(1);
        assert_eq!(fake.read(|state| state.handshakes()).resumed, n + 1);
    }
    assert_eq!(fake.read(|state| state.handshakes()), Handshakes { identified: 1, resumed: 4 });
}

#[test]
fn a_session_that_is_not_valid_is_begun_anew_and_misses_what_was_said() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    bot.hears_of("READY");
    fake.invalidate(false);
    fake.say(direct, ann, "missed");
    bot.hears_of("READY");
    fake.say(direct, ann, "heard");
    assert_eq!(bot.hears_text(), "heard");
    assert_eq!(fake.read(|state| state.handshakes()), Handshakes { identified: 2, resumed: 0 });
}

#[test]
fn events_come_twice_on_demand() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let bot = Bot::connect(&fake, INTENTS);
    fake.duplicate_events(true);
    let id = fake.say(fake.direct(ann), ann, "twice");
    let heard = || {
        bot.hears(|event| {
            let Event::MessageCreate(event) = event else { return None };
            Some(event.message.id)
        })
    };
    assert_eq!([heard(), heard()], [id, id]);
}

#[test]
fn each_shard_is_told_of_its_own_guilds() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let guilds = ["Alpha", "Beta", "Gamma"].map(|name| fake.guild(name, ann));
    fake.set_shards(2);
    let bot = Bot::begin(&fake, INTENTS);
    fake.wait_for_shards(2);
    let mut told = [(), (), ()].map(|()| {
        bot.hears(|event| {
            let Event::GuildCreate(event) = event else { return None };
            Some(event.guild.id)
        })
    });
    told.sort();
    assert_eq!(told, guilds);
    let shards = guilds.map(|guild| (guild.get() >> 22) % 2);
    assert!(shards.contains(&0) && shards.contains(&1), "{shards:?}");
}

#[test]
fn whoever_asks_for_too_much_is_sent_away() {
    let fake = Fake::start();
    let bot = Bot::begin(&fake, INTENTS | GatewayIntents::MESSAGE_CONTENT);
    fake.wait_for(|state| (state.closings() == [4014]).then_some(()));
    drop(bot);
    assert_eq!(fake.read(|state| state.handshakes()), Handshakes::default());
}

#[test]
fn a_guild_that_is_renamed_given_away_left_and_joined_is_told_of() {
    let fake = Fake::start();
    let (ann, bob) = (fake.user("ann"), fake.user("bob"));
    let guild = fake.guild("Alpha", ann);
    fake.grant(GatewayIntents::GUILD_MEMBERS);
    let bot = Bot::connect(&fake, INTENTS | GatewayIntents::GUILD_MEMBERS);
    fake.join(guild, bob);
    fake.rename_guild(guild, "Omega");
    fake.give_guild(guild, bob);
    fake.part(guild, ann);
    fake.delete_channel(fake.general(guild));
    fake.outage(guild, true);
    fake.outage(guild, false);
    fake.remove_bot(guild);
    fake.add_bot(guild);
    // Serenity handles events at the same time, so they come in any order.
    let heard = [
        "CHANNEL_DELETE",
        "GUILD_CREATE",
        "GUILD_CREATE",
        "GUILD_CREATE",
        "GUILD_DELETE",
        "GUILD_DELETE",
        "GUILD_MEMBER_ADD",
        "GUILD_MEMBER_REMOVE",
        "GUILD_UPDATE",
        "GUILD_UPDATE",
        "READY",
    ];
    let mut names = Vec::new();
    while names.len() < heard.len() {
        names.push(bot.hears(|event| event.name()));
    }
    names.sort();
    assert_eq!(names, heard);
}
