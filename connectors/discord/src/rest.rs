//! Requests to Discord: tried again where that can do no harm, and what became of them in the terms
//! of this crate.

use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use serde::Serialize;
use serenity::Error;
use serenity::all::{
    ChannelId, Http, HttpError, InteractionId, Message as Posted, MessageId, StatusCode, UserId,
};
use serenity::model::channel::MessageFlags;

use crate::payload::Message;

/// How long a request may take with all its tries; a claimed notice is ours for longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// It is not permitted.
    #[error("Discord does not permit it: {0}")]
    Forbidden(String),
    /// There is no such channel, message or person, or none that the bot sees.
    #[error("there is no such thing on Discord: {0}")]
    Gone(String),
    /// A message can't be answered where the bot may not read what was said before.
    #[error("Discord does not let it answer a message here")]
    NoHistory,
    /// The interaction was answered before.
    #[error("it was answered before")]
    Answered,
    /// The interaction can't be answered any more.
    #[error("it is too late to answer it")]
    Expired,
    /// Discord does not know the token.
    #[error("Discord does not know the bot's token; make a new one in the developer portal")]
    Unauthorized,
    /// Discord does not take what was sent.
    #[error("Discord does not take what was sent: {0}")]
    Refused(String),
    /// Discord has too much to do, and did nothing.
    #[error("Discord is busy: {0}")]
    Busy(String),
    /// Discord can't be reached; perhaps it did what was asked, and the answer was lost.
    #[error("Discord can't be reached: {0}")]
    Outside(String),
}

impl gmbot_chat::Trouble for Trouble {
    fn passes(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Outside(_) | Self::Unauthorized)
    }
}

/// Discord's own numbers for what went wrong.
mod code {
    pub(super) const UNKNOWN_INTERACTION: isize = 10062;
    pub(super) const UNKNOWN_WEBHOOK: isize = 10015;
    pub(super) const INVALID_WEBHOOK_TOKEN: isize = 50027;
    pub(super) const ALREADY_ACKNOWLEDGED: isize = 40060;
    pub(super) const NO_HISTORY: isize = 160_002;
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let Error::Http(HttpError::UnsuccessfulRequest(response)) = &error else {
            // What serenity can't read it can't tell apart from a broken connection either.
            return Self::Outside(without_url(&error));
        };
        let (status, told) = (response.status_code, response.error.message.clone());
        match (status, response.error.code) {
            (_, code::ALREADY_ACKNOWLEDGED) => Self::Answered,
            (_, code::NO_HISTORY) => Self::NoHistory,
            (
                _,
                code::UNKNOWN_INTERACTION | code::UNKNOWN_WEBHOOK | code::INVALID_WEBHOOK_TOKEN,
            ) => Self::Expired,
            (StatusCode::UNAUTHORIZED, _) => Self::Unauthorized,
            (StatusCode::FORBIDDEN, _) => Self::Forbidden(told),
            (StatusCode::NOT_FOUND, _) => Self::Gone(told),
            (StatusCode::TOO_MANY_REQUESTS, _) => Self::Busy("too many requests".to_owned()),
            _ if status.is_client_error() => {
                let places = response.error.errors.iter();
                let places: Vec<_> =
                    places.map(|one| format!("{}: {}", one.path, one.message)).collect();
                Self::Refused(format!("{told} ({})", places.join("; ")))
            }
            _ => Self::Busy(status.to_string()),
        }
    }
}

/// What serenity says, without an address: that of an interaction holds its token.
fn without_url(error: &Error) -> String {
    let Error::Http(HttpError::Request(cause)) = error else { return error.to_string() };
    let kind = if cause.is_timeout() { "no answer in time" } else { "the connection failed" };
    kind.to_owned()
}

/// Discord's API, for one bot.
#[derive(Clone)]
pub(crate) struct Rest {
    pub(crate) http: Arc<Http>,
    /// What is not asked of the API goes through this: files.
    pub(crate) client: reqwest::Client,
}

/// A message as it is posted.
#[derive(Debug, Serialize)]
struct Post<'a> {
    #[serde(flatten)]
    message: &'a Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    enforce_nonce: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_reference: Option<Reference>,
}

/// The message that another answers.
#[derive(Debug, Serialize)]
struct Reference {
    message_id: MessageId,
    fail_if_not_exists: bool,
}

/// A message that belongs to an interaction.
#[derive(Debug, Serialize)]
struct Flagged<'a> {
    #[serde(flatten)]
    message: &'a Message,
    #[serde(skip_serializing_if = "is_public")]
    flags: u64,
}

fn is_public(flags: &u64) -> bool {
    *flags == 0
}

fn flags(private: bool) -> u64 {
    if private { MessageFlags::EPHEMERAL.bits() } else { 0 }
}

/// The first answer to an interaction.
#[derive(Debug, Serialize)]
struct Callback<T> {
    #[serde(rename = "type")]
    kind: u8,
    data: T,
}

/// The kinds of first answers, by Discord's numbers.
mod callback {
    pub(super) const MESSAGE: u8 = 4;
    pub(super) const DEFERRED: u8 = 5;
    pub(super) const CHOICES: u8 = 8;
    pub(super) const MODAL: u8 = 9;
}

impl Rest {
    /// Does a request that may be done twice, again and again while Discord is not reached or not well.
    pub(crate) async fn tried<T, F, R>(&self, request: F) -> Result<T, Trouble>
    where
        F: Fn() -> R,
        R: Future<Output = serenity::Result<T>>,
    {
        let passes = |trouble: &Trouble| matches!(trouble, Trouble::Busy(_) | Trouble::Outside(_));
        self.tried_while(request, passes).await
    }

    /// Does a request that may not be done twice: again only if Discord said that it did nothing.
    async fn tried_once<T, F, R>(&self, request: F) -> Result<T, Trouble>
    where
        F: Fn() -> R,
        R: Future<Output = serenity::Result<T>>,
    {
        self.tried_while(request, |trouble| matches!(trouble, Trouble::Busy(_))).await
    }

    async fn tried_while<T, F, R>(
        &self,
        request: F,
        passes: fn(&Trouble) -> bool,
    ) -> Result<T, Trouble>
    where
        F: Fn() -> R,
        R: Future<Output = serenity::Result<T>>,
    {
        let again = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(8);
        let tries = (|| async { request().await.map_err(Trouble::from) }).retry(again).when(passes);
        let late = || Trouble::Outside("no answer in time".to_owned());
        tokio::time::timeout(PATIENCE, tries).await.map_err(|_elapsed| late())?
    }

    /// Posts a message. With the same nonce it is there once, however often it is posted within
    /// some minutes.
    pub(crate) async fn post(
        &self,
        channel: ChannelId,
        message: &Message,
        nonce: &str,
        answers: Option<MessageId>,
    ) -> Result<Posted, Trouble> {
        let reference = |message_id| Reference { message_id, fail_if_not_exists: false };
        let post = Post {
            message,
            nonce: Some(nonce),
            enforce_nonce: true,
            message_reference: answers.map(reference),
        };
        match self.tried(|| self.http.send_message(channel, Vec::new(), &post)).await {
            Err(Trouble::NoHistory) => {
                let post = Post { message_reference: None, ..post };
                self.tried(|| self.http.send_message(channel, Vec::new(), &post)).await
            }
            posted => posted,
        }
    }

    /// Puts a message in the place of another.
    pub(crate) async fn edit(
        &self,
        channel: ChannelId,
        posted: MessageId,
        message: &Message,
    ) -> Result<(), Trouble> {
        self.tried(|| self.http.edit_message(channel, posted, message, Vec::new())).await?;
        Ok(())
    }

    /// The channel of direct messages with somebody.
    pub(crate) async fn direct(&self, user: UserId) -> Result<ChannelId, Trouble> {
        let body = serde_json::json!({ "recipient_id": user.to_string() });
        Ok(self.tried(|| self.http.create_private_channel(&body)).await?.id)
    }

    /// Answers an interaction for the first time.
    pub(crate) async fn answer(
        &self,
        id: InteractionId,
        token: &str,
        message: &Message,
        private: bool,
    ) -> Result<(), Trouble> {
        let data = Flagged { message, flags: flags(private) };
        self.call_back(id, token, &Callback { kind: callback::MESSAGE, data }).await
    }

    /// Says that the answer takes longer, and whether everybody will see it.
    pub(crate) async fn defer(
        &self,
        id: InteractionId,
        token: &str,
        private: bool,
    ) -> Result<(), Trouble> {
        let data = serde_json::json!({ "flags": flags(private) });
        self.call_back(id, token, &Callback { kind: callback::DEFERRED, data }).await
    }

    /// Proposes values while somebody types.
    pub(crate) async fn propose(
        &self,
        id: InteractionId,
        token: &str,
        choices: &impl Serialize,
    ) -> Result<(), Trouble> {
        let data = serde_json::json!({ "choices": choices });
        self.call_back(id, token, &Callback { kind: callback::CHOICES, data }).await
    }

    /// Opens a form.
    pub(crate) async fn open(
        &self,
        id: InteractionId,
        token: &str,
        form: &impl Serialize,
    ) -> Result<(), Trouble> {
        self.call_back(id, token, &Callback { kind: callback::MODAL, data: form }).await
    }

    async fn call_back(
        &self,
        id: InteractionId,
        token: &str,
        body: &impl Serialize,
    ) -> Result<(), Trouble> {
        self.tried(|| self.http.create_interaction_response(id, token, body, Vec::new())).await
    }

    /// Puts a message in the place of the first answer.
    pub(crate) async fn edit_answer(&self, token: &str, message: &Message) -> Result<(), Trouble> {
        let edit = || self.http.edit_original_interaction_response(token, message, Vec::new());
        self.tried(edit).await?;
        Ok(())
    }

    /// Takes the first answer back.
    pub(crate) async fn delete_answer(&self, token: &str) -> Result<(), Trouble> {
        self.tried(|| self.http.delete_original_interaction_response(token)).await
    }

    /// Adds a message to an answer.
    pub(crate) async fn follow_up(
        &self,
        token: &str,
        message: &Message,
        private: bool,
    ) -> Result<(), Trouble> {
        let body = Flagged { message, flags: flags(private) };
        self.tried_once(|| self.http.create_followup_message(token, &body, Vec::new())).await?;
        Ok(())
    }
}
