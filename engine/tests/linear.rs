//! Reading takes work in proportion to a line's length. What is counted is what is allocated, which is
//! the same on every machine; `just fuzz` looks at time.

use allocation_counter::measure;
use gmbot_engine::grammar::complete::complete;
use gmbot_engine::grammar::{Vocabulary, read};
use gmbot_engine::model::Game;
use gmbot_engine::request::Input;
use std::cell::Cell;

/// A room that counts how often it is asked about people, and knows all of them or none.
struct Room {
    games: Vec<Game>,
    knows: bool,
    asked: Cell<u64>,
}

impl Vocabulary for Room {
    fn games(&self) -> &[Game] {
        &self.games
    }
    fn is_player_name(&self, _name: &str) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.knows
    }
    fn prefix(&self) -> Option<&str> {
        Some("!")
    }
    fn is_direct(&self) -> bool {
        true
    }
    fn is_bot(&self, _written: &str) -> bool {
        false
    }
}

/// How a line begins, and what is repeated in it: whatever made some parser take long.
const SHAPES: [(&str, &str); 27] = [
    ("", "x"),
    ("", "x "),
    ("", "\" "),
    ("", "\"x"),
    ("", "“'‘\" "),
    ("", "-"),
    ("", "- -"),
    ("", "<@"),
    ("", "<@1>"),
    ("", ", "),
    ("createwar ", "@a "),
    ("createwar ", "a "),
    ("createwar ", "4 "),
    ("createwar ", "-game "),
    ("createwar ", "-gmae 4 "),
    ("createwar ", "-game 4 "),
    ("createwar ", "-x=\"y\" "),
    ("createwar -players ", "Ann "),
    ("createwar -players a, ", "Ann "),
    ("createwar -game ", "Mini "),
    ("createwar -duration ", "1h"),
    ("subscribe ", "4 "),
    ("subscribe ", "Mini Militia "),
    ("setup -language ", "de, "),
    ("suspend -clan x -reason ", "\\\" "),
    ("say ", "-- "),
    ("accept ", "k3xp2 "),
];
/// The lengths that are compared, in bytes, and how much more the longer may cost: twice its share.
const SHORT: usize = 450;
const LONG: usize = 3_600;
const MOST_TIMES: u64 = 2 * (LONG / SHORT) as u64;
/// How often one line may ask for a name.
const MOST_ASKED: u64 = 64;

fn line((begin, repeated): (&str, &str), length: usize) -> String {
    format!("{begin}{}", repeated.repeat((length - begin.len()) / repeated.len()))
}

/// How many bytes were allocated, all in all.
fn allocated(work: impl FnOnce()) -> u64 {
    measure(work).bytes_total
}

fn room(knows: bool) -> Room {
    Room { games: Game::at_first(), knows, asked: Cell::new(0) }
}

#[test]
fn reading_a_longer_line_costs_its_share() {
    let room = room(false);
    let cost = |shape, length| {
        let input = Input::Line(line(shape, length));
        allocated(|| drop(read(&input, &room)))
    };
    for shape in SHAPES {
        let (short, long) = (cost(shape, SHORT), cost(shape, LONG));
        assert!(long <= short * MOST_TIMES, "{shape:?} took {short} bytes, then {long}");
    }
}

#[test]
fn a_line_asks_for_few_names_whoever_is_known() {
    for (knows, shape) in [false, true].into_iter().flat_map(|knows| SHAPES.map(|it| (knows, it))) {
        let room = room(knows);
        drop(read(&Input::Line(line(shape, LONG)), &room));
        assert!(room.asked.get() <= MOST_ASKED, "{shape:?} asked {} times", room.asked.get());
    }
}

#[test]
fn completing_a_longer_line_costs_its_share() {
    let cost = |shape, length| {
        let line = line(shape, length);
        allocated(|| drop(complete(&line, line.len())))
    };
    for shape in SHAPES {
        let (short, long) = (cost(shape, SHORT), cost(shape, LONG));
        assert!(long <= short * MOST_TIMES, "{shape:?} took {short} bytes, then {long}");
    }
}
