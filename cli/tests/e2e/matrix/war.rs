//! Wars between two rooms of each kind, from the challenge to glory.

use crate::matrix::bot::Bot;
use crate::matrix::people::{People, answering, text, user};
use crate::matrix::room::{Kind, Room, Who};
use crate::report::Report;

/// The smallest PNG there is: one pixel.
pub(crate) const IMAGE: &[u8] = include_bytes!("../../../../connectors/http/tests/api/pixel.png");

/// Who fights in plain rooms, hosts and guests, and who in encrypted ones.
pub(crate) const PLAIN: [[&str; 2]; 2] = [["ann", "ben"], ["mia", "noa"]];
pub(crate) const ENCRYPTED: [[&str; 2]; 2] = [["cat", "dan"], ["oli", "pia"]];

/// Who fights in a room.
pub(crate) struct Side<'a> {
    pub(crate) room: Room<'a>,
    pub(crate) leader: String,
    pub(crate) second: String,
}

impl<'a> Side<'a> {
    /// Opens a room for two people and the bot.
    pub(crate) fn open(
        people: &'a People,
        bot: &Bot,
        kind: Kind,
        name: &str,
        names: [&str; 2],
    ) -> Self {
        let [leader, second] = names.map(user);
        let who = Who { owner: &leader, readers: &[&second], bot: Some(bot.user()) };
        let room = Room::open(people, kind, name, who);
        Self { room, leader, second }
    }
}

/// A war between two rooms, from its acceptance on.
struct War<'a> {
    id: String,
    host: Side<'a>,
    guest: Side<'a>,
}

/// Lets all of them arrive.
pub(crate) fn everybody(people: &People) {
    for name in PLAIN.iter().chain(&ENCRYPTED).flatten() {
        people.arrive(name);
    }
}

pub(crate) fn run(people: &People, bot: &Bot, report: &Report) {
    let wars = Kind::all().map(|kind| {
        let Kind { version, encrypted } = kind;
        let name = |clan: &str| format!("{clan} {version}{}", if encrypted { "e" } else { "" });
        let [hosts, guests] = if encrypted { ENCRYPTED } else { PLAIN };
        let host = Side::open(people, bot, kind, &name("Headshot Killers"), hosts);
        let guest = Side::open(people, bot, kind, &name("Clan F"), guests);
        War::begin(bot.user(), host, guest)
    });
    // While one is played, the next is arranged.
    let wars: Vec<_> = wars.collect();
    wars.iter().for_each(|war| war.end(bot.user()));
    report.add("matrix", "wars from challenge to glory, with an image as proof", wars.len());
}

impl<'a> War<'a> {
    /// A challenge that is accepted: by a reaction, and with the line-up in an answer to what is asked.
    fn begin(me: &str, host: Side<'a>, guest: Side<'a>) -> Self {
        guest.room.ask(&guest.leader, "gmbot subscribe 4");
        let line = format!("gmbot createwar {} {} -game 4 -duration 1m", host.leader, host.second);
        let created = host.room.ask(&host.leader, &line);
        let id = war_in(created.text());
        let challenge = guest.room.hears(me, &format!("challenge {id}"));
        guest.room.react(&guest.leader, &challenge.id, "✅");
        let asked = guest.room.event("a question", |event| event.answers(&challenge.id));
        let line_up = answering(&asked.id, &format!("{} {}", guest.leader, guest.second));
        guest.room.say(&guest.leader, &line_up);
        host.room.hears(me, "accepted: war");
        host.room.say(&host.second, &text(&format!("gmbot say -war {id} -- no snipers, please")));
        guest.room.hears(me, "no snipers, please");
        guest.room.say(&guest.leader, &text(&format!("gmbot say -war {id} -- agreed")));
        host.room.hears(me, "agreed");
        Self { id, host, guest }
    }

    /// When time is up, those who played say who won by reactions to the question; the host won, and
    /// shows an image of it.
    fn end(&self, me: &str) {
        let Self { id, host, guest } = self;
        let question = host.room.hears(me, "who won?");
        host.room.show(&host.leader, &question.id, IMAGE);
        guest.room.hears(me, &format!("filed 1 proof for the war {id}"));
        // What is for one person alone is said to them alone.
        let alone = host.room.alone(&host.leader, me);
        alone[0].hears(me, &format!("filed for the war {id}: 1 proof"));
        for voter in [&host.leader, &host.second] {
            host.room.react(voter, &question.id, "1️⃣");
        }
        let question = guest.room.hears(me, "who won?");
        let mistaken = guest.room.react(&guest.leader, &question.id, "1️⃣");
        guest.room.redact(&guest.leader, &mistaken);
        for voter in [&guest.leader, &guest.second] {
            guest.room.react(voter, &question.id, "2️⃣");
        }
        for side in [host, guest] {
            let settled = side.room.hears(me, "both sides say so");
            assert!(settled.text().contains("+20"), "{settled:?}");
        }
    }
}

/// The id of the war in the answer to a challenge.
#[track_caller]
pub(crate) fn war_in(text: &str) -> String {
    let opened = text.split_once("war ").and_then(|(_, rest)| rest.split_once(" is open"));
    opened.unwrap_or_else(|| panic!("no war in `{text}`")).0.to_owned()
}
