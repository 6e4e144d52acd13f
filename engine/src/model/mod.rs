//! What the rules talk about: clans, persons, games and wars, as values without any I/O.

pub mod clan;
pub mod deadline;
pub mod format;
pub mod game;
pub mod glory;
pub mod ids;
pub mod names;
pub mod person;
pub mod sides;
pub mod time;
pub mod verdict;
pub mod war;

pub use clan::{Clan, Profile, Role, Space, Tally};
pub use deadline::Due;
pub use format::{Format, Score};
pub use game::Game;
pub use ids::{AccountKey, ClanId, GameId, PersonId, Platform, ShortId, SpaceKey, TextId, WarId};
pub use person::{Member, Person};
pub use sides::{Side, Sides};
pub use time::{AtMs, DurationMs};
pub use verdict::Verdict;
pub use war::{Ballot, Cause, Outcome, Phase, Proof, Reminder, Settlement, Stakes, War};
