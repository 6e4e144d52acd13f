//! The paths of what only trusted connectors ask for.

/// Carries a whole request out.
pub const REQUESTS: &str = "/api/v1/requests";
/// Looks at something.
pub const VIEW: &str = "/api/v1/view";
/// Reads an image that was filed as proof.
pub const IMAGE: &str = "/api/v1/image";
/// Takes what is due.
pub const CLAIM: &str = "/api/v1/outbox/claim";
/// Says what became of a notice.
pub const ACKNOWLEDGE: &str = "/api/v1/outbox/acknowledge";
/// Waits until something may have changed: `?after=N`.
pub const CHANGES: &str = "/api/v1/changes";
