//! What came: every request with its body, for tests to look at.

use std::time::Instant;

use serde_json::Value;

/// A request that the bot made.
#[derive(Clone, Debug)]
pub struct Request {
    /// When it came.
    pub at: Instant,
    /// Method and path, with names in place of ids: `POST /channels/{channel_id}/messages`. The
    /// names are those of Discord's own description of its interface.
    pub route: String,
    /// The path as it came, with its query.
    pub path: String,
    /// The JSON of the body, as it came; of a form with files, its `payload_json`.
    pub body: Vec<u8>,
    /// Names and sizes of the files that came with it.
    pub files: Vec<(String, usize)>,
    /// The status of the answer, once it has one. Nobody may have seen it.
    pub status: Option<u16>,
    /// Whether the answer was lost on purpose.
    pub lost: bool,
    pub(crate) number: u64,
}

impl Request {
    /// The body as a value; null if there was none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
