//! What no transcript can reach on the engine's face, and why. Nothing, at present.

use gmbot_engine::reply::Code;

/// Codes without a transcript.
pub(crate) const CODES: &[(Code, &str)] = &[];
