//! What happened: the append-only log's vocabulary. Events carry decisions, so that replaying them
//! needs no arithmetic and no lookup. A stored variant is never edited, only superseded.

use serde::{Deserialize, Serialize};

use crate::model::war::Evidence;
use crate::model::{
    AccountKey, AtMs, Ballot, ClanId, DurationMs, Format, GameId, PersonId, Profile, Reminder,
    Role, Settlement, Side, SpaceKey, Stakes, TextId, WarId,
};

/// One entry of the log: what happened, when, by whom and for which clan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Recorded {
    /// When its transaction began, never before the last event of what it touches.
    pub at: AtMs,
    /// The person who asked for it; none for the clock, a platform or a client without an actor.
    pub by: Option<PersonId>,
    /// The clan they acted as.
    pub clan: Option<ClanId>,
    /// What happened.
    pub event: Event,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields' names and types say it; each variant is documented")]
pub enum Event {
    // Persons.
    /// An account was seen for the first time: a new person.
    PersonSeen { person: PersonId, account: AccountKey },
    /// Two persons turned out to be one: all that `merged` had is `kept`'s from now on. `clans`
    /// are those that `merged` was in.
    PersonsJoined { kept: PersonId, merged: PersonId, clans: Vec<ClanId> },
    /// An account that was never seen before belongs to a known person.
    AccountJoined { person: PersonId, account: AccountKey },
    /// A person switched whether they can be put in a line-up.
    AvailabilityChanged { person: PersonId, available: bool },
    /// A person asked for their names, messages and images to be erased from the side tables.
    PersonForgotten { person: PersonId },

    // Clans and their spaces.
    /// A clan was born.
    ClanFounded { clan: ClanId, name: String, name_key: String },
    /// A clan has another name.
    ClanRenamed { clan: ClanId, name: String, name_key: String },
    /// A space acts as a clan from now on.
    SpaceJoined { clan: ClanId, space: SpaceKey },
    /// A space that acted as the clan `from` acts as `clan` from now on.
    SpaceLinked { clan: ClanId, space: SpaceKey, from: ClanId },
    /// A space has another id on its platform.
    SpaceMoved { clan: ClanId, space: SpaceKey, to: SpaceKey },
    /// The bot was removed from a space.
    SpaceSlept { clan: ClanId, space: SpaceKey },
    /// The bot is back in a space.
    SpaceWoke { clan: ClanId, space: SpaceKey },
    /// A space's war channel and prefix are these.
    SpaceSetUp { clan: ClanId, space: SpaceKey, channel: Option<String>, prefix: Option<String> },
    /// A space whose platform knows no owner (a terminal's) belongs to this person.
    SpaceOwned { clan: ClanId, space: SpaceKey, owner: PersonId },
    /// A clan tells this of itself.
    ProfileChanged { clan: ClanId, profile: Profile },
    /// A person belongs to a clan.
    MemberJoined { clan: ClanId, person: PersonId },
    /// A person does not belong to a clan any more, and holds no office in it.
    MemberLeft { clan: ClanId, person: PersonId },
    /// A person has this role; a new leader's predecessor gets an event of their own, before.
    RoleChanged { clan: ClanId, person: PersonId, role: Role },
    /// A clan hears of challenges at these games.
    Subscribed { clan: ClanId, games: Vec<GameId> },
    /// A clan hears no more of challenges at these games.
    Unsubscribed { clan: ClanId, games: Vec<GameId> },
    /// A clan wants nothing from another.
    ClanBlocked { clan: ClanId, other: ClanId },
    /// A clan took that back.
    ClanUnblocked { clan: ClanId, other: ClanId },
    /// The operator suspended a clan.
    ClanSuspended { clan: ClanId, reason: String },
    /// The operator took that back.
    ClanRestored { clan: ClanId },

    // Games.
    /// A game can be played from now on.
    GameAdded { game: GameId, name: String, min_players: u32, max_players: u32 },

    // Wars.
    /// A clan asked for a war.
    WarCreated {
        war: WarId,
        host: ClanId,
        named: Option<ClanId>,
        private: bool,
        game: GameId,
        format: Format,
        duration: DurationMs,
        start_at: Option<AtMs>,
        lapses_at: AtMs,
        line_up: Vec<PersonId>,
    },
    /// The host took its challenge back.
    WarWithdrawn { war: WarId },
    /// Nobody accepted in time.
    WarLapsed { war: WarId },
    /// The challenged clan said no.
    WarDeclined { war: WarId, by_clan: ClanId },
    /// A clan accepted.
    WarAccepted {
        war: WarId,
        guest: ClanId,
        line_up: Vec<PersonId>,
        begins_at: AtMs,
        ends_at: AtMs,
    },
    /// A scheduled war began.
    WarStarted { war: WarId },
    /// A player was replaced.
    PlayerSubstituted { war: WarId, side: Side, out: PersonId, r#in: PersonId },
    /// A side wrote to the other; the words lie in the side table.
    MessageSent { war: WarId, side: Side, text: TextId },
    /// A ballot was cast or changed.
    BallotCast { war: WarId, side: Side, by: PersonId, ballot: Ballot, officer: bool },
    /// A ballot was taken back.
    BallotWithdrawn { war: WarId, side: Side, by: PersonId },
    /// The playing time is over, and the sides are asked who won.
    TimeRanOut { war: WarId },
    /// The question reached a side's war channel.
    QuestionDelivered { war: WarId, side: Side },
    /// The sides disagree.
    WarDisputed { war: WarId, host: ClanId, guest: ClanId },
    /// A side filed proof.
    ProofFiled { war: WarId, side: Side, by: PersonId, evidence: Evidence, note: Option<TextId> },
    /// A reminder went out.
    ReminderSent { war: WarId, reminder: Reminder },
    /// The war has an outcome, and what it gives is given.
    WarSettled { war: WarId, host: ClanId, guest: ClanId, settlement: Settlement, stakes: Stakes },
    /// The war has another outcome: what it gave is taken back, and given anew.
    WarOverturned {
        war: WarId,
        host: ClanId,
        guest: ClanId,
        before: Settlement,
        settlement: Settlement,
    },
}

impl Event {
    /// The war that it changes.
    pub fn war(&self) -> Option<WarId> {
        match self {
            Self::WarCreated { war, .. }
            | Self::WarWithdrawn { war }
            | Self::WarLapsed { war }
            | Self::WarDeclined { war, .. }
            | Self::WarAccepted { war, .. }
            | Self::WarStarted { war }
            | Self::PlayerSubstituted { war, .. }
            | Self::MessageSent { war, .. }
            | Self::BallotCast { war, .. }
            | Self::BallotWithdrawn { war, .. }
            | Self::TimeRanOut { war }
            | Self::QuestionDelivered { war, .. }
            | Self::WarDisputed { war, .. }
            | Self::ProofFiled { war, .. }
            | Self::ReminderSent { war, .. }
            | Self::WarSettled { war, .. }
            | Self::WarOverturned { war, .. } => Some(*war),
            Self::PersonSeen { .. }
            | Self::PersonsJoined { .. }
            | Self::AccountJoined { .. }
            | Self::AvailabilityChanged { .. }
            | Self::PersonForgotten { .. }
            | Self::ClanFounded { .. }
            | Self::ClanRenamed { .. }
            | Self::SpaceJoined { .. }
            | Self::SpaceLinked { .. }
            | Self::SpaceMoved { .. }
            | Self::SpaceSlept { .. }
            | Self::SpaceWoke { .. }
            | Self::SpaceSetUp { .. }
            | Self::SpaceOwned { .. }
            | Self::ProfileChanged { .. }
            | Self::MemberJoined { .. }
            | Self::MemberLeft { .. }
            | Self::RoleChanged { .. }
            | Self::Subscribed { .. }
            | Self::Unsubscribed { .. }
            | Self::ClanBlocked { .. }
            | Self::ClanUnblocked { .. }
            | Self::ClanSuspended { .. }
            | Self::ClanRestored { .. }
            | Self::GameAdded { .. } => None,
        }
    }

    /// The clans whose own state it changes (a war's clans only where their glory or tally does).
    pub fn clans(&self) -> Vec<ClanId> {
        match self {
            Self::ClanFounded { clan, .. }
            | Self::ClanRenamed { clan, .. }
            | Self::SpaceJoined { clan, .. }
            | Self::SpaceMoved { clan, .. }
            | Self::SpaceSlept { clan, .. }
            | Self::SpaceWoke { clan, .. }
            | Self::SpaceSetUp { clan, .. }
            | Self::SpaceOwned { clan, .. }
            | Self::ProfileChanged { clan, .. }
            | Self::MemberJoined { clan, .. }
            | Self::MemberLeft { clan, .. }
            | Self::RoleChanged { clan, .. }
            | Self::Subscribed { clan, .. }
            | Self::Unsubscribed { clan, .. }
            | Self::ClanBlocked { clan, .. }
            | Self::ClanUnblocked { clan, .. }
            | Self::ClanSuspended { clan, .. }
            | Self::ClanRestored { clan } => vec![*clan],
            Self::SpaceLinked { clan, from, .. } => vec![*clan, *from],
            Self::PersonsJoined { clans, .. } => clans.clone(),
            Self::WarCreated { host, .. } => vec![*host],
            Self::WarAccepted { guest, .. } => vec![*guest],
            Self::WarDisputed { host, guest, .. }
            | Self::WarSettled { host, guest, .. }
            | Self::WarOverturned { host, guest, .. } => vec![*host, *guest],
            Self::PersonSeen { .. }
            | Self::AccountJoined { .. }
            | Self::AvailabilityChanged { .. }
            | Self::PersonForgotten { .. }
            | Self::GameAdded { .. }
            | Self::WarWithdrawn { .. }
            | Self::WarLapsed { .. }
            | Self::WarDeclined { .. }
            | Self::WarStarted { .. }
            | Self::PlayerSubstituted { .. }
            | Self::MessageSent { .. }
            | Self::BallotCast { .. }
            | Self::BallotWithdrawn { .. }
            | Self::TimeRanOut { .. }
            | Self::QuestionDelivered { .. }
            | Self::ProofFiled { .. }
            | Self::ReminderSent { .. } => Vec::new(),
        }
    }
}
