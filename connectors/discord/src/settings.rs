//! How the connector runs.

use std::collections::BTreeSet;

use gmbot_backend::Secret;

/// How the connector runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The bot's token, from the developer portal.
    pub token: Secret,
    /// Where Discord's API is, if not at Discord: a proxy that keeps rate limits for several
    /// processes, like `http://127.0.0.1:8080`. It has to answer `GET /api/v10/gateway`.
    pub api: Option<String>,
    /// The ids of the users who operate this gmbot.
    pub operators: BTreeSet<u64>,
}
