//! `setup`: what a clan tells of itself, its name, and how it is reached in one of its spaces.

use super::super::context::Context;
use super::super::refusal::{Ruling, refuse, require};
use super::profile;
use crate::event::Event;
use crate::grammar::command::Setup;
use crate::model::{Clan, Profile, Space, names};
use crate::reply::{Code, Reply, Text};

/// The longest location, language and channel, in characters.
const LONGEST_VALUE: usize = 64;
/// The longest link to reach a clan by, in characters.
const LONGEST_CONTACT: usize = 200;
/// The longest prefix, in characters.
const LONGEST_PREFIX: usize = 16;
/// How many languages a clan may name.
const MOST_LANGUAGES: usize = 10;
/// What takes a channel or prefix back.
const NONE: &str = "none";

/// Changes what is given, and shows the profile if nothing is.
pub(in super::super) fn setup(context: &mut Context<'_>, setup: &Setup) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    if *setup == Setup::default() {
        return Ok(profile(context, &clan)?);
    }
    let profile = new_profile(&clan.profile, setup)?;
    let space = new_space(context, &clan, setup)?;
    let name = match &setup.name {
        Some(name) => Some(new_name(context, &clan, name)?),
        None => None,
    };

    if let Some(name) = name.filter(|name| *name != clan.name) {
        let name_key = names::key(&name);
        context.record(Event::ClanRenamed { clan: clan.id, name, name_key })?;
    }
    if profile != clan.profile {
        context.record(Event::ProfileChanged { clan: clan.id, profile })?;
    }
    if let Some(Space { key, channel, prefix, .. }) = space
        && !clan
            .spaces
            .iter()
            .any(|known| known.key == key && known.channel == channel && known.prefix == prefix)
    {
        context.record(Event::SpaceSetUp { clan: clan.id, space: key, channel, prefix })?;
    }
    saved(context, setup)
}

fn saved(context: &mut Context<'_>, setup: &Setup) -> Ruling<Reply> {
    let clan = context.own_clan()?;
    let mut reply = profile(context, &clan)?;
    reply.code = Code::SetupSaved;
    if setup.timezone.is_some() {
        let now = Text::from("it is ").and(context.at()).and(" on the clan's clock now");
        reply = reply.hint(now);
    }
    Ok(reply)
}

/// A name that the clan may take.
fn new_name(context: &Context<'_>, clan: &Clan, wanted: &str) -> Ruling<String> {
    let name = names::normal(wanted);
    if let Err(why) = names::check(&name) {
        let fact = Text::from("a clan can't be called ").user(name).and(format!(": {why}"));
        return Err(refuse(Code::BadName, fact).hint("choose another name").into());
    }
    let holder = context.read().clan_named(&names::key(&name))?;
    require(holder.is_none_or(|holder| holder == clan.id), || {
        let fact = Text::from("another clan is called ").user(name.clone()).and(", or nearly so");
        refuse(Code::NameTaken, fact).hint("choose a name that can't be mistaken for it")
    })?;
    Ok(name)
}

fn new_profile(old: &Profile, setup: &Setup) -> Ruling<Profile> {
    let mut profile = old.clone();
    if let Some(location) = &setup.location {
        profile.location = short("location", location, LONGEST_VALUE)?;
    }
    if let Some(languages) = &setup.language {
        require((1..=MOST_LANGUAGES).contains(&languages.len()), || {
            refuse(Code::BadValue, format!("a clan names 1 to {MOST_LANGUAGES} languages"))
                .hint("name the ones that you play in")
        })?;
        profile.languages = languages
            .iter()
            .map(|language| short("language", language, LONGEST_VALUE))
            .collect::<Ruling<_>>()?;
    }
    if let Some(zone) = &setup.timezone {
        profile.timezone = known_zone(zone)?;
    }
    if let Some(contact) = &setup.contact {
        profile.contact = Some(link(contact)?);
    }
    profile.public = setup.public.unwrap_or(profile.public);
    Ok(profile)
}

/// The zone by its proper name: `europe/berlin` is kept as `Europe/Berlin`.
fn known_zone(zone: &str) -> Ruling<String> {
    match jiff::tz::TimeZone::get(zone.trim()) {
        Ok(known) => Ok(known.iana_name().unwrap_or("UTC").to_owned()),
        Err(_) => {
            Err(refuse(Code::BadValue, Text::new().user(zone.trim()).and(" is no time zone"))
                .hint(Text::from("write one like ").code("Europe/Berlin").and(" or ").code("UTC"))
                .into())
        }
    }
}

fn link(contact: &str) -> Ruling<String> {
    let contact = short("contact", contact, LONGEST_CONTACT)?;
    let lower = contact.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let is_link = rest.is_some_and(|rest| !rest.is_empty())
        && !contact.chars().any(|c| c.is_whitespace() || c.is_control());
    require(is_link, || {
        refuse(Code::BadValue, Text::new().user(contact.clone()).and(" is no link"))
            .hint(Text::from("it starts with ").code("https://"))
    })?;
    Ok(contact)
}

/// This space with its new channel and prefix, if any is given.
fn new_space(context: &Context<'_>, clan: &Clan, setup: &Setup) -> Ruling<Option<Space>> {
    if setup.channel.is_none() && setup.prefix.is_none() {
        return Ok(None);
    }
    let here = context.request.space.as_ref().filter(|space| !space.direct);
    let space = here.and_then(|here| clan.spaces.iter().find(|space| space.key == here.key));
    let Some(space) = space else {
        return Err(refuse(Code::NoSpace, "a war channel and a prefix belong to a space")
            .hint("say it in the space that you mean")
            .into());
    };
    let mut space = space.clone();
    if let Some(channel) = &setup.channel {
        let channel = short("channel", channel, LONGEST_VALUE)?;
        space.channel = Some(channel).filter(|channel| channel != NONE);
    }
    if let Some(prefix) = &setup.prefix {
        space.prefix = Some(word(prefix)?).filter(|prefix| prefix != NONE);
    }
    Ok(Some(space))
}

fn word(prefix: &str) -> Ruling<String> {
    let prefix = short("prefix", prefix, LONGEST_PREFIX)?;
    require(
        !prefix.contains(char::is_whitespace) && !prefix.starts_with(['-', '–', '—']),
        || {
            refuse(Code::BadValue, Text::new().user(prefix.clone()).and(" can't be a prefix"))
                .hint("it is one word, and does not start with `-`")
        },
    )?;
    Ok(prefix)
}

/// A value that can be seen and is not too long.
fn short(what: &str, value: &str, longest: usize) -> Ruling<String> {
    let value = names::normal(value);
    let length = value.chars().count();
    let fits = (1..=longest).contains(&length) && !value.chars().any(char::is_control);
    require(fits, || {
        refuse(Code::BadValue, format!("the {what} has 1 to {longest} visible characters"))
            .hint(format!("give a shorter {what}, on one line"))
    })?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Stop;

    fn code(setup: &Setup) -> Option<Code> {
        match new_profile(&Profile::default(), setup) {
            Ok(_) => None,
            Err(Stop::Refused(reply)) => Some(reply.code),
            Err(Stop::Failed(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn a_profile_takes_what_can_be_shown() {
        let contact = |url: &str| Setup { contact: Some(url.to_owned()), ..Setup::default() };
        let zone = |zone: &str| Setup { timezone: Some(zone.to_owned()), ..Setup::default() };
        let speaks = |words: &[&str]| Setup {
            language: Some(words.iter().map(|word| (*word).to_owned()).collect()),
            ..Setup::default()
        };
        let plays_in = |place: &str| Setup { location: Some(place.to_owned()), ..Setup::default() };
        let bad = Some(Code::BadValue);
        let cases = [
            (contact("https://example.org/clan"), None),
            (contact("HTTPS://example.org"), None),
            (contact("javascript:alert(1)"), bad),
            (contact("https://"), bad),
            (contact("https://example.org/a b"), bad),
            (zone("Europe/Berlin"), None),
            (zone("Mars/Olympus"), bad),
            (speaks(&["English", "Deutsch"]), None),
            (speaks(&[]), bad),
            (speaks(&["a"; 11]), bad),
            (plays_in(&"x".repeat(64)), None),
            (plays_in(&"x".repeat(65)), bad),
            (plays_in("a\u{1b}[31m"), bad),
            (plays_in("  "), bad),
        ];
        for (setup, expect) in cases {
            assert_eq!(code(&setup), expect, "{setup:?}");
        }
    }

    #[test]
    fn a_zone_is_kept_by_its_proper_name() {
        assert_eq!(known_zone("europe/berlin").ok().as_deref(), Some("Europe/Berlin"));
        assert_eq!(known_zone("utc").ok().as_deref(), Some("UTC"));
    }

    #[test]
    fn a_prefix_is_one_word_that_is_no_flag() {
        for (prefix, fits) in
            [("!", true), ("gm", true), ("-x", false), ("a b", false), ("", false)]
        {
            assert_eq!(word(prefix).is_ok(), fits, "{prefix:?}");
        }
    }
}
