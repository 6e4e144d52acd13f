//! Help and the reference, written from the command table.

use super::table::{CommandSpec, ParamSpec, ValueKind};

/// How a command goes, in one line: `gmbot accept WAR [PLAYERS…]`. What may be left out stands in
/// brackets.
pub fn usage_line(spec: &CommandSpec) -> String {
    let (positional, flags): (Vec<&ParamSpec>, Vec<&ParamSpec>) =
        spec.params.iter().partition(|param| param.positional);
    // The text of `say` ends the line, whatever the table's order is.
    let (rest, positional): (Vec<&ParamSpec>, Vec<&ParamSpec>) =
        positional.into_iter().partition(|param| param.value == ValueKind::Rest);
    let ends_in_rest = !rest.is_empty();
    let mut words = vec!["gmbot".to_owned(), spec.name.to_owned()];
    for param in positional.into_iter().chain(flags).chain(rest) {
        let value = placeholder(param);
        let written = match param.value {
            ValueKind::Switch => format!("-{}", param.name),
            _ if param.positional && !(ends_in_rest && param.value == ValueKind::War) => value,
            _ => format!("-{} {value}", param.name),
        };
        words.push(if param.required { written } else { format!("[{written}]") });
    }
    words.join(" ")
}

/// What stands for a parameter's value in help: its name, and dots where it may be several.
pub fn placeholder(param: &ParamSpec) -> String {
    let name = param.name.to_uppercase();
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
