//! What is told to whoever follows all wars from outside: the course of public wars, as a stranger
//! may know it.

use std::str::FromStr;

use serde::Serialize;

use super::line::WarLine;
use super::lookup::Lookup;
use super::{Viewer, war_as_of};
use crate::event::{Event, Recorded};
use crate::model::AtMs;
use crate::store::{Read, Stored};

/// What happened to a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarNews {
    /// A clan asks for a war.
    Created,
    /// The host took its challenge back.
    Withdrawn,
    /// Nobody accepted in time.
    Lapsed,
    /// The challenged clan said no.
    Declined,
    /// A clan accepted.
    Accepted,
    /// A scheduled war began.
    Started,
    /// The sides disagree on who won.
    Disputed,
    /// The war has an outcome; it may be void.
    Settled,
    /// The war has another outcome.
    Overturned,
}

/// A piece of news, with the war as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WarTold {
    /// What happened: `war.created`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When.
    pub at: AtMs,
    /// The war. No persons are in it.
    pub war: WarLine,
}

/// A text that is no kind of news.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is told as `{0}`; take one of {known}", known = WarNews::ALL.map(WarNews::word).join(", "))]
pub struct NoNews(String);

impl WarNews {
    /// All of them, in the order of a war.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Withdrawn,
        Self::Lapsed,
        Self::Declined,
        Self::Accepted,
        Self::Started,
        Self::Disputed,
        Self::Settled,
        Self::Overturned,
    ];

    /// What it is called: `war.created`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "war.created",
            Self::Withdrawn => "war.withdrawn",
            Self::Lapsed => "war.lapsed",
            Self::Declined => "war.declined",
            Self::Accepted => "war.accepted",
            Self::Started => "war.started",
            Self::Disputed => "war.disputed",
            Self::Settled => "war.settled",
            Self::Overturned => "war.overturned",
        }
    }

    /// What an event is news of, if of anything.
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::WarCreated { .. } => Some(Self::Created),
            Event::WarWithdrawn { .. } => Some(Self::Withdrawn),
            Event::WarLapsed { .. } => Some(Self::Lapsed),
            Event::WarDeclined { .. } => Some(Self::Declined),
            Event::WarAccepted { .. } => Some(Self::Accepted),
            Event::WarStarted { .. } => Some(Self::Started),
            Event::WarDisputed { .. } => Some(Self::Disputed),
            Event::WarSettled { .. } => Some(Self::Settled),
            Event::WarOverturned { .. } => Some(Self::Overturned),
            Event::PlayerSubstituted { .. }
            | Event::MessageSent { .. }
            | Event::BallotCast { .. }
            | Event::BallotWithdrawn { .. }
            | Event::TimeRanOut { .. }
            | Event::QuestionDelivered { .. }
            | Event::ProofFiled { .. }
            | Event::ReminderSent { .. }
            | Event::PersonSeen { .. }
            | Event::PersonsJoined { .. }
            | Event::AccountJoined { .. }
            | Event::AvailabilityChanged { .. }
            | Event::PersonForgotten { .. }
            | Event::ClanFounded { .. }
            | Event::ClanRenamed { .. }
            | Event::SpaceJoined { .. }
            | Event::SpaceLinked { .. }
            | Event::SpaceMoved { .. }
            | Event::SpaceSlept { .. }
            | Event::SpaceWoke { .. }
            | Event::SpaceSetUp { .. }
            | Event::SpaceOwned { .. }
            | Event::ProfileChanged { .. }
            | Event::MemberJoined { .. }
            | Event::MemberLeft { .. }
            | Event::RoleChanged { .. }
            | Event::Subscribed { .. }
            | Event::Unsubscribed { .. }
            | Event::ClanBlocked { .. }
            | Event::ClanUnblocked { .. }
            | Event::ClanSuspended { .. }
            | Event::ClanRestored { .. }
            | Event::GameAdded { .. } => None,
        }
    }
}

impl WarTold {
    /// What a stranger is told of an entry of the log, if anything: nothing of private wars.
    ///
    /// # Errors
    /// When the store failed.
    pub fn of(read: &dyn Read, recorded: &Recorded, now: AtMs) -> Stored<Option<Self>> {
        let Recorded { at, event, .. } = recorded;
        let (Some(news), Some(war)) = (WarNews::of(event), event.war()) else { return Ok(None) };
        let Some(war) = war_as_of(read, war, &Viewer::default(), now)? else { return Ok(None) };
        let war = WarLine::of(&mut Lookup::new(read)?, &war)?;
        Ok(Some(Self { kind: news.word(), at: *at, war }))
    }
}

impl FromStr for WarNews {
    type Err = NoNews;

    fn from_str(text: &str) -> Result<Self, NoNews> {
        let known = Self::ALL.into_iter().find(|news| news.word() == text);
        known.ok_or_else(|| NoNews(text.to_owned()))
    }
}
