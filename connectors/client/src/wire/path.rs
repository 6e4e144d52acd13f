//! The paths of what only trusted connectors ask for.

/// Carries a whole request out.
pub const REQUESTS: &str = "/api/v1/requests";
/// Notes what a platform says happened.
pub const FACTS: &str = "/facts";
/// Looks at something.
pub const VIEW: &str = "/api/v1/view";
/// Reads an image that was filed as proof.
pub const IMAGE: &str = "/api/v1/image";
/// Takes what is due.
pub const CLAIM: &str = "/api/v1/outbox/claim";
/// Says what became of a notice.
pub const ACKNOWLEDGE: &str = "/api/v1/outbox/acknowledge";
/// Counts what waits for a space.
pub const WAITING: &str = "/api/v1/outbox/waiting";
/// Completes words.
pub const COMPLETE: &str = "/api/v1/complete";
/// Says as server-sent events when something is due.
pub const DUE: &str = "/api/v1/outbox/due";
/// Waits until something may have changed: `?after=N`.
pub const CHANGES: &str = "/api/v1/changes";
