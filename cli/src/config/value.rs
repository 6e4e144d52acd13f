//! How values are read: each from the text of the environment and flags, and from what TOML has
//! for it. What fails says what the value has to be.

use std::ffi::OsStr;
use std::path::PathBuf;
#[cfg(feature = "http")]
use std::time::Duration;
#[cfg(any(feature = "http", feature = "otlp"))]
use std::{num::NonZeroU32, ops::RangeInclusive};

#[cfg(feature = "http")]
use jiff::SignedDuration;

use super::{Entry, Found};

/// A value, or what it has to be: `a whole number from 1 to 64`.
pub(super) type Read<T> = Result<T, String>;

/// A text that says something.
pub(super) fn text(entry: &Entry, wanted: &str) -> Read<String> {
    let text = match &entry.found {
        Found::Text(text) => text.to_str(),
        Found::String(text) => Some(text.as_str()),
        Found::Number(_) | Found::List(_) | Found::Truth(_) | Found::Other(_) => None,
    };
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| wanted.to_owned())
}

/// A path. In the file it begins at the file's folder, and `~` is the user's home folder.
pub(super) fn path(entry: &Entry) -> Read<PathBuf> {
    let path: &OsStr = match &entry.found {
        Found::Text(text) => text,
        Found::String(text) => text.as_ref(),
        Found::Number(_) | Found::List(_) | Found::Truth(_) | Found::Other(_) => OsStr::new(""),
    };
    if path.is_empty() {
        return Err("the path of a file".to_owned());
    }
    let path = PathBuf::from(path);
    let Some(folder) = entry.folder() else { return Ok(path) };
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => Ok(home.join(rest)),
        _ => Ok(folder.join(path)),
    }
}

/// Something that is read from text.
#[cfg(feature = "faces")]
pub(super) fn parsed<T: std::str::FromStr>(entry: &Entry, wanted: &str) -> Read<T> {
    text(entry, wanted)?.parse().map_err(|_refused| wanted.to_owned())
}

/// A whole number of a range that begins above zero.
#[cfg(any(feature = "http", feature = "otlp"))]
pub(super) fn count(entry: &Entry, range: RangeInclusive<u32>) -> Read<NonZeroU32> {
    let number = match &entry.found {
        Found::Text(text) => text.to_str().and_then(|text| text.trim().parse().ok()),
        Found::Number(number) => u32::try_from(*number).ok(),
        Found::String(_) | Found::List(_) | Found::Truth(_) | Found::Other(_) => None,
    };
    let number = number.filter(|number| range.contains(number)).and_then(NonZeroU32::new);
    number.ok_or_else(|| format!("a whole number from {} to {}", range.start(), range.end()))
}

/// Whether something is so.
#[cfg(feature = "web")]
pub(super) fn truth(entry: &Entry) -> Read<bool> {
    let truth = match &entry.found {
        Found::Text(text) => text.to_str().and_then(|text| text.trim().parse().ok()),
        Found::Truth(truth) => Some(*truth),
        Found::String(_) | Found::Number(_) | Found::List(_) | Found::Other(_) => None,
    };
    truth.ok_or_else(|| "true or false".to_owned())
}

/// A length of time of a range in whole seconds.
#[cfg(feature = "http")]
pub(super) fn duration(entry: &Entry, range: RangeInclusive<u64>) -> Read<Duration> {
    let wanted = || {
        let (least, most) = (range.start(), range.end());
        format!("a length of time from {least}s to {most}s with its unit, like \"{most}s\"")
    };
    let read: SignedDuration = parsed(entry, "").map_err(|_refused: String| wanted())?;
    let length = Duration::try_from(read).map_err(|_negative| wanted())?;
    let within = Duration::from_secs(*range.start())..=Duration::from_secs(*range.end());
    if within.contains(&length) { Ok(length) } else { Err(wanted()) }
}

/// A length of time as it is written.
#[cfg(feature = "http")]
pub(super) fn shown(length: Duration) -> String {
    SignedDuration::try_from(length)
        .map_or_else(|_long| format!("{length:?}"), |l| format!("{l:#}"))
}

/// A list of different things, each of which is read from its text.
pub(super) fn list<T: PartialEq>(
    entry: &Entry,
    wanted: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Read<Vec<T>> {
    let texts: Vec<&str> = match &entry.found {
        Found::Text(text) => text.to_str().ok_or_else(|| wanted.to_owned())?.split(',').collect(),
        Found::List(list) => list.iter().map(String::as_str).collect(),
        Found::String(_) | Found::Number(_) | Found::Truth(_) | Found::Other(_) => {
            return Err(wanted.to_owned());
        }
    };
    let mut things = Vec::new();
    for text in texts {
        let thing = read(text.trim()).ok_or_else(|| wanted.to_owned())?;
        if !things.contains(&thing) {
            things.push(thing);
        }
    }
    Ok(things)
}

/// A web site, as browsers name it: `https://example.org`, with a port if it has one of its own.
#[cfg(feature = "http")]
pub(super) fn origin(text: &str) -> Option<String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-.:[]".contains(letter);
    (!host.is_empty() && host.chars().all(allowed)).then(|| text.to_owned())
}

/// The address of a server. It holds no secret: the key has a place of its own.
pub(super) fn url(entry: &Entry) -> Read<String> {
    let wanted = "the address of a server, like https://gmbot.example.org";
    let url = text(entry, wanted)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let good = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['@', ' ', '?', '#']));
    if good { Ok(url) } else { Err(wanted.to_owned()) }
}

/// The address of a database on PostgreSQL. It holds no secret: the password has a place of its own.
pub(super) fn database_url(entry: &Entry) -> Read<String> {
    let wanted = "the address of a database on PostgreSQL, like postgres://gmbot@127.0.0.1/gmbot, \
                  without a password: that is for `database_password_file`";
    let url = text(entry, wanted)?;
    if is_database_url(&url) { Ok(url) } else { Err(wanted.to_owned()) }
}

/// Whether a text is such an address.
pub(crate) fn is_database_url(url: &str) -> bool {
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let user = rest.and_then(|rest| rest.split_once('@')).map_or("", |(user, _)| user);
    let good = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '#']));
    good && !user.contains(':') && !url.contains("password=")
}
