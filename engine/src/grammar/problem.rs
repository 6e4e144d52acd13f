//! What can be wrong with a line, and where.

use serde::{Deserialize, Serialize};

use crate::reply::Code;

/// A place in a line, in UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Whether another place lies inside this one.
    pub(super) fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end && self.start < self.end
    }
}

/// One mistake: a fact with a place, what was expected there, and a way out where one is close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LineProblem))]
pub struct Problem {
    /// What kind of mistake.
    pub code: Code,
    /// Where it is; an empty span at the end of the line for what is missing.
    pub span: Span,
    /// What is wrong, in a sentence without capital or period; names stand in backticks.
    pub message: String,
    /// What to write instead, where something is close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}
