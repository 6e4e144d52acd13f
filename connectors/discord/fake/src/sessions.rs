//! Sessions at the gateway: who is told of which event, and what is told again.

use std::collections::VecDeque;

use serde_json::{Value, json};
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::GuildId;
use tokio::sync::mpsc::UnboundedSender;

use crate::state::State;

/// How many events are kept for a session that is taken up again.
const KEPT: usize = 4_096;

/// What goes to a connection.
#[derive(Clone, Debug)]
pub(crate) enum Out {
    /// A payload.
    Send(String),
    /// The connection is closed in order.
    Close(u16, &'static str),
    /// The connection ends without a word.
    Cut,
}

/// A session of one shard.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: (u64, u64),
    pub(crate) intents: GatewayIntents,
    seq: u64,
    sent: VecDeque<(u64, String)>,
    line: Option<UnboundedSender<Out>>,
    /// Whether the bot was sent away and has to come again.
    sent_away: bool,
}

impl Session {
    pub(crate) fn new(
        id: String,
        shard: (u64, u64),
        intents: GatewayIntents,
        line: UnboundedSender<Out>,
    ) -> Self {
        Self {
            id,
            shard,
            intents,
            seq: 0,
            sent: VecDeque::new(),
            line: Some(line),
            sent_away: false,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.line.is_some() && !self.sent_away
    }

    /// Sends the bot away. Until then it may be told more, which it is told again when it comes.
    pub(crate) fn send_away(&mut self, out: Out) {
        self.out(out);
        self.sent_away = true;
    }

    /// Takes note that a connection ended, unless the session goes on at another.
    pub(crate) fn disconnect_from(&mut self, line: &UnboundedSender<Out>) {
        self.line.take_if(|current| current.same_channel(line));
    }

    /// Whether everything after a number can be told again.
    pub(crate) fn remembers(&self, seq: u64) -> bool {
        let first = self.sent.front().map_or(self.seq + 1, |(seq, _)| *seq);
        seq <= self.seq && seq + 1 >= first
    }

    /// Takes a new connection, and tells what came after a number.
    pub(crate) fn resume(&mut self, seq: u64, line: UnboundedSender<Out>) {
        self.line = Some(line);
        self.sent_away = false;
        let missed = self.sent.iter().filter(|(number, _)| *number > seq);
        let missed: Vec<String> = missed.map(|(_, payload)| payload.clone()).collect();
        for payload in missed {
            self.out(Out::Send(payload));
        }
    }

    /// Numbers an event, keeps it, and sends it if there is a connection.
    pub(crate) fn tell(&mut self, event: &str, data: &Value) {
        self.seq += 1;
        let payload = json!({ "op": 0, "s": self.seq, "t": event, "d": data }).to_string();
        if self.sent.len() == KEPT {
            self.sent.pop_front();
        }
        self.sent.push_back((self.seq, payload.clone()));
        self.out(Out::Send(payload));
    }

    fn out(&mut self, out: Out) {
        if self.line.as_ref().is_some_and(|line| line.send(out).is_err()) {
            self.line = None;
        }
    }

    /// Whether this shard has a guild; direct messages are the first shard's.
    pub(crate) fn has(&self, guild: Option<GuildId>) -> bool {
        let (shard, shards) = self.shard;
        guild.map_or(0, |guild| (guild.get() >> 22) % shards) == shard
    }
}

impl State {
    /// Tells an event to the sessions whose shard has the guild and whose intents ask for it.
    pub(crate) fn dispatch(
        &mut self,
        event: &str,
        guild: Option<GuildId>,
        needs: GatewayIntents,
        data: impl Fn(&Self, GatewayIntents) -> Value,
    ) {
        let times = if self.duplicate_events { 2 } else { 1 };
        for n in 0..self.sessions.len() {
            let session = &self.sessions[n];
            if !session.has(guild) || !session.intents.contains(needs) {
                continue;
            }
            let data = data(self, session.intents);
            for _ in 0..times {
                self.sessions[n].tell(event, &data);
            }
        }
    }
}
