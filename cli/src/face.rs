//! The faces that `gmbot run` starts. A new one is an entry of [`Face::ALL`], and a line in
//! [`Face::ready`] for builds with and for builds without it.

#[cfg(feature = "discord")]
pub(crate) mod discord;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "matrix")]
mod matrix;

#[cfg(feature = "faces")]
use crate::config::Settings;
#[cfg(feature = "faces")]
use crate::failure::Failure;
#[cfg(feature = "faces")]
use crate::running::Ready;

/// A face that runs until it is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// The bot on Discord.
    Discord,
    /// The server.
    Http,
    /// The bot on Matrix.
    Matrix,
}

impl Face {
    /// All that this version knows, whether they were built or not.
    pub(crate) const ALL: &[Self] = &[Self::Discord, Self::Http, Self::Matrix];

    /// Its name, which is also that of the cargo feature that builds it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Http => "http",
            Self::Matrix => "matrix",
        }
    }

    /// Whether it serves a database, rather than use whatever backend there is.
    #[cfg(feature = "faces")]
    pub(crate) fn needs_database(self) -> bool {
        match self {
            Self::Discord | Self::Matrix => false,
            Self::Http => true,
        }
    }

    /// The face of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|face| face.name() == name)
    }

    /// Takes what the face needs, such as an address to listen at.
    #[cfg(feature = "faces")]
    pub(crate) fn ready(self, settings: &Settings) -> Result<Box<dyn Ready>, Failure> {
        match self {
            #[cfg(feature = "discord")]
            Self::Discord => discord::ready(settings),
            #[cfg(not(feature = "discord"))]
            Self::Discord => Err(Failure::NotBuilt(self)),
            #[cfg(feature = "http")]
            Self::Http => http::ready(settings),
            #[cfg(not(feature = "http"))]
            Self::Http => Err(Failure::NotBuilt(self)),
            #[cfg(feature = "matrix")]
            Self::Matrix => matrix::ready(settings),
            #[cfg(not(feature = "matrix"))]
            Self::Matrix => Err(Failure::NotBuilt(self)),
        }
    }
}
