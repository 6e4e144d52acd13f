//! The values that parameters take, as far as they can be read without asking anybody.

use serde::{Deserialize, Serialize};

use crate::model::{AtMs, DurationMs};

/// A war by its id, as it was written; lower case, without `#`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct WarRef(pub String);

/// A clan by its name or id, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ClanRef(pub String);

/// A person, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlayerRef {
    /// A mention: `<@123>`, `@ann`, `@ann:example.org`; the request says whom it means.
    Mention(String),
    /// A name, as last seen in the clan.
    Name(String),
}

/// Who won, in the words of a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Winner {
    /// The challenging side.
    Host,
    /// The accepting side.
    Guest,
    /// Nobody.
    Draw,
    /// Call it off.
    Void,
    /// Take the ballot back.
    None,
    /// The voter's own side.
    Us,
    /// The other side.
    Them,
    /// The side of this clan.
    Clan(ClanRef),
}

/// A day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days are known")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A time, before anybody asked whose clock it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TimeSpec {
    /// `2026-03-07 20:00` on the clan's clock.
    Local {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// The day, 1 to 31.
        day: i8,
        /// The hour, 0 to 23.
        hour: i8,
        /// The minute, 0 to 59.
        minute: i8,
    },
    /// `sat 20:00`: the next such moment on the clan's clock.
    Weekday {
        /// The day.
        day: Weekday,
        /// The hour, 0 to 23.
        hour: i8,
        /// The minute, 0 to 59.
        minute: i8,
    },
    /// A moment with its offset (RFC 3339).
    Moment(AtMs),
    /// `+3h`: so long from now.
    After(DurationMs),
}
