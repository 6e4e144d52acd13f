//! The server as a face.

use gmbot_http::Server;

use crate::config::Settings;
use crate::failure::Failure;
use crate::running::{Over, Ready, Stop};

/// Listens where the settings say.
pub(super) fn ready(settings: &Settings) -> Result<Box<dyn Ready>, Failure> {
    Ok(Box::new(Server::bind(settings.http.clone())?))
}

impl Ready for Server {
    fn told(&self) -> String {
        format!("listening at http://{}", self.address())
    }

    fn run(self: Box<Self>, backend: Over, mut stop: Stop) -> Result<(), Failure> {
        let backend = backend.into_here()?;
        Self::run(*self, backend, async move { stop.asked().await });
        Ok(())
    }
}
