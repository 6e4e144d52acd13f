//! A trusted client of the server, and what its requests are made of.

use serde_json::{Value, json};

use crate::program::Program;
use crate::serving::Call;

/// The platform that clients here are on.
pub(crate) const PLATFORM: &str = "rest";

/// A client with its key.
#[derive(Debug)]
pub(crate) struct Client {
    headers: String,
}

impl Client {
    /// A new client of a database.
    pub(crate) fn new(program: &Program) -> Self {
        let key = program.done(&format!("keys add e2e --platform {PLATFORM} --scope trusted"));
        Self { headers: format!("client: e2e\r\nx-api-key: {}\r\n", key.trim()) }
    }

    /// A request with a body, carried out once under its key if it has one.
    pub(crate) fn post(&self, path: &str, key: Option<&str>, body: &Value) -> Call {
        let key = key.map_or_else(String::new, |key| format!("idempotency-key: {key}\r\n"));
        let headers = format!("{}content-type: application/json\r\n{key}", self.headers);
        Call { method: "POST".to_owned(), body: body.to_string(), ..Call::get(path, &headers) }
    }
}

/// A space as bodies name it.
pub(crate) fn server(id: &str) -> Value {
    json!({"id": id, "name": format!("Clan {id}")})
}

/// A person as bodies name them.
pub(crate) fn person(id: &str) -> Value {
    json!({"id": id, "name": format!("Player {id}")})
}
