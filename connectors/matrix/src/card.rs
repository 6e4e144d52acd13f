//! What a message of the bot's says to the bot itself, in a field that no client shows: which war it
//! is about, and which commands its reactions stand for. So nothing has to be remembered, and a
//! reaction to an old message means the same after a restart.

use gmbot_engine::Reply;
use gmbot_engine::grammar::{self, Command};
use gmbot_engine::model::WarId;
use serde::{Deserialize, Serialize};

/// The field's name.
pub(crate) const FIELD: &str = "gmbot.card";

/// Where a message's content says which event it answers.
pub(crate) const ANSWERED: &str = "/m.relates_to/m.in_reply_to/event_id";
/// The reactions that are ballots, in the order of the actions.
const BALLOTS: [&str; 3] = ["1️⃣", "2️⃣", "0️⃣"];
/// The reaction that accepts.
const ACCEPT: &str = "✅";
/// What makes an emoji of a sign; some clients send it, and some leave it out.
const EMOJI: char = '\u{fe0f}';

/// What a message says to the bot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Card {
    /// The transaction that sent it, by which it is known again in a room's history.
    pub(crate) sent_as: String,
    /// The war that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) war: Option<String>,
    /// The lines of its ballots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ballots: Vec<String>,
    /// The line that accepts; who plays comes behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accept: Option<String>,
}

impl Card {
    /// What a message that shows a reply says to the bot.
    pub(crate) fn of(reply: &Reply, war: Option<WarId>, sent_as: String) -> Self {
        let mut card = Self { sent_as, war: war.map(|war| war.to_string()), ..Self::default() };
        for action in &reply.actions {
            let line = grammar::print(&action.command);
            if let Command::Vote { .. } = action.command {
                card.ballots.push(line);
            } else if let Command::Accept { .. } = action.command {
                card.accept = card.accept.or(Some(line));
            }
        }
        card.ballots.truncate(BALLOTS.len());
        card
    }

    /// The reactions that the bot puts below it.
    pub(crate) fn signs(&self) -> Vec<&'static str> {
        let ballots = BALLOTS.into_iter().take(self.ballots.len());
        ballots.chain(self.accept.iter().map(|_line| ACCEPT)).collect()
    }

    /// The line that a reaction stands for.
    pub(crate) fn line(&self, sign: &str) -> Option<&str> {
        if is(sign, ACCEPT) {
            return self.accept.as_deref();
        }
        let place = BALLOTS.iter().position(|ballot| is(sign, ballot))?;
        self.ballots.get(place).map(String::as_str)
    }

    /// The line that takes a ballot back.
    pub(crate) fn withdrawal(&self) -> Option<String> {
        self.war.as_ref().map(|war| format!("gmbot vote {war} -winner none"))
    }
}

/// Whether a reaction may stand for a line.
pub(crate) fn is_sign(sign: &str) -> bool {
    is(sign, ACCEPT) || is_ballot(sign)
}

/// Whether a reaction is a ballot.
pub(crate) fn is_ballot(sign: &str) -> bool {
    BALLOTS.iter().any(|ballot| is(sign, ballot))
}

fn is(sign: &str, known: &str) -> bool {
    let letters =
        |text: &'_ str| text.chars().filter(|letter| *letter != EMOJI).collect::<String>();
    letters(sign) == letters(known)
}

#[cfg(test)]
mod tests {
    use gmbot_engine::grammar::{WarRef, Winner};
    use gmbot_engine::reply::Code;

    use super::*;

    fn vote(winner: Winner) -> Command {
        Command::Vote { war: Some(WarRef("k3xp2".to_owned())), winner, score: None }
    }

    #[test]
    fn reactions_stand_for_the_actions_below_them() {
        let reply = Reply::new(Code::WhoWon)
            .action("Us", vote(Winner::Us))
            .action("Them", vote(Winner::Them))
            .action("Draw", vote(Winner::Draw));
        let card = Card::of(&reply, "k3xp2".parse().ok(), "o1".to_owned());
        assert_eq!(card.signs(), ["1️⃣", "2️⃣", "0️⃣"]);
        assert_eq!(card.line("2\u{20e3}"), Some("gmbot vote k3xp2 -winner them"));
        assert_eq!(card.line("0️⃣"), Some("gmbot vote k3xp2 -winner draw"));
        assert_eq!(card.line("✅"), None);
        assert_eq!(card.withdrawal().as_deref(), Some("gmbot vote k3xp2 -winner none"));
        let json = serde_json::to_value(&card).unwrap();
        assert_eq!(serde_json::from_value::<Card>(json).unwrap(), card);
    }

    #[test]
    fn other_reactions_stand_for_nothing() {
        for sign in ["👍", "1", "3️⃣", ""] {
            assert!(!is_sign(sign), "{sign}");
        }
        assert!(is_sign("✅\u{fe0f}") && !is_ballot("✅"));
    }
}
