//! What one look found.

use serde::Serialize;

/// A look at one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// At what.
    #[serde(rename = "check")]
    pub(crate) name: &'static str,
    /// Whether it is fine.
    pub(crate) state: State,
    /// What was found.
    pub(crate) found: String,
    /// What to do about it; nothing where it is fine.
    pub(crate) next: Option<String>,
}

/// Whether somebody has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Ok,
    Attention,
}

impl Check {
    /// Something is as it should be.
    pub(crate) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), next: None }
    }

    /// Somebody should look at something, and do this.
    pub(crate) fn attention(
        name: &'static str,
        found: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self { name, state: State::Attention, found: found.into(), next: Some(next.into()) }
    }

    pub(crate) fn is_fine(&self) -> bool {
        self.state == State::Ok
    }
}
