//! The two sides of a war, and values that each side has one of.

use serde::{Deserialize, Serialize};

/// One side of a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The clan that challenged.
    Host,
    /// The clan that accepted.
    Guest,
}

impl Side {
    /// Both sides, the host first.
    pub const BOTH: [Self; 2] = [Self::Host, Self::Guest];

    /// The opposite side.
    pub fn other(self) -> Self {
        match self {
            Self::Host => Self::Guest,
            Self::Guest => Self::Host,
        }
    }

    /// `host` or `guest`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
        }
    }
}

/// A value for the host and one for the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Sides<T> {
    /// The challenging clan's.
    pub host: T,
    /// The accepting clan's.
    pub guest: T,
}

impl<T> Sides<T> {
    /// The value of one side.
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::Host => &self.host,
            Side::Guest => &self.guest,
        }
    }

    /// The value of one side, to change.
    pub fn of_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Host => &mut self.host,
            Side::Guest => &mut self.guest,
        }
    }

    /// Makes a pair by asking for each side's value.
    pub fn each(mut make: impl FnMut(Side) -> T) -> Self {
        Self { host: make(Side::Host), guest: make(Side::Guest) }
    }
}
