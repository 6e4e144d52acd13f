//! Registering the application commands: in one scope, and only when what is registered says
//! something else.

use serde_json::Value;

use crate::commands::{definitions, fingerprint};
use crate::rest::{Rest, Trouble};

/// Whether the commands had to be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// They were the same.
    Before,
    /// They are now.
    Now,
}

/// Registers the commands for all servers, if others are registered.
pub(crate) async fn register(rest: &Rest) -> Result<Registered, Trouble> {
    let there = rest.tried(|| rest.http.get_global_commands()).await?;
    let there: Vec<Value> = there.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
    let ours = definitions();
    let values: Vec<Value> = ours.iter().filter_map(|one| serde_json::to_value(one).ok()).collect();
    if fingerprint(&there) == fingerprint(&values) {
        return Ok(Registered::Before);
    }
    rest.tried(|| rest.http.create_global_commands(&ours)).await?;
    Ok(Registered::Now)
}
