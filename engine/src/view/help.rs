//! `help`: what one can say, from the command table alone.

use crate::grammar::reference::usage_line;
use crate::grammar::table::find;
use crate::grammar::{Access, CommandSpec, ParamSpec, TABLE};
use crate::reply::{Block, Code, Reply, Text};
use crate::rules::{Ruling, refuse};

/// All commands, or one.
pub(super) fn help(command: Option<&str>, operator: bool) -> Ruling<Reply> {
    match command {
        None => Ok(all(operator)),
        Some(name) => match find(name) {
            Some(spec) => Ok(one(spec)),
            None => Err(unknown(name)),
        },
    }
}

/// Every command with its summary, by who may use it; the operator's only for the operator.
fn all(operator: bool) -> Reply {
    let shown = Access::ORDER.iter().filter(|access| operator || **access != Access::Operator);
    let reply = shown.fold(Reply::new(Code::Help), |reply, access| {
        let rows = TABLE.iter().filter(|row| row.access == *access);
        let fields: Vec<_> =
            rows.map(|row| (row.name.to_owned(), Text::from(row.summary))).collect();
        if fields.is_empty() {
            return reply;
        }
        reply.title(Text::from("for ").and(access.words())).block(Block::Fields(fields))
    });
    reply.hint(
        Text::new().code("gmbot help COMMAND").and(" shows one with its parameters and examples"),
    )
}

fn one(spec: &CommandSpec) -> Reply {
    let mut reply = Reply::new(Code::Help)
        .title(Text::new().code(spec.name).and(format!(" {}", spec.summary)))
        .block(Block::Code(usage_line(spec)))
        .say(spec.details);
    if !spec.params.is_empty() {
        let fields = spec.params.iter().map(|param| (format!("-{}", param.name), meaning(param)));
        reply = reply.block(Block::Fields(fields.collect()));
    }
    let mut facts = vec![("Who may".to_owned(), Text::from(spec.access.words()))];
    if !spec.aliases.is_empty() {
        facts.push(("Also".to_owned(), Text::from(spec.aliases.join(", "))));
    }
    reply
        .block(Block::Fields(facts))
        .title("for example")
        .block(Block::Code(spec.examples.join("\n")))
}

/// What a parameter is, its other names, and what holds without it.
fn meaning(param: &ParamSpec) -> Text {
    let mut text = Text::from(param.summary);
    for alias in param.aliases {
        text = text.and(", also ").code(format!("-{alias}"));
    }
    if param.required {
        text = text.and(" (needed)");
    }
    match param.default {
        Some(default) => text.and(format!(" (else: {default})")),
        None => text,
    }
}

fn unknown(name: &str) -> crate::rules::Stop {
    let lower = name.to_lowercase();
    let near = TABLE
        .iter()
        .flat_map(|row| std::iter::once(&row.name).chain(row.aliases))
        .map(|known| (strsim::damerau_levenshtein(known, &lower), *known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let refusal = refuse(Code::UnknownCommand, Text::from("there is no command ").code(name));
    match near {
        Some((_, known)) => refusal.hint(Text::from("did you mean ").code(known).and("?")),
        None => refusal.hint(Text::new().code("gmbot help").and(" lists them all")),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Stop;

    fn fields(reply: &Reply) -> Vec<&str> {
        let groups = reply.blocks.iter().filter_map(|block| {
            let Block::Fields(fields) = block else { return None };
            Some(fields)
        });
        groups.flatten().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn every_command_is_listed_once() {
        let reply = all(true);
        let mut listed = fields(&reply);
        listed.sort_unstable();
        let mut known: Vec<_> = TABLE.iter().map(|row| row.name).collect();
        known.sort_unstable();
        assert_eq!(listed, known);
    }

    #[test]
    fn what_only_the_operator_may_do_is_shown_to_the_operator() {
        assert!(fields(&all(true)).contains(&"resolve"));
        assert!(!fields(&all(false)).contains(&"resolve"));
    }

    #[test]
    fn a_command_is_found_by_name_and_alias_and_a_near_miss_is_suggested() {
        assert!(help(Some("createwar"), false).is_ok());
        assert!(help(Some("Challenge"), false).is_ok());
        let Err(Stop::Refused(reply)) = help(Some("acept"), false) else { panic!("no refusal") };
        assert_eq!(reply.code, Code::UnknownCommand);
        assert!(
            reply.texts().any(|text| *text == Text::from("did you mean ").code("accept").and("?"))
        );
    }
}
