//! A line as the application command that says the same, filled in as somebody would who does not
//! type: the options that are registered, a file, and a form where one opens.

use gmbot_discord::commands::{Definition, IMAGE, NAME, RUN, definitions};
use gmbot_engine::grammar::lexer::{Token, TokenKind, lex_line};
use gmbot_engine::grammar::{
    Command, CommandSpec, Games, ParamSpec, Reading, ValueKind, print, read,
};
use gmbot_engine::model::Game;
use gmbot_engine::request::Input;
use serde_json::{Value, json};
use serenity::all::AttachmentId;

/// How long the option may be that takes a whole line, in characters.
const LONGEST: usize = 4000;

/// What somebody does in place of typing a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Used {
    /// The command, as a client sends it.
    pub(crate) command: Value,
    /// What they write into the form that opens, if one does.
    pub(crate) form: Option<Vec<(&'static str, String)>>,
}

/// What somebody does in place of typing a line that calls the bot by its name. A line that calls it
/// otherwise is there for the sake of that, and more than one file can't come with a command.
pub(crate) fn used(line: &str, files: &[AttachmentId], games: &[Game]) -> Option<Used> {
    let first = line.split_whitespace().next().unwrap_or_default();
    let named = first.trim_end_matches([':', ',']).eq_ignore_ascii_case(NAME);
    if !named || line.chars().count() > LONGEST || files.len() > 1 {
        return None;
    }
    let chosen = match read(&Input::Line(line.to_owned()), &Games(games)) {
        Reading::Command { command, notes } if notes.is_empty() => chosen(&command, files),
        // Only a line can be wrong in the way that it is, and it can be said by a command as well.
        Reading::Command { .. } | Reading::Problems { .. } | Reading::NotForBot => None,
    };
    chosen.or_else(|| files.is_empty().then(|| run(line)))
}

/// `/gmbot run line:…`.
fn run(line: &str) -> Used {
    let option = json!({ "name": RUN.1, "value": line });
    let command = json!({ "name": NAME, "options": [{ "name": RUN.0, "options": [option] }] });
    Used { command, form: None }
}

/// `/gmbot GROUP COMMAND …`, if its options can hold what the command says.
fn chosen(command: &Command, files: &[AttachmentId]) -> Option<Used> {
    let spec = CommandSpec::of(command);
    let (group, subcommand) = registered(spec)?;
    let (values, mut form) = if let Command::Say { war, text } = command {
        // The form asks for the text.
        let war = war.iter().map(|war| (param(spec, "war"), war.0.clone())).collect();
        (war, Some(vec![("text", text.clone())]))
    } else {
        (said(command, spec), None)
    };
    let mut options = Vec::new();
    for (param, value) in &values {
        let definition = subcommand.options.iter().find(|option| option.name == param.name)?;
        options.push(json!({ "name": param.name, "value": filled(definition, value)? }));
    }
    for file in files {
        let image = subcommand.options.iter().find(|option| option.name == IMAGE)?;
        options.push(json!({ "name": image.name, "value": file.to_string() }));
    }
    // Whoever has nothing to say about a proof is asked, and says nothing.
    let besides_war = |(param, _): &(&ParamSpec, String)| param.value != ValueKind::War;
    if matches!(command, Command::Proof { .. })
        && !values.iter().any(besides_war)
        && files.is_empty()
    {
        form = Some(Vec::new());
    }
    let subcommand = json!({ "name": subcommand.name, "options": options });
    let group = json!({ "name": group.name, "options": [subcommand] });
    Some(Used { command: json!({ "name": NAME, "options": [group] }), form })
}

/// The group and the subcommand of a command, as they are registered.
fn registered(spec: &CommandSpec) -> Option<(Definition, Definition)> {
    let gmbot = definitions().into_iter().next()?;
    gmbot.options.into_iter().find_map(|group| {
        let subcommand = group.options.iter().find(|option| option.name == spec.name)?.clone();
        Some((group, subcommand))
    })
}

fn param(spec: &'static CommandSpec, name: &str) -> &'static ParamSpec {
    spec.param(name).expect("a parameter of the table")
}

/// What a command says, by parameter, in the words of its one printed form.
fn said(command: &Command, spec: &'static CommandSpec) -> Vec<(&'static ParamSpec, String)> {
    let line = print(command);
    let tokens = lex_line(&line, NAME.len()).tokens;
    let mut values: Vec<(&ParamSpec, Vec<Token>)> = Vec::new();
    for token in tokens.into_iter().skip(1) {
        match (token.kind, values.last_mut()) {
            (TokenKind::Flag, _) => values.push((param(spec, &token.text), Vec::new())),
            (TokenKind::Comma, _) => {}
            (_, Some((_, words))) => words.push(token),
            (_, None) => {
                let first = spec.params.iter().find(|param| param.positional);
                values.push((first.expect("a parameter without a flag"), vec![token]));
            }
        }
    }
    let joined = |(param, words): (&'static ParamSpec, Vec<Token>)| {
        let list = matches!(param.value, ValueKind::Players | ValueKind::Games | ValueKind::Texts);
        let words: Vec<_> = words.into_iter().map(|word| word.text).collect();
        (param, words.join(if list { ", " } else { " " }))
    };
    values.into_iter().map(joined).collect()
}

/// A value as an option of this type has it, if it can.
fn filled(definition: &Definition, value: &str) -> Option<Value> {
    let inside = |before: &str| value.strip_prefix(before)?.strip_suffix('>');
    match definition.kind {
        4 => value.parse::<u32>().ok().map(Value::from),
        5 => match value {
            "" | "yes" => Some(true.into()),
            "no" => Some(false.into()),
            _ => None,
        },
        6 => inside("<@").map(Value::from),
        7 => inside("<#").map(Value::from),
        _ => {
            let choices = &definition.choices;
            let offered = choices.is_empty() || choices.iter().any(|choice| choice.value == value);
            offered.then(|| value.into())
        }
    }
}
