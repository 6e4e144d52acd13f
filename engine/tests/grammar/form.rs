//! Forms: the names of the table, the types of their values, and the same reader as for lines.

use gmbot_engine::grammar::{Command, PlayerRef, Reading, TABLE, ValueKind, WarRef, read};
use gmbot_engine::reply::Code;
use gmbot_engine::request::{Field, FieldValue, Form, Input};

use super::{Place, command, line, problems};

/// What is filled in.
type Fields = Vec<(&'static str, FieldValue)>;

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn number(text: &str) -> FieldValue {
    FieldValue::Number(text.to_owned())
}

fn mention(written: &str) -> FieldValue {
    FieldValue::Mention(written.to_owned())
}

fn form(command: &str, fields: &[(&str, FieldValue)]) -> Reading {
    let field = |(name, value): &(&str, FieldValue)| Field {
        name: (*name).to_owned(),
        value: value.clone(),
    };
    let fields = fields.iter().map(field).collect();
    read(&Input::Form(Form { command: command.to_owned(), fields }), &Place::new())
}

#[test]
fn a_form_is_read_as_the_line_with_the_same_words() {
    let players = FieldValue::List(vec![mention("@P1"), mention("@P2")]);
    let filled = form(
        "createwar",
        &[
            ("players", players),
            ("game", text("Mini Miltitia")),
            ("duration", text("12h")),
            ("format", text("first-to-3-wins")),
        ],
    );
    let typed = line(
        "gmbot createwar -players @P1, @P2 -game Mini Miltitia -duration 12h -format first-to-3-wins",
    );
    assert_eq!(filled, typed);
    assert!(matches!(filled, Reading::Command { notes, .. } if notes.len() == 1));
}

#[test]
fn each_kind_of_value_takes_its_types() {
    let all = [
        form("leaderboard", &[("game", number("4")), ("limit", number("20"))]),
        form("concede", &[("war", text("k3xp2")), ("yes", FieldValue::Truth(true))]),
        form("concede", &[("war", text("k3xp2")), ("yes", FieldValue::Truth(false))]),
        form("setup", &[("public", FieldValue::Truth(false)), ("language", text("English"))]),
        form("subscribe", &[("games", FieldValue::List(vec![number("4"), text("Fortnite")]))]),
        form("substitute", &[("war", text("k3xp2")), ("out", mention("@a")), ("in", text("Bo"))]),
    ];
    let lines = [
        "gmbot leaderboard -game 4 -limit 20",
        "gmbot concede k3xp2 -yes",
        "gmbot concede k3xp2",
        "gmbot setup -public no -language English",
        "gmbot subscribe 4, Fortnite",
        "gmbot substitute -war k3xp2 -out @a -in Bo",
    ];
    for (filled, typed) in all.into_iter().zip(lines) {
        assert_eq!(filled, line(typed), "{typed}");
    }
}

#[test]
fn a_value_is_never_more_than_a_value() {
    let filled = form(
        "resolve",
        &[
            ("war", text("k3xp2")),
            ("winner", text("host")),
            ("reason", text("fair, -yes @everyone \"quoted\"")),
        ],
    );
    let Command::Resolve { reason, yes, .. } = command(filled) else { panic!() };
    assert_eq!((reason.as_str(), yes), ("fair, -yes @everyone \"quoted\"", false));
    let names =
        FieldValue::List(vec![text("Ann -yes"), text("-game"), text("@ann"), text("Bo, Cy")]);
    let Command::Promote { players } = command(form("promote", &[("players", names)])) else {
        panic!()
    };
    let name = |name: &str| PlayerRef::Name(name.to_owned());
    let wanted =
        [name("Ann -yes"), name("-game"), PlayerRef::Mention("@ann".to_owned()), name("Bo, Cy")];
    assert_eq!(players, wanted);
}

#[test]
fn a_message_is_taken_as_it_stands() {
    let said = "-war m2n4q \"rules: no sniper\n@all";
    let filled = form("say", &[("text", text(said)), ("war", text("k3xp2"))]);
    let war = Some(WarRef("k3xp2".to_owned()));
    assert_eq!(command(filled), Command::Say { war, text: said.to_owned() });
    for (fields, code) in [
        (vec![("war", text("k3xp2 hi"))], Code::BadValue),
        (vec![("text", number("5"))], Code::BadValue),
        (vec![("text", text("a")), ("text", text("b"))], Code::RepeatedFlag),
        (vec![("text", text("a")), ("txt", text("b"))], Code::UnknownFlag),
        (vec![], Code::MissingParameter),
    ] {
        let (_, found) = problems(form("say", &fields));
        assert_eq!(found[0].code, code, "{fields:?}: {found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_field_is_named_once() {
    let cases: [(Fields, &str, Code); 6] = [
        (
            vec![("war", text("k3xp2")), ("wra", text("x"))],
            "unknown flag `-wra`",
            Code::UnknownFlag,
        ),
        (
            vec![("war", text("k3xp2")), ("war", text("m2n4q"))],
            "the flag `-war` is given twice",
            Code::RepeatedFlag,
        ),
        (vec![("war", number("5"))], "`war` takes a text", Code::BadValue),
        (vec![("war", FieldValue::List(vec![]))], "`war` takes a text", Code::BadValue),
        (vec![("war", mention("@a"))], "`war` takes a text", Code::BadValue),
        (vec![], "a war's id is missing: `gmbot status` lists the wars", Code::MissingParameter),
    ];
    for (fields, message, code) in cases {
        let (shown, found) = problems(form("removewar", &fields));
        assert_eq!(found.len(), 1, "{shown}: {found:#?}");
        assert_eq!((found[0].message.as_str(), found[0].code), (message, code));
    }
    let nested = FieldValue::List(vec![FieldValue::List(vec![text("ann")])]);
    assert_eq!(problems(form("promote", &[("players", nested)])).1[0].code, Code::BadValue);
    let nobody = FieldValue::List(vec![]);
    assert_eq!(problems(form("promote", &[("players", nobody)])).1[0].code, Code::MissingValue);
    assert_eq!(problems(form("creatwar", &[])).1[0].suggestion.as_deref(), Some("createwar"));
}

#[test]
fn no_value_of_any_type_breaks_the_reader() {
    let values = [
        text(""),
        text("\u{1b}[31m"),
        text("\u{202e}"),
        number("-1e400"),
        FieldValue::Truth(true),
        FieldValue::Truth(false),
        mention(""),
        mention("<@1> -yes"),
        FieldValue::List(vec![text(""), mention("@"), FieldValue::Truth(true)]),
    ];
    for row in TABLE {
        for param in row.params {
            for value in &values {
                let reading = form(row.name, &[(param.name, value.clone())]);
                let understood = matches!(reading, Reading::Command { .. });
                let fits = param.value == ValueKind::Switch
                    || matches!(value, FieldValue::Text(_) | FieldValue::Truth(_))
                    || matches!(value, FieldValue::Mention(_));
                assert!(!understood || fits, "{} {}: {value:?}", row.name, param.name);
            }
        }
    }
}
