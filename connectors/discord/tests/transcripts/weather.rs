//! What goes wrong between Discord and the connector while a transcript plays.

/// What goes wrong on the way, all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Calm,
    /// Every other request is sent away with 429.
    Limited,
    /// Each event comes twice.
    Doubled,
    /// The gateway wants another connection after each event.
    Reconnecting,
}

impl Weather {
    pub(crate) const ALL: [Self; 4] =
        [Self::Calm, Self::Limited, Self::Doubled, Self::Reconnecting];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Limited => ", with 429 everywhere",
            Self::Doubled => ", with every event twice",
            Self::Reconnecting => ", with a reconnect after each event",
        }
    }
}
