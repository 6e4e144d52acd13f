//! All settings, as the program uses them. What one means and may be stands in the table of keys.

use std::path::PathBuf;

use gmbot_backend::Secret;

use super::Profile;
use crate::face::Face;
#[cfg(feature = "faces")]
use crate::logging::Log;
#[cfg(feature = "otlp")]
use crate::logging::Otlp;

/// All settings, as the program uses them.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The database; none for the one in the user's data folder.
    pub(crate) db: Option<PathBuf>,
    /// A database on PostgreSQL to use instead of a file.
    pub(crate) database: Option<String>,
    /// The file that holds the password for it.
    pub(crate) database_password_file: Option<PathBuf>,
    /// The password itself.
    pub(crate) database_password: Option<Secret>,
    /// A server to use instead of a database.
    pub(crate) backend: Option<String>,
    /// The name by which a server knows this program.
    pub(crate) client: String,
    /// The file that holds the key to a server.
    pub(crate) key_file: Option<PathBuf>,
    /// The key itself.
    pub(crate) api_key: Option<Secret>,
    /// Who speaks at the terminal; none for the login name.
    pub(crate) user: Option<String>,
    /// For which clan.
    pub(crate) clan: String,
    /// What `gmbot run` starts.
    pub(crate) faces: Vec<Face>,
    /// The log of what runs for long.
    #[cfg(feature = "faces")]
    pub(crate) log: Log,
    /// Where spans go.
    #[cfg(feature = "otlp")]
    pub(crate) otlp: Otlp,
    /// The bot on Discord.
    #[cfg(feature = "discord")]
    pub(crate) discord: Discord,
    /// The server.
    #[cfg(feature = "http")]
    pub(crate) http: gmbot_http::Settings,
    /// The bot on Matrix.
    #[cfg(feature = "matrix")]
    pub(crate) matrix: Matrix,
}

/// The bot on Discord.
#[cfg(feature = "discord")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Discord {
    /// The file that holds its token.
    pub(crate) token_file: Option<PathBuf>,
    /// The token itself.
    pub(crate) token: Option<Secret>,
    /// Where Discord's API is, if not at Discord.
    pub(crate) api: Option<String>,
    /// The ids of the users who operate this gmbot.
    pub(crate) operators: Vec<u64>,
}

/// The bot on Matrix.
#[cfg(feature = "matrix")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Matrix {
    /// Where its account is.
    pub(crate) homeserver: Option<String>,
    /// The user that it logs in as.
    pub(crate) user: Option<String>,
    /// The file that holds its password.
    pub(crate) password_file: Option<PathBuf>,
    /// The password itself.
    pub(crate) password: Option<Secret>,
    /// The file that holds an access token.
    pub(crate) token_file: Option<PathBuf>,
    /// The access token itself.
    pub(crate) token: Option<Secret>,
    /// The file that holds the account's recovery key.
    pub(crate) recovery_key_file: Option<PathBuf>,
    /// The recovery key itself.
    pub(crate) recovery_key: Option<Secret>,
    /// The folder for its session and its keys.
    pub(crate) store: Option<PathBuf>,
    /// Who may invite it; nobody named: everybody.
    pub(crate) inviters: Vec<String>,
    /// The ids of the users who operate this gmbot.
    pub(crate) operators: Vec<String>,
}

impl Settings {
    /// What holds unless something else is set.
    #[cfg_attr(
        not(feature = "faces"),
        expect(unused_variables, reason = "all that differs is theirs")
    )]
    pub(super) fn of(profile: Profile) -> Self {
        Self {
            db: None,
            database: None,
            database_password_file: None,
            database_password: None,
            backend: None,
            client: "terminal".to_owned(),
            key_file: None,
            api_key: None,
            user: None,
            clan: "local".to_owned(),
            faces: Vec::new(),
            #[cfg(feature = "faces")]
            log: Log::of(profile),
            #[cfg(feature = "otlp")]
            otlp: Otlp::of(profile),
            #[cfg(feature = "discord")]
            discord: Discord::default(),
            #[cfg(feature = "http")]
            http: gmbot_http::Settings::at(([127, 0, 0, 1], 8080).into()),
            #[cfg(feature = "matrix")]
            matrix: Matrix::default(),
        }
    }
}
