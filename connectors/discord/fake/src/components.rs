//! What rows of buttons and menus may hold, and forms.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::form::Form;
use crate::limits::check_url;
use crate::refusal::Errors;

pub(crate) const ROW: u64 = 1;
pub(crate) const BUTTON: u64 = 2;
pub(crate) const STRING_SELECT: u64 = 3;
pub(crate) const TEXT_INPUT: u64 = 4;
pub(crate) const USER_SELECT: u64 = 5;

/// Checks the rows of a message, and counts them.
pub(crate) fn check_rows(form: &Form<'_>, errors: &mut Errors) -> usize {
    let rows = form.list("components", 0..=5, errors);
    let mut ids = BTreeSet::new();
    for (at, row) in &rows {
        let row = read_row(row, at, errors);
        let items = row.list("components", 1..=5, errors);
        let buttons = items.iter().filter(|(_, item)| item["type"] == BUTTON).count();
        if buttons < items.len() && items.len() > 1 {
            let words = "A menu fills its row.";
            errors.add(&row.at("components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words);
        }
        for (at, item) in items {
            let id = match item["type"].as_u64() {
                Some(BUTTON) => check_button(item, &at, errors),
                Some(STRING_SELECT | 5..=8) => check_select(item, &at, errors),
                _ => {
                    wrong_type(&at, errors);
                    None
                }
            };
            if id.is_some_and(|id| !ids.insert(id)) {
                let words = "Component custom id cannot be duplicated";
                errors.add(&format!("{at}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words);
            }
        }
    }
    rows.len()
}

fn read_row<'a>(row: &'a Value, at: &str, errors: &mut Errors) -> Form<'a> {
    if row["type"] != ROW {
        wrong_type(at, errors);
    }
    let row = Form::read(row, at, &["type", "components", "id"], errors);
    row.require("components", errors);
    row
}

fn wrong_type(at: &str, errors: &mut Errors) {
    let words = "The specified component type is invalid here.";
    errors.add(&format!("{at}.type"), "UNION_TYPE_CHOICES", words);
}

fn check_button<'a>(button: &'a Value, at: &str, errors: &mut Errors) -> Option<&'a str> {
    let known = ["type", "id", "style", "label", "emoji", "custom_id", "url", "disabled"];
    let form = Form::read(button, at, &known, errors);
    form.require("style", errors);
    let style = form.number("style", 1..=5, errors);
    let label = form.text("label", 0..=80, errors);
    if let Some(emoji) = form.get("emoji") {
        Form::read(emoji, &form.at("emoji"), &["id", "name", "animated"], errors);
    }
    if label.is_none_or(str::is_empty) && form.get("emoji").is_none() {
        let words = "A button needs a label or an emoji.";
        errors.add(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", words);
    }
    form.truth("disabled", errors);
    if style == Some(5) {
        form.require("url", errors);
        check_url(&form, "url", &["http", "https", "discord"], errors);
        if form.get("custom_id").is_some() {
            let words = "A custom id and url cannot both be specified";
            errors.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words);
        }
        return None;
    }
    if form.get("url").is_some() {
        let words = "A custom id and url cannot both be specified";
        errors.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", words);
    }
    form.require("custom_id", errors);
    form.text("custom_id", 1..=100, errors)
}

fn check_select<'a>(select: &'a Value, at: &str, errors: &mut Errors) -> Option<&'a str> {
    let known = [
        "type",
        "id",
        "custom_id",
        "options",
        "channel_types",
        "placeholder",
        "default_values",
        "min_values",
        "max_values",
        "disabled",
    ];
    let form = Form::read(select, at, &known, errors);
    form.require("custom_id", errors);
    form.text("placeholder", 0..=150, errors);
    form.truth("disabled", errors);
    let least = form.number("min_values", 0..=25, errors).unwrap_or(1);
    let most = form.number("max_values", 1..=25, errors).unwrap_or(1);
    if least > most {
        let words = "min_values must be less than or equal to max_values";
        errors.add(&form.at("min_values"), "BASE_TYPE_BAD_RANGE", words);
    }
    if select["type"] == STRING_SELECT {
        check_select_options(&form, least.max(most), errors);
    } else if form.get("options").is_some_and(|options| options != &Value::Array(Vec::new())) {
        let words = "Only a menu of text has options.";
        errors.add(&form.at("options"), "UNKNOWN_FIELD", words);
    }
    form.text("custom_id", 1..=100, errors)
}

fn check_select_options(form: &Form<'_>, most: i64, errors: &mut Errors) {
    form.require("options", errors);
    let options = form.list("options", 1..=25, errors);
    if usize::try_from(most).is_ok_and(|most| most > options.len()) {
        let words = format!("Must be {} or fewer.", options.len());
        errors.add(&form.at("max_values"), "SELECT_COMPONENT_MAX_VALUES", words);
    }
    let mut values = BTreeSet::new();
    for (at, option) in options {
        let known = ["label", "value", "description", "emoji", "default"];
        let option = Form::read(option, &at, &known, errors);
        option.require("label", errors);
        option.require("value", errors);
        option.text("label", 1..=100, errors);
        option.text("description", 0..=100, errors);
        option.truth("default", errors);
        if option.text("value", 1..=100, errors).is_some_and(|value| !values.insert(value)) {
            let words = "The specified option value is already used";
            errors.add(&option.at("value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words);
        }
    }
}

/// Checks a form that asks for text.
pub(crate) fn check_modal(data: &Value, at: &str, errors: &mut Errors) {
    let form = Form::read(data, at, &["custom_id", "title", "components"], errors);
    for name in ["custom_id", "title", "components"] {
        form.require(name, errors);
    }
    form.text("custom_id", 1..=100, errors);
    form.text("title", 1..=45, errors);
    let mut ids = BTreeSet::new();
    for (at, row) in form.list("components", 1..=5, errors) {
        let row = read_row(row, &at, errors);
        for (at, input) in row.list("components", 1..=1, errors) {
            let id = check_input(input, &at, errors);
            if id.is_some_and(|id| !ids.insert(id)) {
                let words = "Component custom id cannot be duplicated";
                errors.add(&format!("{at}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words);
            }
        }
    }
}

fn check_input<'a>(input: &'a Value, at: &str, errors: &mut Errors) -> Option<&'a str> {
    if input["type"] != TEXT_INPUT {
        wrong_type(at, errors);
    }
    let known = [
        "type",
        "id",
        "custom_id",
        "style",
        "label",
        "min_length",
        "max_length",
        "required",
        "value",
        "placeholder",
    ];
    let form = Form::read(input, at, &known, errors);
    for name in ["custom_id", "style", "label"] {
        form.require(name, errors);
    }
    form.number("style", 1..=2, errors);
    form.text("label", 1..=45, errors);
    form.number("min_length", 0..=4_000, errors);
    form.number("max_length", 1..=4_000, errors);
    form.truth("required", errors);
    form.text("value", 0..=4_000, errors);
    form.text("placeholder", 0..=100, errors);
    form.text("custom_id", 1..=100, errors)
}
