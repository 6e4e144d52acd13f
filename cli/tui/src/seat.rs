//! Who sits at the terminal, and what only the program around this one knows.

use std::path::PathBuf;
use std::sync::Arc;

use gmbot_backend::{Backend, BackendError};
use gmbot_engine::Request;
use gmbot_engine::model::AtMs;
use gmbot_engine::request::Onlooker;

/// Makes the request of a line.
pub type MakeRequest = Box<dyn Fn(String) -> Result<Request, BackendError> + Send>;

/// Says what time it is.
pub type Clock = Box<dyn Fn() -> AtMs>;

/// Who sits at the terminal, and at which backend.
pub struct Seat {
    /// The backend.
    pub backend: Arc<dyn Backend>,
    /// Who looks.
    pub onlooker: Onlooker,
    /// Makes the request of a line that they send.
    pub request: MakeRequest,
    /// What time it is, by the backend's clock.
    pub now: Clock,
    /// Where the backend is, in a few words.
    pub place: String,
    /// Where the lines that were sent are kept between runs; none: they are not.
    pub memory: Option<PathBuf>,
    /// Whether there may be colours.
    pub colors: bool,
}
