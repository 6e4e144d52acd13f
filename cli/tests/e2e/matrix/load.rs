//! The bot in two hundred rooms: how soon it answers, how much it answers, and what it takes; beside
//! the least bot there can be in the same client as the people, and beside what the homeserver takes
//! to carry a message from one client to another.

use serde_json::{Value, json};

use crate::matrix::bot::Bot;
use crate::matrix::people::{People, text};
use crate::matrix::room::{Event, Kind, Room, Who};
use crate::report::Report;

/// How many rooms of each kind there are, and how often one is asked by itself.
const ROOMS: usize = 100;
const SAMPLES: usize = 50;

/// Somebody who answers, and what they answer to.
struct Answering<'a> {
    user: &'a str,
    line: &'static str,
}

pub(crate) fn run(people: &People, bot: &Bot, report: &Report) {
    let [ann, ben, echo] = ["ann", "ben", "echo"].map(|name| people.arrive(name));
    people.ask(json!({"do": "echo", "who": echo}));
    let answering = [
        Answering { user: bot.user(), line: "gmbot status" },
        Answering { user: &echo, line: "echo hello" },
    ];
    for encrypted in [false, true] {
        let kind = Kind { version: "12", encrypted };
        let word = if encrypted { "encrypted" } else { "plain" };
        let names: Vec<_> = (0..ROOMS).map(|number| format!("Clan {number} {word}")).collect();
        let who = Who { owner: &ann, readers: &[&ben, &echo], bot: Some(bot.user()) };
        let rooms = Room::open_all(people, kind, &names, who);
        for one in &answering {
            measure(people, &rooms, one, word, report);
        }
    }
    let memory = format!("{} MiB", bot.memory() >> 20);
    report.add("matrix-load", &format!("memory of the bot in {} rooms", 2 * ROOMS), memory);
}

/// How soon and how much somebody answers, in rooms of a kind.
fn measure(people: &People, rooms: &[Room<'_>], one: &Answering<'_>, word: &str, report: &Report) {
    // Clans are founded, and keys are shared.
    one.in_all(people, rooms);
    let (mut answered, mut carried) = (Vec::new(), Vec::new());
    for room in rooms.iter().cycle().take(SAMPLES) {
        let sent = Sent::of(&people.ask(one.asked(room)));
        answered.push(one.answer(room, &sent) - sent.at);
        carried.push(room.event("itself", |event| event.id == sent.event).at - sent.at);
    }
    let rate = rooms.len() as f64 / one.in_all(people, rooms);
    let add = |what: &str, value| {
        let line = one.line;
        report.add(
            "matrix-load",
            &format!("`{line}` in {} {word} rooms: {what}", rooms.len()),
            value,
        );
    };
    add("until the answer is read; median, longest", times(answered));
    add("until it is read itself; median, longest", times(carried));
    add("in all of them at once", format!("{rate:.1} answers a second"));
}

impl Answering<'_> {
    fn asked(&self, room: &Room<'_>) -> Value {
        room.saying(&room.owner, &text(self.line))
    }

    /// When the answer was read.
    fn answer(&self, room: &Room<'_>, sent: &Sent) -> f64 {
        let is = |event: &Event| event.sender == self.user && event.answers(&sent.event);
        room.event("an answer", is).at
    }

    /// Asks in all rooms at once; how many seconds it took until all answers were read.
    fn in_all(&self, people: &People, rooms: &[Room<'_>]) -> f64 {
        let sent = people.ask_all(rooms.iter().map(|room| self.asked(room)).collect());
        let sent: Vec<_> = sent.iter().map(Sent::of).collect();
        let begun = sent.iter().map(|sent| sent.at).fold(f64::INFINITY, f64::min);
        let read = rooms.iter().zip(&sent).map(|(room, sent)| self.answer(room, sent));
        read.fold(begun, f64::max) - begun
    }
}

/// A message that was sent, and when its sending began.
struct Sent {
    event: String,
    at: f64,
}

impl Sent {
    fn of(sent: &Value) -> Self {
        let event = sent["event"].as_str().expect("an event's id").to_owned();
        Self { event, at: sent["at"].as_f64().expect("a time") }
    }
}

/// The median and the longest of some times.
fn times(mut seconds: Vec<f64>) -> String {
    seconds.sort_by(f64::total_cmp);
    let [median, longest] = [seconds.len() / 2, seconds.len() - 1].map(|place| seconds[place]);
    format!("{:.0} ms, {:.0} ms", median * 1000.0, longest * 1000.0)
}
