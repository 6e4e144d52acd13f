//! `gmbot keys`: the keys by which a server knows its clients.

use gmbot_backend::Key;
use gmbot_engine::model::AtMs;
use gmbot_engine::request::Origin;
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Keys, Options};
use crate::output::Output;

/// A key for programs.
#[derive(Serialize)]
struct Json<'a> {
    id: &'a str,
    client: &'a str,
    platform: &'a str,
    scope: &'a str,
    created_at: AtMs,
    revoked_at: Option<AtMs>,
    /// The key itself; only when it was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    what: Keys,
    output: &Output,
) -> Result<Exit, Failure> {
    let backend = database::open(settings, options.at)?;
    match what {
        Keys::Add { client, platform, scope } => {
            let (key, secret) = backend.add_key(&Origin::new(&client, &platform)?, scope)?;
            if options.json {
                output.json(&json(&key, Some(secret.expose())))?;
            } else {
                output.line(secret.expose())?;
                output.hint("this is shown once; keep it where only the client can read it")?;
            }
        }
        Keys::List => {
            for key in backend.keys()? {
                if options.json {
                    output.json(&json(&key, None))?;
                } else {
                    output.line(&line(&key))?;
                }
            }
        }
        Keys::Revoke { id } => {
            if !backend.revoke_key(&id)? {
                return Err(Failure::NoSuchKey(id));
            }
            output.line(&format!("the key {id} is revoked"))?;
        }
    }
    Ok(Exit::Done)
}

fn json<'a>(key: &'a Key, secret: Option<&'a str>) -> Json<'a> {
    Json {
        id: &key.id,
        client: key.origin.client(),
        platform: &key.origin.platform().0,
        scope: key.scope.word(),
        created_at: key.created_at,
        revoked_at: key.revoked_at,
        key: secret,
    }
}

fn line(key: &Key) -> String {
    let (client, platform) = (key.origin.client(), key.origin.platform());
    let made = key.created_at.in_zone("UTC");
    let state = match key.revoked_at {
        Some(at) => format!(", revoked {}", at.in_zone("UTC")),
        None => String::new(),
    };
    format!("{}  {}  {client} on {platform}, made {made}{state}", key.id, key.scope)
}
