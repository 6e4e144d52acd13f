//! What the engine asks of a store: whole aggregates by key, and a place for events and notices.
//!
//! [`Read`] answers questions and changes nothing; [`Store`] also writes, inside a transaction that
//! the backend began. A store decides nothing: it keeps what events say.

use crate::event::Recorded;
use crate::model::{
    AccountKey, AtMs, Clan, ClanId, Game, GameId, Member, Person, PersonId, Platform, SpaceKey,
    TextId, War, WarId,
};
use crate::reply::Post;

/// The world outside failed: a disk, a lock, a damaged file. Never a user's mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    /// What kind of failure.
    pub kind: StoreErrorKind,
    /// What failed, where, and what to do next; lower case, no final period, no secrets.
    pub message: String,
}

/// Kinds of store failures, by what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Somebody else holds it; worth another try.
    Busy,
    /// There is no room left.
    Full,
    /// It can't be written to.
    ReadOnly,
    /// It is no database of gmbot, or a damaged one.
    NotADatabase,
    /// A newer gmbot made it.
    TooNew,
    /// It is elsewhere, and can't be reached; worth another try.
    Unreachable,
    /// It holds something that contradicts what was to be written.
    Contradicted,
    /// Anything else.
    Failed,
}

impl StoreErrorKind {
    /// Whether the same may succeed a moment later.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable)
    }
}

/// A store's answer.
pub type Stored<T> = Result<T, StoreError>;

/// A broadcast that not all clans have heard of yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// The last clan that it came to; none at first.
    pub after: Option<ClanId>,
}

/// Which wars to list. Every field narrows; `limit` is always there.
#[derive(Debug, Clone, Default)]
pub struct WarFilter {
    /// Wars in which this clan is host or guest, or is named.
    pub of: Option<ClanId>,
    /// Wars that have this person in a line-up.
    pub player: Option<PersonId>,
    /// Wars at this game.
    pub game: Option<GameId>,
    /// Open challenges only: public ones, and where `of` names a clan, private ones of its own.
    pub open: bool,
    /// Wars that run: scheduled, ongoing, voting or disputed.
    pub running: bool,
    /// Wars that are over, however.
    pub ended: bool,
    /// Start after the war with this creation time and id (for paging; newest first).
    pub before: Option<(AtMs, WarId)>,
    /// At most this many.
    pub limit: usize,
}

/// A person in a standing: glory, clan, rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// 1 for the most glory; equal glory shares a rank.
    pub rank: u64,
    /// The clan.
    pub clan: ClanId,
    /// Its name.
    pub name: String,
    /// Its glory, in all games or in the one that was asked for.
    pub glory: i64,
    /// Its wars won, in all games or in the one that was asked for.
    pub won: u32,
}

/// How a clan or a person fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Wars won.
    pub won: u32,
    /// Wars lost.
    pub lost: u32,
    /// Wars drawn.
    pub drawn: u32,
    /// Wars void.
    pub void: u32,
    /// Wars that were disputed, however they ended.
    pub disputed: u32,
    /// Glory that these wars gave the side.
    pub glory: i64,
}

/// What `clans` looks for.
#[derive(Debug, Clone, Default)]
pub struct ClanFilter {
    /// Subscribed to this game.
    pub game: Option<GameId>,
    /// Speaking this language, in any case.
    pub language: Option<String>,
    /// Playing there, in any case.
    pub location: Option<String>,
    /// At most this many.
    pub limit: usize,
}

/// A text of a side table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideText {
    /// Its id, as events name it.
    pub id: TextId,
    /// The war it belongs to.
    pub war: WarId,
    /// Who wrote it.
    pub author: PersonId,
    /// When.
    pub at: AtMs,
    /// When it may be deleted; none: never by itself.
    pub until: Option<AtMs>,
    /// The words.
    pub text: String,
}

/// A one-time code that joins spaces and accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCode {
    /// SHA-256 of the code, as hexadecimal digits; the code itself is never stored.
    pub hash: String,
    /// Who asked for it.
    pub person: PersonId,
    /// The clan whose leader asked for it in one of its spaces; none: it joins accounts only.
    pub clan: Option<ClanId>,
    /// When it stops working.
    pub until: AtMs,
}

/// Questions to a store.
pub trait Read {
    /// The clan that a space acts as.
    fn clan_of_space(&self, space: &SpaceKey) -> Stored<Option<ClanId>>;
    /// The person behind an account.
    fn person_of_account(&self, account: &AccountKey) -> Stored<Option<PersonId>>;
    /// A person.
    fn person(&self, person: PersonId) -> Stored<Option<Person>>;
    /// A person's name as last seen; none if never seen or forgotten.
    fn person_name(&self, person: PersonId) -> Stored<Option<String>>;
    /// The platform ids of a person's accounts there, for mentioning them.
    fn accounts_on(&self, person: PersonId, platform: &Platform) -> Stored<Vec<String>>;
    /// A clan.
    fn clan(&self, clan: ClanId) -> Stored<Option<Clan>>;
    /// The clan with a name, by its key.
    fn clan_named(&self, name_key: &str) -> Stored<Option<ClanId>>;
    /// Names of clans that begin like this key, in order; for suggestions and completion.
    fn clan_names(&self, key_prefix: &str, limit: usize) -> Stored<Vec<String>>;
    /// Whether and since when a person belongs to a clan.
    fn member(&self, clan: ClanId, person: PersonId) -> Stored<Option<Member>>;
    /// The members of a clan by when they joined, after `after`.
    fn members(&self, clan: ClanId, limit: usize) -> Stored<Vec<Member>>;
    /// Members of a clan whose name, as last seen, has this key.
    fn members_named(&self, clan: ClanId, name_key: &str) -> Stored<Vec<PersonId>>;
    /// The clans that a person belongs to, in order of id.
    fn clans_of(&self, person: PersonId) -> Stored<Vec<ClanId>>;
    /// All games, in order of id.
    fn games(&self) -> Stored<Vec<Game>>;
    /// A war.
    fn war(&self, war: WarId) -> Stored<Option<War>>;
    /// Wars, the newest first.
    fn wars(&self, filter: &WarFilter) -> Stored<Vec<War>>;
    /// How many open challenges a clan has out.
    fn open_count(&self, host: ClanId) -> Stored<u32>;
    /// How many challenges a clan has made since then (inclusive).
    fn created_since(&self, host: ClanId, since: AtMs) -> Stored<u32>;
    /// How many wars between two clans, in either role, were first settled as won or drawn since
    /// then (inclusive), by what they came to in the end.
    fn recent_between(&self, one: ClanId, other: ClanId, since: AtMs) -> Stored<u32>;
    /// How many wars a clan won since then over clans that had never won before, and that gave it
    /// glory.
    fn novice_wins(&self, clan: ClanId, since: AtMs) -> Stored<u32>;
    /// Whether a person led, co-led or played for both clans since then.
    fn shares_person(&self, one: ClanId, other: ClanId, since: AtMs) -> Stored<bool>;
    /// How many messages a side of a war sent since then.
    fn messages_since(&self, war: WarId, from: ClanId, since: AtMs) -> Stored<u32>;
    /// A text, unless it was forgotten or is past its time.
    fn text(&self, text: TextId) -> Stored<Option<SideText>>;
    /// The newest messages of a war that are kept, the oldest of them first.
    fn messages(&self, war: WarId, limit: usize) -> Stored<Vec<SideText>>;
    /// An image by the hexadecimal SHA-256 of its bytes.
    fn image(&self, sha256: &str) -> Stored<Option<Vec<u8>>>;
    /// Awake, unsuspended clans subscribed to a game, in order of id, after one.
    fn subscribers(&self, game: GameId, after: Option<ClanId>, limit: usize)
    -> Stored<Vec<ClanId>>;
    /// The clans with the most glory, in all games or in one, the first ranks first: from the top, or
    /// behind a clan that leaderboards show; none where they do not show that one.
    fn leaders(
        &self,
        game: Option<GameId>,
        after: Option<ClanId>,
        limit: usize,
    ) -> Stored<Option<Vec<Ranked>>>;
    /// A clan's own rank, in all games or in one.
    fn rank(&self, clan: ClanId, game: Option<GameId>) -> Stored<Option<Ranked>>;
    /// How a clan fared, in all games or in one.
    fn clan_record(&self, clan: ClanId, game: Option<GameId>) -> Stored<Record>;
    /// What a clan's wars gave it since then (inclusive), in all games or in one: by the midnight (UTC)
    /// before their first settlement, as it stands now, the oldest day first.
    fn glory_by_day(
        &self,
        clan: ClanId,
        game: Option<GameId>,
        since: AtMs,
    ) -> Stored<Vec<(AtMs, i64)>>;
    /// How a person fared in the wars they played, in all games or in one.
    fn person_record(&self, person: PersonId, game: Option<GameId>) -> Stored<Record>;
    /// Public, awake, unsuspended clans, the most recently active first.
    fn find_clans(&self, filter: &ClanFilter) -> Stored<Vec<Clan>>;
    /// A code that was not used yet and still works at `now`.
    fn link_code(&self, hash: &str, now: AtMs) -> Stored<Option<LinkCode>>;
}

/// A store inside a transaction.
pub trait Store: Read {
    /// Appends an event to the log and changes the projections as it says. An event that a rule
    /// produced can't fail but for the world outside.
    fn apply(&mut self, recorded: &Recorded) -> Stored<()>;
    /// Remembers how an account calls itself; the newest name is the person's.
    fn keep_account(
        &mut self,
        account: &AccountKey,
        platform: &Platform,
        id: &str,
        name: &str,
    ) -> Stored<()>;
    /// Keeps a text in the side table.
    fn keep_text(&mut self, text: &SideText) -> Stored<()>;
    /// Keeps an image that a person filed, once, however often it is filed.
    fn keep_image(&mut self, sha256: &str, by: PersonId, bytes: &[u8]) -> Stored<()>;
    /// Keeps a one-time code.
    fn keep_link_code(&mut self, code: &LinkCode) -> Stored<()>;
    /// Makes a one-time code useless.
    fn spend_link_code(&mut self, hash: &str) -> Stored<()>;
    /// Erases a person's names, texts, images and stored replies.
    fn forget(&mut self, person: PersonId) -> Stored<()>;
    /// Puts a notice into the outbox.
    fn post(&mut self, post: &Post) -> Stored<()>;
    /// Has a clan's notices that wait for one of its spaces go to another, as if they were new there.
    fn move_notices(&mut self, clan: ClanId, from: &SpaceKey, to: &SpaceKey) -> Stored<()>;
    /// Puts a challenge into the broadcast queue; the backend expands it after the commit.
    fn broadcast(&mut self, war: WarId) -> Stored<()>;
    /// How far a broadcast is expanded; nothing if it is done, or there was none.
    fn pending_broadcast(&self, war: WarId) -> Stored<Option<Pending>>;
    /// Notes how far a broadcast is expanded; `None` when it is done.
    fn advance_broadcast(&mut self, war: WarId, cursor: Option<ClanId>) -> Stored<()>;
}
