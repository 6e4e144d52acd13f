//! Logging in, once: what lets the bot in again is kept in its store, beside the keys that belong to it.
//! A store is never replaced by an empty one in silence, since with it goes what makes messages
//! readable, and a device that others trust.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use matrix_sdk::authentication::matrix::MatrixSession;
use matrix_sdk::config::RequestConfig;
use matrix_sdk::ruma::api::error::ErrorKind;
use matrix_sdk::ruma::{OwnedDeviceId, OwnedUserId, ServerName};
use matrix_sdk::store::StateStoreDataKey;
use matrix_sdk::{Client, ClientBuildError, SessionMeta, SessionTokens};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::encryption;
use crate::settings::{Credentials, Settings};
use crate::trouble::Trouble;

/// The file that holds the session.
const SESSION: &str = "session.json";
/// The same while it is written.
const UNFINISHED: &str = "session.new";
/// The file that says that a connector uses the store.
const LOCK: &str = "lock";
/// The file in which the SDK keeps the device's keys.
const KEYS: &str = "matrix-sdk-crypto.sqlite3";
/// What the device is called among the account's others.
const DEVICE: &str = "gmbot";
/// How often a request is tried; a homeserver may be busy for a while.
const TRIES: usize = 5;
/// The longest pause while a homeserver can't be reached.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why the connector can't run.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The system gives no threads.
    #[error("can't start: {0}")]
    Start(#[source] io::Error),
    /// The store can't be used.
    #[error("can't use the store `{}`: {cause}; it takes a folder that gmbot alone may read and write", .folder.display())]
    Store {
        /// Where it should be.
        folder: PathBuf,
        /// What stands in the way.
        cause: String,
    },
    /// Another process uses the store.
    #[error("another gmbot uses the store `{}`; end that one, or give this one a store and an account of its own", .0.display())]
    StoreInUse(PathBuf),
    /// The store has lost its keys or its session.
    #[error(
        "the store `{}` is not whole: {missing} is missing; put it back from a backup, or move the \
         folder away and start again with the account's recovery key: that makes a new device", .folder.display()
    )]
    StoreBroken {
        /// Where it is.
        folder: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// The store belongs to somebody else.
    #[error("the store `{}` belongs to {kept}, and the settings name {asked}; each account has a store of its own", .folder.display())]
    StoreOfAnother {
        /// Where it is.
        folder: PathBuf,
        /// Whose it is.
        kept: String,
        /// Whose it should be.
        asked: String,
    },
    /// The account was used with encryption before, and nothing of that is there.
    #[error(
        "the account {user} has used encryption before, and the store `{}` is empty: put the store back, \
         or give the account's recovery key, so that others can trust the new device", .folder.display()
    )]
    StoreLost {
        /// Whose it should be.
        user: String,
        /// Where it should be.
        folder: PathBuf,
    },
    /// The token belongs to a device whose keys are not there.
    #[error(
        "the access token belongs to the device {device}, which has been used, and the store `{}` is empty: \
         nothing sent to that device could be read; put the store back, or log in with a password", .folder.display()
    )]
    DeviceUsed {
        /// The device.
        device: String,
        /// Where its store should be.
        folder: PathBuf,
    },
    /// The recovery key does not open the account's secret storage.
    #[error("the recovery key does not open the secret storage of {user}: {cause}")]
    Recovery {
        /// Whose.
        user: String,
        /// What the SDK says.
        cause: String,
    },
    /// There is no such homeserver.
    #[error("can't use the homeserver `{homeserver}`: {cause}")]
    Homeserver {
        /// What the settings name.
        homeserver: String,
        /// What stands in the way.
        cause: String,
    },
    /// The homeserver does not let the bot in.
    #[error(
        "the homeserver does not let the bot in: {0}; check the user and the password, or the token"
    )]
    LoginRefused(String),
    /// The homeserver has ended the session.
    #[error(
        "the homeserver has ended the bot's session; move its store away and start again with a password \
         and the account's recovery key: that makes a new device"
    )]
    LoggedOut,
    /// Not somebody who may invite.
    #[error(
        "`{0}` can't invite anybody; name a user like `@ann:example.org`, or a server like `example.org`"
    )]
    Inviter(String),
    /// Not somebody who may operate.
    #[error("`{0}` can't operate gmbot; name a user like `@ann:example.org`")]
    Operator(String),
    /// The homeserver, or the store, failed.
    #[error("{0}")]
    Failed(String),
}

impl From<Trouble> for ConnectError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unauthorized => Self::LoggedOut,
            other @ (Trouble::Busy
            | Trouble::Outside(_)
            | Trouble::Gone(_)
            | Trouble::Refused(_)) => Self::Failed(other.to_string()),
        }
    }
}

/// A session with a homeserver.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) me: OwnedUserId,
    /// Whether its device began just now.
    pub(crate) new_device: bool,
    /// Says that the store is in use, for as long as it is held.
    pub(crate) lock: File,
}

/// What lets the bot in again.
#[derive(Serialize, Deserialize)]
struct Kept {
    homeserver: String,
    #[serde(flatten)]
    session: MatrixSession,
}

impl Session {
    /// Goes on with the session that the store keeps, or begins one in an empty store.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, ConnectError> {
        let folder = &settings.store;
        let store = |error: io::Error| ConnectError::Store {
            folder: folder.clone(),
            cause: error.to_string(),
        };
        private_folder(folder).map_err(store)?;
        let lock = File::create(folder.join(LOCK)).map_err(store)?;
        lock.try_lock().map_err(|_held| ConnectError::StoreInUse(folder.clone()))?;
        let kept = kept(folder).map_err(store)?;
        let keys = folder.join(KEYS).exists();
        let broken = |missing| ConnectError::StoreBroken { folder: folder.clone(), missing };
        let new_device = kept.is_none();
        let client = match kept {
            Some(_) if !keys => return Err(broken(KEYS)),
            Some(kept) => resume(settings, kept).await?,
            None if keys => return Err(broken(SESSION)),
            None => match begin(settings).await {
                Ok(client) => client,
                Err(refused) => {
                    // What was empty is empty again: nothing was said in it.
                    empty(folder);
                    return Err(refused);
                }
            },
        };
        let Some(me) = client.user_id().map(ToOwned::to_owned) else {
            return Err(ConnectError::LoginRefused("it does not say who the bot is".to_owned()));
        };
        Ok(Self { client, me, new_device, lock })
    }
}

/// Goes on with a session.
async fn resume(settings: &Settings, kept: Kept) -> Result<Client, ConnectError> {
    if let Some(asked) = another(settings, &kept) {
        let (folder, user) = (settings.store.clone(), &kept.session.meta.user_id);
        return Err(ConnectError::StoreOfAnother { folder, kept: user.to_string(), asked });
    }
    go_on(settings, kept, false).await
}

/// Goes on with a session, whose device may be new.
async fn go_on(settings: &Settings, kept: Kept, new: bool) -> Result<Client, ConnectError> {
    let user = kept.session.meta.user_id.clone();
    let client = client(settings, &kept.homeserver).await?;
    // The SDK passes a response by whose place it has reached already. What it has reached says
    // nothing about what was taken: the bot keeps that itself.
    let store = client.state_store();
    store.remove_kv_data(StateStoreDataKey::SyncToken).await.map_err(Trouble::from)?;
    client.restore_session(kept.session).await.map_err(Trouble::from)?;
    patiently(|| async { client.whoami().await.map_err(Trouble::from) }).await?;
    encryption::check(&client, settings, &user, new).await?;
    Ok(client)
}

/// The account that the settings name, if it is not the one whose session is kept.
fn another(settings: &Settings, kept: &Kept) -> Option<String> {
    let Credentials::Password { user, .. } = &settings.credentials else { return None };
    let owner = &kept.session.meta.user_id;
    let same = user == owner.as_str() || user == owner.localpart();
    (!same).then(|| user.clone())
}

/// Begins a session in an empty store.
async fn begin(settings: &Settings) -> Result<Client, ConnectError> {
    let client = client(settings, &settings.homeserver).await?;
    match &settings.credentials {
        Credentials::Password { user, password } => {
            // Without a device id the homeserver makes a new one: an old one's messages could not be
            // read with new keys.
            let log_in = || async {
                let auth = client.matrix_auth();
                let login = auth.login_username(user, password.expose());
                let login = login.initial_device_display_name(DEVICE).send().await;
                login.map_err(login_trouble)
            };
            patiently(log_in).await.map_err(login_refused)?;
        }
        Credentials::Token(token) => {
            let session = of_token(settings, &client, token.expose()).await?;
            client.restore_session(session).await.map_err(Trouble::from)?;
        }
    }
    let (Some(session), homeserver) = (client.matrix_auth().session(), client.homeserver()) else {
        return Err(ConnectError::LoginRefused("it gives no session".to_owned()));
    };
    let kept = Kept { homeserver: homeserver.to_string(), session };
    keep(&settings.store, &kept).map_err(|error| ConnectError::Store {
        folder: settings.store.clone(),
        cause: error.to_string(),
    })?;
    encryption::introduce(&client).await?;
    // What that sync told is told again to a client that has not heard it.
    let checked = go_on(settings, kept, true).await;
    if checked.is_err()
        && let Credentials::Password { .. } = settings.credentials
        && let Err(cause) = client.matrix_auth().logout().await
    {
        tracing::warn!("a device that is not used stays in the account: {cause}");
    }
    checked
}

/// Removes what a session left behind that could not begin, and nothing else.
fn empty(folder: &Path) {
    let ours =
        |name: &str| name.starts_with("matrix-sdk-") || [SESSION, UNFINISHED].contains(&name);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(|file| file.file_name().to_str().is_some_and(ours)) {
        if let Err(cause) = fs::remove_file(file.path()) {
            tracing::warn!("`{}` can't be removed: {cause}", file.path().display());
        }
    }
}

/// The session that a token belongs to, as long as its device has no keys yet.
async fn of_token(
    settings: &Settings,
    client: &Client,
    token: &str,
) -> Result<MatrixSession, ConnectError> {
    #[derive(Deserialize)]
    struct Owner {
        user_id: OwnedUserId,
        device_id: Option<OwnedDeviceId>,
    }
    let owner = json!(null);
    let asked = patiently(|| ask(client, token, "v3/account/whoami", &owner)).await;
    let owner = asked.map_err(login_refused)?;
    let owner: Owner = serde_json::from_value(owner)
        .map_err(|error| ConnectError::LoginRefused(error.to_string()))?;
    let Some(device_id) = owner.device_id else {
        let cause = "the token belongs to no device, and there is no encryption without one";
        return Err(ConnectError::LoginRefused(cause.to_owned()));
    };
    let wanted = json!({ "device_keys": { owner.user_id.as_str(): [] } });
    let keys = patiently(|| ask(client, token, "v3/keys/query", &wanted)).await?;
    let keys = keys.get("device_keys").and_then(|all| all.get(owner.user_id.as_str()));
    if keys.and_then(|own| own.get(device_id.as_str())).is_some() {
        let folder = settings.store.clone();
        return Err(ConnectError::DeviceUsed { device: device_id.to_string(), folder });
    }
    Ok(MatrixSession {
        meta: SessionMeta { user_id: owner.user_id, device_id },
        tokens: SessionTokens { access_token: token.to_owned(), refresh_token: None },
    })
}

/// Asks the homeserver with a token that no session has yet: by GET, unless there is something to say.
async fn ask(client: &Client, token: &str, path: &str, body: &Value) -> Result<Value, Trouble> {
    let outside =
        |error: matrix_sdk::reqwest::Error| Trouble::Outside(error.without_url().to_string());
    let address = client.homeserver().join(&format!("_matrix/client/{path}"));
    let address = address.map_err(|error| Trouble::Refused(error.to_string()))?;
    let http = client.http_client();
    let request =
        if body.is_null() { http.get(address) } else { http.post(address).body(body.to_string()) };
    let response = request.bearer_auth(token).send().await.map_err(outside)?;
    match response.status().as_u16() {
        401 | 403 => Err(Trouble::Unauthorized),
        429 => Err(Trouble::Busy),
        _ => {
            let text =
                response.error_for_status().map_err(outside)?.text().await.map_err(outside)?;
            serde_json::from_str(&text).map_err(|error| Trouble::Refused(error.to_string()))
        }
    }
}

/// A client whose store is the bot's.
async fn client(settings: &Settings, homeserver: &str) -> Result<Client, ConnectError> {
    let unusable =
        |cause: String| ConnectError::Homeserver { homeserver: settings.homeserver.clone(), cause };
    let builder = Client::builder()
        .sqlite_store(&settings.store, None)
        .with_encryption_settings(encryption::settings())
        .request_config(RequestConfig::new().retry_limit(TRIES));
    let builder = if homeserver.starts_with("http://") || homeserver.starts_with("https://") {
        builder.homeserver_url(homeserver)
    } else {
        let name = ServerName::parse(homeserver).map_err(|error| unusable(error.to_string()))?;
        builder.server_name(&name)
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are told in the SDK's words")]
    builder.build().await.map_err(|error| match error {
        ClientBuildError::SqliteStore(cause) => {
            ConnectError::Store { folder: settings.store.clone(), cause: cause.to_string() }
        }
        other => unusable(other.to_string()),
    })
}

/// Does something that needs the homeserver, however long it can't be reached.
pub(crate) async fn patiently<T, F>(what: impl FnMut() -> F) -> Result<T, Trouble>
where
    F: Future<Output = Result<T, Trouble>>,
{
    let again = ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times();
    let reached = |trouble: &Trouble| matches!(trouble, Trouble::Busy | Trouble::Outside(_));
    let notify =
        |cause: &Trouble, _pause| tracing::warn!("the homeserver can't be reached: {cause}");
    what.retry(again).when(reached).notify(notify).await
}

/// What a homeserver that knows the bot not says, and which it would say again.
fn login_trouble(error: matrix_sdk::Error) -> Trouble {
    match error.client_api_error_kind() {
        Some(ErrorKind::LimitExceeded(_)) => Trouble::Busy,
        Some(_) => Trouble::Refused(error.to_string()),
        None => error.into(),
    }
}

fn login_refused(trouble: Trouble) -> ConnectError {
    ConnectError::LoginRefused(trouble.to_string())
}

/// Makes a folder that nobody else may look into, if it is not there.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file that nobody else may read.
pub(crate) fn private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

fn kept(folder: &Path) -> io::Result<Option<Kept>> {
    match fs::read(folder.join(SESSION)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps a session, whole or not at all.
fn keep(folder: &Path, kept: &Kept) -> io::Result<()> {
    let unfinished = folder.join(UNFINISHED);
    let mut file = private_file(&unfinished)?;
    file.write_all(&serde_json::to_vec(kept)?)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(SESSION))
}
