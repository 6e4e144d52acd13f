//! Where something was said, as the idempotency key of its request: from it alone the answer finds
//! its way, also after a restart.

use std::fmt;
use std::str::FromStr;

use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId, OwnedUserId};

/// What stands where there is no thread.
const NO_THREAD: &str = "-";

/// Where something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// In which room.
    pub(crate) room: OwnedRoomId,
    /// By which event: a message, a reaction, a redaction.
    pub(crate) event: OwnedEventId,
    /// Who said it.
    pub(crate) user: OwnedUserId,
    /// The message that the answer stands below.
    pub(crate) below: OwnedEventId,
    /// The first message of its thread.
    pub(crate) thread: Option<OwnedEventId>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { room, event, user, below, thread } = self;
        let thread = thread.as_ref().map_or(NO_THREAD, |thread| thread.as_str());
        // No id of Matrix holds white space.
        write!(f, "{room} {event} {user} {below} {thread}")
    }
}

/// A key that this connector has not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this key was not made by the Matrix connector")]
pub(crate) struct ForeignKey;

impl FromStr for Source {
    type Err = ForeignKey;

    fn from_str(text: &str) -> Result<Self, ForeignKey> {
        fn id<T>(part: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, ForeignKey> {
            parse(part).ok_or(ForeignKey)
        }
        let parts: Vec<&str> = text.split(' ').collect();
        let [room, event, user, below, thread] = parts.as_slice() else { return Err(ForeignKey) };
        let event_id = |part: &str| part.try_into().ok();
        Ok(Self {
            room: id(room, |part| part.try_into().ok())?,
            event: id(event, event_id)?,
            user: id(user, |part| part.try_into().ok())?,
            below: id(below, event_id)?,
            thread: if *thread == NO_THREAD { None } else { Some(id(thread, event_id)?) },
        })
    }
}

#[cfg(test)]
mod tests {
    use matrix_sdk::ruma::{owned_event_id, owned_room_id, owned_user_id};

    use super::*;

    #[test]
    fn a_key_reads_back_and_a_foreign_one_does_not() {
        let source = Source {
            room: owned_room_id!("!a:example.org"),
            event: owned_event_id!("$b"),
            user: owned_user_id!("@ann:example.org"),
            below: owned_event_id!("$c"),
            thread: None,
        };
        let in_thread = Source { thread: Some(owned_event_id!("$d")), ..source.clone() };
        for key in [source, in_thread] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "!a:b.c $d", "a $b @c:d $e -", "!a:b.c $d @e:f $g -  -", "m.1.2.3 a b c d"]
        {
            assert_eq!(text.parse::<Source>(), Err(ForeignKey), "{text}");
        }
    }
}
