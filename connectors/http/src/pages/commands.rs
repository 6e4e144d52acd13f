//! `GET /commands`: every command, from the command table alone.

use askama::Template;
use axum::response::Html;
use gmbot_engine::grammar::reference::{explained, usage_line};
use gmbot_engine::grammar::{Access, CommandSpec, TABLE};

use super::failure::{Failure, NoPage, html};
use super::frame::Frame;

#[derive(Template)]
#[template(path = "commands.html")]
struct Page {
    frame: Frame,
    groups: Vec<Group>,
}

/// The commands that somebody may use.
struct Group {
    who: &'static str,
    commands: Vec<Command>,
}

/// A row of the table.
struct Command {
    name: &'static str,
    aliases: &'static [&'static str],
    usage: String,
    summary: String,
    details: &'static str,
    params: Vec<Param>,
    examples: String,
}

/// A parameter of a command.
struct Param {
    name: &'static str,
    aliases: &'static [&'static str],
    meaning: String,
    required: bool,
}

#[utoipa::path(
    get, path = "/commands", tag = "pages", security(()), operation_id = "page_commands",
    responses((status = 200, description = "every command", content_type = "text/html", body = String), NoPage)
)]
pub(super) async fn page() -> Result<Html<String>, Failure> {
    let group = |access: Access| Group {
        who: access.words(),
        commands: TABLE.iter().filter(|row| row.access == access).map(Command::from).collect(),
    };
    let groups = Access::ORDER.into_iter().map(group).filter(|group| !group.commands.is_empty());
    html(&Page { frame: Frame::at("/commands"), groups: groups.collect() })
}

impl From<&'static CommandSpec> for Command {
    fn from(row: &'static CommandSpec) -> Self {
        let params = row.params.iter().map(|param| Param {
            name: param.name,
            aliases: param.aliases,
            meaning: explained(param),
            required: param.required,
        });
        Self {
            name: row.name,
            aliases: row.aliases,
            usage: usage_line(row),
            summary: capitalised(row.summary),
            details: row.details,
            params: params.collect(),
            examples: row.examples.join("\n"),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
