//! Application commands: what they may be, and where they are registered.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use serenity::model::id::{ApplicationId, GuildId};

use crate::call::{Answer, Call, found};
use crate::form::Form;
use crate::refusal::{Errors, Refusal, TOO_MANY_COMMANDS, UNKNOWN_APPLICATION};
use crate::state::State;

pub(crate) const SUBCOMMAND: u64 = 1;
pub(crate) const GROUP: u64 = 2;
const STRING: u64 = 3;
const INTEGER: u64 = 4;
const CHANNEL: u64 = 7;
const NUMBER: u64 = 10;
const ATTACHMENT: u64 = 11;
/// How many commands one may have in a scope.
const COMMANDS: usize = 100;
/// How many characters a command may have in all.
const CHARACTERS: usize = 8_000;

pub(crate) fn list(state: &mut State, call: &Call) -> Answer {
    let scope = scope(state, call)?;
    found(state.commands(scope).to_vec().into())
}

/// Puts a list of commands in place of all that were registered.
pub(crate) fn overwrite(state: &mut State, call: &Call) -> Answer {
    let scope = scope(state, call)?;
    let body = call.json()?;
    check(body)?;
    let given = body.as_array().cloned().unwrap_or_default();
    let before = state.commands.remove(&scope).unwrap_or_default();
    let commands = given.into_iter().map(|mut command| {
        let same = |known: &&Value| known["name"] == command["name"];
        let id = before.iter().find(same).map(|known| known["id"].clone());
        command["id"] = id.unwrap_or_else(|| json!(state.clock.id().to_string()));
        command["version"] = json!(state.clock.id().to_string());
        command["application_id"] = json!(state.application);
        if let Some(guild) = scope {
            command["guild_id"] = json!(guild);
        }
        for (name, value) in
            [("type", json!(1)), ("nsfw", json!(false)), ("description", json!(""))]
        {
            if command[name].is_null() {
                command[name] = value;
            }
        }
        command
    });
    let commands: Vec<Value> = commands.collect();
    state.commands.insert(scope, commands.clone());
    found(commands.into())
}

/// The guild that the path names, if any.
fn scope(state: &State, call: &Call) -> Result<Option<GuildId>, Refusal> {
    if call.id::<ApplicationId>("application_id")? != state.application {
        return Err(UNKNOWN_APPLICATION);
    }
    if call.name("guild_id").is_empty() {
        return Ok(None);
    }
    Ok(Some(state.joined(call.id("guild_id")?)?.id))
}

fn check(body: &Value) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    let Some(commands) = body.as_array() else {
        errors.add("", "LIST_TYPE_CONVERT", "Only iterables may be used.");
        return errors.into_result();
    };
    if commands.len() > COMMANDS {
        return Err(TOO_MANY_COMMANDS);
    }
    let mut names = BTreeSet::new();
    for (n, command) in commands.iter().enumerate() {
        check_command(command, &n.to_string(), &mut errors);
        if !names.insert(command["name"].as_str()) {
            let words = "Application command names must be unique";
            errors.add(&n.to_string(), "APPLICATION_COMMANDS_DUPLICATE_NAME", words);
        }
    }
    errors.into_result()
}

fn check_command(command: &Value, at: &str, errors: &mut Errors) {
    let known = [
        "id",
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "default_member_permissions",
        "dm_permission",
        "nsfw",
        "integration_types",
        "contexts",
    ];
    let form = Form::read(command, at, &known, errors);
    form.number("type", 1..=1, errors);
    form.truth("nsfw", errors);
    form.id("default_member_permissions", errors);
    check_names(&form, errors);
    check_options(&form, 0, errors);
    let characters = characters(command);
    if characters > CHARACTERS {
        let words = format!("Command exceeds maximum size ({characters} > {CHARACTERS})");
        errors.add(at, "APPLICATION_COMMAND_TOO_LARGE", words);
    }
}

fn check_names(form: &Form<'_>, errors: &mut Errors) {
    form.require("name", errors);
    form.require("description", errors);
    form.text("description", 1..=100, errors);
    let translated = |name: &str| {
        let names = form.get(name).and_then(Value::as_object);
        names.into_iter().flatten().map(|(_, text)| text.as_str().unwrap_or_default())
    };
    let names = form.get("name").and_then(Value::as_str).into_iter();
    if !names.chain(translated("name_localizations")).all(is_name) {
        let words = "Command name is invalid";
        errors.add(&form.at("name"), "APPLICATION_COMMAND_INVALID_NAME", words);
    }
    if translated("description_localizations")
        .any(|text| !(1..=100).contains(&text.chars().count()))
    {
        let words = "Must be between 1 and 100 in length.";
        errors.add(&form.at("description_localizations"), "BASE_TYPE_BAD_LENGTH", words);
    }
}

/// Whether a command or an option may have a name: 1 to 32 letters, digits, `-`, `_` or `'`, and
/// no letter that has a lower case in its upper.
fn is_name(name: &str) -> bool {
    let letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\'');
    (1..=32).contains(&name.chars().count())
        && name.chars().all(letter)
        && name.to_lowercase() == name
}

/// Checks options: at depth 0 a command's, at 1 a group's, at 2 a subcommand's.
fn check_options(form: &Form<'_>, depth: usize, errors: &mut Errors) {
    let mut names = BTreeSet::new();
    let mut optional = false;
    let options = form.list("options", 0..=25, errors);
    let nested = |option: &Value| matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP));
    let of_both = options.iter().any(|(_, option)| nested(option))
        && options.iter().any(|(_, option)| !nested(option));
    if of_both {
        let words = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        errors.add(&form.at("options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
    }
    for (at, option) in options {
        check_option(option, &at, depth, errors);
        if !names.insert(option["name"].as_str()) {
            let words = "Option name already exists";
            errors.add(&format!("{at}.name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", words);
        }
        let required = option["required"] == true;
        if required && optional {
            let words = "Required options must be placed before non-required options";
            errors.add(&at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words);
        }
        optional |= !required;
    }
}

fn check_option(option: &Value, at: &str, depth: usize, errors: &mut Errors) {
    let known = [
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "required",
        "choices",
        "options",
        "channel_types",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "autocomplete",
    ];
    let form = Form::read(option, at, &known, errors);
    check_names(&form, errors);
    form.require("type", errors);
    form.truth("required", errors);
    let kind = form.number("type", 1..=11, errors).and_then(|kind| u64::try_from(kind).ok());
    let kind = kind.unwrap_or_default();
    let too_deep = (kind == GROUP && depth > 0) || (kind == SUBCOMMAND && depth > 1);
    if too_deep {
        let words = "This option type may not stand here.";
        errors.add(&form.at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
    }
    match kind {
        GROUP => {
            check_options(&form, 1, errors);
            for (at, inner) in form.list("options", 1..=25, errors) {
                if inner["type"] != SUBCOMMAND {
                    let words = "A group holds subcommands.";
                    errors.add(&at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
                }
            }
        }
        SUBCOMMAND => check_options(&form, 2, errors),
        _ if form.get("options").is_some_and(|options| options != &json!([])) => {
            let words = "Only commands have options.";
            errors.add(&form.at("options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
        }
        _ => {}
    }
    check_choices(&form, kind, errors);
    check_bounds(&form, kind, errors);
}

fn check_choices(form: &Form<'_>, kind: u64, errors: &mut Errors) {
    let choices = form.list("choices", 0..=25, errors);
    let completes = form.truth("autocomplete", errors);
    let takes = matches!(kind, STRING | INTEGER | NUMBER);
    if (completes || !choices.is_empty()) && !takes {
        let words = "This option type has no choices.";
        errors.add(&form.at("type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
    }
    if completes && !choices.is_empty() {
        let words = "Choices and autocomplete are mutually exclusive";
        errors.add(&form.at("choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_EXCLUSIVE", words);
    }
    let mut names = BTreeSet::new();
    for (at, choice) in choices {
        check_choice(choice, &at, kind, errors);
        if !names.insert(choice["name"].as_str()) {
            let words = "Choice name already exists";
            errors.add(&at, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED", words);
        }
    }
}

/// Checks a choice, of a command or of an autocompletion.
pub(crate) fn check_choice(choice: &Value, at: &str, kind: u64, errors: &mut Errors) {
    let choice = Form::read(choice, at, &["name", "name_localizations", "value"], errors);
    choice.require("name", errors);
    choice.require("value", errors);
    choice.text("name", 1..=100, errors);
    match kind {
        STRING => {
            choice.text("value", 1..=100, errors);
        }
        INTEGER => {
            choice.number("value", -(1 << 53)..=1 << 53, errors);
        }
        _ => {
            if choice.get("value").is_some_and(|value| !value.is_number()) {
                errors.add(&choice.at("value"), "FLOAT_TYPE_COERCE", "Value is not float.");
            }
        }
    }
}

fn check_bounds(form: &Form<'_>, kind: u64, errors: &mut Errors) {
    let fits = [
        ("min_value", matches!(kind, INTEGER | NUMBER)),
        ("max_value", matches!(kind, INTEGER | NUMBER)),
        ("min_length", kind == STRING),
        ("max_length", kind == STRING),
        ("channel_types", kind == CHANNEL),
    ];
    for (name, fits) in fits {
        if !fits && form.get(name).is_some_and(|value| value != &json!([])) {
            let words = "This option type has no such bound.";
            errors.add(&form.at(name), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words);
        }
    }
    if kind == STRING {
        let least = form.number("min_length", 0..=6_000, errors).unwrap_or(0);
        let most = form.number("max_length", 1..=6_000, errors).unwrap_or(6_000);
        if least > most {
            let words = "min_length must not be above max_length";
            errors.add(&form.at("min_length"), "BASE_TYPE_BAD_RANGE", words);
        }
    }
    if kind > ATTACHMENT {
        errors.add(&form.at("type"), "BASE_TYPE_CHOICES", "There is no such option type.");
    }
}

/// The characters of names, descriptions and values that count for the limit of a command: of each
/// text the longest translation.
pub(crate) fn characters(command: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let longest = |name: &str, translated: &str| {
        let others = command[translated].as_object().into_iter().flatten();
        others.map(|(_, text)| length(text)).chain([length(&command[name])]).max().unwrap_or(0)
    };
    let below =
        |name: &str| command[name].as_array().into_iter().flatten().map(characters).sum::<usize>();
    longest("name", "name_localizations")
        + longest("description", "description_localizations")
        + length(&command["value"])
        + below("options")
        + below("choices")
}
