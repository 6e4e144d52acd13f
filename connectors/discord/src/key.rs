//! Where something was said, as the idempotency key of its request: from it alone the answer finds
//! its way, also after a restart.

use std::fmt;
use std::str::FromStr;

use serenity::model::id::{ChannelId, InteractionId, MessageId, UserId};

/// Where something was said.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// In a message.
    Message {
        /// Where.
        channel: ChannelId,
        /// Which.
        message: MessageId,
        /// Whose.
        author: UserId,
    },
    /// By an application command, a button or a form.
    Interaction {
        /// Where.
        channel: ChannelId,
        /// Which.
        id: InteractionId,
        /// Whose.
        user: UserId,
        /// What lets the bot answer it, for 15 minutes.
        token: String,
    },
    /// By a reaction.
    Reaction {
        /// Where.
        channel: ChannelId,
        /// To which message.
        message: MessageId,
        /// Whose.
        user: UserId,
        /// When it came, in milliseconds since 1970: reactions have no ids of their own.
        at_ms: i64,
    },
}

impl Source {
    /// The channel that it was said in.
    pub(crate) fn channel(&self) -> ChannelId {
        match self {
            Self::Message { channel, .. }
            | Self::Interaction { channel, .. }
            | Self::Reaction { channel, .. } => *channel,
        }
    }

    /// Who said it.
    pub(crate) fn user(&self) -> UserId {
        match self {
            Self::Message { author: user, .. }
            | Self::Interaction { user, .. }
            | Self::Reaction { user, .. } => *user,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { channel, message, author } => {
                write!(f, "m.{channel}.{message}.{author}")
            }
            Self::Interaction { channel, id, user, token } => {
                write!(f, "i.{channel}.{id}.{user}.{token}")
            }
            Self::Reaction { channel, message, user, at_ms } => {
                write!(f, "r.{channel}.{message}.{user}.{at_ms}")
            }
        }
    }
}

/// The token stays untold.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interaction { channel, id, user, token: _ } => {
                write!(f, "i.{channel}.{id}.{user}.***")
            }
            Self::Message { .. } | Self::Reaction { .. } => write!(f, "{self}"),
        }
    }
}

/// A key that this connector has not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this key was not made by the Discord connector")]
pub(crate) struct ForeignKey;

impl FromStr for Source {
    type Err = ForeignKey;

    fn from_str(text: &str) -> Result<Self, ForeignKey> {
        fn number<T: FromStr>(part: Option<&str>) -> Result<T, ForeignKey> {
            part.and_then(|part| part.parse().ok()).ok_or(ForeignKey)
        }
        let mut parts = text.splitn(5, '.');
        let kind = parts.next();
        let channel = number(parts.next())?;
        let second = parts.next();
        let user = number(parts.next())?;
        let rest = parts.next();
        match kind {
            Some("m") if rest.is_none() => {
                Ok(Self::Message { channel, message: number(second)?, author: user })
            }
            Some("i") => {
                let token = rest.ok_or(ForeignKey)?.to_owned();
                Ok(Self::Interaction { channel, id: number(second)?, user, token })
            }
            Some("r") => {
                Ok(Self::Reaction { channel, message: number(second)?, user, at_ms: number(rest)? })
            }
            _ => Err(ForeignKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_a_foreign_one_does_not() {
        let (channel, user) = (ChannelId::new(1), UserId::new(3));
        let keys = [
            Source::Message { channel, message: MessageId::new(2), author: user },
            Source::Interaction {
                channel,
                id: InteractionId::new(2),
                user,
                token: "a.b.c".to_owned(),
            },
            Source::Reaction { channel, message: MessageId::new(2), user, at_ms: 4 },
        ];
        for key in keys {
            assert_eq!(key.to_string().parse(), Ok(key.clone()), "{key:?}");
        }
        for text in ["", "m.1.2", "m.1.2.3.4", "i.1.2.3", "x.1.2.3.4", "r.1.2.3.x", "m.0.2.3"] {
            assert_eq!(text.parse::<Source>(), Err(ForeignKey), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_told() {
        let key: Source = "i.1.2.3.secret".parse().unwrap();
        assert_eq!(format!("{key:?}"), "i.1.2.3.***");
    }
}
