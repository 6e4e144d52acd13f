//! The settings in force, and where each came from: the profile's defaults, then `gmbot.toml`, then the profile's
//! part of it, then the environment, then flags; each wins over those before it.

mod entry;
mod file;
mod key;
mod mistake;
mod origin;
mod profile;
mod settings;
mod value;

use std::collections::BTreeMap;
use std::path::PathBuf;

use entry::{Entry, Found};
pub(crate) use key::{KEYS, Key, variable};
use mistake::Fault;
pub(crate) use mistake::Mistake;
pub(crate) use origin::Origin;
pub(crate) use profile::Profile;
pub(crate) use settings::Settings;
pub(crate) use value::is_database_url;

use crate::failure::Failure;
use crate::options::{Flags, Given};

/// The variable that names the file.
pub(crate) const FILE_VARIABLE: &str = "GMBOT_CONFIG";
/// The variable that chooses the profile.
pub(crate) const PROFILE_VARIABLE: &str = "GMBOT_PROFILE";

/// Settings of which a source gives one or the other, besides a secret and its file. The one from
/// the stronger source counts.
const EITHER: [(&str, &str); 3] = [("db", "database"), ("db", "backend"), ("database", "backend")];

/// What is in force, and where it came from.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) profile: Profile,
    /// What chose the profile.
    pub(crate) profile_origin: Origin,
    /// The file that was read, if there is one.
    pub(crate) file: Option<PathBuf>,
    /// What named it.
    pub(crate) file_origin: Origin,
    origins: BTreeMap<&'static str, Origin>,
}

impl Config {
    /// Puts together what holds for this run of the program, with what a subcommand's own options
    /// say.
    ///
    /// # Errors
    /// When a source has mistakes (all of them are told), or the file can't be read.
    pub(crate) fn load(flags: &Flags, own: Vec<Given>) -> Result<Self, Failure> {
        let mut mistakes = Vec::new();
        let (profile, profile_origin) = profile::chosen(flags, &mut mistakes);
        let file = file::read(flags)?;
        let mut entries = match &file {
            Some(file) => file.entries(profile, &mut mistakes),
            None => Vec::new(),
        };
        entries.extend(entry::from_environment());
        entries.extend(entry::from_flags(flags, own, &mut mistakes));
        check(profile, &entries, &mut mistakes);
        let winners = strongest(entries, &mut mistakes);
        if !mistakes.is_empty() {
            mistakes.sort_by_key(Mistake::line);
            return Err(Failure::Misconfigured(mistakes));
        }
        let mut settings = Settings::of(profile);
        for entry in winners.values() {
            // It was read before, when all were checked.
            (entry.key.read)(&mut settings, entry).ok();
        }
        let origins = winners.into_iter().map(|(name, entry)| (name, entry.origin)).collect();
        let (file, file_origin) = match file {
            Some(file) => (Some(file.path), file.named_by),
            None => (None, Origin::Default),
        };
        Ok(Self { settings, profile, profile_origin, file, file_origin, origins })
    }

    /// Where a setting came from.
    pub(crate) fn origin(&self, key: &Key) -> &Origin {
        self.origins.get(key.name).unwrap_or(&Origin::Default)
    }
}

/// Reads every value, also one that another wins over: it will count some day.
fn check(profile: Profile, entries: &[Entry], mistakes: &mut Vec<Mistake>) {
    let mut settings = Settings::of(profile);
    for entry in entries {
        if let Err(wanted) = (entry.key.read)(&mut settings, entry) {
            mistakes.push(entry.mistake(wanted));
        }
    }
}

/// For each key the entry that counts. The entries come with the weaker sources first.
fn strongest(entries: Vec<Entry>, mistakes: &mut Vec<Mistake>) -> BTreeMap<&'static str, Entry> {
    let mut winners = BTreeMap::new();
    for entry in entries.into_iter().filter(|entry| entry.counts) {
        winners.insert(entry.key.name, entry);
    }
    let secrets = KEYS.iter().filter_map(|key| Some((key.file_key?, key.name)));
    for (one, other) in EITHER.into_iter().chain(secrets) {
        let (Some(first), Some(second)) = (winners.get(one), winners.get(other)) else { continue };
        let (weight, against) = (first.origin.weight(), second.origin.weight());
        if weight == against {
            mistakes.push(Mistake::Both(first.told(), second.told()));
        } else {
            winners.remove(if weight < against { one } else { other });
        }
    }
    winners
}
