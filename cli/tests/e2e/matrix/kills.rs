//! The bot is killed again and again while people talk to it in mid-war, the homeserver is killed
//! too, and refuses what comes too fast: what was said is done once and answered once, in order.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::counterpart::until;
use crate::matrix::bot::Bot;
use crate::matrix::people::{Begun, People, text};
use crate::matrix::room::{Event, Kind, Room};
use crate::matrix::synapse::Synapse;
use crate::matrix::war::{ENCRYPTED, PLAIN, Side, war_in};
use crate::report::Report;

/// How often the bot is killed, and the homeserver.
const KILLS: usize = 24;
const RESTARTS: usize = 3;
/// How many wars there are at once: each takes few messages a minute.
const WARS: usize = 5;
/// How many lines each clan says at a time where its bot is held up.
const HASTY: usize = 6;
/// A kill comes at most so many milliseconds after lines were said: long enough to answer them all,
/// so that it may come anywhere before, between and after.
const DELAY_MS: u32 = 2_500;

/// Two clans that are at war, and all that they said.
struct Clans<'a> {
    people: &'a People,
    sides: [Side<'a>; 2],
    wars: Vec<String>,
    said: Vec<Said>,
    /// What a side said to the other.
    messages: Vec<(usize, String)>,
}

/// A line for the bot: by which side, and where it moves its clan if it does.
struct Line {
    side: usize,
    line: String,
    place: Option<String>,
}

/// A line that was said, as which event.
struct Said {
    line: Line,
    event: String,
}

pub(crate) fn run(synapse: &mut Synapse, people: &People, bot: &mut Bot, report: &Report) {
    let administrator = people.register("root", true);
    let mut clans = Clans::at_war(people, bot);
    let begun = Instant::now();
    for number in 0..KILLS {
        let lines = clans.lines(number, 1);
        let open = clans.begin(&lines);
        thread::sleep(Duration::from_millis(chance(DELAY_MS).into()));
        bot.kill();
        clans.enter(lines, open);
        bot.go_on();
    }
    clans.must_be_answered_once(bot);
    let kills = format!("{KILLS}, {:?}", begun.elapsed());
    for number in 0..RESTARTS {
        let lines = clans.lines(KILLS + number, HASTY);
        let open = clans.begin(&lines);
        thread::sleep(Duration::from_millis(chance(DELAY_MS).into()));
        synapse.kill();
        synapse.go_on();
        clans.enter(lines, open);
    }
    clans.must_be_answered_once(bot);
    synapse.limit(bot.user(), &administrator);
    let lines = clans.lines(KILLS + RESTARTS, HASTY);
    let open = clans.begin(&lines);
    clans.enter(lines, open);
    clans.must_be_answered_once(bot);
    synapse.unlimit(bot.user(), &administrator);
    let refused = synapse.answered(bot.user(), 429);
    assert!(refused > 0, "the bot was never too fast");
    clans.must_agree_with(&bot.program.done("log"));
    assert!(bot.program.done("verify").starts_with("sound"));

    let add = |what, value| report.add("matrix-kills", what, value);
    add("kills of the bot in mid-war, and how long they took", kills);
    add("kills of the homeserver in mid-war", RESTARTS.to_string());
    add("refusals of what the bot said too fast", refused.to_string());
    add("lines said, each done and answered once", clans.said.len().to_string());
    add("of these messages to the other clan, each told once", clans.messages.len().to_string());
}

impl<'a> Clans<'a> {
    /// Two clans with wars between them; one lives in an encrypted room.
    fn at_war(people: &'a People, bot: &Bot) -> Self {
        let kind = |encrypted| Kind { version: "12", encrypted };
        let sides = [
            Side::open(people, bot, kind(true), "Night Owls", ENCRYPTED[0]),
            Side::open(people, bot, kind(false), "Early Birds", PLAIN[0]),
        ];
        let [host, guest] = &sides;
        let war = |_| {
            let line = format!("gmbot createwar {} {} -game 5", host.leader, host.second);
            let created = host.room.ask(&host.leader, &line);
            let war = war_in(created.text());
            let line = format!("gmbot accept {war} {} {}", guest.leader, guest.second);
            guest.room.ask(&guest.leader, &line);
            war
        };
        let wars = (0..WARS).map(war).collect();
        Self { people, sides, wars, said: Vec::new(), messages: Vec::new() }
    }

    /// What is said next: each leader moves their clan, and somebody says something to the others.
    fn lines(&mut self, number: usize, moves: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        for side in 0..self.sides.len() {
            for step in 0..moves {
                let place = format!("place {number} {step} {side}");
                let line = format!("gmbot setup -location {place}");
                lines.push(Line { side, line, place: Some(place) });
            }
        }
        let (from, war) = (number % 2, &self.wars[number % WARS]);
        let message = format!("message {number}.");
        let line = format!("gmbot say -war {war} -- {message}");
        lines.push(Line { side: from, line, place: None });
        self.messages.push((from, message));
        lines
    }

    /// Lets lines be said, and does not wait until the homeserver has them.
    fn begin(&self, lines: &[Line]) -> Begun {
        let saying = |Line { side, line, .. }: &Line| {
            let side = &self.sides[*side];
            side.room.saying(&side.leader, &text(line))
        };
        self.people.begin_all(lines.iter().map(saying).collect())
    }

    /// Waits until the homeserver has them.
    fn enter(&mut self, lines: Vec<Line>, begun: Begun) {
        let sent = lines.into_iter().zip(self.people.await_all(begun));
        self.said.extend(sent.map(|(line, sent)| {
            let event = sent["event"].as_str().expect("an event's id").to_owned();
            Said { line, event }
        }));
    }

    /// Waits until all lines were answered and all messages told, and looks that none was twice.
    fn must_be_answered_once(&self, bot: &Bot) {
        let me = bot.user();
        for Said { line, event } in self.moves() {
            self.sides[line.side].room.event("an answer", |one| one.answers(event));
        }
        for (from, message) in &self.messages {
            self.sides[1 - from].room.hears(me, message);
        }
        // What comes twice comes before the answer to something later.
        for side in &self.sides {
            side.room.ask(&side.leader, "gmbot games");
        }
        for Said { line, event } in self.moves() {
            let answers = |one: &Event| one.answers(event);
            self.sides[line.side].room.must_have(1, "an answer", answers);
        }
        for (from, message) in &self.messages {
            let told = |one: &Event| one.says(me, message);
            self.sides[1 - from].room.must_have(1, message, told);
        }
        for (number, side) in self.sides.iter().enumerate() {
            // That a message was sent is said to the one who sent it.
            let sent = self.messages.iter().filter(|(from, _)| *from == number).count();
            let told = || told_alone(side, me, "sent to");
            until("all answers", || (told() >= sent).then_some(()));
            assert_eq!(told(), sent, "answers to messages");
        }
    }

    /// The lines that are answered where they were said.
    fn moves(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|said| said.line.place.is_some())
    }

    /// Holds what was said against the log: each line there once, a clan's in their order.
    fn must_agree_with(&self, log: &str) {
        let events: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["event"].clone())
            .collect();
        for side in 0..self.sides.len() {
            let suffix = format!(" {side}");
            let places = events.iter().filter(|event| event["type"] == "profile_changed");
            let places = places.filter_map(|event| event["profile"]["location"].as_str());
            let logged: Vec<_> = places.filter(|place| place.ends_with(&suffix)).collect();
            let said = self.said.iter().map(|said| &said.line).filter(|line| line.side == side);
            let said: Vec<_> = said.filter_map(|line| line.place.as_deref()).collect();
            assert_eq!(logged, said);
        }
        let sent = events.iter().filter(|event| event["type"] == "message_sent").count();
        assert_eq!(sent, self.messages.len());
    }
}

/// How many messages with some words somebody had from the bot alone.
fn told_alone(side: &Side<'_>, bot: &str, words: &str) -> usize {
    let rooms = side.room.alone(&side.leader, bot);
    let told = |room: &Room<'_>| room.all().iter().filter(|one| one.says(bot, words)).count();
    rooms.iter().map(told).sum()
}

/// Some number below `end`.
fn chance(end: u32) -> u32 {
    getrandom::u32().expect("the system gives random bytes") % end
}
