//! Matrix as a face.

use std::path::PathBuf;

use gmbot_backend::Secret;
use gmbot_matrix::{Credentials, Matrix, Recovery, Settings as Connecting};

use crate::config::Settings;
use crate::failure::Failure;
use crate::running::{Over, Ready, Stop};
use crate::secret;

/// Takes what the connector needs. The homeserver hears nothing of it yet.
pub(super) fn ready(settings: &Settings) -> Result<Box<dyn Ready>, Failure> {
    let matrix = &settings.matrix;
    let lacks = Failure::NoMatrix;
    let homeserver =
        matrix.homeserver.clone().ok_or(lacks("its homeserver: `matrix.homeserver`"))?;
    let store = matrix.store.clone().ok_or(lacks("a folder for the bot's keys: `matrix.store`"))?;
    let connecting = Connecting {
        homeserver,
        credentials: credentials(settings)?,
        recovery: recovery(settings),
        store,
        inviters: matrix.inviters.clone(),
        operators: matrix.operators.clone(),
    };
    Ok(Box::new(Matrix::new(connecting)?))
}

/// What lets the bot in: a token if there is one, or else a user with a password.
fn credentials(settings: &Settings) -> Result<Credentials, Failure> {
    let matrix = &settings.matrix;
    if let Some(token) = in_force(matrix.token_file.as_ref(), matrix.token.as_ref())? {
        return Ok(Credentials::Token(token));
    }
    let wanted = "a user, `matrix.user`, with a password: `matrix.password_file` or \
                  GMBOT_MATRIX_PASSWORD; or an access token: `matrix.token_file` or GMBOT_MATRIX_TOKEN";
    let password = in_force(matrix.password_file.as_ref(), matrix.password.as_ref())?;
    let user = matrix.user.clone().zip(password).ok_or(Failure::NoMatrix(wanted));
    user.map(|(user, password)| Credentials::Password { user, password })
}

/// The file first: what is in it is the connector's matter, since it makes one.
fn recovery(settings: &Settings) -> Option<Recovery> {
    let matrix = &settings.matrix;
    let file = matrix.recovery_key_file.clone().map(Recovery::File);
    file.or_else(|| matrix.recovery_key.clone().map(Recovery::Key))
}

/// A secret from a file, or else itself.
fn in_force(file: Option<&PathBuf>, itself: Option<&Secret>) -> Result<Option<Secret>, Failure> {
    let secret = match file {
        Some(file) => Some(secret::in_file(file)?),
        None => itself.cloned(),
    };
    Ok(secret.filter(|secret| !secret.expose().is_empty()))
}

impl Ready for Matrix {
    fn told(&self) -> String {
        "connecting to Matrix".to_owned()
    }

    fn run(self: Box<Self>, backend: Over, mut stop: Stop) -> Result<(), Failure> {
        Ok(Self::run(*self, backend.into_any(), async move { stop.asked().await })?)
    }
}
