//! Places whose names people type themselves, as at a terminal: a slip must not found a clan, nor must
//! a clan's own name where its place has another.

use super::refusal::{Refusal, Ruling, refuse};
use crate::grammar::{self, Command};
use crate::model::{Clan, names};
use crate::reply::{Code, Text};
use crate::request::{Request, SpaceRef};
use crate::store::{Read, Stored};

/// How many names are looked through for one that is almost the same.
const MOST_NAMES: usize = 200;

/// Stops where somebody speaks in a place that is not there, and plainly means another.
pub(super) fn require_meant(read: &dyn Read, request: &Request, command: &Command) -> Ruling<()> {
    let Some(space) = request.space.as_ref().filter(|space| !space.direct) else { return Ok(()) };
    // Elsewhere a platform names its spaces, and nobody can mistype one.
    if !request.authority.founder || read.clan_of_space(&space.key)?.is_some() {
        return Ok(());
    }
    if let Some((clan, place)) = clan_beside(read, space, &space.name)? {
        let fact = Text::from("there is no place ").code(space.name.clone());
        let fact = fact.and(", and the clan ").and(&clan).and(" speaks in another");
        return Err(refuse(Code::UnknownPlace, fact).hint(say_in(&place)).into());
    }
    if is_founded_by(command, space) {
        return Ok(());
    }
    for name in read.clan_names("", MOST_NAMES)? {
        if is_slip(&space.name, &name)
            && let Some((clan, place)) = clan_beside(read, space, &name)?
        {
            return Err(almost(space, &clan, &place).into());
        }
    }
    Ok(())
}

/// The clan of that name and its place on the same platform, if it has one there.
fn clan_beside(read: &dyn Read, space: &SpaceRef, name: &str) -> Stored<Option<(Clan, String)>> {
    let Some(clan) = read.clan_named(&names::key(name))? else { return Ok(None) };
    let Some(clan) = read.clan(clan)? else { return Ok(None) };
    let place = clan.spaces.iter().find(|known| known.key.platform == space.key.platform);
    let place = place.map(|known| known.key.id.clone());
    Ok(place.map(|place| (clan, place)))
}

/// Whether a command says that a clan of just this name is wanted.
fn is_founded_by(command: &Command, space: &SpaceRef) -> bool {
    let Command::Setup(setup) = command else { return false };
    setup.name.as_ref().is_some_and(|name| names::key(name) == names::key(&space.name))
}

fn almost(space: &SpaceRef, clan: &Clan, place: &str) -> Refusal {
    let fact = Text::from("there is no place ").code(space.name.clone());
    let fact = fact.and(", and a clan is called almost so: ").and(clan);
    let name = quoted(&space.name);
    let new = Text::from("a new clan is founded with ")
        .code(format!("gmbot --in {name} setup -name {name}"));
    refuse(Code::UnknownPlace, fact).hint(say_in(place)).hint(new)
}

fn say_in(place: &str) -> Text {
    Text::from("say it there: ").code(format!("gmbot --in {} COMMAND", quoted(place)))
}

/// A name as one word of a shell.
fn quoted(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// Whether a name is another with a letter or two wrong. Words of a letter or two tell clans apart as
/// numbers do: `Clan of F` and `Clan of G` are two.
fn is_slip(typed: &str, known: &str) -> bool {
    let (one, other) = (names::key(typed), names::key(known));
    let (words, others): (Vec<_>, Vec<_>) =
        (one.split_whitespace().collect(), other.split_whitespace().collect());
    let is_short = |word: &str| word.chars().count() <= 2;
    let mut pairs = words.iter().zip(&others).filter(|(word, other)| word != other);
    if words.len() == others.len() && pairs.all(|(word, other)| is_short(word) && is_short(other)) {
        return false;
    }
    // As they are written: a key has letters for digits that look like them.
    grammar::same_digits(typed, known) && grammar::is_slip(&one, &other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_a_letter_or_two_in_a_long_name() {
        for (typed, known, expected) in [
            ("Hedshot Killers", "Headshot Killers", true),
            ("headshot killres", "Headshot Killers", true),
            ("HeadshotKillers", "Headshot Killers", true),
            ("Foot Killers", "Headshot Killers", false),
            ("Squad 1", "Squad 2", false),
            ("Clan of F", "Clan of G", false),
            ("local", "lokal", false),
        ] {
            assert_eq!(is_slip(typed, known), expected, "{typed} for {known}");
        }
    }

    #[test]
    fn a_place_is_quoted_for_a_shell() {
        for (name, expected) in
            [("local", "local"), ("Clan F", "'Clan F'"), ("it's", r"'it'\''s'"), ("", "''")]
        {
            assert_eq!(quoted(name), expected);
        }
    }
}
