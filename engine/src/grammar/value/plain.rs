//! Values that need one look: words, links, counts, scores and keywords.

use super::Fault;
use crate::grammar::suggest::nearest;
use crate::grammar::table::{self, TABLE};
use crate::grammar::values::{ClanRef, WarRef, Winner};
use crate::model::{Score, ShortId};
use crate::reply::Code;

/// The longest link, in characters.
const LONGEST_LINK: usize = 500;
/// The most rows that one may ask for.
const MOST_ROWS: u32 = 100;
/// The most players that a game fields on a side.
const MOST_PLAYERS: u32 = 100;

/// Reads words that must say something.
pub(in crate::grammar) fn text(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        Err(Fault::value("this must not be empty".to_owned()))
    } else {
        Ok(text.to_owned())
    }
}

/// Reads one word.
pub(in crate::grammar) fn word(word: &str) -> Result<String, Fault> {
    let one = text(word)?;
    if one.contains(char::is_whitespace) {
        return Err(Fault::value(format!("`{one}` must be one word, without spaces")));
    }
    Ok(one)
}

/// Reads a channel: its id, or the platform's mention of it (`<#123>`).
pub(in crate::grammar) fn channel(text: &str) -> Result<String, Fault> {
    let inner = text.strip_prefix("<#").and_then(|text| text.strip_suffix('>'));
    word(inner.unwrap_or(text))
}

/// Reads a war's id, in any case, with or without `#`; with several, too, so that what is printed reads
/// as what it was.
pub(in crate::grammar) fn war(text: &str) -> Result<WarRef, Fault> {
    let id = word(text.trim_start_matches('#'))?;
    Ok(WarRef(id.to_lowercase()))
}

/// Reads a clan's name or id; an id may stand behind `#`.
pub(in crate::grammar) fn clan(name: &str) -> Result<ClanRef, Fault> {
    let id = name.strip_prefix('#').filter(|id| ShortId::is_shape(id));
    text(id.unwrap_or(name)).map(ClanRef)
}

/// Reads who won, as a ballot says it. A keyword wins over a clan's name.
pub(in crate::grammar) fn winner(name: &str) -> Result<Winner, Fault> {
    Ok(match name.to_lowercase().as_str() {
        "host" => Winner::Host,
        "guest" => Winner::Guest,
        "draw" => Winner::Draw,
        "void" => Winner::Void,
        "none" => Winner::None,
        "us" => Winner::Us,
        "them" => Winner::Them,
        _ => Winner::Clan(clan(name)?),
    })
}

/// Whether a word says who won without naming a clan.
pub(in crate::grammar) fn is_winner_keyword(word: &str) -> bool {
    winner(word).is_ok_and(|winner| !matches!(winner, Winner::Clan(_)))
}

/// Reads who won, as the operator says it.
pub(in crate::grammar) fn outcome(text: &str) -> Result<Winner, Fault> {
    match winner(text)? {
        known @ (Winner::Host | Winner::Guest | Winner::Draw | Winner::Void) => Ok(known),
        Winner::None | Winner::Us | Winner::Them | Winner::Clan(_) => {
            Err(Fault::value(format!("`{text}` is none of host, guest, draw and void"))
                .suggest(nearest(text, ["host", "guest", "draw", "void"])))
        }
    }
}

/// Reads `3-1`, the host's matches first.
pub(in crate::grammar) fn score(text: &str) -> Result<Score, Fault> {
    let read = || {
        let (host, guest) = text.split_once(['-', ':', '–', '—'])?;
        Some(Score { host: digits(host.trim())?, guest: digits(guest.trim())? })
    };
    read().ok_or_else(|| {
        Fault::value(format!("`{text}` is no score: write `3-1`, the host's matches first"))
    })
}

/// Reads `1-5` or `3`: the fewest and the most players of a side.
pub(in crate::grammar) fn range(text: &str) -> Result<(u32, u32), Fault> {
    let read = || {
        let (least, most) = text.split_once(['-', '–', '—']).unwrap_or((text, text));
        Some((digits(least.trim())?, digits(most.trim())?))
    };
    read().filter(|(least, most)| *least >= 1 && least <= most && *most <= MOST_PLAYERS).ok_or_else(
        || {
            Fault::value(format!(
                "`{text}` is no range: write `1-5`, at least 1, at most {MOST_PLAYERS}"
            ))
        },
    )
}

/// Reads how many rows are wanted.
pub(in crate::grammar) fn count(text: &str) -> Result<u32, Fault> {
    digits(text)
        .filter(|count| (1..=MOST_ROWS).contains(count))
        .ok_or_else(|| Fault::value(format!("`{text}` is no whole number from 1 to {MOST_ROWS}")))
}

/// Reads `yes` or `no`.
pub(in crate::grammar) fn yes_no(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Ok(true),
        "no" | "n" | "off" | "false" => Ok(false),
        _ => Err(Fault::value(format!("`{text}` is neither yes nor no"))
            .suggest(nearest(text, ["yes", "no"]))),
    }
}

/// Reads an IANA time zone, in any case.
pub(in crate::grammar) fn zone(text: &str) -> Result<String, Fault> {
    if let Ok(zone) = jiff::tz::db().get(text)
        && let Some(name) = zone.iana_name()
    {
        return Ok(name.to_owned());
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let city = |name: &String| {
        let city = name.rsplit('/').next().unwrap_or(name);
        city.eq_ignore_ascii_case(&text.replace(' ', "_"))
    };
    let close = names.iter().find(|name| city(name)).map(String::as_str);
    let close = close.or_else(|| nearest(text, names.iter().map(String::as_str)));
    let message = format!("`{text}` is no time zone: write an IANA name as `Europe/Berlin`");
    Err(Fault::value(message).suggest(close))
}

/// Reads an http or https link of at most 500 characters.
pub(in crate::grammar) fn url(text: &str) -> Result<String, Fault> {
    let scheme = |scheme: &str| {
        let rest = text.get(scheme.len()..)?;
        text.get(..scheme.len())?.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let host = scheme("https://").or_else(|| scheme("http://")).unwrap_or("");
    let named = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !named || text.contains(char::is_whitespace) {
        let message = format!("`{text}` is no link: it must begin with `https://` or `http://`");
        return Err(Fault::value(message));
    }
    if text.chars().count() > LONGEST_LINK {
        return Err(Fault::value(format!("this link is longer than {LONGEST_LINK} characters")));
    }
    Ok(text.to_owned())
}

/// Reads a command's name or alias; the answer is its name.
pub(in crate::grammar) fn command(text: &str) -> Result<String, Fault> {
    table::find(text).map(|row| row.name.to_owned()).ok_or_else(|| {
        let names = TABLE.iter().flat_map(|row| std::iter::once(&row.name).chain(row.aliases));
        Fault::new(Code::UnknownCommand, format!("unknown command `{text}`"))
            .suggest(nearest(text, names.copied()))
    })
}

/// A number of ASCII digits alone: no sign, no white space.
fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}
