//! `gmbot.toml`: where it is looked for, and what stands on which line of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, FILE_VARIABLE, Fault, Found, Mistake, Origin, Profile, key, profile};
use crate::failure::Failure;
use crate::options::Flags;

/// What the file is called.
const NAME: &str = "gmbot.toml";
/// The table that holds the profiles.
const PROFILES: &str = "profile";

/// The file, read and not yet understood.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// What named it.
    pub(super) named_by: Origin,
    text: String,
}

/// Reads the file that the flag or the environment names; if neither does, the first that is there
/// of [`places`], or none.
pub(super) fn read(flags: &Flags) -> Result<Option<File>, Failure> {
    let flag = flags.config.clone().map(|path| (path, Origin::Flag("--config")));
    let variable = || {
        let path = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty())?;
        Some((path.into(), Origin::Environment(FILE_VARIABLE.to_owned())))
    };
    if let Some((path, named_by)) = flag.or_else(variable) {
        let text = guarded(&path)?;
        return Ok(Some(File { path, named_by, text }));
    }
    for path in places() {
        match guarded(&path) {
            Err(Failure::Unreadable { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {}
            read => return read.map(|text| Some(File { path, named_by: Origin::Default, text })),
        }
    }
    Ok(None)
}

/// Where a file is looked for that nobody names: here, and in the user's configuration folder.
fn places() -> Vec<PathBuf> {
    let own = etcetera::choose_base_strategy().ok();
    let own = own.map(|places| places.config_dir().join("gmbot").join(NAME));
    std::iter::once(PathBuf::from(NAME)).chain(own).collect()
}

/// Reads a file that not everybody may write to.
fn guarded(path: &Path) -> Result<String, Failure> {
    let unreadable = |cause| Failure::Unreadable { file: path.to_owned(), cause };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(path).map_err(unreadable)?;
        if found.is_file() && found.permissions().mode() & 0o002 != 0 {
            return Err(Failure::Misconfigured(vec![Mistake::Unguarded(path.to_owned())]));
        }
    }
    Ok(text)
}

impl File {
    /// All values of the file, those outside of profiles first.
    pub(super) fn entries(&self, chosen: Profile, mistakes: &mut Vec<Mistake>) -> Vec<Entry> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        if !errors.is_empty() {
            mistakes.extend(errors.iter().map(|error| self.syntax(error)));
            return Vec::new();
        }
        let mut reader = Reader { file: self, mistakes, entries: Vec::new() };
        let mut profiles = None;
        for (name, value) in table.get_ref() {
            match name.get_ref().as_ref() {
                PROFILES => profiles = Some((name, value)),
                _ => reader.value(Part { profile: None, counts: true }, "", name, value),
            }
        }
        if let Some((name, value)) = profiles {
            reader.profiles(chosen, name, value);
        }
        reader.entries
    }

    fn syntax(&self, error: &toml::de::Error) -> Mistake {
        let at = error.span().map_or(self.text.len(), |span| span.start);
        // The parser's text may go on for lines; its first says what it is.
        let what = error.message().lines().next().unwrap_or_default().to_owned();
        Mistake::At(self.origin(at, None), Fault::Syntax(what))
    }

    /// The line of a place in the text, counted in bytes.
    fn origin(&self, at: usize, profile: Option<Profile>) -> Origin {
        let before = self.text.as_bytes().iter().take(at);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        Origin::File { file: self.path.clone(), line, profile }
    }
}

type Name<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

/// A part of the file: that of a profile, or what lies outside of all.
#[derive(Debug, Clone, Copy)]
struct Part {
    profile: Option<Profile>,
    /// Whether it counts in this run. The others are only checked.
    counts: bool,
}

/// What collects the values of a file.
struct Reader<'f> {
    file: &'f File,
    mistakes: &'f mut Vec<Mistake>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn profiles(&mut self, chosen: Profile, name: &Name<'_>, value: &Value<'_>) {
        let DeValue::Table(parts) = value.get_ref() else {
            let next = "choose one with `--profile` or GMBOT_PROFILE; `[profile.production]` \
                        begins what is set for it";
            return self.unknown(name, PROFILES, next);
        };
        for (name, part) in parts {
            match (Profile::named(name.get_ref()), part.get_ref()) {
                (Some(profile), DeValue::Table(table)) => {
                    let part = Part { profile: Some(profile), counts: profile == chosen };
                    for (name, value) in table {
                        self.value(part, "", name, value);
                    }
                }
                (Some(profile), _) => {
                    let key = format!("{PROFILES}.{}", profile.name());
                    self.unknown(name, &key, &format!("it is a table: `[{key}]` begins it"));
                }
                (None, _) => {
                    let origin = self.file.origin(name.span().start, None);
                    self.mistakes.push(profile::unknown(name.get_ref(), origin));
                }
            }
        }
    }

    /// A value, or a table of values whose names begin with its own.
    fn value(&mut self, part: Part, before: &str, name: &Name<'_>, value: &Value<'_>) {
        let path = format!("{before}{}", name.get_ref());
        let DeValue::Table(table) = value.get_ref() else {
            return self.setting(part, &path, name, value.get_ref());
        };
        // So that a table with nothing in it is looked at too.
        if table.is_empty() && !key::is_section(&path) {
            return self.setting(part, &path, name, value.get_ref());
        }
        for (name, value) in table {
            self.value(part, &format!("{path}."), name, value);
        }
    }

    fn setting(&mut self, part: Part, path: &str, name: &Name<'_>, value: &DeValue<'_>) {
        let origin = self.file.origin(name.span().start, part.profile);
        match key::known(path, &origin) {
            // The file may serve several builds of the program.
            Err(Mistake::At(_, Fault::NotBuilt { .. })) => {}
            Err(mistake) => self.mistakes.push(mistake),
            Ok(key) if key.is_secret() => self.mistakes.push(key::exposed(key, origin)),
            Ok(key) => {
                let (found, counts) = (found(value), part.counts);
                self.entries.push(Entry { key, origin, found, counts });
            }
        }
    }

    fn unknown(&mut self, name: &Name<'_>, key: &str, next: &str) {
        let origin = self.file.origin(name.span().start, None);
        let fault = Fault::UnknownKey { key: key.to_owned(), next: next.to_owned() };
        self.mistakes.push(Mistake::At(origin, fault));
    }
}

/// A value as it stands in the file.
fn found(value: &DeValue<'_>) -> Found {
    match value {
        DeValue::String(text) => Found::String(text.clone().into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Found::Number(number),
            Err(_too_large) => Found::Other(format!("`{}`", number.as_str())),
        },
        DeValue::Array(list) => {
            let texts = list.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            match texts.collect() {
                Some(texts) => Found::List(texts),
                None => Found::Other("a list with something else than strings".to_owned()),
            }
        }
        DeValue::Boolean(truth) => Found::Truth(*truth),
        other @ (DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Table(_)) => {
            Found::Other(format!("of the type {}", other.type_str()))
        }
    }
}
