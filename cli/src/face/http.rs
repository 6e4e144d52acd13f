//! The server as a face.

use std::sync::Arc;

use gmbot_backend::Local;
use gmbot_http::Server;

use crate::config::Settings;
use crate::failure::Failure;
use crate::running::{Ready, Stop};

/// Listens where the settings say.
pub(super) fn ready(settings: &Settings) -> Result<Box<dyn Ready>, Failure> {
    Ok(Box::new(Server::bind(settings.http.clone())?))
}

impl Ready for Server {
    fn told(&self) -> String {
        format!("listening at http://{}", self.address())
    }

    fn run(self: Box<Self>, backend: Arc<Local>, mut stop: Stop) -> Result<(), Failure> {
        Self::run(*self, backend, async move { stop.asked().await });
        Ok(())
    }
}
