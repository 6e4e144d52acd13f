//! What goes wrong between the bot and its homeserver, by what can be done about it.

use matrix_sdk::ruma::api::error::ErrorKind;
use matrix_sdk::{HttpError, IdParseError, StoreError};

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// The homeserver wants less, for now.
    #[error("the homeserver asks to wait")]
    Busy,
    /// It may work another time.
    #[error("{0}")]
    Outside(String),
    /// There is no such room or event any more, or not for the bot.
    #[error("{0}")]
    Gone(String),
    /// It will never work.
    #[error("{0}")]
    Refused(String),
    /// The homeserver does not know this device any more.
    #[error("the homeserver does not know the bot's access token any more")]
    Unauthorized,
}

impl Trouble {
    /// Whether the same may succeed a moment later.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Busy | Self::Outside(_) | Self::Unauthorized => true,
            Self::Gone(_) | Self::Refused(_) => false,
        }
    }

    fn of(kind: Option<&ErrorKind>, cause: String) -> Self {
        match kind {
            Some(ErrorKind::LimitExceeded(_)) => Self::Busy,
            Some(ErrorKind::UnknownToken(_) | ErrorKind::MissingToken) => Self::Unauthorized,
            Some(ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::GuestAccessForbidden) => {
                Self::Gone(cause)
            }
            Some(ErrorKind::TooLarge | ErrorKind::BadJson | ErrorKind::InvalidParam) => {
                Self::Refused(cause)
            }
            Some(_) | None => Self::Outside(cause),
        }
    }
}

impl From<matrix_sdk::Error> for Trouble {
    fn from(error: matrix_sdk::Error) -> Self {
        if let matrix_sdk::Error::WrongRoomState(_) = &error {
            return Self::Gone("the bot is not in that room".to_owned());
        }
        Self::of(error.client_api_error_kind(), error.to_string())
    }
}

impl From<HttpError> for Trouble {
    fn from(error: HttpError) -> Self {
        Self::of(error.client_api_error_kind(), error.to_string())
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Outside(error.to_string())
    }
}

impl From<IdParseError> for Trouble {
    fn from(error: IdParseError) -> Self {
        Self::Gone(error.to_string())
    }
}

/// Why something that was said, or happened, was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unheard {
    #[error(transparent)]
    Matrix(#[from] Trouble),
    #[error(transparent)]
    Backend(#[from] gmbot_backend::BackendError),
}

impl Unheard {
    /// Whether the same may succeed a moment later.
    pub(crate) fn passes(&self) -> bool {
        use gmbot_backend::BackendError as Backend;
        match self {
            Self::Matrix(trouble) => trouble.passes(),
            Self::Backend(error) => match error {
                Backend::Store(_) | Backend::Unreachable { .. } | Backend::Stopped => true,
                Backend::UnknownToken
                | Backend::Panicked(_)
                | Backend::SystemClock
                | Backend::NoEntropy(_)
                | Backend::Denied(_)
                | Backend::NoThread(_) => false,
            },
        }
    }
}

impl From<matrix_sdk::Error> for Unheard {
    fn from(error: matrix_sdk::Error) -> Self {
        Self::Matrix(error.into())
    }
}

impl From<StoreError> for Unheard {
    fn from(error: StoreError) -> Self {
        Self::Matrix(error.into())
    }
}
