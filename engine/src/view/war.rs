//! One war in full: line-ups, deadlines, ballots and proof, as far as they may be seen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::line::WarLine;
use super::lookup::{Lookup, legend};
use super::secrecy::Insight;
use crate::grammar::{Command, WarRef};
use crate::model::war::{Ballots, Evidence};
use crate::model::{AtMs, PersonId, Phase, Side, Sides, TextId, War};
use crate::reply::{Block, Code, Inline, Legend, Reply, Text};
use crate::store::{Read, Stored};

/// How many messages of a war are shown, the newest.
const MESSAGES_SHOWN: usize = 10;

/// A war in full, as far as the viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WarView {
    /// What a list shows of it.
    #[serde(flatten)]
    pub line: WarLine,
    /// Who plays.
    pub line_ups: Sides<Vec<PersonId>>,
    /// When the vote of each side closes, while it is open and where that may be seen: that a side's
    /// is closed early says that it has spoken.
    pub vote_closes_at: Sides<Option<AtMs>>,
    /// Until when new verdicts overturn it.
    pub appeals_until: Option<AtMs>,
    /// The deciding ballots of each side, where they may be seen.
    pub ballots: Sides<Option<Ballots>>,
    /// The ballots cast after the settlement, where they may be seen.
    pub appeals: Sides<Option<Ballots>>,
    /// What was filed, the oldest first.
    pub proofs: Vec<ProofSeen>,
    /// The newest messages between the two clans, at most ten, the oldest of them first; none for
    /// whoever is in neither clan.
    pub messages: Vec<MessageSeen>,
    /// The names and texts that its ids stand for.
    pub legend: Legend,
}

/// A proof, as far as the viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ProofSeen {
    /// Whose.
    pub side: Side,
    /// Who filed it.
    pub by: PersonId,
    /// When.
    pub at: AtMs,
    /// The image or link; none for whoever is in neither clan.
    pub evidence: Option<Evidence>,
    /// The note that came with it; none for whoever is in neither clan.
    pub note: Option<TextId>,
}

/// A message from one clan to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageSeen {
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: AtMs,
    /// The words.
    pub text: TextId,
}

impl WarView {
    pub(super) fn see(read: &dyn Read, war: &War, viewer: &Viewer) -> Stored<Self> {
        let insight = Insight::of(read, war, viewer)?;
        let open = insight.exchanged();
        let messages = if open { read.messages(war.id, MESSAGES_SHOWN)? } else { Vec::new() };
        let said = messages.iter();
        let said = said.map(|kept| MessageSeen { by: kept.author, at: kept.at, text: kept.id });
        let proofs = war.proofs.iter().map(|proof| ProofSeen {
            side: proof.side,
            by: proof.by,
            at: proof.at,
            evidence: open.then(|| proof.evidence.clone()),
            note: proof.note.filter(|_| open),
        });
        let mut view = Self {
            line: WarLine::of(&mut Lookup::new(read)?, war)?,
            line_ups: war.line_ups.clone(),
            vote_closes_at: insight.vote_closes_at(war),
            appeals_until: war.appeals_until(),
            ballots: insight.ballots(war),
            appeals: insight.appeals(war),
            proofs: proofs.collect(),
            messages: said.collect(),
            legend: Legend::default(),
        };
        view.legend = legend(read, view.people(), view.texts())?;
        view.legend.texts.extend(messages.into_iter().map(|kept| (kept.id, kept.text)));
        Ok(view)
    }

    /// Everybody who is in it.
    fn people(&self) -> BTreeSet<PersonId> {
        let line_ups = Side::BOTH.into_iter().flat_map(|side| self.line_ups.of(side).iter());
        let cast = [&self.ballots, &self.appeals].into_iter();
        let cast = cast.flat_map(|cast| [&cast.host, &cast.guest]).flatten();
        let voters = cast.flat_map(|cast| cast.players.keys().chain(cast.officers.keys()));
        let provers = self.proofs.iter().map(|proof| &proof.by);
        let writers = self.messages.iter().map(|message| &message.by);
        line_ups.chain(voters).chain(provers).chain(writers).copied().collect()
    }

    /// Every note and link in it; the messages' words are known without asking.
    fn texts(&self) -> Vec<TextId> {
        let of = |proof: &ProofSeen| {
            let link = match &proof.evidence {
                Some(Evidence::Link(link)) => Some(*link),
                Some(Evidence::Image(_)) | None => None,
            };
            [link, proof.note]
        };
        self.proofs.iter().flat_map(of).flatten().collect()
    }

    pub(super) fn phrase(&self) -> Reply {
        let line = &self.line;
        let title = match &line.guest {
            Some(guest) => Text::from("war ")
                .and(line.id)
                .and(": ")
                .and(&line.host)
                .and(" against ")
                .and(guest),
            None => Text::from("challenge ").and(line.id).and(" by ").and(&line.host),
        };
        let mut reply = Reply::new(Code::WarShown).title(title).block(Block::Fields(self.fields()));
        reply = line.story().into_iter().fold(reply, Reply::say);
        reply = self.add_ballots(reply);
        reply = self.add_proof(reply);
        reply = self.add_messages(reply);
        self.add_next_steps(reply)
    }

    fn fields(&self) -> Vec<(String, Text)> {
        let line = &self.line;
        let mut fields = vec![
            field("State", line.state()),
            field("Game", Text::new().user(line.game.name.clone())),
            field("Format", line.format.words()),
            field("Duration", line.duration),
        ];
        match (line.begins_at, line.start_at) {
            (Some(at), _) | (None, Some(at)) => fields.push(field("Start", at)),
            (None, None) => fields.push(field("Start", "on acceptance")),
        }
        fields.extend(line.ends_at.map(|at| field("End", at)));
        for side in Side::BOTH {
            if let (Some(clan), Some(at)) = (line.clan(side), self.vote_closes_at.of(side)) {
                fields.push(field("Vote", Text::from(clan).and(" until ").and(*at)));
            }
        }
        if line.guest.is_none() {
            fields.extend(line.named.as_ref().map(|named| field("For", named)));
        }
        if line.private {
            fields.push(field("Private", "seen by its clans alone"));
        }
        for side in Side::BOTH {
            if let Some(clan) = line.clan(side) {
                let people = self.line_ups.of(side).iter().copied().map(Inline::from);
                let label = if side == Side::Host { "Host" } else { "Guest" };
                fields.push(field(label, Text::from(clan).and(": ").join(Text::list(people))));
            }
        }
        fields
    }

    fn add_ballots(&self, mut reply: Reply) -> Reply {
        for (cast, what) in [(&self.ballots, "ballots of "), (&self.appeals, "new ballots of ")] {
            for side in Side::BOTH {
                let Some(ballots) = cast.of(side).as_ref().filter(|cast| !cast.is_empty()) else {
                    continue;
                };
                let Some(clan) = self.line.clan(side) else { continue };
                let rows =
                    ballots.players.iter().chain(&ballots.officers).map(|(person, ballot)| {
                        vec![Text::from(*person), self.line.ballot(ballot)]
                    });
                reply = reply.title(Text::from(what).and(clan)).block(Block::Table {
                    head: vec!["Player".to_owned(), "Says".to_owned()],
                    rows: rows.collect(),
                });
            }
        }
        reply
    }

    fn add_proof(&self, reply: Reply) -> Reply {
        if self.proofs.is_empty() {
            return reply;
        }
        let lines = self.proofs.iter().map(|proof| {
            let mut text = Text::from(proof.at).and(", ").and(proof.by);
            if let Some(clan) = self.line.clan(proof.side) {
                text = text.and(" of ").and(clan);
            }
            text = match &proof.evidence {
                Some(Evidence::Image(hash)) => {
                    text.and(": image ").code(hash.get(..12).unwrap_or(hash))
                }
                Some(Evidence::Link(link)) => text.and(": link ").and(*link),
                None => text,
            };
            match proof.note {
                Some(note) => text.and(", ").and(note),
                None => text,
            }
        });
        reply.title("proof").block(Block::List(lines.collect()))
    }

    fn add_messages(&self, reply: Reply) -> Reply {
        if self.messages.is_empty() {
            return reply;
        }
        let line = |message: &MessageSeen| {
            Text::from(message.at).and(", ").and(message.by).and(": ").and(message.text)
        };
        reply.title("messages").block(Block::List(self.messages.iter().map(line).collect()))
    }

    fn add_next_steps(&self, reply: Reply) -> Reply {
        let war = || Some(WarRef(self.line.id.to_string()));
        match self.line.phase {
            Phase::Open => {
                let who = match &self.line.named {
                    Some(named) => Text::from(named),
                    None => Text::from("another clan"),
                };
                let line = format!("gmbot accept {} @player", self.line.id);
                reply.hint(who.and(" accepts it with ").code(line))
            }
            Phase::Ongoing | Phase::Voting => reply.hint(
                Text::from("its players say who won with ")
                    .code(format!("gmbot vote {} -winner us", self.line.id)),
            ),
            Phase::Disputed => reply.hint(
                Text::from("proof is filed with ").code(format!("gmbot proof {}", self.line.id)),
            ),
            Phase::Settled => reply.action("Explain", Command::Explain { war: war() }),
            Phase::Scheduled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => reply,
        }
    }
}

fn field(name: &str, value: impl Into<Text>) -> (String, Text) {
    (name.to_owned(), value.into())
}
