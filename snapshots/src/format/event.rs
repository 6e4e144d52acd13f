//! What happens besides talk: `!dup`, `!outage clan`, `!rename clan "Name"` and so on.

use super::escape::unescape;
use super::header;
use super::words::length_of;
use super::{Happening, StepKind};
use crate::world::{Meaning, World};

/// Reads what stands behind a `!`.
pub(super) fn read(world: &World, event: &str) -> Result<StepKind, String> {
    let (word, rest) = event.split_once(char::is_whitespace).unwrap_or((event, ""));
    let rest = rest.trim();
    Ok(match word {
        "dup" if rest.is_empty() => StepKind::Duplicate(None),
        "dup" => StepKind::Duplicate(Some(member(world, rest)?)),
        "reuse" => StepKind::Reuse,
        "restart" => StepKind::Restart,
        "late" => StepKind::Late(length_of(rest)?),
        "outage" => StepKind::Reach { clan: known(world, rest)?, online: false },
        "online" => StepKind::Reach { clan: known(world, rest)?, online: true },
        "gone" => StepKind::Fact(Happening::Gone(known(world, rest)?)),
        "back" => StepKind::Fact(Happening::Back(known(world, rest)?)),
        "left" => member(world, rest).map(|(c, a)| StepKind::Fact(Happening::Left(c, a)))?,
        "joined" => member(world, rest).map(|(c, a)| StepKind::Fact(Happening::Joined(c, a)))?,
        "rename" => {
            let (clan, name) = two(rest)?;
            let name = unescape(header::quoted(name)?.0);
            StepKind::Fact(Happening::Renamed(known(world, clan)?, name))
        }
        "moved" => {
            let (clan, id) = two(rest)?;
            StepKind::Fact(Happening::Moved(known(world, clan)?, unescape(id)))
        }
        "owner" => {
            let (clan, owner) = two(rest)?;
            StepKind::Fact(Happening::Owner(known(world, clan)?, header::person(owner)?))
        }
        "bot" | "role" | "outsider" | "nobody" => {
            StepKind::Mean { name: header::person(rest)?, meaning: meaning(word) }
        }
        _ => {
            return Err(format!(
                "unknown `!{word}`; expected dup, reuse, restart, late, outage, online, gone, back, \
                 left, joined, rename, moved, owner, bot, role, outsider or nobody"
            ));
        }
    })
}

/// A clan's short name, if there is such a clan.
pub(super) fn known(world: &World, clan: &str) -> Result<String, String> {
    match world.clan(clan) {
        Some(_) => Ok(clan.to_owned()),
        None => Err(format!("no clan `{clan}`; declare it with `@clan {clan} \"Its name\"`")),
    }
}

/// `clan/actor`.
fn member(world: &World, text: &str) -> Result<(String, String), String> {
    let (clan, actor) =
        text.split_once('/').ok_or_else(|| format!("`{text}` names nobody; write `clan/actor`"))?;
    Ok((known(world, clan)?, actor.to_owned()))
}

/// A clan and what is new of it.
fn two(text: &str) -> Result<(&str, &str), String> {
    text.split_once(char::is_whitespace)
        .map(|(first, second)| (first, second.trim()))
        .ok_or_else(|| format!("`{text}` is too short; write the clan and what is new"))
}

fn meaning(word: &str) -> Meaning {
    match word {
        "bot" => Meaning::Bot,
        "role" => Meaning::Role,
        "outsider" => Meaning::Outsider,
        _ => Meaning::Nobody,
    }
}
