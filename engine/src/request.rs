//! What comes in: who says what, where, and what the platform vouches for.

use serde::{Deserialize, Serialize};

use crate::grammar::Command;
use crate::model::{ClanId, Platform, Role, Side, SpaceKey, WarId};
use imagesize::ImageType;

mod base64_text;
mod form;
mod origin;

pub use form::{Field, FieldValue, Form};
pub use origin::{BadName, NotAdmitted, Origin};

/// One thing that somebody or something says to the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The frontend that sends it: `terminal`, `discord`, or the name of an API client.
    pub client: String,
    /// The idempotency key, unique within the client: a message id, an event id.
    pub key: String,
    /// What the platform or the client's key vouches for.
    pub authority: Authority,
    /// Where it was said; none: nowhere in particular (facts about no space, an operator's client).
    pub space: Option<SpaceRef>,
    /// Who said it; none: a client that acts for itself.
    pub actor: Option<AccountRef>,
    /// What was said.
    pub input: Input,
    /// Whom the mentions in it mean, by the words that were written.
    pub mentions: Vec<Mention>,
    /// How this platform writes a mention of the bot itself: `<@42>`; none where it has no name.
    pub bot_mention: Option<String>,
    /// Files that came with it.
    pub attachments: Vec<Attachment>,
    /// How many milliseconds ago it was said, as far as the face knows; 0 if just now.
    pub age_ms: i64,
    /// Where the answer goes by way of the outbox, besides being returned.
    pub answer_to: Option<SpaceKey>,
}

impl Request {
    /// A request by nobody in particular, about no space, with nothing vouched for: what a face
    /// starts from.
    pub fn new(client: impl Into<String>, key: impl Into<String>, input: Input) -> Self {
        Self {
            client: client.into(),
            key: key.into(),
            authority: Authority::default(),
            space: None,
            actor: None,
            input,
            mentions: Vec::new(),
            bot_mention: None,
            attachments: Vec::new(),
            age_ms: 0,
            answer_to: None,
        }
    }
}

/// What a platform or a client's key vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The actor owns the space.
    pub owner: bool,
    /// The actor leads a clan that is born by this request, though nobody owns the space (a
    /// terminal's first user).
    pub founder: bool,
    /// The actor operates this gmbot.
    pub operator: bool,
    /// A role that a trusted client states; it counts for a person who is new to the clan, and
    /// never as leader.
    pub stated_role: Option<Role>,
}

/// A chat space as a platform describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SpaceRef {
    /// Its key.
    pub key: SpaceKey,
    /// Its name, as shown there.
    pub name: String,
    /// Whether it is a direct message: those never act as a clan.
    pub direct: bool,
}

/// Who looks at something, as a face knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Onlooker {
    /// Whose eyes; none: a stranger's, or a client's own.
    pub actor: Option<AccountRef>,
    /// The space that they look from.
    pub space: Option<SpaceKey>,
    /// Whether the operator looks.
    pub operator: bool,
}

/// An account as a platform describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountRef {
    /// Where.
    pub platform: Platform,
    /// The platform's id.
    pub id: String,
    /// Its name, as shown there.
    pub name: String,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A line of text as somebody typed it.
    Line(String),
    /// The words of a terminal's command line, without the program's own name and options.
    Words(Vec<String>),
    /// A command that a button makes.
    Command(Command),
    /// A command that a form, an option list or a JSON body fills in.
    Form(Form),
    /// What a platform or the clock says happened.
    Fact(Fact),
}

/// Whom a mention means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// The word as it was written: `<@123>`, `@ann`.
    pub written: String,
    /// What it means.
    pub target: MentionTarget,
}

/// What a mention can mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MentionTarget {
    /// An account.
    Account {
        /// Whose.
        account: AccountRef,
        /// Whether it is in the space.
        presence: Presence,
        /// Whether it is a bot's.
        bot: bool,
        /// A role that a trusted client states; it counts as [`Authority::stated_role`] does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stated_role: Option<Role>,
    },
    /// A role or a group of people.
    Role,
    /// Everybody: `@everyone`, `@here`, `@room`.
    Everyone,
    /// Nobody that the platform knows.
    Nobody,
}

/// Whether an account is in the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The platform says so.
    Inside,
    /// The platform says it is not.
    Outside,
    /// The face can't know (a terminal): whoever the clan knows is in it, and whoever is named in
    /// the request by which it is born.
    Unknown,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its content; in JSON as base64.
    #[serde(with = "base64_text")]
    #[cfg_attr(feature = "schema", schema(value_type = String, content_encoding = "base64"))]
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// The largest image that is kept as proof, in bytes: 8 MiB.
    pub const LARGEST_IMAGE: usize = 8 << 20;

    /// Leaves out what nobody needs to see that it is too large.
    pub fn cut(&mut self) {
        self.bytes.truncate(Self::LARGEST_IMAGE + 1);
    }

    /// The media type of an image that was taken as proof, by its content; that of any bytes if it is
    /// none.
    pub fn media_type(image: &[u8]) -> &'static str {
        match imagesize::image_type(image) {
            Ok(ImageType::Png) => "image/png",
            Ok(ImageType::Jpeg) => "image/jpeg",
            Ok(ImageType::Webp) => "image/webp",
            Ok(_) | Err(_) => "application/octet-stream",
        }
    }
}

/// What a platform or the clock says happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fact {
    /// The bot is in the request's space; its owner and members as far as the platform lists them.
    SpaceSeen {
        /// Who owns it.
        owner: Option<AccountRef>,
        /// Who is in it.
        members: Vec<AccountRef>,
    },
    /// The request's space has the name that the request says.
    SpaceRenamed {
        /// Its name until then, if the platform tells: a clan that was renamed by hand keeps its own.
        before: Option<String>,
    },
    /// The request's space lives on under another key.
    SpaceMoved {
        /// The new key.
        to: SpaceKey,
    },
    /// The bot was removed from the request's space.
    SpaceGone,
    /// The request's space has another owner.
    OwnerChanged {
        /// The new owner.
        owner: AccountRef,
    },
    /// An account left the request's space.
    MemberLeft {
        /// Whose.
        account: AccountRef,
        /// Who owns the space.
        owner: Option<AccountRef>,
    },
    /// The question who won reached a side's war channel.
    QuestionDelivered {
        /// The war.
        war: WarId,
        /// The side.
        side: Side,
    },
    /// A notice was refused for good and is parked.
    Undeliverable {
        /// Whose notice.
        clan: ClanId,
    },
    /// The clock passed a deadline of a war.
    Tick {
        /// The war.
        war: WarId,
    },
    /// A challenge's broadcast goes on with its next page of clans.
    Broadcast {
        /// The war.
        war: WarId,
    },
}

impl Fact {
    /// Whether a platform tells it; the others only the backend knows.
    pub fn is_of_a_platform(&self) -> bool {
        match self {
            Self::SpaceSeen { .. }
            | Self::SpaceRenamed { .. }
            | Self::SpaceMoved { .. }
            | Self::SpaceGone
            | Self::OwnerChanged { .. }
            | Self::MemberLeft { .. } => true,
            Self::QuestionDelivered { .. }
            | Self::Undeliverable { .. }
            | Self::Tick { .. }
            | Self::Broadcast { .. } => false,
        }
    }
}
