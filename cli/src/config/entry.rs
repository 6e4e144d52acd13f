//! A value for a setting as a source gives it, before it is read.

use std::ffi::OsString;
use std::path::Path;

use super::key::{self, Key, variable};
use super::{Fault, KEYS, Mistake, Origin};
use crate::options::{Flags, Given};

/// A value for a setting, and where it stands.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: &'static Key,
    pub(crate) origin: Origin,
    pub(crate) found: Found,
    /// Whether it counts in this run: the part of another profile does not.
    pub(crate) counts: bool,
}

/// A value as a source gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The environment and flags know text alone; commas part the values of a list.
    Text(OsString),
    /// A string in the file.
    String(String),
    /// A whole number in the file.
    Number(i64),
    /// `true` or `false` in the file.
    Truth(bool),
    /// A list in the file that holds strings alone.
    List(Vec<String>),
    /// Something in the file that no setting is.
    Other(String),
}

impl Entry {
    /// Where relative paths begin that stand in the file.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File { file, .. } => file.parent(),
            Origin::Default | Origin::Environment(_) | Origin::Flag(_) => None,
        }
    }

    /// The entry as its author is told about it.
    pub(super) fn told(&self) -> String {
        format!("`{}` ({})", self.key.name, self.origin)
    }

    /// The mistake that its value is not what it has to be.
    pub(super) fn mistake(&self, wanted: String) -> Mistake {
        let key = self.key.name;
        let found = if self.key.is_secret() { "no text".to_owned() } else { self.found.told() };
        Mistake::At(self.origin.clone(), Fault::BadValue { key, found, wanted })
    }
}

impl Found {
    /// The value as its author is told about it; a password in an address is not repeated.
    fn told(&self) -> String {
        let shown = match self {
            Self::Text(text) => format!("`{}`", text.display()),
            Self::String(text) => format!("`{text:?}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Truth(truth) => format!("`{truth}`"),
            Self::List(list) => format!("`{list:?}`"),
            Self::Other(told) => return told.clone(),
        };
        let after = shown.split_once("://").map(|(_, after)| after);
        if after.is_some_and(|after| after.contains('@')) {
            return "an address with a name or a password in it".to_owned();
        }
        shown
    }
}

/// What the environment sets. A variable that is empty counts as not set.
pub(super) fn from_environment() -> impl Iterator<Item = Entry> {
    KEYS.iter().filter_map(|key| {
        let name = variable(key.name);
        let value = std::env::var_os(&name).filter(|value| !value.is_empty())?;
        let origin = Origin::Environment(name);
        Some(Entry { key, origin, found: Found::Text(value), counts: true })
    })
}

/// What the command line sets: `--set` first, so that an option of its own wins over it.
pub(super) fn from_flags(
    flags: &Flags,
    own: Vec<Given>,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for text in &flags.set {
        match assignment(text) {
            Ok(entry) => entries.push(entry),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let given = flags.given().into_iter().chain(own);
    entries.extend(given.filter_map(|Given { flag, key, value }| {
        let key = key::find(key)?;
        Some(Entry { key, origin: Origin::Flag(flag), found: Found::Text(value), counts: true })
    }));
    entries
}

/// A `KEY=VALUE` of `--set`.
fn assignment(text: &str) -> Result<Entry, Mistake> {
    let (name, value) = text.split_once('=').ok_or(Mistake::NoValue)?;
    let origin = Origin::Flag("--set");
    let key = key::known(name.trim(), &origin)?;
    if key.is_secret() {
        return Err(key::exposed(key, origin));
    }
    Ok(Entry { key, origin, found: Found::Text(value.trim().into()), counts: true })
}
