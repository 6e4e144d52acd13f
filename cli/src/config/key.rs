//! The table of settings. One that is not a row of it does not exist: file, environment, `--set`,
//! `gmbot config` and the documentation's test all read it.

use gmbot_backend::Secret;
use gmbot_engine::grammar::nearest;
use serde_json::{Value, json};

#[cfg(any(feature = "http", feature = "otlp"))]
use super::value::count;
#[cfg(feature = "faces")]
use super::value::parsed;
#[cfg(feature = "web")]
use super::value::truth;
use super::value::{Read, database_url, list, path, text, url};
#[cfg(feature = "http")]
use super::value::{duration, origin, shown};
use super::{Entry, Fault, Mistake, Origin, Settings};
use crate::face::Face;
#[cfg(feature = "faces")]
use crate::logging::Format;
use crate::{database, person};

/// A setting.
pub(crate) struct Key {
    /// Its name, as the file has it: `http.listen` is `listen` in the table `http`.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) about: &'static str,
    /// Only a secret has this: the key that names a file with the secret in it. The secret itself
    /// comes from the environment alone, and is shown to nobody.
    pub(super) file_key: Option<&'static str>,
    /// Reads a value.
    pub(super) read: fn(&mut Settings, &Entry) -> Read<()>,
    /// The value in force, for programs; null where there is none.
    pub(crate) show: fn(&Settings) -> Value,
}

impl Key {
    /// Whether nobody may see its value.
    pub(super) fn is_secret(&self) -> bool {
        self.file_key.is_some()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The sections of faces that this build lacks, each with the feature that it needs.
const NOT_BUILT: &[(&str, &str)] = &[
    #[cfg(not(feature = "discord"))]
    ("discord.", "discord"),
    #[cfg(not(feature = "http"))]
    ("http.", "http"),
    #[cfg(not(feature = "matrix"))]
    ("matrix.", "matrix"),
    #[cfg(not(feature = "web"))]
    ("web.", "web"),
    #[cfg(not(feature = "faces"))]
    ("log.", "http"),
    #[cfg(not(feature = "otlp"))]
    ("otlp.", "otlp"),
];

/// All settings.
pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "db",
        about: "the database, made if it is not there",
        file_key: None,
        read: |settings, entry| set(&mut settings.db, path(entry).map(Some)),
        // There is none where a server is used instead.
        show: |settings| {
            json!(database::path(settings).ok().map(|path| path.display().to_string()))
        },
    },
    Key {
        name: "database",
        about: "a database on PostgreSQL to use instead of a file",
        file_key: None,
        read: |settings, entry| set(&mut settings.database, database_url(entry).map(Some)),
        show: |settings| json!(settings.database),
    },
    Key {
        name: "database_password_file",
        about: "the file that holds the password for that database",
        file_key: None,
        read: |settings, entry| set(&mut settings.database_password_file, path(entry).map(Some)),
        show: |settings| {
            let file = settings.database_password_file.as_ref();
            json!(file.map(|file| file.display().to_string()))
        },
    },
    Key {
        name: "database_password",
        about: "the password itself",
        file_key: Some("database_password_file"),
        read: |settings, entry| {
            let read = text(entry, "the password of a user of PostgreSQL");
            set(&mut settings.database_password, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.database_password.as_ref().map(|_hidden| "***")),
    },
    Key {
        name: "backend",
        about: "a server to use instead of a database here",
        file_key: None,
        read: |settings, entry| set(&mut settings.backend, url(entry).map(Some)),
        show: |settings| json!(settings.backend),
    },
    Key {
        name: "client",
        about: "the name by which the server knows this program",
        file_key: None,
        read: |settings, entry| set(&mut settings.client, text(entry, "a name")),
        show: |settings| json!(settings.client),
    },
    Key {
        name: "key_file",
        about: "the file that holds this client's key to the server",
        file_key: None,
        read: |settings, entry| set(&mut settings.key_file, path(entry).map(Some)),
        show: |settings| json!(settings.key_file.as_ref().map(|file| file.display().to_string())),
    },
    Key {
        name: "api_key",
        about: "this client's key itself",
        file_key: Some("key_file"),
        read: |settings, entry| {
            let read = text(entry, "a key that `gmbot keys add` made");
            set(&mut settings.api_key, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.api_key.as_ref().map(|_hidden| "***")),
    },
    Key {
        name: "user",
        about: "who speaks at the terminal",
        file_key: None,
        read: |settings, entry| set(&mut settings.user, text(entry, "a name").map(Some)),
        show: |settings| json!(person::account(settings).name),
    },
    Key {
        name: "clan",
        about: "for which clan the terminal speaks",
        file_key: None,
        read: |settings, entry| set(&mut settings.clan, text(entry, "a name")),
        show: |settings| json!(settings.clan),
    },
    Key {
        name: "faces",
        about: "what `gmbot run` starts",
        file_key: None,
        read: |settings, entry| {
            let names = Face::ALL.iter().map(|face| format!("`{}`", face.name()));
            let known = names.collect::<Vec<_>>().join(", ");
            let wanted = format!("a list of faces; this version knows {known}");
            set(&mut settings.faces, list(entry, &wanted, Face::named))
        },
        show: |settings| json!(settings.faces.iter().map(|face| face.name()).collect::<Vec<_>>()),
    },
    #[cfg(feature = "faces")]
    Key {
        name: "log.format",
        about: "how a line of the log looks: `text` for people, or `json`",
        file_key: None,
        read: |settings, entry| {
            let wanted = "`text` or `json`";
            let format = text(entry, wanted)?;
            set(&mut settings.log.format, Format::named(&format).ok_or_else(|| wanted.to_owned()))
        },
        show: |settings| json!(settings.log.format.name()),
    },
    #[cfg(feature = "faces")]
    Key {
        name: "log.level",
        about: "what is logged: `error`, `warn`, `info`, `debug` or `trace`, by module if need be",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a level, like info, with others for modules behind it if need be, like \
                          info,gmbot_backend=trace";
            set(&mut settings.log.level, parsed(entry, wanted))
        },
        show: |settings| json!(settings.log.level.to_string()),
    },
    #[cfg(feature = "otlp")]
    Key {
        name: "otlp.url",
        about: "a collector of spans that speaks OTLP over HTTP",
        file_key: None,
        read: |settings, entry| set(&mut settings.otlp.url, url(entry).map(Some)),
        show: |settings| json!(settings.otlp.url),
    },
    #[cfg(feature = "otlp")]
    Key {
        name: "otlp.every",
        about: "of how many requests one is sent there",
        file_key: None,
        read: |settings, entry| set(&mut settings.otlp.every, count(entry, 1..=1_000_000)),
        show: |settings| json!(settings.otlp.every),
    },
    #[cfg(feature = "discord")]
    Key {
        name: "discord.token_file",
        about: "the file that holds the bot's token",
        file_key: None,
        read: |settings, entry| set(&mut settings.discord.token_file, path(entry).map(Some)),
        show: |settings| {
            json!(settings.discord.token_file.as_ref().map(|file| file.display().to_string()))
        },
    },
    #[cfg(feature = "discord")]
    Key {
        name: "discord.token",
        about: "the bot's token itself",
        file_key: Some("discord.token_file"),
        read: |settings, entry| {
            let read = text(entry, "the token of a bot from Discord's developer portal");
            set(&mut settings.discord.token, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.discord.token.as_ref().map(|_hidden| "***")),
    },
    #[cfg(feature = "discord")]
    Key {
        name: "discord.api",
        about: "a proxy of Discord's API that keeps its limits, to use instead of Discord itself",
        file_key: None,
        read: |settings, entry| set(&mut settings.discord.api, url(entry).map(Some)),
        show: |settings| json!(settings.discord.api),
    },
    #[cfg(feature = "discord")]
    Key {
        name: "discord.operators",
        about: "the ids of the users who operate this gmbot",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a list of the ids of Discord users";
            let id = |text: &str| text.parse().ok().filter(|id| *id > 0);
            set(&mut settings.discord.operators, list(entry, wanted, id))
        },
        show: |settings| {
            json!(settings.discord.operators.iter().map(u64::to_string).collect::<Vec<_>>())
        },
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.listen",
        about: "where the server listens",
        file_key: None,
        read: |settings, entry| {
            let wanted = "an IP address and a port, like 127.0.0.1:8080 or [::1]:8080";
            set(&mut settings.http.listen, parsed(entry, wanted))
        },
        show: |settings| json!(settings.http.listen),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.origins",
        about: "the web sites whose scripts may call",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a list of web sites like https://example.org, without a path";
            set(&mut settings.http.origins, list(entry, wanted, origin))
        },
        show: |settings| json!(settings.http.origins),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.connections",
        about: "how many connections are open at most; more wait",
        file_key: None,
        read: |settings, entry| {
            set(&mut settings.http.connections, count(entry, 1..=65_536).map(size))
        },
        show: |settings| json!(settings.http.connections),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.workers",
        about: "how many calls are worked on at a time; more wait",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.workers, count(entry, 1..=512).map(size)),
        show: |settings| json!(settings.http.workers),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.patience",
        about: "how long a call waits for its turn before it is sent away",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.patience, duration(entry, 1..=60)),
        show: |settings| json!(shown(settings.http.patience)),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.head",
        about: "how long the head of a request may take, and a connection be idle",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.head, duration(entry, 1..=600)),
        show: |settings| json!(shown(settings.http.head)),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.body",
        about: "how long the body of a request may take",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.body, duration(entry, 1..=600)),
        show: |settings| json!(shown(settings.http.body)),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.grace",
        about: "how long shutting down waits for what was accepted",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.grace, duration(entry, 0..=600)),
        show: |settings| json!(shown(settings.http.grace)),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.poll",
        about: "how long a question for changes waits for one",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.poll, duration(entry, 1..=50)),
        show: |settings| json!(shown(settings.http.poll)),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.calls_per_key",
        about: "how many calls a second a key may make, on average",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.calls_per_key, count(entry, 1..=1_000_000)),
        show: |settings| json!(settings.http.calls_per_key),
    },
    #[cfg(feature = "http")]
    Key {
        name: "http.calls_per_person",
        about: "how many calls a second a key may make for one person, on average",
        file_key: None,
        read: |settings, entry| {
            set(&mut settings.http.calls_per_person, count(entry, 1..=1_000_000))
        },
        show: |settings| json!(settings.http.calls_per_person),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.homeserver",
        about: "where the bot's account is",
        file_key: None,
        read: |settings, entry| {
            let wanted =
                "the address of a homeserver, like https://matrix.example.org, or its name";
            set(&mut settings.matrix.homeserver, text(entry, wanted).map(Some))
        },
        show: |settings| json!(settings.matrix.homeserver),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.user",
        about: "the user that the bot logs in as",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a name, or a Matrix user id like @gmbot:example.org";
            set(&mut settings.matrix.user, text(entry, wanted).map(Some))
        },
        show: |settings| json!(settings.matrix.user),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.password_file",
        about: "the file that holds its password",
        file_key: None,
        read: |settings, entry| set(&mut settings.matrix.password_file, path(entry).map(Some)),
        show: |settings| {
            json!(settings.matrix.password_file.as_ref().map(|file| file.display().to_string()))
        },
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.password",
        about: "its password itself",
        file_key: Some("matrix.password_file"),
        read: |settings, entry| {
            let read = text(entry, "the password of a Matrix user");
            set(&mut settings.matrix.password, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.matrix.password.as_ref().map(|_hidden| "***")),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.token_file",
        about: "the file that holds an access token, instead of a user with a password",
        file_key: None,
        read: |settings, entry| set(&mut settings.matrix.token_file, path(entry).map(Some)),
        show: |settings| {
            json!(settings.matrix.token_file.as_ref().map(|file| file.display().to_string()))
        },
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.token",
        about: "the access token itself",
        file_key: Some("matrix.token_file"),
        read: |settings, entry| {
            let read = text(entry, "an access token from a homeserver");
            set(&mut settings.matrix.token, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.matrix.token.as_ref().map(|_hidden| "***")),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.recovery_key_file",
        about: "the file that holds the recovery key of the account; made if the account has none",
        file_key: None,
        read: |settings, entry| set(&mut settings.matrix.recovery_key_file, path(entry).map(Some)),
        show: |settings| {
            json!(settings.matrix.recovery_key_file.as_ref().map(|file| file.display().to_string()))
        },
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.recovery_key",
        about: "the recovery key itself",
        file_key: Some("matrix.recovery_key_file"),
        read: |settings, entry| {
            let read = text(entry, "the recovery key of a Matrix account");
            set(&mut settings.matrix.recovery_key, read.map(|text| Some(Secret::from(text))))
        },
        show: |settings| json!(settings.matrix.recovery_key.as_ref().map(|_hidden| "***")),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.store",
        about: "the folder for the bot's session and its keys, made if it is not there",
        file_key: None,
        read: |settings, entry| set(&mut settings.matrix.store, path(entry).map(Some)),
        show: |settings| {
            json!(settings.matrix.store.as_ref().map(|file| file.display().to_string()))
        },
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.inviters",
        about: "who may invite the bot: users and servers; none for everybody",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a list of Matrix users and servers";
            let id = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            set(&mut settings.matrix.inviters, list(entry, wanted, id))
        },
        show: |settings| json!(settings.matrix.inviters),
    },
    #[cfg(feature = "matrix")]
    Key {
        name: "matrix.operators",
        about: "the ids of the users who operate this gmbot",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a list of the ids of Matrix users";
            let id = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            set(&mut settings.matrix.operators, list(entry, wanted, id))
        },
        show: |settings| json!(settings.matrix.operators),
    },
    #[cfg(feature = "web")]
    Key {
        name: "web.pages",
        about: "whether browsers are shown pages",
        file_key: None,
        read: |settings, entry| set(&mut settings.http.pages.shown, truth(entry)),
        show: |settings| json!(settings.http.pages.shown),
    },
    #[cfg(feature = "web")]
    Key {
        name: "web.discord_invite",
        about: "the link that adds the bot to a Discord server, for the pages",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a link that begins with https://discord.com/ or https://discord.gg/";
            set(&mut settings.http.pages.discord_invite, parsed(entry, wanted).map(Some))
        },
        show: |settings| {
            json!(settings.http.pages.discord_invite.as_ref().map(ToString::to_string))
        },
    },
    #[cfg(feature = "web")]
    Key {
        name: "web.matrix_user",
        about: "the bot's user on Matrix, for the pages",
        file_key: None,
        read: |settings, entry| {
            let wanted = "a Matrix user id like @gmbot:example.org";
            set(&mut settings.http.pages.matrix_user, parsed(entry, wanted).map(Some))
        },
        show: |settings| json!(settings.http.pages.matrix_user.as_ref().map(ToString::to_string)),
    },
];

/// Puts a value in its place, if it was read.
fn set<T>(place: &mut T, read: Read<T>) -> Read<()> {
    *place = read?;
    Ok(())
}

#[cfg(feature = "http")]
fn size(count: std::num::NonZeroU32) -> usize {
    usize::try_from(count.get()).unwrap_or(usize::MAX)
}

/// The variable that sets a key.
pub(crate) fn variable(name: &str) -> String {
    format!("GMBOT_{}", name.replace('.', "_").to_uppercase())
}

/// The row of a name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether a name is that of a table of settings, in this build or in another.
pub(super) fn is_section(name: &str) -> bool {
    let mut names = KEYS.iter().map(|key| key.name).chain(NOT_BUILT.iter().map(|(name, _)| *name));
    names.any(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// The row of a name that somebody wrote, or what is wrong with it.
pub(super) fn known(name: &str, origin: &Origin) -> Result<&'static Key, Mistake> {
    if let Some(known) = find(name) {
        return Ok(known);
    }
    let key = name.to_owned();
    if let Some((_, feature)) = NOT_BUILT.iter().find(|(section, _)| name.starts_with(section)) {
        return Err(Mistake::At(origin.clone(), Fault::NotBuilt { key, feature }));
    }
    let next = match nearest(name, KEYS.iter().map(|key| key.name)) {
        _ if is_section(name) => format!("it is a table: `[{name}]` begins it"),
        Some(close) => format!("did you mean `{close}`?"),
        None => "`gmbot config` lists all".to_owned(),
    };
    Err(Mistake::At(origin.clone(), Fault::UnknownKey { key, next }))
}

/// The mistake of a secret that stands where others may see it.
pub(super) fn exposed(key: &'static Key, origin: Origin) -> Mistake {
    let file = key.file_key.unwrap_or_default();
    let next = format!("set {}, or name a file that holds it with `{file}`", variable(key.name));
    Mistake::At(origin, Fault::ExposedSecret { key: key.name, next })
}
