//! Inputs to begin with, made of what the project has: the examples of the command table, the
//! transcripts, and the logs of what they say. Nothing is stored, so nothing gets stale.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gmbot_engine::event::Recorded;
use gmbot_engine::grammar::TABLE;
use gmbot_engine::model::AtMs;
use gmbot_snapshots::format::{Happening, StepKind};
use gmbot_snapshots::{Transcript, transcripts_in};
use serde_json::Value;

use crate::request::{letter, play};

/// Lines that are odd in some way: what phones make of quotes and dashes, mentions that are glued
/// together, marks that nobody sees, and letters that run the other way.
const ODD_LINES: [&str; 12] = [
    "gmbot createwar —players “Ann Smith”, ‘7up’ –game=4",
    "gmbot createwar <@1><@!2> -type ft3 -duration \"1h 30m\" -start sat 20:00",
    "gmbot vote k3xp2 -winner \"us\\\" \\\\\" -score 3–1",
    "gmbot say -war k3xp2 -- -- \u{202e}gnihton",
    "!setup -name \"קשת\" -language de, \"en\",,fr -timezone europe/berlin",
    "<@99>: status -clan #c22222a\u{0}",
    "@gmbot, proof -url https://example.org/a,b -note it's \"so",
    "gmbot -game -game 4 -gmae 5 \u{2028} \u{feff}",
    "gmbot accept k3xp2 Ann Smith Jr 7up Player 4",
    "gmbot subscribe 4,5 7 CS:GO rainbow six siege",
    "gmbot resolve k3xp2 host -reason x -yes -yes",
    "gmbot help --help",
];

/// Words of the language, for whoever changes inputs at random.
pub fn dictionary() -> Vec<String> {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for row in TABLE {
        words.insert(row.name.to_owned());
        words.extend(row.params.iter().map(|param| format!(" -{} ", param.name)));
    }
    let others = [
        "gmbot ",
        "$0",
        "@ann",
        "@mia",
        "<@1>",
        "\"",
        "'",
        "“",
        "”",
        "‘",
        "’",
        "—",
        "–",
        "\\",
        ",",
        "=",
        "#",
        "--",
        "4",
        "ft3",
        "bo5",
        "us",
        "them",
        "draw",
        "void",
        "none",
        "+3h",
        "sat 20:00",
        "2026-03-07 20:00",
        "90m",
        "yes",
        "\u{0}",
        "\u{202e}",
        "\u{200d}",
        "\u{feff}",
        "🎮",
        "ß",
        "İ",
        "Red Pandas",
        "Blue Jays",
        "\n",
        "\na ",
        "\nd ",
        "\na>",
        "\nd!",
        "\n= ",
        "| …",
        "let ",
        "\\u{0}",
        "\\x{a*9}",
        "@clan ",
        "!dup\n",
        "null",
        "[]",
        "{}",
        "-1",
        "9223372036854775807",
    ];
    words.extend(others.map(str::to_owned));
    words.into_iter().collect()
}

/// Lines, as people may type them.
pub fn parse() -> Vec<Vec<u8>> {
    lines().into_iter().map(String::into_bytes).collect()
}

/// Lines, each with a cursor in its middle and at its end.
pub fn complete() -> Vec<Vec<u8>> {
    let places = |line: &String| {
        let cursors = [line.len() / 2, line.len().saturating_sub(1), line.len()];
        cursors.map(|cursor| {
            let cursor = u16::try_from(cursor).unwrap_or(0);
            [&cursor.to_le_bytes()[..], line.as_bytes()].concat()
        })
    };
    lines().iter().flat_map(places).collect()
}

/// What the transcripts say, as scripts for the target's own cast.
pub fn request() -> Vec<Vec<u8>> {
    transcripts().iter().map(|transcript| script(transcript).into_bytes()).collect()
}

/// Each kind of event as an entry of a log; and the logs of the scripts.
pub fn events() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> =
        every_kind().iter().map(|entry| entry.clone().into_bytes()).collect();
    seeds.extend(request().iter().step_by(4).map(|script| log(&play(script).log())));
    seeds
}

/// The transcripts.
pub fn transcript() -> Vec<Vec<u8>> {
    files().iter().map(|file| read(file).into_bytes()).collect()
}

fn lines() -> Vec<String> {
    let examples = TABLE.iter().flat_map(|row| row.examples.iter().map(|line| (*line).to_owned()));
    let said =
        transcripts().into_iter().flat_map(|transcript| transcript.steps).filter_map(|step| {
            let StepKind::Say { text, .. } = step.kind else { return None };
            Some(text)
        });
    let lines: BTreeSet<String> =
        examples.chain(said).chain(ODD_LINES.map(str::to_owned)).collect();
    lines.into_iter().collect()
}

/// The files of the transcripts, in order of name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../transcripts");
    transcripts_in(&folder).expect("the folder of transcripts is there")
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn transcripts() -> Vec<Transcript> {
    let parse = |file: &PathBuf| {
        let name = file.display().to_string();
        Transcript::parse(&name, &read(file)).unwrap_or_else(|error| panic!("{error}"))
    };
    files().iter().map(parse).collect()
}

/// A transcript as a script: its people become those of the cast in the order in which they speak,
/// its clans those of the setting.
fn script(transcript: &Transcript) -> String {
    let mut cast = Cast::default();
    let mut script = String::new();
    let mut put = |who: char, rest: &str| {
        script.push_str(&format!("{who}{}\n", rest.replace('\n', " ")));
    };
    for step in &transcript.steps {
        match &step.kind {
            StepKind::Say { speaker, files, text } => {
                let who = cast.letter(&speaker.clan, speaker.actor.as_deref());
                put(
                    who,
                    &format!("{}{}", if files.is_empty() { ' ' } else { '+' }, cast.words(text)),
                );
            }
            StepKind::Press { speaker, .. } => {
                put(cast.letter(&speaker.clan, speaker.actor.as_deref()), "!0");
            }
            StepKind::Advance(length) => put('a', &format!(">{}", length.0 / 60_000)),
            StepKind::Duplicate(_) => put('a', "~"),
            StepKind::Reach { online: false, .. } => put('a', "<f"),
            StepKind::Fact(what) => {
                let (clan, told) = told(what);
                put(cast.letter(clan, None), &format!("={told}"));
            }
            StepKind::Notice { .. } => put('a', "<"),
            StepKind::Reply(_)
            | StepKind::Let { .. }
            | StepKind::Reuse
            | StepKind::Restart
            | StepKind::Reach { online: true, .. }
            | StepKind::Late(_)
            | StepKind::Mean { .. }
            | StepKind::Begin(_)
            | StepKind::End => {}
        }
    }
    script
}

/// Whom of a transcript the cast stands for.
#[derive(Default)]
struct Cast {
    clans: Vec<String>,
    people: Vec<(String, String)>,
}

/// How the cast calls its people, by letter.
const NAMES: [&str; 8] = ["ann", "ben", "cat", "mia", "noa", "oli", "eve", "mia"];

impl Cast {
    /// The letter for somebody who speaks: three for each of the first two clans, then two.
    fn letter(&mut self, clan: &str, person: Option<&str>) -> char {
        place(&mut self.clans, clan.to_owned());
        let Some(person) = person else { return letter(self.place_of(clan) * 3) };
        place(&mut self.people, (clan.to_owned(), person.to_owned()));
        letter(self.place_in_cast(clan, person))
    }

    /// Which of the cast's clans a clan is.
    fn place_of(&self, clan: &str) -> usize {
        self.clans.iter().position(|known| known == clan).unwrap_or(0) % 3
    }

    /// Which of the cast somebody is.
    fn place_in_cast(&self, clan: &str, person: &str) -> usize {
        let here = self.people.iter().filter(|(known, _)| known == clan);
        let place = here.map(|(_, name)| name).position(|name| name == person).unwrap_or(0);
        let clan = self.place_of(clan);
        clan * 3 + place % if clan == 2 { 2 } else { 3 }
    }

    /// A line about the people of the cast, and about the newest war.
    fn words(&mut self, text: &str) -> String {
        let people = self.people.clone();
        let named = people.iter().fold(text.to_owned(), |text, (clan, person)| {
            let name = NAMES.get(self.place_in_cast(clan, person));
            text.replace(&format!("@{person}"), &format!("@{}", name.unwrap_or(&"ann")))
        });
        let mut words = String::new();
        let mut pieces = named.split('$');
        words.push_str(pieces.next().unwrap_or(""));
        for piece in pieces {
            let rest = piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            words.push_str("$0");
            words.push_str(rest);
        }
        words
    }
}

/// The place of something in a list, to which it is added if it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, wanted: T) -> usize {
    list.iter().position(|known| *known == wanted).unwrap_or_else(|| {
        list.push(wanted);
        list.len() - 1
    })
}

/// Where something happened, and what a script says of it.
fn told(what: &Happening) -> (&str, String) {
    match what {
        Happening::Gone(clan) => (clan, "0".to_owned()),
        Happening::Back(clan) => (clan, "1".to_owned()),
        Happening::Left(clan, person) => (clan, format!("2{person}")),
        Happening::Joined(clan, person) => (clan, format!("3{person}")),
        Happening::Renamed(clan, name) => (clan, format!("4{name}")),
        Happening::Moved(clan, id) => (clan, format!("5{id}")),
        Happening::Owner(clan, person) => (clan, format!("6{person}")),
    }
}

/// Each kind of event, from the snapshot of how they are written, as an entry of the log.
fn every_kind() -> Vec<String> {
    let snapshot =
        "../../engine/tests/snapshots/events__each_kind_of_event_is_written_as_ever.snap";
    let text = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(snapshot));
    let (_, events) = text.split_once("\n---\n").expect("a snapshot has a head");
    let events: Vec<Value> = serde_json::from_str(events).expect("the snapshot is JSON");
    let entry = |event: Value| {
        let event = serde_json::from_value(event).expect("each is an event");
        entry(&Recorded { at: AtMs(1), by: None, clan: None, event })
    };
    events.into_iter().map(entry).collect()
}

fn entry(recorded: &Recorded) -> String {
    serde_json::to_string(recorded).expect("an entry can be written")
}

/// A log without the games that every database has at first.
fn log(entries: &[Recorded]) -> Vec<u8> {
    let lines: Vec<String> = entries.iter().map(entry).collect();
    lines.join("\n").into_bytes()
}
