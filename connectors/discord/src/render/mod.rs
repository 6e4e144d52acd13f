//! Replies as Discord's messages: a pure function of the reply and of what may be shown.

mod markup;
mod pack;
mod piece;
mod press;

use gmbot_engine::Reply;
use gmbot_engine::reply::{Code, Status};

use crate::payload::{Embed, Message};

/// What may be shown where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether embeds are permitted. Without them a reply is text.
    pub embeds: bool,
    /// How many columns a table may take.
    pub columns: usize,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { embeds: true, columns: 30 }
    }
}

/// The messages that show a reply, in order; never none.
///
/// What can be pressed is below the last of them. No row of a table is lost or divided between
/// messages as long as it fits into one, and nobody is pinged.
pub fn render(reply: &Reply, can: &Capabilities) -> Vec<Message> {
    let pressed = press::rows(&reply.actions);
    let mut pieces = piece::pieces(reply, can);
    pieces.extend(pressed.to_type.into_iter().flat_map(piece::to_type));
    if pieces.is_empty() {
        // Discord takes no empty message.
        pieces.push(piece::Piece::Line(reply.code.to_string()));
    }
    let mut messages = if can.embeds {
        pack::in_embeds(pieces, Look::of(reply.code))
    } else {
        pack::in_text(pieces)
    };
    if let Some(last) = messages.last_mut() {
        last.components = pressed.rows;
    }
    messages
}

/// How an answer looks at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Yellow: work is to be done, or under way.
    Work,
    /// Red: something is asked, or was not understood.
    Question,
    /// Green: it is done.
    Done,
}

impl Look {
    fn of(code: Code) -> Self {
        match code.status() {
            Status::NotUnderstood
            | Status::Forbidden
            | Status::NotFound
            | Status::Conflict
            | Status::Refused
            | Status::TooMany => Self::Question,
            Status::Created => Self::Work,
            Status::Done if asks(code) => Self::Question,
            Status::Done if is_under_way(code) => Self::Work,
            Status::Done => Self::Done,
        }
    }

    fn embed(self) -> Embed {
        let color = match self {
            Self::Work => 0x00f1_c40f,
            Self::Question => 0x00e7_4c3c,
            Self::Done => 0x002e_cc71,
        };
        Embed { color, ..Embed::default() }
    }
}

/// Whether it waits for somebody's word.
fn asks(code: Code) -> bool {
    matches!(
        code,
        Code::WhoWon
            | Code::WarDisputed
            | Code::Confirm
            | Code::ReminderVote
            | Code::ReminderDispute
    )
}

/// Whether a war goes on by it.
fn is_under_way(code: Code) -> bool {
    matches!(
        code,
        Code::Challenge
            | Code::WarAccepted
            | Code::WarScheduled
            | Code::ChallengeAccepted
            | Code::WarStarted
            | Code::LineUpChanged
            | Code::PlayerSubstituted
            | Code::Message
            | Code::ProofSeen
            | Code::ReminderStart
            | Code::ReminderEnd
    )
}
