//! How the connector runs.

use std::path::PathBuf;

use gmbot_backend::Secret;

/// How the connector runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the homeserver is: its address, like `https://matrix.example.org`, or its name.
    pub homeserver: String,
    /// What lets the bot in the first time; after that its store knows.
    pub credentials: Credentials,
    /// What makes a new device one of the account's own, and messages readable that were sent before.
    pub recovery: Option<Recovery>,
    /// The folder that holds the bot's session and its keys, for itself alone.
    pub store: PathBuf,
    /// Who may invite the bot: users like `@ann:example.org`, or servers; nobody named: everybody.
    pub inviters: Vec<String>,
    /// The users who operate this gmbot.
    pub operators: Vec<String>,
}

/// What lets the bot in.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A user's name or id, and its password.
    Password {
        /// The user: `gmbot`, or `@gmbot:example.org`.
        user: String,
        /// The password.
        password: Secret,
    },
    /// An access token that no other program uses.
    Token(Secret),
}

/// The key that opens the account's secret storage.
#[derive(Debug, Clone)]
pub enum Recovery {
    /// The key itself.
    Key(Secret),
    /// The file that holds it; where there is none, and the account has no recovery yet, it is made.
    File(PathBuf),
}
