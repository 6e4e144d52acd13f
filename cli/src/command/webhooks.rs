//! `gmbot webhooks`: who outside is told of public wars.

use gmbot_backend::Webhook;
use gmbot_engine::model::AtMs;
use serde::Serialize;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Options, Webhooks};
use crate::output::Output;

/// A webhook for programs.
#[derive(Serialize)]
struct Json<'a> {
    id: &'a str,
    url: &'a str,
    events: Vec<&'static str>,
    created_at: AtMs,
    waiting: u64,
    parked: u64,
    failure: Option<&'a str>,
    /// What messages are signed with; only when it was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    what: Webhooks,
    output: &Output,
) -> Result<Exit, Failure> {
    let backend = database::open(settings, options.at)?;
    match what {
        Webhooks::Add { url, events } => {
            let (webhook, secret) = backend.add_webhook(&url.to_string(), &events)?;
            if options.json {
                output.json(&json(&webhook, Some(secret.expose())))?;
            } else {
                output.line(secret.expose())?;
                output.hint(
                    "this is shown once; messages are signed with it, see docs/webhooks.md",
                )?;
            }
        }
        Webhooks::List => {
            for webhook in backend.webhooks()? {
                if options.json {
                    output.json(&json(&webhook, None))?;
                } else {
                    output.line(&line(&webhook))?;
                }
            }
        }
        Webhooks::Retry { id } => match backend.retry_webhook(&id)? {
            Some(count) => output.line(&format!("{count} messages are sent again"))?,
            None => return Err(Failure::NoSuchWebhook(id)),
        },
        Webhooks::Remove { id } => {
            if !backend.remove_webhook(&id)? {
                return Err(Failure::NoSuchWebhook(id));
            }
            output.line(&format!("the webhook {id} is removed"))?;
        }
    }
    Ok(Exit::Done)
}

fn words(webhook: &Webhook) -> Vec<&'static str> {
    webhook.events.iter().map(|news| news.word()).collect()
}

fn json<'a>(webhook: &'a Webhook, secret: Option<&'a str>) -> Json<'a> {
    let Webhook { id, url, events: _, created_at, waiting, parked, failure } = webhook;
    Json {
        id,
        url,
        events: words(webhook),
        created_at: *created_at,
        waiting: *waiting,
        parked: *parked,
        failure: failure.as_deref(),
        secret,
    }
}

fn line(webhook: &Webhook) -> String {
    let Webhook { id, url, waiting, parked, .. } = webhook;
    let events = words(webhook);
    let told = if events.is_empty() { "everything".to_owned() } else { events.join(", ") };
    let mut line = format!("{id}  {url}  {told}; {waiting} wait, {parked} were given up");
    if let Some(failure) = &webhook.failure {
        line.push_str(&format!(", since {failure}"));
    }
    line
}
