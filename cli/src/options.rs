//! The program's own options and subcommands. What clap does not know here belongs to the command
//! language, and clap never looks into it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gmbot_engine::grammar::{Access, table};
use jiff::Timestamp;

use crate::command::completions::Shell;
use crate::command::export::{Format, Table};
use crate::command::moving::Place;
use crate::config::Profile;

/// Clan wars at a terminal.
///
/// Type a command as you would in a chat; `gmbot help` lists them all. What stands before the
/// command is for this program.
#[derive(Debug, Parser)]
#[command(
    name = "gmbot",
    version,
    disable_help_subcommand = true,
    subcommand_value_name = "COMMAND",
    override_usage = "gmbot [OPTIONS] COMMAND…",
    after_help = after_help()
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Option<Own>,
}

/// What stands below the list of the program's own commands: the language's, and where to begin.
fn after_help() -> String {
    let rows = table::TABLE.iter().filter(|row| row.access != Access::Operator);
    let names: Vec<_> = rows.map(|row| row.name).collect();
    format!(
        "What one can say, as in a chat (`gmbot help COMMAND` explains each):\n  {}\n\n\
         First steps:\n  \
         gmbot demo                          plays a whole war\n  \
         gmbot help                          lists what one can say\n  \
         gmbot createwar -players @Player1 @Player2 -game 4 -type ft3",
        names.chunks(10).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n  ")
    )
}

/// What holds for every command; stands before it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) flags: Flags,
    /// What time it is (RFC 3339); only on a database that was made with this option
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<Timestamp>,
    /// Speak as the operator
    #[arg(long)]
    pub(crate) operator: bool,
    /// Print replies as JSON, one a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// A file that comes with the command (an image, for proof); may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    /// The idempotency key: the same key is carried out once [default: a random one]
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) key: Option<String>,
}

/// Settings on the command line, as text: they are read where all settings are. They win over the
/// environment, and the environment over the file.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Flags {
    /// The database, made if it is not there [default: gmbot.db in your data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<OsString>,
    /// A database on PostgreSQL to use instead of a file: postgres://USER@HOST/NAME
    #[cfg(feature = "postgres")]
    #[arg(long, value_name = "URL", conflicts_with = "db")]
    pub(crate) database: Option<String>,
    /// Who speaks [default: your login name]
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: Option<String>,
    /// In which place, as a chat's space; a new name founds a clan [default: local]
    #[arg(long = "in", value_name = "PLACE")]
    pub(crate) clan: Option<String>,
    /// The file of settings [default: gmbot.toml here, or in your configuration folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Which part of the file counts besides the general one [default: development]
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,
    /// Any setting; `gmbot config` lists them; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// A server to use instead of a database here
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "URL", conflicts_with_all = ["db", "at"])]
    pub(crate) backend: Option<String>,
    /// The file that holds this client's key to the server; `GMBOT_API_KEY` may hold the key itself
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<OsString>,
    /// The name by which the server knows this client [default: terminal]
    #[cfg(feature = "remote")]
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,
}

/// A setting that is given by an option of its own.
#[derive(Debug)]
pub(crate) struct Given {
    /// How the option is called.
    pub(crate) flag: &'static str,
    /// The setting's name.
    pub(crate) key: &'static str,
    /// Its value; commas part several.
    pub(crate) value: OsString,
}

impl Flags {
    /// The settings that are given by an option of their own.
    pub(crate) fn given(&self) -> Vec<Given> {
        let text = |text: &Option<String>| text.as_ref().map(OsString::from);
        let all = [
            ("--db", "db", self.db.clone()),
            #[cfg(feature = "postgres")]
            ("--database", "database", text(&self.database)),
            ("--as", "user", text(&self.user)),
            ("--in", "clan", text(&self.clan)),
            #[cfg(feature = "remote")]
            ("--backend", "backend", text(&self.backend)),
            #[cfg(feature = "remote")]
            ("--key-file", "key_file", self.key_file.clone()),
            #[cfg(feature = "remote")]
            ("--client", "client", text(&self.client)),
        ];
        let given = |(flag, key, value): (_, _, Option<OsString>)| {
            value.map(|value| Given { flag, key, value })
        };
        all.into_iter().filter_map(given).collect()
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// At a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The program's own subcommands, and everything else.
#[derive(Debug, Subcommand)]
pub(crate) enum Own {
    /// Shows what others sent to this clan, and marks it as seen
    Inbox,
    /// Writes an image that was filed as proof to standard output
    Image {
        /// The war's id
        war: String,
        /// The image's code, as `gmbot show` prints it
        hash: String,
    },
    /// Runs what is due: deadlines, reminders, broadcasts
    Tick,
    /// Replays the log into an empty store and compares the two
    Verify,
    /// Prints the log, an event a line
    Log,
    /// Looks whether all is well: the file, notices, deadlines, the clock, permissions
    Doctor,
    /// Copies the database to a new file, while it is in use
    Backup {
        /// The copy; nothing may be there yet
        file: PathBuf,
    },
    /// Puts a backup in the database's place, once all of it was checked
    RestoreBackup {
        /// What `gmbot backup` made
        file: PathBuf,
        /// Even if the database holds something; that is kept beside it
        #[arg(long)]
        replace: bool,
    },
    /// Writes clans, wars, ballots and glory for other programs; as JSON also for `gmbot import`
    Export {
        /// A new file [default: standard output]
        file: Option<PathBuf>,
        /// How
        #[arg(long, default_value = "json")]
        format: Format,
        /// Which table of the CSV
        #[arg(long, required_if_eq("format", "csv"))]
        table: Option<Table>,
    },
    /// Reads what `gmbot export` wrote as JSON into an empty database
    Import {
        /// The file
        file: PathBuf,
    },
    /// Carries a whole database over to an empty one and compares both; goes on where it was broken off
    Move {
        /// Where it is: sqlite:FILE or postgres://USER@HOST/NAME
        #[arg(long, value_name = "DATABASE")]
        from: Place,
        /// Where it is to be; whatever uses the old one has to end first
        #[arg(long, value_name = "DATABASE")]
        to: Place,
    },
    /// Prints the settings in force, and where each came from
    Config,
    /// Runs the faces that the settings name, until it is told to stop
    Run(Watching),
    /// Connects to Discord: `gmbot run` with this one face, also over `--backend`
    #[cfg(feature = "discord")]
    Discord {
        #[command(subcommand)]
        what: Option<Discord>,
        #[command(flatten)]
        how: Watching,
    },
    /// Connects to Matrix: `gmbot run` with this one face, also over `--backend`
    #[cfg(feature = "matrix")]
    Matrix(Watching),
    /// Answers clients over HTTP: `gmbot run` with this one face
    #[cfg(feature = "http")]
    Serve(Serve),
    /// Makes, lists and revokes the keys by which a server knows its clients
    #[cfg(feature = "http")]
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Makes, lists and removes webhooks: who outside is told of public wars
    #[cfg(feature = "http")]
    Webhooks {
        #[command(subcommand)]
        what: Webhooks,
    },
    /// Shows the clan's wars as a screen that one can act on
    #[cfg(feature = "tui")]
    Tui,
    /// Plays a whole war between two clans, in memory
    Demo,
    /// Plays many wars with all that goes wrong, and checks what has to hold
    Simulate {
        /// What all chance depends on
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many things happen
        #[arg(long, default_value_t = 10_000)]
        steps: u64,
        /// Two backends on a temporary file, restarted now and then
        #[arg(long)]
        restarts: bool,
    },
    /// Runs transcripts
    Test {
        /// Write what the engine says into them instead of comparing
        #[arg(long)]
        bless: bool,
        /// Files that end in `.gmt`, or folders with such files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Prints a completion script for a shell
    Completions {
        /// Which
        shell: Shell,
    },
    /// Prints what may come next; for completion scripts
    #[command(hide = true)]
    Complete {
        /// The words of the line up to the cursor, without `gmbot`; the last one is unfinished
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// A command of the language, exactly as it was typed
    #[command(external_subcommand)]
    Chat(Vec<OsString>),
}

/// What is done with Discord besides.
#[cfg(feature = "discord")]
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Discord {
    /// Registers the application commands if they changed, and ends
    Register,
}

/// How a server listens.
#[cfg(feature = "http")]
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// A web site whose scripts may call (https://example.org); may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
    #[cfg(feature = "web")]
    #[command(flatten)]
    pub(crate) web: Web,
    #[command(flatten)]
    pub(crate) watching: Watching,
}

/// What is told of what runs for long.
#[derive(Debug, Args)]
pub(crate) struct Watching {
    /// How a line of the log looks, text or json [default: text, in production json]
    #[cfg(feature = "faces")]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
    /// What is logged: error, warn, info, debug or trace [default: info]
    #[cfg(feature = "faces")]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) log_level: Option<String>,
    /// A collector to send spans to, by OTLP over HTTP (http://127.0.0.1:4318)
    #[cfg(feature = "otlp")]
    #[arg(long, value_name = "URL")]
    pub(crate) otlp: Option<String>,
}

impl Watching {
    /// The settings that are given.
    pub(crate) fn given(self) -> Vec<Given> {
        let given: &[(&'static str, &'static str, Option<String>)] = &[
            #[cfg(feature = "faces")]
            ("--log-format", "log.format", self.log_format),
            #[cfg(feature = "faces")]
            ("--log-level", "log.level", self.log_level),
            #[cfg(feature = "otlp")]
            ("--otlp", "otlp.url", self.otlp),
        ];
        let given = given.iter();
        given
            .filter_map(|(flag, key, value)| {
                Some(Given { flag, key, value: value.clone()?.into() })
            })
            .collect()
    }
}

/// What browsers are shown.
#[cfg(feature = "web")]
#[derive(Debug, Args)]
pub(crate) struct Web {
    /// Show pages to browsers: public clans and public wars, without a key
    #[arg(long)]
    pub(crate) web: bool,
    /// The link that adds the bot to a Discord server, for the pages
    #[arg(long, value_name = "URL")]
    pub(crate) discord_invite: Option<String>,
    /// The bot's user id on Matrix, for the pages
    #[arg(long, value_name = "ID")]
    pub(crate) matrix_user: Option<String>,
}

#[cfg(feature = "http")]
impl Serve {
    /// The settings that are given.
    pub(crate) fn given(self) -> Vec<Given> {
        let listen = self.listen.map(|address| Given {
            flag: "--listen",
            key: "http.listen",
            value: address.into(),
        });
        let origins = (!self.allow_origin.is_empty()).then(|| Given {
            flag: "--allow-origin",
            key: "http.origins",
            value: self.allow_origin.join(",").into(),
        });
        let given = listen.into_iter().chain(origins);
        #[cfg(feature = "web")]
        let given = given.chain(self.web.given());
        given.chain(self.watching.given()).collect()
    }
}

#[cfg(feature = "web")]
impl Web {
    /// The settings that are given.
    fn given(self) -> impl Iterator<Item = Given> {
        let given = [
            ("--web", "web.pages", self.web.then(|| "true".to_owned())),
            ("--discord-invite", "web.discord_invite", self.discord_invite),
            ("--matrix-user", "web.matrix_user", self.matrix_user),
        ];
        given
            .into_iter()
            .filter_map(|(flag, key, value)| Some(Given { flag, key, value: value?.into() }))
    }
}

/// What can be done with webhooks.
#[cfg(feature = "http")]
#[derive(Debug, Subcommand)]
pub(crate) enum Webhooks {
    /// Has messages posted to an address from now on, and shows once what they are signed with
    Add {
        /// Where messages go: https, or http on this computer
        url: gmbot_webhooks::Target,
        /// What is told: war.created, war.accepted, war.settled, …; may be repeated; all unless given
        #[arg(long = "event", value_name = "EVENT")]
        events: Vec<gmbot_engine::view::WarNews>,
    },
    /// Lists all webhooks, and how they fare
    List,
    /// Has what was given up for a webhook sent again
    Retry {
        /// The webhook's id, as the list shows it
        id: String,
    },
    /// Removes a webhook with all that waits for it
    Remove {
        /// The webhook's id, as the list shows it
        id: String,
    },
}

/// What can be done with keys.
#[cfg(feature = "http")]
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Makes a key, and shows it once
    Add {
        /// The client's name, as it will send it
        client: String,
        /// The platform that it speaks for
        #[arg(long)]
        platform: String,
        /// What it may do: read, act, trusted or operator
        #[arg(long, default_value = "act")]
        scope: gmbot_backend::Scope,
    },
    /// Lists all keys, without their secrets
    List,
    /// Ends a key for good
    Revoke {
        /// The key's id, as the list shows it
        id: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn clap_agrees_with_the_definition() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_subcommand_hides_a_command_of_the_language() {
        for own in Cli::command().get_subcommands() {
            for name in std::iter::once(own.get_name()).chain(own.get_all_aliases()) {
                assert!(table::find(name).is_none(), "`{name}` means two things");
            }
        }
    }

    #[test]
    fn what_follows_the_command_is_not_looked_into() {
        let typed =
            ["gmbot", "--as", "ann", "createwar", "-players", "@zucc", "--db", "x", "--help"];
        let cli = Cli::parse_from(typed);
        assert_eq!(cli.options.flags.user.as_deref(), Some("ann"));
        assert_eq!(cli.options.flags.db, None);
        let Some(Own::Chat(words)) = cli.command else { panic!("{cli:?}") };
        assert_eq!(words, typed[3..]);
    }
}
