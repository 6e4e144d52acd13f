//! `gmbot config`: the settings in force, and where each came from.

use gmbot_engine::grammar::nearest;
use gmbot_engine::render::{Role, visible};
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::{Config, FILE_VARIABLE, KEYS, Origin, PROFILE_VARIABLE, Settings, variable};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;

/// What the variables of this program begin with.
const PREFIX: &str = "GMBOT_";

/// A setting for programs.
#[derive(Serialize)]
struct Line {
    key: &'static str,
    /// Null where there is none.
    value: Value,
    /// `default`, `file`, `environment` or `flag`.
    source: &'static str,
    /// Where exactly: `gmbot.toml:12`, `environment GMBOT_DB`, `--db`.
    origin: String,
    /// What it is.
    about: &'static str,
}

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit, Failure> {
    let config = Config::load(&options.flags, Vec::new())?;
    let lines = lines(&config);
    // So wide that the columns stand below each other, but not for one long path.
    let width = lines.iter().map(|line| shown(&line.value).chars().count()).filter(|at| *at <= 40);
    let width = width.max().unwrap_or_default();
    for line in &lines {
        if options.json {
            output.json(line)?;
        } else {
            output.pieces(&pieces(line, width))?;
        }
    }
    for warning in unread_variables().chain(exposed_secrets(&config.settings)) {
        output.warning(&warning)?;
    }
    Ok(Exit::Done)
}

/// All settings, after the file and the profile that they depend on.
fn lines(config: &Config) -> Vec<Line> {
    let file = config.file.as_ref().map(|file| file.display().to_string());
    let profile = json!(config.profile.name());
    let first = [
        line("file", "the file of settings", json!(file), &config.file_origin),
        line("profile", "for what the program runs", profile, &config.profile_origin),
    ];
    let settings = KEYS
        .iter()
        .map(|key| line(key.name, key.about, (key.show)(&config.settings), config.origin(key)));
    first.into_iter().chain(settings).collect()
}

fn line(key: &'static str, about: &'static str, value: Value, origin: &Origin) -> Line {
    Line { key, value, source: origin.source(), origin: origin.to_string(), about }
}

/// How a line looks.
fn pieces(line: &Line, width: usize) -> Vec<(Role, String)> {
    vec![
        (Role::Title, format!("{:<21}  ", line.key)),
        (Role::Plain, format!("{:<width$}  ", shown(&line.value))),
        (Role::Label, visible(&line.origin)),
    ]
}

/// How a value looks.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => visible(text),
        Value::Array(list) if list.is_empty() => "-".to_owned(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Variables that look like settings and are none.
fn unread_variables() -> impl Iterator<Item = String> {
    let mut known: Vec<_> = KEYS.iter().map(|key| variable(key.name)).collect();
    known.extend([FILE_VARIABLE, PROFILE_VARIABLE].map(str::to_owned));
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut unread: Vec<_> =
        set.filter(|name| name.starts_with(PREFIX) && !known.contains(name)).collect();
    unread.sort();
    unread.into_iter().map(move |name| {
        let close = nearest(&name, known.iter().map(String::as_str));
        let next = close.map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
        format!("no setting is called like the variable `{name}`{next}")
    })
}

/// A file with a secret that others than its owner can read. Where containers mount secrets that is
/// usual, so it is told here and not with every command.
#[cfg(unix)]
fn exposed_secrets(settings: &Settings) -> impl Iterator<Item = String> {
    use std::os::unix::fs::PermissionsExt as _;
    let files = [
        &settings.key_file,
        &settings.database_password_file,
        #[cfg(feature = "discord")]
        &settings.discord.token_file,
        #[cfg(feature = "matrix")]
        &settings.matrix.password_file,
        #[cfg(feature = "matrix")]
        &settings.matrix.recovery_key_file,
        #[cfg(feature = "matrix")]
        &settings.matrix.token_file,
    ];
    files.into_iter().flatten().filter_map(|file| {
        let mode = std::fs::metadata(file).ok()?.permissions().mode();
        let file = file.display();
        (mode & 0o044 != 0).then(|| {
            format!("others than its owner can read the secret in `{file}`; `chmod 600 {file}` ends that")
        })
    })
}

/// Who may read a file is its folder's matter here.
#[cfg(not(unix))]
fn exposed_secrets(_settings: &Settings) -> impl Iterator<Item = String> {
    std::iter::empty()
}
