//! What somebody filled in of an application command, as the form that the engine reads.

use gmbot_engine::grammar::table::find;
use gmbot_engine::grammar::{CommandSpec, ParamSpec, ValueKind};
use gmbot_engine::request::{Field, FieldValue, Form, Input};
use serenity::all::{AttachmentId, CommandDataOption, CommandDataOptionValue};

use crate::commands::RUN;

/// What somebody filled in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled {
    /// What they say by it.
    pub(crate) input: Input,
    /// The row of the command, unless it is a whole line.
    pub(crate) spec: Option<&'static CommandSpec>,
    /// The files that came with it.
    pub(crate) files: Vec<AttachmentId>,
}

/// The subcommand that was chosen, with its options; none where Discord says something else than
/// was registered.
pub(crate) fn chosen(options: &[CommandDataOption]) -> Option<(&str, &[CommandDataOption])> {
    let first = options.first()?;
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these hold other options")]
    match &first.value {
        CommandDataOptionValue::SubCommandGroup(inner) => chosen(inner),
        CommandDataOptionValue::SubCommand(inner) => Some((&first.name, inner)),
        _ => None,
    }
}

/// Reads the options of `/gmbot …`.
pub(crate) fn read(options: &[CommandDataOption]) -> Option<Filled> {
    let (name, options) = chosen(options)?;
    if name == RUN.0 {
        let CommandDataOptionValue::String(line) = &options.first()?.value else { return None };
        let input = Input::Line(called(line));
        return Some(Filled { input, spec: None, files: Vec::new() });
    }
    let spec = find(name)?;
    let mut files = Vec::new();
    let mut fields = Vec::new();
    for option in options {
        if let CommandDataOptionValue::Attachment(file) = option.value {
            files.push(file);
        } else if let Some(value) = value(spec.param(&option.name), &option.value) {
            fields.push(Field { name: option.name.clone(), value });
        }
    }
    let form = Form { command: spec.name.to_owned(), fields };
    Some(Filled { input: Input::Form(form), spec: Some(spec), files })
}

/// A line with the bot's name before it, whether it was written or not.
pub(crate) fn called(line: &str) -> String {
    let line = line.trim();
    let first = line.split_whitespace().next().unwrap_or_default();
    let named = first.trim_end_matches([':', ',']).eq_ignore_ascii_case("gmbot");
    if named { line.to_owned() } else { format!("gmbot {line}") }
}

fn value(param: Option<&ParamSpec>, given: &CommandDataOptionValue) -> Option<FieldValue> {
    let kind = param.map(|param| param.value);
    match given {
        CommandDataOptionValue::Boolean(truth) => Some(FieldValue::Truth(*truth)),
        CommandDataOptionValue::Integer(number) => Some(FieldValue::Number(number.to_string())),
        CommandDataOptionValue::Number(number) => Some(FieldValue::Number(number.to_string())),
        CommandDataOptionValue::User(id) => Some(FieldValue::Mention(format!("<@{id}>"))),
        CommandDataOptionValue::Channel(id) => Some(FieldValue::Text(format!("<#{id}>"))),
        CommandDataOptionValue::String(text) => Some(match kind {
            Some(ValueKind::Players) => FieldValue::List(players(text)),
            Some(ValueKind::Games | ValueKind::Texts) => FieldValue::List(listed(text)),
            _ => FieldValue::Text(text.clone()),
        }),
        CommandDataOptionValue::Autocomplete { .. }
        | CommandDataOptionValue::SubCommand(_)
        | CommandDataOptionValue::SubCommandGroup(_)
        | CommandDataOptionValue::Attachment(_)
        | CommandDataOptionValue::Mentionable(_)
        | CommandDataOptionValue::Role(_)
        | CommandDataOptionValue::Unknown(_)
        | _ => None,
    }
}

/// Values between commas.
fn listed(text: &str) -> Vec<FieldValue> {
    let values = text.split(',').map(str::trim).filter(|value| !value.is_empty());
    values.map(|value| FieldValue::Text(value.to_owned())).collect()
}

/// Players: mentions, and names between commas or, without any, between spaces.
fn players(text: &str) -> Vec<FieldValue> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("<@") {
        let (names, mention) = rest.split_at(start);
        named(&mut found, names);
        let end = mention.find('>').map_or(mention.len(), |place| place + 1);
        let (mention, after) = mention.split_at(end);
        found.push(FieldValue::Mention(mention.to_owned()));
        rest = after;
    }
    named(&mut found, rest);
    found
}

fn named(found: &mut Vec<FieldValue>, text: &str) {
    let by_comma = text.contains(',');
    let between = move |c: char| if by_comma { c == ',' } else { c.is_whitespace() };
    for name in text.split(between).map(str::trim).filter(|name| !name.is_empty()) {
        let at = name.starts_with('@') && !name.contains(char::is_whitespace);
        let name = name.to_owned();
        found.push(if at { FieldValue::Mention(name) } else { FieldValue::Text(name) });
    }
}

/// The texts that somebody wrote, each by itself, for the mentions in them.
pub(crate) fn texts(input: &Input) -> Vec<&str> {
    fn add<'a>(value: &'a FieldValue, texts: &mut Vec<&'a str>) {
        match value {
            FieldValue::Text(text) | FieldValue::Mention(text) => texts.push(text),
            FieldValue::List(values) => values.iter().for_each(|value| add(value, texts)),
            FieldValue::Number(_) | FieldValue::Truth(_) => {}
        }
    }
    match input {
        Input::Line(line) => vec![line],
        Input::Form(form) => {
            let mut texts = Vec::new();
            form.fields.iter().for_each(|field| add(&field.value, &mut texts));
            texts
        }
        Input::Words(_) | Input::Command(_) | Input::Fact(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_are_mentions_and_names() {
        let text = |name: &str| FieldValue::Text(name.to_owned());
        let mention = |written: &str| FieldValue::Mention(written.to_owned());
        let check = |written: &str, expected: &[FieldValue]| {
            assert_eq!(players(written), expected, "{written}");
        };
        check("<@1><@!2>, <@3>", &[mention("<@1>"), mention("<@!2>"), mention("<@3>")]);
        check("ann ben", &[text("ann"), text("ben")]);
        check("Ann Lee, ben <@1>", &[text("Ann Lee"), text("ben"), mention("<@1>")]);
        check("@ann", &[mention("@ann")]);
        check("<@1", &[mention("<@1")]);
        check(" , ", &[]);
    }

    #[test]
    fn a_line_is_called_once() {
        let check = |line, expected| assert_eq!(called(line), expected);
        check("createwar @ann", "gmbot createwar @ann");
        check(" GMBOT: status", "GMBOT: status");
        check("gmbots", "gmbot gmbots");
    }
}
