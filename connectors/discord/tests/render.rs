//! Whatever a reply holds, its messages keep Discord's limits, and everything in it can be read there.

use std::collections::BTreeMap;

use gmbot_chat_testing::lacks;
use gmbot_discord::payload::{Component, Message, length, limit};
use gmbot_discord::{Capabilities, render};
use gmbot_engine::grammar::{Command, WarRef};
use gmbot_engine::model::{AtMs, PersonId};
use gmbot_engine::render::plain;
use gmbot_engine::reply::{Action, Block, Code, Inline, Legend, Text};
use gmbot_engine::{Reply, grammar};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

#[path = "support/read_back.rs"]
mod read_back;

use read_back::read_back;

const ZONE: &str = "Europe/Berlin";

/// Words as people type them: with markdown, mentions, wide letters and line ends, short or far too
/// long.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9]{1,12}( [a-z]{1,9}){0,3}",
        2 => "[*_~|`<>@#:\\[\\]()\\\\a-z -]{1,20}",
        1 => "\\PC{1,20}",
        1 => "[漢字🎮é\u{200d}\n]{1,8}",
        1 => "[a-z]{1,9}".prop_map(|word| word.repeat(700)),
        1 => "[a-z🎮\\\\*]{1,9}".prop_map(|word| format!("{word} ").repeat(500)),
    ]
}

fn someone() -> PersonId {
    "p2222222a".parse().expect("an id")
}

fn inline() -> impl Strategy<Value = Inline> {
    prop_oneof![
        2 => words().prop_map(Inline::Words),
        2 => words().prop_map(Inline::User),
        1 => "[a-z` ]{1,30}".prop_map(Inline::Code),
        1 => Just(Inline::Person(someone())),
        1 => (0..4_000_000_000_i64).prop_map(|at| Inline::Time(AtMs(at * 1000))),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    vec(inline(), 1..4).prop_map(Text)
}

fn block() -> impl Strategy<Value = Block> {
    let table = (vec("[a-z]{1,9}", 1..5), vec(vec(text(), 1..5), 0..40));
    prop_oneof![
        text().prop_map(Block::Title),
        text().prop_map(Block::Paragraph),
        vec((words(), text()), 0..30).prop_map(Block::Fields),
        table.prop_map(|(head, rows)| Block::Table { head, rows }),
        vec(text(), 0..30).prop_map(Block::List),
        words().prop_map(Block::Code),
        text().prop_map(Block::Hint),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    ("[a-zA-Z*`]{1,90}", "[a-z0-9]{1,120}", 0..30_u32).prop_map(|(label, war, players)| Action {
        label,
        command: Command::Accept { war: WarRef(war), players: Vec::new() },
        players,
    })
}

fn reply() -> impl Strategy<Value = Reply> {
    (vec(block(), 0..6), vec(action(), 0..12), "[a-z_*]{1,20}").prop_map(
        |(blocks, actions, name)| Reply {
            blocks,
            actions,
            legend: Legend { people: BTreeMap::from([(someone(), name)]), texts: BTreeMap::new() },
            ..Reply::new(Code::Stats).in_zone(ZONE)
        },
    )
}

fn keeps_limits(message: &Message) {
    assert!(length(&message.content) <= limit::CONTENT);
    assert!(!message.content.is_empty() || !message.embeds.is_empty(), "an empty message");
    assert!(message.embeds.len() <= limit::EMBEDS);
    let within = |text: &str, most: usize| assert!((1..=most).contains(&length(text)), "{text}");
    for embed in &message.embeds {
        assert!(embed.length() > 0, "an empty embed");
        embed.title.iter().for_each(|title| within(title, limit::TITLE));
        embed.description.iter().for_each(|text| within(text, limit::DESCRIPTION));
        embed.footer.iter().for_each(|footer| within(&footer.text, limit::FOOTER));
        assert!(embed.fields.len() <= limit::FIELDS);
        for field in &embed.fields {
            within(&field.name, limit::FIELD_NAME);
            within(&field.value, limit::FIELD_VALUE);
        }
    }
    let embedded: usize = message.embeds.iter().map(|embed| embed.length()).sum();
    assert!(embedded <= limit::EMBEDDED, "{embedded}");
    assert!(message.components.len() <= limit::ROWS);
    let mut ids = Vec::new();
    for row in &message.components {
        assert!((1..=limit::BUTTONS).contains(&row.components.len()));
        for component in &row.components {
            match component {
                Component::Button(button) => {
                    within(&button.label, limit::LABEL);
                    ids.push(&button.custom_id);
                }
                Component::UserSelect(select) => {
                    within(&select.placeholder, limit::PLACEHOLDER);
                    assert_eq!(row.components.len(), 1, "a select has its row to itself");
                    assert!((1..=limit::CHOSEN).contains(&select.max_values));
                    ids.push(&select.custom_id);
                }
                Component::TextInput(_) => panic!("only forms have inputs"),
            }
        }
    }
    ids.iter().for_each(|id| within(id, limit::CUSTOM_ID));
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "what can be pressed is told apart by its id");
}

/// Everything in the reply, in order, as plain text has it at the width of Discord's tables.
fn everything(reply: &Reply, can: &Capabilities) -> String {
    let blocks = Reply { actions: Vec::new(), ..reply.clone() };
    plain(&blocks, can.columns)
}

fn read_all(messages: &[Message]) -> String {
    let json = |message| serde_json::to_value(message).expect("JSON");
    messages.iter().map(|message| read_back(&json(message), ZONE) + "\n").collect()
}

fn holds(reply: &Reply, can: &Capabilities) {
    let messages = render(reply, can);
    messages.iter().for_each(keeps_limits);
    let read = read_all(&messages);
    if let Some(word) = lacks(&read, &everything(reply, can)) {
        panic!("`{word}` is not read where it should be:\n{read}");
    }
    for action in &reply.actions {
        let line = grammar::print(&action.command);
        assert!(read.contains(&line), "{line} can neither be pressed nor typed");
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 64, rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..Config::default()
    })]

    #[test]
    fn embeds_keep_the_limits_and_lose_nothing(reply in reply()) {
        holds(&reply, &Capabilities::default());
    }

    #[test]
    fn text_keeps_the_limits_and_loses_nothing(reply in reply()) {
        holds(&reply, &Capabilities { embeds: false, ..Capabilities::default() });
    }
}

#[test]
fn what_somebody_typed_has_no_marks() {
    let typed = "**bold** <@1> @everyone [a](https://example.org) `x` ||y|| # z\n> q";
    let reply = Reply::new(Code::Message).say(Text::new().user(typed).and("> ").user("# title"));
    let messages = render(&reply, &Capabilities::default());
    insta::assert_json_snapshot!(messages);
}

#[test]
fn a_row_of_a_table_stands_in_one_message() {
    let row = |number: usize| vec![Text::from(format!("clan {number:03}")), Text::from("12")];
    let table = Block::Table {
        head: vec!["clan".to_owned(), "glory".to_owned()],
        rows: (0..600).map(row).collect(),
    };
    let reply = Reply::new(Code::Leaderboard).title("leaderboard").block(table);
    for embeds in [true, false] {
        let messages = render(&reply, &Capabilities { embeds, ..Capabilities::default() });
        assert!(messages.len() > 1);
        let json: Vec<_> =
            messages.iter().map(|one| serde_json::to_string(one).expect("JSON")).collect();
        for number in 0..600 {
            let row = format!("clan {number:03}  12");
            assert_eq!(json.iter().filter(|one| one.contains(&row)).count(), 1, "{row}");
        }
    }
}

#[test]
fn a_challenge_is_these_messages() {
    let war = || WarRef("k3xp2".to_owned());
    let fields = vec![
        ("Game".to_owned(), Text::from("Mini Militia")),
        ("Start".to_owned(), Text::from(AtMs(1_767_636_000_000))),
        ("Line-up".to_owned(), Text::from(someone()).and(", ").and(someone())),
    ];
    let mut reply = Reply::new(Code::Challenge)
        .title(Text::from("challenge by ").user("Headshot_Killers"))
        .block(Block::Fields(fields))
        .say(Text::from("it waits until ").and(AtMs(1_767_722_400_000)))
        .action_with("Accept", Command::Accept { war: war(), players: Vec::new() }, 2)
        .action("Decline", Command::Decline { war: war() })
        .action("Concede", Command::Concede { war: war(), yes: false })
        .action("Show", Command::Show { war: Some(war()) })
        .hint(Text::from("name your line-up: ").code("gmbot accept k3xp2 @name @name"))
        .in_zone(ZONE);
    reply.legend.people.insert(someone(), "ann_b".to_owned());
    insta::assert_json_snapshot!("challenge_in_embeds", render(&reply, &Capabilities::default()));
    let text = Capabilities { embeds: false, ..Capabilities::default() };
    insta::assert_json_snapshot!("challenge_as_text", render(&reply, &text));
}
