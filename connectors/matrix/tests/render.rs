//! Whatever a reply holds, its messages fit into an event, and everything in it can be read there, as
//! HTML and as plain text.

use gmbot_chat_testing::{expected, lacks};
use gmbot_engine::Reply;
use gmbot_engine::grammar::{Command, WarRef, Winner};
use gmbot_engine::model::{AtMs, PersonId};
use gmbot_engine::reply::{Block, Code, Text};
use gmbot_matrix::{COLUMNS, LARGEST, Message, render};
use serde_json::json;

#[path = "support/read_back.rs"]
mod read_back;

fn content(message: &Message) -> serde_json::Value {
    json!({ "body": message.body, "formatted_body": message.html })
}

/// All that is read in messages, as HTML and as plain text.
fn read(messages: &[Message]) -> [String; 2] {
    let read: Vec<_> =
        messages.iter().map(|message| read_back::read_back(&content(message))).collect();
    let rich: Vec<_> = read.iter().map(|read| read.rich.as_str()).collect();
    let plain: Vec<_> = read.iter().map(|read| read.plain.as_str()).collect();
    [rich.join("\n"), plain.join("\n")]
}

fn holds(reply: &Reply) {
    let messages = render(reply);
    for message in &messages {
        assert!(!message.body.is_empty() && !message.html.is_empty(), "an empty message");
        let size = serde_json::to_string(&content(message)).expect("JSON").len();
        assert!(size <= LARGEST + 100, "{size}");
    }
    for read in read(&messages) {
        if let Some(word) = lacks(&read, &expected(reply, COLUMNS)) {
            panic!("`{word}` is not read where it should be:\n{read}");
        }
    }
}

fn someone() -> PersonId {
    "p2222222a".parse().expect("an id")
}

#[test]
fn what_somebody_typed_has_no_marks() {
    let typed =
        "<b>bold</b> &amp; <a href=\"https://matrix.to/#/@ann:a.org\">x</a> @room **y** `z`";
    let reply = Reply::new(Code::Message).say(Text::new().user(typed).and("> ").user("# title"));
    insta::assert_json_snapshot!(render(&reply).iter().map(content).collect::<Vec<_>>());
    holds(&reply);
}

#[test]
fn a_row_of_a_table_stands_in_one_message() {
    let row = |number: usize| vec![Text::from(format!("clan {number:04}")), Text::from("12")];
    let table = Block::Table {
        head: vec!["clan".to_owned(), "glory".to_owned()],
        rows: (0..3000).map(row).collect(),
    };
    let reply = Reply::new(Code::Leaderboard).title("leaderboard").block(table);
    holds(&reply);
    let messages = render(&reply);
    assert!(messages.len() > 1);
    for number in 0..3000 {
        let row = format!("clan {number:04}  12");
        assert_eq!(messages.iter().filter(|one| one.html.contains(&row)).count(), 1, "{row}");
    }
}

#[test]
fn a_block_that_fits_into_a_message_is_not_divided() {
    let block = |letter: &str| Block::Paragraph(Text::from(letter.repeat(LARGEST / 4)));
    let reply = ["a", "b", "c"]
        .iter()
        .fold(Reply::new(Code::Help), |reply, letter| reply.block(block(letter)));
    let messages = render(&reply);
    assert_eq!(messages.len(), 3);
    holds(&reply);
}

#[test]
fn a_line_that_is_longer_than_a_message_is_divided_between_letters() {
    for letter in ["a", "\"", "<", "🎮", "\u{7f}"] {
        let reply = Reply::new(Code::Message).say(Text::new().user(letter.repeat(30_000)));
        holds(&reply);
    }
}

#[test]
fn a_reply_that_says_nothing_says_what_it_is() {
    assert_eq!(render(&Reply::new(Code::FactNoted))[0].body, "FACT_NOTED");
}

#[test]
fn a_challenge_and_a_question_are_these_messages() {
    let war = || WarRef("k3xp2".to_owned());
    let fields = vec![
        ("Game".to_owned(), Text::from("Mini Militia")),
        ("Start".to_owned(), Text::from(AtMs(1_767_636_000_000))),
        ("Line-up".to_owned(), Text::from(someone()).and(", ").and(someone())),
    ];
    let mut challenge = Reply::new(Code::Challenge)
        .title(Text::from("challenge by ").user("Headshot_Killers"))
        .block(Block::Fields(fields))
        .say(Text::from("it waits until ").and(AtMs(1_767_722_400_000)))
        .action_with("Accept", Command::Accept { war: war(), players: Vec::new() }, 2)
        .action("Decline", Command::Decline { war: war() })
        .hint(Text::from("name your line-up: ").code("gmbot accept k3xp2 @name @name"))
        .in_zone("Europe/Berlin");
    challenge.legend.people.insert(someone(), "ann_b".to_owned());
    insta::assert_json_snapshot!(
        "challenge",
        render(&challenge).iter().map(content).collect::<Vec<_>>()
    );
    let vote = |winner| Command::Vote { war: Some(war()), winner, score: None };
    let question = Reply::new(Code::WhoWon)
        .title(Text::from("who won?"))
        .action("Us", vote(Winner::Us))
        .action("Them", vote(Winner::Them))
        .action("Draw", vote(Winner::Draw));
    insta::assert_json_snapshot!(
        "question",
        render(&question).iter().map(content).collect::<Vec<_>>()
    );
    holds(&challenge);
    holds(&question);
}
