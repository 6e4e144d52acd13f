//! What a face has to do so that transcripts can be run on it.

use std::fmt;
use std::str::FromStr;

use gmbot_backend::{Backend, Fate};
use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_engine::reply::{Action, Code};
use gmbot_engine::{Reply, render};

use crate::format::{File, Happening, Speaker};
use crate::world::{ClanAtPlay, World};

/// A way to talk to gmbot: in this process, through the program, through a platform.
///
/// A face starts with an empty database whose clock is set by hand and whose entropy is a hash of a
/// fixed seed and each request's key, so that ids are the same on every face. It answers with what
/// crossed the boundary of its backend.
pub trait Face {
    /// Its name, as in `@only cli`.
    fn name(&self) -> &str;

    /// Whether it has an ability. A transcript that needs another is left out, and the report says so.
    fn can(&self, ability: Ability) -> bool;

    /// Starts anew with an empty database, and introduces the world's clans ([`World::opening`]).
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError>;

    /// Somebody says something. `None`: there was no answer, since the line was not for the bot.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError>;

    /// Somebody presses an action that their clan saw, or types its line where the face has no
    /// buttons. The message has no text.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError>;

    /// A platform tells what happened; `world` is the one before it happened.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        key: &str,
    ) -> Result<Option<Answer>, FaceError>;

    /// Sets the clock.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError>;

    /// Returns when nothing is left that happens by itself: deadlines have been met, and broadcasts
    /// gone out.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn idle(&mut self) -> Result<(), FaceError>;

    /// The notices that have arrived at a clan since the last call, in order; taking them
    /// acknowledges them.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError>;

    /// Stops the backend and starts it again on the same database.
    ///
    /// # Errors
    /// When something outside of the transcript failed.
    fn restart(&mut self) -> Result<(), FaceError>;
}

/// What somebody says.
#[derive(Debug, Clone)]
pub struct Message {
    /// The idempotency key: `L` and how many lines were said before, so that text which blessing
    /// adds to a transcript changes no id in it.
    pub key: String,
    /// Who says it, and where.
    pub speaker: Speaker,
    /// What comes with it.
    pub files: Vec<File>,
    /// The line.
    pub text: String,
    /// How long ago it was said.
    pub late: DurationMs,
}

/// A reply or a notice, as it crossed the boundary of the backend.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its code.
    pub code: Code,
    /// Its plain text, 100 columns wide.
    pub text: String,
    /// What one may press.
    pub actions: Vec<Action>,
}

impl From<&Reply> for Answer {
    fn from(reply: &Reply) -> Self {
        let text = render::plain(reply, WIDTH);
        Self { code: reply.code, text, actions: reply.actions.clone() }
    }
}

/// How many notices are taken at a time.
const PAGE: usize = 50;

/// Takes the notices that wait for a clan, in order, and acknowledges them.
///
/// # Errors
/// When the backend failed.
pub fn take_notices(backend: &dyn Backend, clan: &ClanAtPlay) -> Result<Vec<Answer>, FaceError> {
    Ok(take_replies(backend, clan)?.iter().map(Answer::from).collect())
}

/// The same, as they crossed the boundary of the backend.
pub(crate) fn take_replies(
    backend: &dyn Backend,
    clan: &ClanAtPlay,
) -> Result<Vec<Reply>, FaceError> {
    let space = clan.space();
    let mut arrived = Vec::new();
    loop {
        let page = backend.claim(&clan.platform, Some(&space), PAGE).map_err(FaceError::outside)?;
        if page.is_empty() {
            return Ok(arrived);
        }
        for delivery in page {
            backend.acknowledge(&delivery.token, Fate::Delivered).map_err(FaceError::outside)?;
            arrived.push(delivery.post.reply);
        }
    }
}

/// The width in columns of plain text in transcripts.
pub const WIDTH: usize = 100;

/// What all ids of a transcript are drawn from, on every face.
pub const SEED: [u8; 32] = [7; 32];

/// What a face failed at outside of the transcript: a process, a server, a disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaceError(pub String);

impl FaceError {
    /// For `map_err` on whatever failed.
    pub fn outside(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

macro_rules! abilities {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What not every face can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Ability {$(
            $(#[$doc])*
            $name,
        )*}

        impl Ability {
            /// All abilities.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// How `@requires` calls it.
            pub fn word(self) -> &'static str {
                match self {$(Self::$name => $word),*}
            }
        }
    };
}

abilities! {
    /// Files come with a line.
    Files = "files";
    /// Several files come with one line.
    Albums = "albums";
    /// Somebody speaks to the bot alone.
    Direct = "direct";
    /// Clients that act for themselves, or state roles.
    Clients = "clients";
    /// An operator.
    Operator = "operator";
    /// A platform tells what happens in its spaces.
    Facts = "facts";
    /// A platform says what a mention means.
    Mentions = "mentions";
    /// Spaces have owners.
    Owners = "owners";
    /// Clans on several platforms.
    Platforms = "platforms";
    /// Clans at a terminal, where whoever speaks first leads and nobody can know who is there.
    Terminals = "terminals";
    /// The same line can arrive twice.
    Duplicates = "duplicates";
    /// A line can arrive late.
    Late = "late";
    /// Notices can be held up.
    Outage = "outage";
    /// Replies and notices have something to press.
    Reactions = "reactions";
    /// The database outlives the backend. Without it `!restart` is passed over.
    Restart = "restart";
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Ability {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|known| known.word() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|known| known.word()).collect();
            format!("unknown ability `{text}`; there are {}", known.join(", "))
        })
    }
}
