//! What encryption needs of an account: keys that sign its devices, and a way to get them back.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use gmbot_backend::Secret;
use matrix_sdk::Client;
use matrix_sdk::config::{SyncSettings, SyncToken};
use matrix_sdk::encryption::recovery::RecoveryState;
use matrix_sdk::encryption::{BackupDownloadStrategy, EncryptionSettings};
use matrix_sdk::ruma::UserId;
use matrix_sdk::ruma::api::client::filter::FilterDefinition;

use crate::session::{ConnectError, patiently, private_file};
use crate::settings::{Recovery, Settings};
use crate::trouble::Trouble;

/// Keys that sign devices are made where there are none, and room keys are looked up in the account's
/// backup when a message can't be read.
pub(crate) fn settings() -> EncryptionSettings {
    EncryptionSettings {
        auto_enable_cross_signing: true,
        backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
        auto_enable_backups: false,
    }
}

/// Lets the homeserver know a new device's keys: they go there with a sync, and what it does not know
/// can't be signed.
pub(crate) async fn introduce(client: &Client) -> Result<(), Trouble> {
    client.encryption().wait_for_e2ee_initialization_tasks().await;
    let sync = || async {
        let settings = SyncSettings::new().token(SyncToken::NoToken).timeout(Duration::ZERO);
        let nothing = FilterDefinition::ignore_all().into();
        client.sync_once(settings.filter(nothing)).await.map_err(Trouble::from)
    };
    patiently(sync).await.map(|_heard| ())
}

/// Makes the device one that others can trust, and says loudly where that can't be.
pub(crate) async fn check(
    client: &Client,
    settings: &Settings,
    user: &UserId,
    new: bool,
) -> Result<(), ConnectError> {
    let encryption = client.encryption();
    encryption.wait_for_e2ee_initialization_tasks().await;
    let mut standing = standing(client, user).await?;
    if standing != Standing::Trusted
        && let Some(key) = recovery_key(settings)?
    {
        encryption.recovery().recover(key.expose().trim()).await.map_err(|error| {
            ConnectError::Recovery { user: user.to_string(), cause: error.to_string() }
        })?;
        standing = self::standing(client, user).await?;
    }
    match standing {
        Standing::Trusted => return provide(client, settings).await,
        Standing::Strange if new => {
            let folder = settings.store.clone();
            return Err(ConnectError::StoreLost { user: user.to_string(), folder });
        }
        Standing::Strange | Standing::Unsigned => {}
    }
    tracing::warn!(
        %user,
        "NOT VERIFIED: this device is signed by nobody, others are warned of it, and some will \
         not send it what is encrypted; give the account's recovery key, or log in with its password \
         and an empty store"
    );
    Ok(())
}

/// What the account says of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is the account's own.
    Trusted,
    /// Nothing, though it has keys that sign its devices.
    Strange,
    /// Nothing, since it has no such keys.
    Unsigned,
}

async fn standing(client: &Client, user: &UserId) -> Result<Standing, ConnectError> {
    let encryption = client.encryption();
    // What the homeserver knows now: signatures are learned with the identity.
    let identity = || async { encryption.request_user_identity(user).await.map_err(Trouble::from) };
    let identity = patiently(identity).await?;
    let device = encryption.get_own_device().await;
    let device = device.map_err(|error| ConnectError::Failed(error.to_string()))?;
    Ok(match identity {
        Some(_) if device.is_some_and(|device| device.is_cross_signed_by_owner()) => {
            Standing::Trusted
        }
        Some(_) => Standing::Strange,
        None => Standing::Unsigned,
    })
}

/// The recovery key, if there is one already.
fn recovery_key(settings: &Settings) -> Result<Option<Secret>, ConnectError> {
    match &settings.recovery {
        Some(Recovery::Key(key)) => Ok(Some(key.clone())),
        Some(Recovery::File(file)) => match fs::read_to_string(file) {
            Ok(key) => Ok(Some(Secret::from(key))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(file, &error)),
        },
        None => Ok(None),
    }
}

/// Makes a recovery key where one is wanted, and the account has none.
async fn provide(client: &Client, settings: &Settings) -> Result<(), ConnectError> {
    let Some(Recovery::File(file)) = &settings.recovery else { return Ok(()) };
    let recovery = client.encryption().recovery();
    if file.exists() || recovery.state() != RecoveryState::Disabled {
        return Ok(());
    }
    // Whether it can be written is seen before the account has a key that nobody knows.
    let mut kept = private_file(file).map_err(|error| unusable(file, &error))?;
    let made = recovery.enable().await;
    let written = match &made {
        Ok(key) => kept.write_all(key.as_bytes()).and_then(|()| kept.sync_all()),
        Err(_refused) => fs::remove_file(file),
    };
    written.map_err(|error| unusable(file, &error))?;
    match made {
        Ok(_key) => {
            tracing::info!("the recovery key was written to `{}`; keep it safe", file.display());
        }
        Err(cause) => tracing::warn!("no recovery key was made: {cause}"),
    }
    Ok(())
}

fn unusable(file: &Path, error: &io::Error) -> ConnectError {
    let cause = format!("the recovery key's file `{}`: {error}", file.display());
    ConnectError::Failed(cause)
}
