//! What can go wrong outside the engine: options, files, the database.

use std::io;
use std::path::PathBuf;

use gmbot_backend::BackendError;
use gmbot_engine::store::StoreError;

use crate::config::Mistake;
use crate::exit::Exit;
#[cfg(not(all(feature = "discord", feature = "http", feature = "matrix")))]
use crate::face::Face;

/// Why the program stops without a reply.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The backend failed, or its store.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A file that was named can't be read.
    #[error("can't read `{}`: {cause}; name a file that exists and that you may read", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The folder of the database can't be made.
    #[error("can't make the folder `{}`: {cause}; choose another place with `--db FILE`", .folder.display())]
    NoFolder {
        /// Which.
        folder: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The system does not say where a user's data belong.
    #[error("no home folder is known; say where the database is with `--db FILE`")]
    NoHome,
    /// There is nothing to look at.
    #[error("no database at `{}`; name one with `--db FILE`, or make it with the first command that changes something, as `gmbot createwar` or `gmbot setup -name NAME`", .0.display())]
    NoDatabase(PathBuf),
    /// The settings have mistakes.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Misconfigured(Vec<Mistake>),
    /// A database file is needed, and a server was named.
    #[error(
        "this works on a database file, and `{0}` keeps its own; run it there, or name a file with `--db FILE`"
    )]
    ServersOwn(String),
    /// A database file is needed, and one on PostgreSQL was named.
    #[error(
        "this works on a database file, and `{0}` is on PostgreSQL, whose own tools (`pg_dump`, `pg_restore`) do it there; `gmbot move` takes it into a file"
    )]
    NoFile(String),
    /// A database on PostgreSQL was named, and this program can't speak to one.
    #[cfg(not(feature = "postgres"))]
    #[error(
        "a database on PostgreSQL was named, and this gmbot was built without the feature `postgres`; build it with `--features postgres`"
    )]
    NoPostgres,
    /// A database was to be moved to where it is.
    #[error("`{0}` is named twice; name an empty database with `--to`")]
    SamePlace(String),
    /// A server was named, and this program can't speak to one.
    #[cfg(not(feature = "remote"))]
    #[error(
        "`backend` names a server, and this gmbot was built without the feature `remote`; build it with `--features remote`"
    )]
    NoRemote,
    /// There is nothing to run.
    #[error(
        "no face is named; write `faces = [\"http\"]` in `gmbot.toml`, or add `--set faces=http` before `run`"
    )]
    NoFace,
    /// A face was named that this program was built without.
    #[cfg(not(all(feature = "discord", feature = "http", feature = "matrix")))]
    #[error("this gmbot was built without the face `{name}`; build it with `--features {name}`", name = .0.name())]
    NotBuilt(Face),
    /// The system does not say when it wants the program to end.
    #[cfg(feature = "faces")]
    #[error("can't listen for the system's signals: {0}")]
    NoSignals(#[source] io::Error),
    /// Spans can't be sent.
    #[cfg(feature = "otlp")]
    #[error("can't send spans to {url}: {cause}; check `otlp.url` in the settings, or `--otlp`")]
    Otlp {
        /// Where to.
        url: String,
        /// What stands in the way.
        cause: String,
    },
    /// No key for a server.
    #[cfg(feature = "remote")]
    #[error(
        "a server wants a key: name the file that holds it with `--key-file FILE`, or set GMBOT_API_KEY"
    )]
    NoKey,
    /// A name that no client or platform can have.
    #[cfg(feature = "http")]
    #[error(transparent)]
    BadName(#[from] gmbot_engine::request::BadName),
    /// No key to be revoked.
    #[cfg(feature = "http")]
    #[error("no key that is good has the id `{0}`; `gmbot keys list` lists all")]
    NoSuchKey(String),
    /// No webhook of this name.
    #[cfg(feature = "http")]
    #[error("no webhook has the id `{0}`; `gmbot webhooks list` lists all")]
    NoSuchWebhook(String),
    /// The server can't run.
    #[cfg(feature = "http")]
    #[error(transparent)]
    Serve(#[from] gmbot_http::ServeError),
    /// No token for Discord.
    #[cfg(feature = "discord")]
    #[error(
        "Discord wants a bot's token: name the file that holds it with `discord.token_file` in the settings, or set GMBOT_DISCORD_TOKEN"
    )]
    NoToken,
    /// Discord does not let the bot in.
    #[cfg(feature = "discord")]
    #[error(transparent)]
    Discord(#[from] gmbot_discord::ConnectError),
    /// Something that Matrix wants is not set.
    #[cfg(feature = "matrix")]
    #[error("Matrix wants {0}")]
    NoMatrix(&'static str),
    /// The homeserver does not let the bot in, or its store can't be used.
    #[cfg(feature = "matrix")]
    #[error(transparent)]
    Matrix(#[from] gmbot_matrix::ConnectError),
    /// A file can't be written.
    #[error("can't write `{}`: {cause}; check its folder and the room there, or name another file", .file.display())]
    Unwritable {
        /// Which.
        file: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// There is something already where a new file was to be.
    #[error("`{}` exists already, and was left as it is; name another file", .0.display())]
    Exists(PathBuf),
    /// A database that holds something was to be replaced or filled.
    #[error("the database `{}` is not empty, and was left as it is; add `--replace` to put the backup in its place (it is kept beside), or name another one with `--db FILE`", .0.display())]
    NotEmpty(PathBuf),
    /// There is no such file.
    #[error("no backup at `{}`; name a file that `gmbot backup` made", .0.display())]
    NoBackup(PathBuf),
    /// A file that was exported is not as it was written.
    #[error("`{}` is damaged: {what}, so nothing was imported; export it again", .file.display())]
    Damaged {
        /// Which.
        file: PathBuf,
        /// Where, and what is wrong there.
        what: String,
    },
    /// A file that was to be imported is a database.
    #[error("`{file}` is a database, as `gmbot backup` makes them, and no export; put it in place with `gmbot restore-backup {file}`", file = .0.display())]
    IsDatabase(PathBuf),
    /// A folder holds no transcripts.
    #[error("`{}` holds no transcripts; they end in `.gmt`", .0.display())]
    NoTranscripts(PathBuf),
    /// A later version wrote a file.
    #[error("`{}` was exported by a newer gmbot (format {version}); use that one", .file.display())]
    TooNew {
        /// Which.
        file: PathBuf,
        /// The format's version.
        version: u32,
    },
    /// A table was asked for where there are none.
    #[error("`--table` goes with `--format csv` only; as JSON everything is in one file")]
    NoTables,
    /// A backup does not hold what its log says.
    #[error("`{}` is not sound: its tables are not what its log says, so nothing was replaced; use another backup", .0.display())]
    NotSound(PathBuf),
    /// No such image, or none that may be seen.
    #[error(
        "there is no image `{hash}` in the war `{war}` that you may see; `gmbot show {war}` lists its proof"
    )]
    NoImage {
        /// The war, as it was written.
        war: String,
        /// The image, as it was written.
        hash: String,
    },
    /// An image would end up on a screen.
    #[error("an image is no text; write it to a file with `gmbot image … > shot.png`")]
    ImageOnTerminal,
    /// A database does not hold what its log says, so that a copy of it would be no backup.
    #[error("`{}` is not sound, so a copy of it would be no backup; `gmbot verify` tells what is wrong, an older backup may not be", .0.display())]
    UnsoundSource(PathBuf),
    /// A word on the command line is not text.
    #[error("word {0} is not valid UTF-8; write it as text")]
    NotText(usize),
    /// The line was not understood as one for the bot.
    #[error("`{0}` is no command; `gmbot help` lists what one can say")]
    NoCommand(String),
    /// A screen was wanted where there is none.
    #[cfg(feature = "tui")]
    #[error("`gmbot tui` needs a terminal; `gmbot status` works without")]
    NoTerminal,
    /// The screen ended in an error.
    #[cfg(feature = "tui")]
    #[error("the screen ended: {0}")]
    Screen(#[source] io::Error),
    /// The answer can't be written.
    #[error("can't write the answer: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// Whether nobody is there who would want to know: the reader of a pipe went away.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self, Self::Output(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }

    /// How the program ends after it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            // `--at` was given where it means nothing: the words are wrong, not the world.
            Self::Backend(BackendError::SystemClock)
            | Self::Unreadable { .. }
            | Self::NoBackup(_)
            | Self::NoTables
            | Self::IsDatabase(_)
            | Self::NoTranscripts(_)
            | Self::NotText(_)
            | Self::NoCommand(_) => Exit::NotUnderstood,
            Self::Exists(_) | Self::NotEmpty(_) | Self::NoImage { .. } | Self::ImageOnTerminal => {
                Exit::Refused
            }
            Self::Misconfigured(_)
            | Self::ServersOwn(_)
            | Self::NoFile(_)
            | Self::SamePlace(_)
            | Self::NoFace => Exit::NotUnderstood,
            #[cfg(not(feature = "postgres"))]
            Self::NoPostgres => Exit::NotUnderstood,
            #[cfg(feature = "discord")]
            Self::NoToken => Exit::NotUnderstood,
            #[cfg(feature = "discord")]
            Self::Discord(_) => Exit::Failed,
            #[cfg(feature = "matrix")]
            Self::NoMatrix(_) => Exit::NotUnderstood,
            #[cfg(feature = "matrix")]
            Self::Matrix(_) => Exit::Failed,
            #[cfg(not(all(feature = "discord", feature = "http", feature = "matrix")))]
            Self::NotBuilt(_) => Exit::NotUnderstood,
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => Exit::NotUnderstood,
            #[cfg(feature = "remote")]
            Self::NoKey => Exit::NotUnderstood,
            #[cfg(not(feature = "remote"))]
            Self::NoRemote => Exit::NotUnderstood,
            #[cfg(feature = "http")]
            Self::BadName(_) => Exit::NotUnderstood,
            #[cfg(feature = "http")]
            Self::NoSuchKey(_) | Self::NoSuchWebhook(_) => Exit::Refused,
            #[cfg(feature = "http")]
            Self::Serve(_) => Exit::Failed,
            #[cfg(feature = "tui")]
            Self::NoTerminal => Exit::NotUnderstood,
            #[cfg(feature = "tui")]
            Self::Screen(_) => Exit::Failed,
            #[cfg(feature = "faces")]
            Self::NoSignals(_) => Exit::Failed,
            Self::Output(_) if self.is_silent() => Exit::Done,
            Self::Backend(_)
            | Self::NoFolder { .. }
            | Self::Unwritable { .. }
            | Self::NotSound(_)
            | Self::UnsoundSource(_)
            | Self::Damaged { .. }
            | Self::TooNew { .. }
            | Self::NoHome
            | Self::NoDatabase(_)
            | Self::Output(_) => Exit::Failed,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Backend(error.into())
    }
}
