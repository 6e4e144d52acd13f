//! What no transcript can reach on the engine's face, and why.

use gmbot_engine::reply::Code;

/// Codes without a transcript.
pub(crate) const CODES: &[(Code, &str)] = &[(
    Code::MessageEmpty,
    "the parser refuses a line without words first; structured input alone comes that far",
)];
