//! The lines that begin with `@`: the clock, the clans, and parts for some faces only.

use std::collections::BTreeSet;

use gmbot_engine::model::{AtMs, Platform};

use super::escape::unescape;
use super::words::is_short_name;
use super::{DIRECT, Restriction};
use crate::world::ClanAtPlay;

/// A line that begins with `@`.
#[derive(Debug)]
pub(super) enum Header {
    Clock(AtMs),
    Clan(Box<ClanAtPlay>),
    Begin(Restriction),
    End,
}

/// Reads such a line, without its `@`.
pub(super) fn read(line: &str) -> Result<Header, String> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "clock" => clock(rest).map(Header::Clock),
        "clan" => clan(rest).map(|clan| Header::Clan(Box::new(clan))),
        "only" if !rest.is_empty() => {
            let faces = rest.split(',').map(|face| face.trim().to_owned()).collect();
            Ok(Header::Begin(Restriction::Only(faces)))
        }
        "only" => Err("`@only` needs the names of faces, as in `@only discord,matrix`".to_owned()),
        "requires" => requires(rest).map(Header::Begin),
        "end" => Ok(Header::End),
        _ => Err(format!(
            "unknown `@{word}`; expected `@clock`, `@clan`, `@only`, `@requires` or `@end`"
        )),
    }
}

fn clock(text: &str) -> Result<AtMs, String> {
    let moment: jiff::Timestamp = text.parse().map_err(|error| {
        format!("can't read the time `{text}`: {error}; write it like `2026-01-05T18:00:00Z`")
    })?;
    Ok(AtMs(moment.as_millisecond()))
}

/// `id "Name" leader=@x members=@y,@z on=platform owner=@w`.
fn clan(text: &str) -> Result<ClanAtPlay, String> {
    let (id, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if id == DIRECT || !is_short_name(id) {
        return Err(format!(
            "`{id}` can't be a clan's short name; use letters, digits and `-`, but not `{DIRECT}`"
        ));
    }
    let (name, rest) = quoted(rest.trim_start())?;
    let mut clan = ClanAtPlay::new(id, &unescape(name));
    for word in rest.split_whitespace() {
        let Some((key, value)) = word.split_once('=') else {
            return Err(format!("`{word}` is no `key=value`; write names with `,` between them"));
        };
        match key {
            "leader" => clan.leader = Some(person(value)?),
            "owner" => clan.owner = Some(person(value)?),
            "members" => {
                clan.members = value.split(',').map(person).collect::<Result<BTreeSet<_>, _>>()?;
            }
            "on" => clan.platform = Platform(value.to_owned()),
            _ => {
                return Err(format!(
                    "unknown `{key}=`; expected `leader=`, `members=`, `owner=` or `on=`"
                ));
            }
        }
    }
    Ok(clan)
}

/// `@ann` as the name `ann`.
pub(super) fn person(mention: &str) -> Result<String, String> {
    match mention.strip_prefix('@') {
        Some(name) if !name.is_empty() => Ok(unescape(name)),
        Some(_) | None => Err(format!("`{mention}` is no person; write `@name`")),
    }
}

/// The text in quotes that a text begins with, and what follows it.
pub(super) fn quoted(text: &str) -> Result<(&str, &str), String> {
    text.strip_prefix('"')
        .and_then(|open| open.split_once('"'))
        .ok_or_else(|| format!("expected a text in `\"` quotes, found `{text}`"))
}

fn requires(text: &str) -> Result<Restriction, String> {
    let (ability, why) = text.split_once(char::is_whitespace).ok_or(
        "`@requires` needs an ability and why, as in `@requires files \"an image is sent\"`",
    )?;
    let (why, _) = quoted(why.trim_start())?;
    Ok(Restriction::Requires { ability: ability.parse()?, why: why.to_owned() })
}
