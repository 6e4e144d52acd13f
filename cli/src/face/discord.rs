//! Discord as a face.

use gmbot_backend::Secret;
use gmbot_discord::{Discord, Settings as Connecting};

use crate::config::Settings;
use crate::failure::Failure;
use crate::running::{Over, Ready, Stop};
use crate::secret;

/// Takes what the connector needs. Discord hears nothing of it yet.
pub(super) fn ready(settings: &Settings) -> Result<Box<dyn Ready>, Failure> {
    Ok(Box::new(connector(settings)?))
}

/// The connector that the settings describe.
pub(crate) fn connector(settings: &Settings) -> Result<Discord, Failure> {
    let discord = &settings.discord;
    let (api, operators) = (discord.api.clone(), discord.operators.iter().copied().collect());
    Ok(Discord::new(Connecting { token: token(settings)?, api, operators })?)
}

/// The bot's token, itself or from the file that the settings name.
fn token(settings: &Settings) -> Result<Secret, Failure> {
    let Some(file) = &settings.discord.token_file else {
        return settings.discord.token.clone().ok_or(Failure::NoToken);
    };
    let token = Some(secret::in_file(file)?).filter(|token| !token.expose().is_empty());
    token.ok_or(Failure::NoToken)
}

impl Ready for Discord {
    fn told(&self) -> String {
        "connecting to Discord".to_owned()
    }

    fn run(self: Box<Self>, backend: Over, mut stop: Stop) -> Result<(), Failure> {
        Ok(Self::run(*self, backend.into_any(), async move { stop.asked().await })?)
    }
}
