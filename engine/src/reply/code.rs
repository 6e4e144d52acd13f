//! The codes of replies and notices: stable names for programs, tests and translations.

use serde::{Deserialize, Serialize};

/// What a code means to a caller that knows nothing else; faces derive exit and HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Status {
    /// It was done, or here is the answer.
    Done,
    /// It was done, and something new exists.
    Created,
    /// It was not understood.
    NotUnderstood,
    /// The asking person or client may not.
    Forbidden,
    /// There is no such thing, or none that may be seen.
    NotFound,
    /// It does not fit how things stand.
    Conflict,
    /// A rule refuses it.
    Refused,
    /// Too often, or too many.
    TooMany,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Created,
        Self::NotUnderstood,
        Self::Forbidden,
        Self::NotFound,
        Self::Conflict,
        Self::Refused,
        Self::TooMany,
    ];
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:ident;)*) => {
        /// What kind of reply or notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {$(
            $(#[doc = $doc])*
            #[serde(rename = $text)]
            $name,
        )*}

        impl Code {
            /// All codes, in the order of this file.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as programs read it: `WAR_CREATED`, `E_UNKNOWN_FLAG`.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$name => $text),*}
            }

            /// What it says, in a sentence or two.
            pub fn meaning(self) -> &'static str {
                match self {$(Self::$name => concat!($($doc),*).trim_ascii()),*}
            }

            /// What it means to a caller that knows nothing else.
            pub fn status(self) -> Status {
                match self {$(Self::$name => Status::$status),*}
            }
        }
    };
}

codes! {
    // Answers.
    /// A clan's profile was changed.
    SetupSaved = "SETUP_SAVED", Done;
    /// A clan's profile.
    Profile = "PROFILE", Done;
    /// A challenge is out.
    WarCreated = "WAR_CREATED", Created;
    /// A challenge was taken back.
    WarWithdrawn = "WAR_WITHDRAWN", Done;
    /// A challenge was accepted and the war runs.
    WarAccepted = "WAR_ACCEPTED", Done;
    /// A challenge was accepted and the war starts later.
    WarScheduled = "WAR_SCHEDULED", Done;
    /// A challenge was declined.
    WarDeclined = "WAR_DECLINED", Done;
    /// A player was replaced.
    PlayerSubstituted = "PLAYER_SUBSTITUTED", Done;
    /// A message is on its way to the other side.
    MessageSent = "MESSAGE_SENT", Done;
    /// A ballot was cast.
    BallotCast = "BALLOT_CAST", Done;
    /// A ballot was taken back.
    BallotWithdrawn = "BALLOT_WITHDRAWN", Done;
    /// Proof was filed.
    ProofFiled = "PROOF_FILED", Done;
    /// A side gave up.
    WarConceded = "WAR_CONCEDED", Done;
    /// The clan hears of challenges at these games.
    Subscribed = "SUBSCRIBED", Done;
    /// The clan hears no more of challenges at these games.
    Unsubscribed = "UNSUBSCRIBED", Done;
    /// The games that the clan hears of.
    Subscriptions = "SUBSCRIPTIONS", Done;
    /// Members became co-leaders.
    Promoted = "PROMOTED", Done;
    /// Co-leaders became members.
    Demoted = "DEMOTED", Done;
    /// The clan has another leader.
    LeaderChanged = "LEADER_CHANGED", Done;
    /// The space's owner leads again.
    LeadershipReclaimed = "LEADERSHIP_RECLAIMED", Done;
    /// The clan wants nothing from another.
    ClanBlocked = "CLAN_BLOCKED", Done;
    /// The clan took a block back.
    ClanUnblocked = "CLAN_UNBLOCKED", Done;
    /// A one-time code.
    LinkCode = "LINK_CODE", Done;
    /// Another space acts as the clan.
    SpacesLinked = "SPACES_LINKED", Done;
    /// Another account is the same person.
    AccountsLinked = "ACCOUNTS_LINKED", Done;
    /// The person can be put in a line-up.
    Available = "AVAILABLE", Done;
    /// The person can't be put in a line-up.
    Unavailable = "UNAVAILABLE", Done;
    /// The person's names, messages and images are erased.
    Forgotten = "FORGOTTEN", Done;
    /// What a command would do, and how to have it done.
    Confirm = "CONFIRM", Done;
    /// The wars of a clan.
    ClanStatus = "CLAN_STATUS", Done;
    /// One war.
    WarShown = "WAR_SHOWN", Done;
    /// How a war's result and glory came about.
    Explanation = "EXPLANATION", Done;
    /// The wars of a clan that are over.
    History = "HISTORY", Done;
    /// The games that can be played.
    Games = "GAMES", Done;
    /// The match formats.
    Formats = "FORMATS", Done;
    /// What each role may do.
    Roles = "ROLES", Done;
    /// The clans with the most glory.
    Leaderboard = "LEADERBOARD", Done;
    /// How a clan or a person fared.
    Stats = "STATS", Done;
    /// Clans to play against.
    Clans = "CLANS", Done;
    /// What one can say.
    Help = "HELP", Done;
    /// The operator decided a war.
    WarResolved = "WAR_RESOLVED", Done;
    /// The operator appointed a leader.
    LeaderAppointed = "LEADER_APPOINTED", Done;
    /// The operator suspended a clan.
    ClanSuspended = "CLAN_SUSPENDED", Done;
    /// The operator took a suspension back.
    ClanRestored = "CLAN_RESTORED", Done;
    /// A game can be played.
    GameAdded = "GAME_ADDED", Created;
    /// A platform's fact was noted.
    FactNoted = "FACT_NOTED", Done;
    // Notices.
    /// A clan asks for a war.
    Challenge = "CHALLENGE", Done;
    /// Another clan accepted.
    ChallengeAccepted = "CHALLENGE_ACCEPTED", Done;
    /// The challenged clan declined.
    ChallengeDeclined = "CHALLENGE_DECLINED", Done;
    /// The host took its challenge back.
    ChallengeWithdrawn = "CHALLENGE_WITHDRAWN", Done;
    /// Nobody accepted in time.
    ChallengeLapsed = "CHALLENGE_LAPSED", Done;
    /// Somebody would have accepted, but the host's line-up can't play.
    AcceptFailed = "ACCEPT_FAILED", Done;
    /// A scheduled war began.
    WarStarted = "WAR_STARTED", Done;
    /// The other side replaced a player.
    LineUpChanged = "LINE_UP_CHANGED", Done;
    /// The other side wrote.
    Message = "MESSAGE", Done;
    /// Time is up and the side is asked who won.
    WhoWon = "WHO_WON", Done;
    /// The sides disagree.
    WarDisputed = "WAR_DISPUTED", Done;
    /// The other side filed proof.
    ProofSeen = "PROOF_SEEN", Done;
    /// A war has an outcome.
    WarSettled = "WAR_SETTLED", Done;
    /// A war has another outcome.
    WarOverturned = "WAR_OVERTURNED", Done;
    /// A war starts within the hour.
    ReminderStart = "REMINDER_START", Done;
    /// A war ends within the hour.
    ReminderEnd = "REMINDER_END", Done;
    /// A vote closes soon.
    ReminderVote = "REMINDER_VOTE", Done;
    /// A dispute closes soon.
    ReminderDispute = "REMINDER_DISPUTE", Done;
    /// The clan is led by another person.
    LeadershipMoved = "LEADERSHIP_MOVED", Done;
    /// The clan got another name than its space's.
    NameChanged = "NAME_CHANGED", Done;
    // Refusals, and what was not understood.
    /// No such command.
    UnknownCommand = "E_UNKNOWN_COMMAND", NotUnderstood;
    /// No such flag.
    UnknownFlag = "E_UNKNOWN_FLAG", NotUnderstood;
    /// A flag is given twice.
    RepeatedFlag = "E_REPEATED_FLAG", NotUnderstood;
    /// Something needed is missing.
    MissingParameter = "E_MISSING_PARAMETER", NotUnderstood;
    /// A flag has no value.
    MissingValue = "E_MISSING_VALUE", NotUnderstood;
    /// A value can't be read.
    BadValue = "E_BAD_VALUE", NotUnderstood;
    /// Words that belong to nothing.
    SurplusWords = "E_SURPLUS_WORDS", NotUnderstood;
    /// A quote is not closed.
    UnclosedQuote = "E_UNCLOSED_QUOTE", NotUnderstood;
    /// More than 4,000 characters.
    LineTooLong = "E_LINE_TOO_LONG", NotUnderstood;
    /// A character that can't be in a line.
    BadCharacter = "E_BAD_CHARACTER", NotUnderstood;
    /// No such game.
    UnknownGame = "E_UNKNOWN_GAME", NotUnderstood;
    /// A name close to several games.
    AmbiguousGame = "E_AMBIGUOUS_GAME", NotUnderstood;
    /// No such match format.
    UnknownFormat = "E_UNKNOWN_FORMAT", NotUnderstood;
    /// A duration that can't be read or is out of range.
    BadDuration = "E_BAD_DURATION", NotUnderstood;
    /// A time that can't be read.
    BadTime = "E_BAD_TIME", NotUnderstood;
    /// The person's role does not allow it.
    NotAllowed = "E_NOT_ALLOWED", Forbidden;
    /// Only the operator may.
    OperatorOnly = "E_OPERATOR_ONLY", Forbidden;
    /// Only the space's owner may.
    OwnerOnly = "E_OWNER_ONLY", Forbidden;
    /// Only players of the war may.
    NotAPlayer = "E_NOT_A_PLAYER", Forbidden;
    /// A client that acts for itself can't do this.
    NoActor = "E_NO_ACTOR", Forbidden;
    /// The clan is suspended.
    Suspended = "E_SUSPENDED", Forbidden;
    /// It is not clear which clan is meant.
    NoClan = "E_NO_CLAN", Refused;
    /// The command is too old to be run.
    TooLate = "E_TOO_LATE", Refused;
    /// The idempotency key belongs to another request.
    KeyReused = "E_KEY_REUSED", Conflict;
    /// The stored answer was erased.
    ReplyForgotten = "E_REPLY_FORGOTTEN", Conflict;
    /// No such war, or none that may be seen.
    UnknownWar = "E_UNKNOWN_WAR", NotFound;
    /// Several wars can be meant.
    WhichWar = "E_WHICH_WAR", Refused;
    /// No war can be meant.
    NoWarMeant = "E_NO_WAR_MEANT", NotFound;
    /// No such clan.
    UnknownClan = "E_UNKNOWN_CLAN", NotFound;
    /// No such place, and a clan that plainly was meant speaks in another.
    UnknownPlace = "E_UNKNOWN_PLACE", NotFound;
    /// No such person in the clan.
    UnknownPlayer = "E_UNKNOWN_PLAYER", NotFound;
    /// Several persons have this name.
    WhichPlayer = "E_WHICH_PLAYER", Refused;
    /// Nobody was named.
    NoPlayers = "E_NO_PLAYERS", Refused;
    /// Fewer players than the game needs.
    TooFewPlayers = "E_TOO_FEW_PLAYERS", Refused;
    /// More players than the game takes.
    TooManyPlayers = "E_TOO_MANY_PLAYERS", Refused;
    /// A player is named twice.
    PlayerTwice = "E_PLAYER_TWICE", Refused;
    /// A role or everybody is no player.
    NotAPerson = "E_NOT_A_PERSON", Refused;
    /// A bot is no player.
    IsABot = "E_IS_A_BOT", Refused;
    /// The person is not in the clan.
    Stranger = "E_STRANGER", Refused;
    /// The person can't be put in a line-up.
    PlayerUnavailable = "E_PLAYER_UNAVAILABLE", Refused;
    /// A person would be on both sides.
    BothSides = "E_BOTH_SIDES", Refused;
    /// The line-ups differ in size.
    LineUpSize = "E_LINE_UP_SIZE", Refused;
    /// The host's line-up can't play any more.
    HostLineUp = "E_HOST_LINE_UP", Conflict;
    /// The start is in the past.
    StartPassed = "E_START_PASSED", Refused;
    /// The start is more than 14 days ahead.
    StartTooFar = "E_START_TOO_FAR", Refused;
    /// The clocks skip this time.
    TimeGap = "E_TIME_GAP", Refused;
    /// Too many open challenges.
    TooManyOpen = "E_TOO_MANY_OPEN", TooMany;
    /// Too many challenges in a day.
    TooManyToday = "E_TOO_MANY_TODAY", TooMany;
    /// Too many messages in a minute.
    TooFast = "E_TOO_FAST", TooMany;
    /// A message of more than 500 characters.
    MessageTooLong = "E_MESSAGE_TOO_LONG", Refused;
    /// A message without words.
    MessageEmpty = "E_MESSAGE_EMPTY", Refused;
    /// A clan can't do this to itself.
    OwnClan = "E_OWN_CLAN", Refused;
    /// The bot was removed from that clan.
    ClanAsleep = "E_CLAN_ASLEEP", Conflict;
    /// The other clan is suspended.
    ClanIsSuspended = "E_CLAN_IS_SUSPENDED", Conflict;
    /// One of the clans has blocked the other.
    Blocked = "E_BLOCKED", Forbidden;
    /// The challenge is for another clan.
    NotChallenged = "E_NOT_CHALLENGED", Forbidden;
    /// Another clan was faster.
    AlreadyAccepted = "E_ALREADY_ACCEPTED", Conflict;
    /// The clan is not part of the war.
    NotYourWar = "E_NOT_YOUR_WAR", Forbidden;
    /// The war is over.
    WarOver = "E_WAR_OVER", Conflict;
    /// Nobody has accepted yet.
    NotAccepted = "E_NOT_ACCEPTED", Conflict;
    /// The challenge is not open any more.
    NotOpen = "E_NOT_OPEN", Conflict;
    /// The war has not begun.
    NotStarted = "E_NOT_STARTED", Conflict;
    /// Ballots can't be changed any more.
    VoteClosed = "E_VOTE_CLOSED", Conflict;
    /// There is no ballot to take back.
    NoBallot = "E_NO_BALLOT", Conflict;
    /// The score can't come about or does not fit the winner.
    ImpossibleScore = "E_IMPOSSIBLE_SCORE", Refused;
    /// Too late: somebody has voted.
    BallotsCast = "E_BALLOTS_CAST", Conflict;
    /// The person is not in the line-up.
    NotInLineUp = "E_NOT_IN_LINE_UP", Refused;
    /// The person is in the line-up already.
    AlreadyInLineUp = "E_ALREADY_IN_LINE_UP", Refused;
    /// Neither an image nor a link came with it.
    NothingFiled = "E_NOTHING_FILED", Refused;
    /// The file is no PNG, JPEG or WebP image.
    ImageType = "E_IMAGE_TYPE", Refused;
    /// The image is larger than 8 MiB.
    ImageTooLarge = "E_IMAGE_TOO_LARGE", Refused;
    /// The side has filed as much proof as a war keeps.
    TooMuchProof = "E_TOO_MUCH_PROOF", TooMany;
    /// The person has this role already.
    HasRole = "E_HAS_ROLE", Conflict;
    /// The leader's role changes by relinquish alone.
    IsLeader = "E_IS_LEADER", Conflict;
    /// The person is no co-leader.
    NotCoLeader = "E_NOT_CO_LEADER", Conflict;
    /// It is not clear who shall lead.
    WhichSuccessor = "E_WHICH_SUCCESSOR", Refused;
    /// The clan is blocked already.
    AlreadyBlocked = "E_ALREADY_BLOCKED", Conflict;
    /// The clan is not blocked.
    NotBlocked = "E_NOT_BLOCKED", Conflict;
    /// The clan is suspended already.
    AlreadySuspended = "E_ALREADY_SUSPENDED", Conflict;
    /// The clan is not suspended.
    NotSuspended = "E_NOT_SUSPENDED", Conflict;
    /// The code is unknown, used or too old.
    BadCode = "E_BAD_CODE", NotFound;
    /// The spaces or accounts are joined already.
    SameBoth = "E_SAME_BOTH", Conflict;
    /// Wars have to end first.
    RunningWars = "E_RUNNING_WARS", Conflict;
    /// Another clan has this name, or one that looks like it.
    NameTaken = "E_NAME_TAKEN", Conflict;
    /// A clan can't be called that.
    BadName = "E_BAD_NAME", Refused;
    /// There is a game with this name.
    GameExists = "E_GAME_EXISTS", Conflict;
    /// The war has this outcome already.
    SameOutcome = "E_SAME_OUTCOME", Conflict;
    /// The clan does not hear of this game.
    NotSubscribed = "E_NOT_SUBSCRIBED", Conflict;
    /// This needs a space that acts as a clan.
    NoSpace = "E_NO_SPACE", Refused;
}

impl Code {
    /// Whether it says that something was refused or not understood.
    pub fn is_refusal(self) -> bool {
        !matches!(self.status(), Status::Done | Status::Created)
    }
}

// By hand, since a derive can't read names that a macro gives.
#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Code {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let codes = Self::ALL.iter().map(|code| code.as_str());
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .enum_values(Some(codes))
            .description(Some("What kind of reply or notice."))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Code {}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

/// A text that is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no reply or notice has this code")]
pub struct UnknownCode;
