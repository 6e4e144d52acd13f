//! What client and server say to each other, besides the engine's own types.

use gmbot_backend::{Delivery, Fate};
use gmbot_engine::Reply;
use gmbot_engine::grammar::print;
use gmbot_engine::model::{Platform, SpaceKey, WarId};
use gmbot_engine::render;
use gmbot_engine::reply::{Action, Audience, Block, Code, Diagnostics, Legend, Post};
use gmbot_engine::request::{Fact, Onlooker, SpaceRef};
use gmbot_engine::view::Query;
use serde::{Deserialize, Serialize};

pub mod path;

/// The header that names the client.
pub const CLIENT: &str = "client";
/// The header that holds the client's key.
pub const KEY: &str = "x-api-key";
/// The header under which the same request is carried out once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that holds the id under which the server's log knows a request.
pub const REQUEST_ID: &str = "x-request-id";

/// The width in columns of the plain text in answers.
pub const WIDTH: usize = 100;

/// An answer as clients read it: the reply by meaning, and in plain text for whoever shows it as it
/// is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Answer<'a> {
    /// What kind of answer.
    pub code: Code,
    /// The answer in plain text.
    pub text: String,
    /// Who should see it.
    pub audience: Audience,
    /// The answer itself.
    pub blocks: &'a [Block],
    /// What one may do next.
    pub actions: Vec<Choice<'a>>,
    /// The mistakes in what was said, with their places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<&'a Diagnostics>,
    /// The IANA time zone in which moments are shown.
    pub zone: &'a str,
    /// The names and texts that ids stand for.
    #[serde(skip_serializing_if = "Legend::is_empty")]
    pub legend: &'a Legend,
}

/// Something that one may do next.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Choice<'a> {
    /// What it is called.
    pub label: &'a str,
    /// The line that does it.
    pub line: String,
    /// The same by meaning.
    pub command: &'a gmbot_engine::grammar::Command,
}

impl<'a> From<&'a Reply> for Answer<'a> {
    fn from(reply: &'a Reply) -> Self {
        let choice = |action: &'a Action| Choice {
            label: &action.label,
            line: print(&action.command),
            command: &action.command,
        };
        Self {
            code: reply.code,
            text: render::plain(reply, WIDTH),
            audience: reply.audience,
            blocks: &reply.blocks,
            actions: reply.actions.iter().map(choice).collect(),
            diagnostics: reply.diagnostics.as_ref(),
            zone: &reply.zone,
            legend: &reply.legend,
        }
    }
}

/// Why the server itself did not carry a request out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What kind of problem: `E_NO_KEY`.
    pub code: String,
    /// What is wrong, and what to do next.
    pub text: String,
}

/// The answer to a whole request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Submitted {
    /// The reply; none if the line was not for the bot.
    pub reply: Option<Reply>,
}

/// What a platform says happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Which space it is about.
    pub space: Option<SpaceRef>,
    /// What happened.
    pub fact: Fact,
}

/// Something to look at, and who looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// What is asked for.
    pub query: Query,
    /// Who looks.
    pub onlooker: Onlooker,
}

/// An image that was filed as proof, and who looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImageOf {
    /// The war.
    pub war: WarId,
    /// The first characters of the image's hash.
    pub hash: String,
    /// Who looks.
    pub onlooker: Onlooker,
}

/// A terminal's words, of which the last is being written, and who writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Writing {
    /// The words, from the command's name on.
    pub words: Vec<String>,
    /// Who writes.
    pub onlooker: Onlooker,
}

/// Asks how many notices wait for a space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WaitingFor {
    /// The space.
    pub space: SpaceKey,
}

/// How many notices wait for a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Waiting {
    /// The count.
    pub notices: u64,
}

/// Asks for what is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// For which platform.
    pub platform: Platform,
    /// For one space of it only.
    pub space: Option<SpaceRef>,
    /// At most how many notices.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub limit: usize,
}

/// A claimed notice, with its plain text for whoever shows it as it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notice {
    /// What acknowledges it.
    pub token: String,
    /// Its number, the same however often it is handed out.
    pub notice: i64,
    /// The channel of the space that its clan chose for notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What it says, in plain text.
    pub text: String,
    /// What it says and where it goes.
    pub post: Post,
}

impl From<Delivery> for Notice {
    fn from(delivery: Delivery) -> Self {
        let Delivery { token, notice, channel, post } = delivery;
        Self { token, notice, channel, text: render::plain(&post.reply, WIDTH), post }
    }
}

/// Says what became of a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The token that came with the notice.
    pub token: String,
    /// What became of it.
    pub fate: Fate,
}

/// How often something has changed since the server began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changes {
    /// The count; it begins anew with the server.
    pub seen: u64,
}
