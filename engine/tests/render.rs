//! Whatever a reply holds can be read, however wide the screen is.

use std::collections::BTreeMap;

use gmbot_engine::grammar::{Command, Problem, Span};
use gmbot_engine::model::{AtMs, PersonId};
use gmbot_engine::render::{plain, styled, visible};
use gmbot_engine::reply::{
    Action, Audience, Block, Code, Diagnostics, Inline, Legend, Reply, Text,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use unicode_width::UnicodeWidthStr;

/// The columns of a narrow phone, and of a wide screen.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=200;

/// Words as people type them: wide, from right to left, invisible, or with line ends.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9]{1,12}( [a-z]{1,9}){0,3}",
        2 => "\\PC{1,20}",
        1 => "[漢字🎮é\u{200d}]{1,8}",
        1 => "[א-ת]{1,8}",
        1 => ".{1,10}",
    ]
}

fn someone() -> PersonId {
    "p2222222a".parse().expect("an id")
}

fn inline() -> impl Strategy<Value = Inline> {
    prop_oneof![
        words().prop_map(Inline::Words),
        words().prop_map(Inline::User),
        words().prop_map(Inline::Code),
        Just(Inline::Person(someone())),
        (0..4_000_000_000_000_i64).prop_map(|at| Inline::Time(AtMs(at))),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    vec(inline(), 1..4).prop_map(Text)
}

fn block() -> impl Strategy<Value = Block> {
    let table = (vec(words(), 0..6), vec(vec(text(), 0..7), 0..6));
    prop_oneof![
        text().prop_map(Block::Title),
        text().prop_map(Block::Paragraph),
        vec((words(), text()), 0..5).prop_map(Block::Fields),
        table.prop_map(|(head, rows)| Block::Table { head, rows }),
        vec(text(), 0..5).prop_map(Block::List),
        words().prop_map(Block::Code),
        text().prop_map(Block::Hint),
    ]
}

/// A line with mistakes at any of its places.
fn diagnostics() -> impl Strategy<Value = Diagnostics> {
    let place = (0..300_usize, 0..40_usize);
    (vec(words(), 1..30), vec((place, words(), of(words())), 1..4)).prop_map(|(line, found)| {
        let line = line.join(" ");
        let problem = |((start, length), message, suggestion): ((usize, usize), _, _)| {
            let start = line.floor_char_boundary(start);
            let end = line.floor_char_boundary(start + length);
            Problem { code: Code::BadValue, span: Span { start, end }, message, suggestion }
        };
        let problems = found.into_iter().map(problem).collect();
        Diagnostics { line, problems }
    })
}

fn reply() -> impl Strategy<Value = Reply> {
    let actions = vec(words(), 0..3);
    (vec(block(), 0..5), actions, of(diagnostics()), words()).prop_map(
        |(blocks, labels, diagnostics, name)| Reply {
            code: Code::Stats,
            audience: Audience::Everyone,
            blocks,
            actions: labels
                .into_iter()
                .map(|label| Action { label, command: Command::Games, players: 0 })
                .collect(),
            diagnostics,
            zone: "Europe/Berlin".to_owned(),
            legend: Legend { people: BTreeMap::from([(someone(), name)]), texts: BTreeMap::new() },
        },
    )
}

/// What a text shows, without white space at its end, which a line may lose.
fn shown(text: &Text, reply: &Reply) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Words(words) | Inline::User(words) => visible(words),
        Inline::Code(code) => format!("`{}`", visible(code)),
        Inline::Person(person) => format!("@{}", visible(&reply.legend.people[person])),
        Inline::Time(at) => at.in_zone(&reply.zone),
        Inline::War(_) | Inline::Clan { .. } | Inline::Message(_) => unreachable!("never made"),
    };
    text.0.iter().map(piece).collect::<String>().trim_end().to_owned()
}

/// What has to be found in the text of a reply, in order.
fn pieces(reply: &Reply) -> Vec<String> {
    let mut pieces = Vec::new();
    for problem in reply.diagnostics.iter().flat_map(|found| &found.problems) {
        pieces.push(visible(&problem.message).trim_end().to_owned());
        pieces
            .extend(problem.suggestion.as_deref().map(|instead| format!("`{}`", visible(instead))));
    }
    for block in &reply.blocks {
        match block {
            Block::Title(text) | Block::Paragraph(text) | Block::Hint(text) => {
                pieces.push(shown(text, reply));
            }
            Block::Fields(fields) => {
                for (label, text) in fields {
                    pieces.extend([visible(label), shown(text, reply)]);
                }
            }
            Block::Table { rows, .. } => {
                pieces.extend(rows.iter().flatten().map(|cell| shown(cell, reply)));
            }
            Block::List(texts) => pieces.extend(texts.iter().map(|text| shown(text, reply))),
            Block::Code(code) => {
                pieces.extend(code.lines().map(|line| visible(line).trim_end().to_owned()));
            }
        }
    }
    for action in &reply.actions {
        pieces.extend([visible(&action.label), "gmbot games".to_owned()]);
    }
    pieces
}

/// Whether all pieces stand in a text, one behind the other; if not, the one that is lost.
fn lost<'p>(pieces: &'p [String], text: &str) -> Option<&'p String> {
    let mut rest = text;
    pieces.iter().find(|piece| match rest.find(piece.as_str()) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            false
        }
        None => true,
    })
}

fn config() -> Config {
    let config = Config { rng_seed: RngSeed::Fixed(7), ..Config::with_cases(200) };
    Config { failure_persistence: None, ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_row_and_no_word_is_lost_at_any_width(reply in reply(), widths in vec(WIDTHS, 8)) {
        let pieces = pieces(&reply);
        for width in widths.into_iter().chain([*WIDTHS.start(), *WIDTHS.end()]) {
            let text = plain(&reply, width);
            let lost = lost(&pieces, &text);
            prop_assert!(lost.is_none(), "{lost:?} is lost at {width} columns of\n{text}");
            prop_assert!(text.lines().all(|line| line.trim_end() == line), "{text:?}");
            let styled: String = styled(&reply, width).into_iter().map(|(_, text)| text).collect();
            prop_assert_eq!(styled, text);
        }
    }

    #[test]
    fn a_table_stays_within_its_columns_or_shows_a_cell_a_line(
        head in vec("[a-z]{1,9}", 1..5),
        rows in vec(vec("[a-z漢]{1,12}", 4), 1..4),
    ) {
        let cell = |cell: &String| Text::from(cell.as_str());
        let rows: Vec<Vec<Text>> =
            rows.iter().map(|row| row.iter().take(head.len()).map(cell).collect()).collect();
        let cells = rows.iter().map(Vec::len).sum::<usize>();
        let lines = rows.len() + 1;
        let reply = Reply::new(Code::Stats).block(Block::Table { head, rows });
        for width in WIDTHS {
            let text = plain(&reply, width);
            let in_columns = text.lines().count() == lines
                && text.lines().all(|line| line.width() <= width);
            prop_assert!(in_columns || text.lines().count() == cells, "{width}:\n{text}");
        }
    }
}
