//! The handle that a test holds: starts and ends this Discord, looks at it, breaks it.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use serenity::http::HttpBuilder;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::{ApplicationId, ChannelId, InteractionId, UserId};
use tokio::runtime::{Builder, Runtime};
use tokio_native_tls::TlsAcceptor;
use tokio_native_tls::native_tls::{self, Identity};

use crate::certificate::Certificate;
use crate::faults::Fault;
use crate::guard::{DISCORD, Guard};
use crate::message::Message;
use crate::requests::Request;
use crate::sessions::Out;
use crate::state::State;
use crate::{Shared, gateway, server};

/// How long a test waits for something at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Discord of its own.
#[derive(Debug)]
pub struct Fake {
    pub(crate) shared: Arc<Shared>,
    guard: String,
    /// Who vouches for `discord.com` here, as PEM.
    authority: Vec<u8>,
    runtime: Option<Runtime>,
}

/// Ends it and every connection to it.
impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Fake {
    /// Starts a Discord with one application and its bot, on ports that the system chooses.
    ///
    /// # Panics
    /// If there is no port or no thread for it.
    pub fn start() -> Self {
        Self::try_start().expect("a port and a thread on this machine")
    }

    fn try_start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("discord")
            .enable_all()
            .build()?;
        let listeners = [listener()?, listener()?, listener()?];
        let [rest, gateway, guard] = &listeners;
        let address = format!("http://{}", rest.local_addr()?);
        let gateway = format!("ws://{}", gateway.local_addr()?);
        let guard = format!("http://{}", guard.local_addr()?);
        let shared = Arc::new(Shared::new(State::new(address, gateway)));
        let (authority, tls) = certificate().map_err(io::Error::other)?;
        let [rest, socket, proxy] = listeners;
        let inside = runtime.enter();
        let (rest, socket, proxy) = (
            tokio::net::TcpListener::from_std(rest)?,
            tokio::net::TcpListener::from_std(socket)?,
            tokio::net::TcpListener::from_std(proxy)?,
        );
        drop(inside);
        runtime.spawn(server::listen(rest, Arc::clone(&shared)));
        runtime.spawn(gateway::listen(socket, Arc::clone(&shared)));
        runtime.spawn(Guard::new(Arc::clone(&shared), tls).listen(proxy));
        Ok(Self { shared, guard, authority, runtime: Some(runtime) })
    }

    /// The bot's token.
    pub fn token(&self) -> String {
        self.read(|state| state.token.clone())
    }

    /// The bot.
    pub fn me(&self) -> UserId {
        self.read(|state| state.me)
    }

    /// The application.
    pub fn application(&self) -> ApplicationId {
        self.read(|state| state.application)
    }

    /// Where REST is, as `http://127.0.0.1:…`.
    pub fn url(&self) -> String {
        self.read(|state| state.address.clone())
    }

    /// A client for this Discord that can't reach any other: with the rate limiter off, without
    /// which serenity takes the address of the real one, and with everything that is not on this
    /// machine going to [`Fake::foreign`].
    ///
    /// # Panics
    /// If the system has no TLS library, which the client asks for all the same.
    pub fn http(&self) -> HttpBuilder {
        self.limited_http().proxy(self.url()).ratelimiter_disabled(true)
    }

    /// A client with serenity's own rate limiter, which takes this for the real Discord: its
    /// connections to `https://discord.com` end here, and any other in [`Fake::foreign`].
    ///
    /// # Panics
    /// If the system has no TLS library.
    pub fn limited_http(&self) -> HttpBuilder {
        HttpBuilder::new(self.token()).client(self.client()).application_id(self.application())
    }

    /// What reaches this machine alone: a request to `https://discord.com` ends here, and one to
    /// anywhere else fails and is in [`Fake::foreign`].
    ///
    /// # Panics
    /// If the system has no TLS library.
    pub fn client(&self) -> reqwest::Client {
        let here = reqwest::NoProxy::from_string("127.0.0.1");
        let guard = reqwest::Proxy::all(&self.guard).expect("an address of this machine");
        let certificate = reqwest::Certificate::from_pem(&self.authority).expect("a certificate");
        let client = reqwest::Client::builder()
            .proxy(guard.no_proxy(here))
            .add_root_certificate(certificate)
            .build();
        client.expect("a client")
    }

    /// The address of a proxy for what is not on this machine, as [`Fake::client`] has it; for a bot
    /// in a process of its own.
    pub fn guard(&self) -> &str {
        &self.guard
    }

    /// What the bot wanted from elsewhere, as method and address.
    pub fn foreign(&self) -> Vec<String> {
        self.read(|state| state.foreign.clone())
    }

    /// Asserts that the bot found everything on this machine: nothing went to the guard, and each
    /// session is one at this gateway, whose address was asked for.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn assert_local(&self) {
        let foreign = self.foreign();
        assert!(foreign.is_empty(), "requests that would have left this machine: {foreign:#?}");
        let gateway = self.read(|state| state.gateway.clone());
        assert!(gateway.starts_with("ws://127.0.0.1:"), "the gateway is at {gateway}");
    }

    /// Looks at everything at one moment.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.shared.read(look)
    }

    /// Waits until there is something to see, and gives it. It looks at once, and then after
    /// each change.
    ///
    /// # Panics
    /// After a minute.
    #[track_caller]
    pub fn wait_for<T>(&self, look: impl FnMut(&State) -> Option<T>) -> T {
        match self.wait_at_most(PATIENCE, look) {
            Some(found) => found,
            None => panic!("not within {PATIENCE:?}; so far: {}", self.read(State::summary)),
        }
    }

    /// Like [`Fake::wait_for`], for as long as one likes.
    pub fn wait_at_most<T>(
        &self,
        limit: Duration,
        look: impl FnMut(&State) -> Option<T>,
    ) -> Option<T> {
        self.shared.wait(limit, look)
    }

    /// Waits until so many shards are connected.
    ///
    /// # Panics
    /// After a minute.
    #[track_caller]
    pub fn wait_for_shards(&self, number: usize) {
        self.wait_for(|state| (state.connected().len() == number).then_some(()));
    }

    /// What everybody in a channel sees, oldest first.
    pub fn messages(&self, channel: ChannelId) -> Vec<Message> {
        self.read(|state| state.messages(channel).into_iter().cloned().collect())
    }

    /// What an interaction brought that is still there, oldest first.
    pub fn responses(&self, interaction: InteractionId) -> Vec<Message> {
        self.read(|state| state.responses(interaction).into_iter().cloned().collect())
    }

    /// Every request that came, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.read(|state| state.requests.clone())
    }

    /// How many requests came, forgotten ones too.
    pub fn requested(&self) -> u64 {
        self.read(|state| state.requested)
    }

    /// Forgets the requests that came.
    pub fn forget_requests(&self) {
        self.change(|state| state.requests.clear());
    }

    /// Stops the clock at a moment, in milliseconds since 1970. From then on, ids and moments are
    /// the same in each run, and nothing is too late unless [`Fake::advance`] makes it so.
    pub fn stop_clock(&self, at_ms: u64) {
        self.change(|state| state.clock.stop_at(at_ms));
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.change(|state| state.clock.advance(by));
    }

    /// Grants privileged intents to the application; without, whoever asks for them is sent away.
    pub fn grant(&self, intents: GatewayIntents) {
        self.change(|state| state.granted = intents);
    }

    /// Sets how many shards `GET /gateway/bot` recommends.
    pub fn set_shards(&self, shards: u32) {
        self.change(|state| state.shards = shards);
    }

    /// Lets something go wrong with requests from now on.
    pub fn inject(&self, fault: Fault) {
        self.change(|state| state.faults.push(fault));
    }

    /// Lets nothing go wrong any longer, and no event come twice.
    pub fn heal(&self) {
        self.change(|state| {
            state.faults.clear();
            state.duplicate_events = false;
        });
    }

    /// Lets each event come twice from now on, or once again.
    pub fn duplicate_events(&self, twice: bool) {
        self.change(|state| state.duplicate_events = twice);
    }

    /// Asks every shard to connect again (op 7). It counts as connected once it has.
    pub fn reconnect(&self) {
        self.change(|state| state.send_away(&Out::Send(json!({ "op": 7, "d": null }).to_string())));
    }

    /// Tells every shard that its session is not valid (op 9), whether or not it can be taken up.
    pub fn invalidate(&self, resumable: bool) {
        self.change(|state| {
            state.send_away(&Out::Send(json!({ "op": 9, "d": resumable }).to_string()));
            if !resumable {
                state.sessions.clear();
            }
        });
    }

    /// Cuts every connection to the gateway without a word. The sessions can be taken up.
    pub fn cut(&self) {
        self.change(|state| state.send_away(&Out::Cut));
    }

    /// Closes every connection to the gateway with a code.
    pub fn close(&self, code: u16) {
        self.change(|state| state.send_away(&Out::Close(code, "")));
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.shared.change(change)
    }
}

/// Who vouches for `discord.com`, and what ends connections to it.
fn certificate() -> Result<(Vec<u8>, TlsAcceptor), Box<dyn Error + Send + Sync>> {
    let made = Certificate::new(DISCORD)?;
    let identity = Identity::from_pkcs8(&made.certificate, &made.key)?;
    Ok((made.authority, native_tls::TlsAcceptor::new(identity)?.into()))
}

fn listener() -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
