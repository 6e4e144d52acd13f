//! The gateway: a WebSocket a shard.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use serenity::model::gateway::GatewayIntents;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_async};

use crate::Shared;
use crate::sessions::{Out, Session};
use crate::state::State;

const HEARTBEAT_MS: u64 = 41_250;
/// How many guilds a shard may have.
const GUILDS: usize = 2_500;
/// Intents that the application must have been granted.
const PRIVILEGED: GatewayIntents = GatewayIntents::GUILD_MEMBERS
    .union(GatewayIntents::GUILD_PRESENCES)
    .union(GatewayIntents::MESSAGE_CONTENT);

/// A code and words with which a connection is closed.
type Closing = (u16, &'static str);

pub(crate) async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if let Ok(socket) = accept_async(stream).await {
                let (line, out) = unbounded_channel();
                let connection = Connection { shared, line, session: None, compress: false };
                connection.run(socket, out).await;
            }
        });
    }
}

struct Connection {
    shared: Arc<Shared>,
    line: UnboundedSender<Out>,
    /// The session that began or went on here.
    session: Option<String>,
    compress: bool,
}

impl Connection {
    async fn run(
        mut self,
        mut socket: WebSocketStream<TcpStream>,
        mut out: UnboundedReceiver<Out>,
    ) {
        self.reply(&json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_MS } }));
        let ended = loop {
            tokio::select! {
                next = out.recv() => match next {
                    Some(Out::Send(payload)) => {
                        if socket.send(self.frame(payload)).await.is_err() {
                            break false;
                        }
                    }
                    Some(Out::Close(code, reason)) => {
                        let frame = CloseFrame { code: code.into(), reason: reason.into() };
                        // Whoever is gone already needs no farewell.
                        drop(socket.close(Some(frame)).await);
                        break false;
                    }
                    Some(Out::Cut) | None => break false,
                },
                frame = socket.next() => match frame {
                    Some(Ok(Frame::Text(text))) => self.take(&text),
                    Some(Ok(Frame::Close(frame))) => {
                        break frame.is_some_and(|frame| matches!(u16::from(frame.code), 1000 | 1001));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break false,
                },
            }
        };
        self.leave(ended);
    }

    fn frame(&self, payload: String) -> Frame {
        if !self.compress {
            return Frame::Text(payload);
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        match encoder.write_all(payload.as_bytes()).and_then(|()| encoder.finish()) {
            Ok(bytes) => Frame::Binary(bytes),
            Err(_) => Frame::Text(payload),
        }
    }

    fn reply(&self, payload: &Value) {
        // The receiver lives as long as the connection does.
        drop(self.line.send(Out::Send(payload.to_string())));
    }

    /// Keeps the session for a RESUME, or ends it where the bot said goodbye.
    fn leave(&self, ended: bool) {
        let Some(id) = &self.session else { return };
        self.shared.change(|state| {
            if ended {
                state.sessions.retain(|session| session.id != *id);
            } else if let Some(session) = state.session(id) {
                session.disconnect_from(&self.line);
            }
        });
    }

    fn take(&mut self, text: &str) {
        if let Err((code, reason)) = self.carry_out(text) {
            self.shared.change(|state| state.closings.push(code));
            drop(self.line.send(Out::Close(code, reason)));
        }
    }

    fn carry_out(&mut self, text: &str) -> Result<(), Closing> {
        let payload: Value = serde_json::from_str(text)
            .map_err(|_not_json| (4002, "Error while decoding payload."))?;
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => self.reply(&json!({ "op": 11 })),
            Some(2) if self.session.is_some() => return Err((4005, "Already authenticated.")),
            Some(2) => self.identify(data)?,
            Some(6) => self.resume(data)?,
            Some(3 | 4 | 8) if self.session.is_none() => return Err((4003, "Not authenticated.")),
            Some(3) => {}
            _ => return Err((4001, "Unknown opcode.")),
        }
        Ok(())
    }

    fn identify(&mut self, data: &Value) -> Result<(), Closing> {
        let shard = shard(data)?;
        let bits = data["intents"].as_u64().ok_or((4013, "Invalid intent(s)."))?;
        let intents = GatewayIntents::from_bits(bits).ok_or((4013, "Invalid intent(s)."))?;
        self.compress = data["compress"] == true;
        let line = self.line.clone();
        let id = self.shared.change(|state| {
            check_token(state, data)?;
            if !state.granted.contains(intents & PRIVILEGED) {
                return Err((4014, "Disallowed intent(s)."));
            }
            let id = format!("{:032x}", state.clock.id());
            state.begin(Session::new(id.clone(), shard, intents, line))?;
            Ok(id)
        })?;
        self.session = Some(id);
        Ok(())
    }

    fn resume(&mut self, data: &Value) -> Result<(), Closing> {
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let seq = data["seq"].as_u64().ok_or((4007, "Invalid seq."))?;
        let line = self.line.clone();
        let taken_up = self.shared.change(|state| {
            check_token(state, data)?;
            let Some(session) = state.session(&id).filter(|session| session.remembers(seq)) else {
                return Ok(false);
            };
            session.resume(seq, line);
            session.tell("RESUMED", &json!({}));
            state.handshakes.resumed += 1;
            Ok(true)
        })?;
        if taken_up {
            self.session = Some(id);
        } else {
            self.reply(&json!({ "op": 9, "d": false }));
        }
        Ok(())
    }
}

fn check_token(state: &State, data: &Value) -> Result<(), Closing> {
    let token = data["token"].as_str().unwrap_or_default();
    if token.strip_prefix("Bot ").unwrap_or(token) == state.token {
        Ok(())
    } else {
        Err((4004, "Authentication failed."))
    }
}

/// Number of the shard, and number of shards.
fn shard(data: &Value) -> Result<(u64, u64), Closing> {
    if data["shard"].is_null() {
        return Ok((0, 1));
    }
    match (data["shard"][0].as_u64(), data["shard"][1].as_u64()) {
        (Some(shard), Some(shards)) if shard < shards => Ok((shard, shards)),
        _ => Err((4010, "Invalid shard.")),
    }
}

impl State {
    pub(crate) fn session(&mut self, id: &str) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|session| session.id == id)
    }

    /// Begins a session: READY, then each guild of the shard.
    fn begin(&mut self, mut session: Session) -> Result<(), Closing> {
        let shard = session.shard;
        let guilds = self.guilds.values().filter(|guild| guild.members.contains_key(&self.me));
        let guilds: Vec<_> =
            guilds.map(|guild| guild.id).filter(|id| session.has(Some(*id))).collect();
        if guilds.len() > GUILDS {
            return Err((4011, "Sharding required."));
        }
        let unavailable = |id| json!({ "id": id, "unavailable": true });
        session.tell(
            "READY",
            &json!({
                "v": 10,
                "user": self.me_json(),
                "guilds": guilds.iter().map(unavailable).collect::<Vec<_>>(),
                "session_id": session.id,
                "resume_gateway_url": self.gateway,
                "shard": [shard.0, shard.1],
                "application": { "id": self.application, "flags": self.application_flags() },
            }),
        );
        if session.intents.contains(GatewayIntents::GUILDS) {
            for guild in guilds.iter().filter_map(|id| self.guilds.get(id)) {
                session.tell("GUILD_CREATE", &self.guild_create_json(guild, session.intents));
            }
        }
        // A process that was killed said no goodbye: its session is of no more use to anyone.
        self.sessions.retain(|other| other.is_connected() || other.shard != shard);
        self.sessions.push(session);
        self.handshakes.identified += 1;
        Ok(())
    }

    /// The privileged intents of an application with few guilds, as flags.
    pub(crate) fn application_flags(&self) -> u64 {
        let flag = |intent, flag| if self.granted.contains(intent) { flag } else { 0 };
        flag(GatewayIntents::GUILD_PRESENCES, 1 << 13)
            | flag(GatewayIntents::GUILD_MEMBERS, 1 << 15)
            | flag(GatewayIntents::MESSAGE_CONTENT, 1 << 19)
    }

    /// Sends the bot away from every connection.
    pub(crate) fn send_away(&mut self, out: &Out) {
        for session in &mut self.sessions {
            session.send_away(out.clone());
        }
    }
}
