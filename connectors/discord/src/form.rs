//! Forms for what is easier to write there: a message to the other side, and proof.

use gmbot_engine::grammar::{CommandSpec, ParamSpec, ValueKind, table};
use gmbot_engine::request::{Field, FieldValue, Form};
use serde::Serialize;

use crate::commands::{is_asked_by_form, takes_image};
use crate::payload::{Component, Row, TextInput};

/// What the id of a form begins with.
const MARK: &str = "form";
/// How long a form's title, and the label of a field of it, may be, in characters.
const TITLE: usize = 45;

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Modal {
    custom_id: String,
    title: String,
    components: Vec<Row>,
}

/// The form for what was left out of a command: running text that it can't do without, or all of
/// what can be said besides an image where nothing of it came.
pub(crate) fn asked_by(spec: &CommandSpec, filled: &Form, with_file: bool) -> Option<Modal> {
    let given = |param: &ParamSpec| filled.fields.iter().any(|field| field.name == param.name);
    let besides_war = |param: &&ParamSpec| param.value != ValueKind::War;
    let asked: Vec<_> = if takes_image(spec) {
        let params: Vec<_> = spec.params.iter().filter(besides_war).collect();
        if with_file || params.iter().any(|param| given(param)) { Vec::new() } else { params }
    } else {
        spec.params.iter().filter(|param| is_asked_by_form(param) && !given(param)).collect()
    };
    if asked.is_empty() {
        return None;
    }
    let rows = asked.into_iter().map(|param| {
        let long = matches!(param.value, ValueKind::Rest);
        let label = shortened(param.summary);
        let text = TextInput::new(param.name, label, long, param.required);
        Row::of(vec![Component::TextInput(text)])
    });
    let title = shortened(&format!("{}: {}", spec.name, spec.summary));
    Some(Modal { custom_id: id(spec, filled), title, components: rows.collect() })
}

/// `form/say/k3xp2`: the command, and the war if one was given.
fn id(spec: &CommandSpec, filled: &Form) -> String {
    let war =
        filled.fields.iter().find_map(|field| match (&field.value, spec.param(&field.name)) {
            (FieldValue::Text(war), Some(param)) if param.value == ValueKind::War => {
                Some(war.as_str())
            }
            _ => None,
        });
    // Nobody's id is longer; what is too long names no war, and the answer says so.
    let war: String = war.unwrap_or_default().chars().take(40).collect();
    format!("{MARK}/{}/{war}", spec.name)
}

/// The command that a form was opened for, and what was filled in before.
pub(crate) fn asked_for(custom_id: &str) -> Option<(&'static CommandSpec, Vec<Field>)> {
    let mut parts = custom_id.splitn(3, '/');
    let (mark, name, war) = (parts.next()?, parts.next()?, parts.next()?);
    let spec = table::find(name).filter(|_| mark == MARK)?;
    let param = spec.params.iter().find(|param| param.value == ValueKind::War);
    let field = param.filter(|_| !war.is_empty()).map(|param| Field {
        name: param.name.to_owned(),
        value: FieldValue::Text(war.to_owned()),
    });
    Some((spec, field.into_iter().collect()))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= TITLE {
        return text.to_owned();
    }
    let short: String = text.chars().take(TITLE - 1).collect();
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(command: &str, fields: &[(&str, &str)]) -> Form {
        let field = |(name, value): &(&str, &str)| Field {
            name: (*name).to_owned(),
            value: FieldValue::Text((*value).to_owned()),
        };
        Form { command: command.to_owned(), fields: fields.iter().map(field).collect() }
    }

    fn asked(command: &str, fields: &[(&str, &str)], with_file: bool) -> Option<Modal> {
        asked_by(table::find(command).unwrap(), &form(command, fields), with_file)
    }

    #[test]
    fn a_form_asks_for_what_was_left_out() {
        assert_eq!(asked("say", &[("text", "hello")], false), None);
        assert_eq!(asked("status", &[], false), None);
        assert_eq!(asked("proof", &[], true), None);
        assert_eq!(asked("proof", &[("url", "https://example.org")], false), None);
        insta::assert_json_snapshot!([
            asked("say", &[("war", "k3xp2")], false),
            asked("proof", &[], false),
        ]);
    }

    #[test]
    fn a_form_knows_what_it_was_opened_for() {
        let say = asked("say", &[("war", "k3xp2")], false).unwrap();
        let (spec, fields) = asked_for(&say.custom_id).unwrap();
        assert_eq!((spec.name, fields), ("say", form("say", &[("war", "k3xp2")]).fields));
        assert_eq!(asked_for("form/say/").map(|(_, fields)| fields.len()), Some(0));
        for foreign in ["gmbot accept k3xp2", "form/nothing/", "form/say", "x/say/"] {
            assert!(asked_for(foreign).is_none(), "{foreign}");
        }
    }
}
