//! Help and the reference, written from the command table.

use super::table::{CommandSpec, Kind, ParamSpec, TABLE, ValueKind};
use crate::model::Format;

/// How a command goes, in one line: `gmbot accept WAR [PLAYERS…]`. What may be left out stands in
/// brackets.
pub fn usage_line(spec: &CommandSpec) -> String {
    let (positional, flags): (Vec<&ParamSpec>, Vec<&ParamSpec>) =
        spec.params.iter().partition(|param| is_bare(spec, param));
    // A text that takes the rest of the line ends it, whatever the table's order is.
    let (rest, positional): (Vec<&ParamSpec>, Vec<&ParamSpec>) =
        positional.into_iter().partition(|param| param.value == ValueKind::Rest);
    let params = positional.into_iter().chain(flags).chain(rest);
    let words = params.map(|param| {
        let written = written(spec, param);
        if param.required { written } else { format!("[{written}]") }
    });
    ["gmbot".to_owned(), spec.name.to_owned()]
        .into_iter()
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A parameter as one types it: `-game GAME`, or `WAR` where it needs no flag.
pub fn written(spec: &CommandSpec, param: &ParamSpec) -> String {
    if param.value == ValueKind::Switch {
        format!("-{}", param.name)
    } else if is_bare(spec, param) {
        placeholder(param)
    } else {
        format!("-{} {}", param.name, placeholder(param))
    }
}

/// Whether a parameter is shown without its flag. Beside a text that takes the rest of the line,
/// nothing else is.
fn is_bare(spec: &CommandSpec, param: &ParamSpec) -> bool {
    let rest = spec.params.iter().any(|param| param.value == ValueKind::Rest);
    param.positional && (!rest || param.value == ValueKind::Rest)
}

/// What stands for a parameter's value: its name, its choices, or dots where it may be several.
pub fn placeholder(param: &ParamSpec) -> String {
    let name = param.name.to_uppercase();
    #[expect(clippy::wildcard_enum_match_arm, reason = "the name says enough")]
    match param.value {
        ValueKind::Players | ValueKind::Games | ValueKind::Texts => format!("{name}…"),
        ValueKind::Winner => "host|guest|draw|void|none|us|them|CLAN".to_owned(),
        ValueKind::Outcome => "host|guest|draw|void".to_owned(),
        ValueKind::YesNo => "yes|no".to_owned(),
        ValueKind::Score => "H-G".to_owned(),
        ValueKind::Range => "MIN-MAX".to_owned(),
        _ => name,
    }
}

/// What a parameter is, with what holds if it is left out: `how long it is played (24h)`.
pub fn explained(param: &ParamSpec) -> String {
    match param.default {
        Some(default) => format!("{} ({default})", param.summary),
        None => param.summary.to_owned(),
    }
}

/// The reference of the whole language, in Markdown.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    text.push_str(&formats());
    for kind in [Kind::Change, Kind::Query] {
        text.push_str(match kind {
            Kind::Change => "\n## Commands that change something\n",
            Kind::Query => "\n## Commands that only look\n",
        });
        for spec in TABLE.iter().filter(|spec| spec.kind == kind) {
            text.push_str(&section(spec));
        }
    }
    text
}

/// What the reference says before its commands.
const HEAD: &str = "\
# The command language

<!-- Written from the command table in engine/src/grammar/table.rs; the test `reference` says how. -->

A line is for the bot when it starts with `gmbot`, with a mention of the bot, or with the prefix of
the space; a direct message always is. At a terminal `gmbot` is the program itself. In what follows,
what stands in `[…]` may be left out, and `…` marks what may be several. A parameter that is shown
without its flag may be given with it, too.

## Words

- A flag is `-name`, `--name` or `-name=value`. Its value runs to the next flag, so that
  `-game Mini Militia` needs no quotes. Names of commands and flags may be written in any case.
- A value that holds a comma or begins with a dash stands in quotes: `\"…\"` or `'…'`.
- A list is divided by commas if there are any, otherwise by spaces.
- People are mentioned (`@ann`), or named as they were last seen in the clan. Mentions before any
  flag are the players.
- Ids may be written with or without `#`.

## Values

- **Game**: its number or name. A slip in a name of six letters or more is forgiven, and said.
- **Duration**: `12` and `0.2` are hours; `90m`, `12h`, `2d`, `1h30m`. From 1 minute to 30 days.
- **Time**: `2026-03-07 20:00` or `sat 20:00` on the clan's clock, RFC 3339, or `+3h`.
- **War**: its id, as `gmbot status` lists it.
- **Clan**: its name or id. Words as `us` and `draw` win over names.
- **Score**: the matches won, the host's first: `3-1`.
- **Format**: its number, its code or its name. `ft1` to `ft25` are first to that many wins, `bo1` to
  `bo49` (odd) best of that many, `single` is one match.

";

/// The presets of match formats, as a table.
fn formats() -> String {
    let rows = Format::PRESETS.map(|(number, format)| {
        format!("| {number} | `{}` | {} |\n", format.code(), format.words())
    });
    format!("| number | code | format |\n| --- | --- | --- |\n{}", rows.concat())
}

/// One command of the reference.
fn section(spec: &CommandSpec) -> String {
    let quoted = |names: &[&str], dash: &str| {
        names.iter().map(|name| format!("`{dash}{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut text = format!("\n### `{}`\n\n", spec.name);
    text.push_str(&format!("`{}`\n\n", usage_line(spec)));
    text.push_str(&format!("{}. {}\n\n", capitalised(spec.summary), spec.details));
    text.push_str(&format!("- For: {}.\n", spec.access.words()));
    if !spec.aliases.is_empty() {
        text.push_str(&format!("- Also: {}.\n", quoted(spec.aliases, "")));
    }
    if spec.private_answer {
        text.push_str("- Answers you alone, where the platform can.\n");
    }
    if !spec.params.is_empty() {
        text.push_str("\n| parameter | what it is | if left out |\n| --- | --- | --- |\n");
        for param in spec.params {
            let also = quoted(param.aliases, "-");
            let also = if also.is_empty() { also } else { format!(", also {also}") };
            let left_out = param.default.unwrap_or(if param.required { "needed" } else { "" });
            text.push_str(&format!(
                "| `-{}`{also} | {} | {left_out} |\n",
                param.name, param.summary
            ));
        }
    }
    text.push_str(&format!("\n```text\n{}\n```\n", spec.examples.join("\n")));
    text
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
