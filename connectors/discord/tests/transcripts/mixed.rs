//! Clans on different faces: every other one in a server on Discord, the rest at clients of an HTTP
//! server over the same backend.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::thread::JoinHandle;

use gmbot_backend::Local;
use gmbot_engine::model::AtMs;
use gmbot_engine::reply::Action;
use gmbot_http::{Server, Settings};
use gmbot_snapshots::World;
use gmbot_snapshots::face::{Ability, Answer, Face, FaceError, Message, take_notices};
use gmbot_snapshots::format::Happening;
use gmbot_snapshots::world::ClanAtPlay;
use tokio::sync::oneshot;

use crate::clients::Clients;
use crate::face::OnDiscord;

/// Transcripts in which somebody is met in two clans. On two platforms they would be two people.
pub(crate) const TOGETHER: [&str; 3] = ["direct-messages", "novices", "queries"];

/// Clans on Discord and elsewhere.
pub(crate) struct Mixed {
    // Declared first, so dropped first: it has hold of the other's backend.
    served: Option<Served>,
    discord: OnDiscord,
    /// The clans that are not on Discord, and who has left one of them.
    elsewhere: BTreeSet<String>,
    left: BTreeSet<String>,
}

impl Mixed {
    pub(crate) fn with(discord: OnDiscord) -> Self {
        Self { served: None, discord, elsewhere: BTreeSet::new(), left: BTreeSet::new() }
    }

    fn serve(&mut self) -> Result<(), FaceError> {
        self.served = Some(Served::over(self.discord.backend()?)?);
        Ok(())
    }

    fn clients(&mut self) -> Result<&mut Clients, FaceError> {
        let served = self.served.as_mut();
        let served = served.ok_or_else(|| FaceError("the server is not running".to_owned()))?;
        Ok(&mut served.clients)
    }

    /// Whether somebody who speaks does that elsewhere: in a clan, or alone with the bot on the
    /// platform of the first clan that they are in.
    fn is_elsewhere(&self, world: &World, message: &Message) -> bool {
        let speaker = &message.speaker;
        let inside = |clan: &&ClanAtPlay| {
            let offices = clan.leader.iter().chain(&clan.owner);
            let people: Vec<_> = offices.chain(&clan.members).collect();
            speaker.actor.as_ref().is_some_and(|actor| people.contains(&actor))
        };
        let clan = world.clan(&speaker.clan).or_else(|| world.clans().find(inside));
        match (clan, &speaker.actor) {
            (Some(clan), _) => self.elsewhere.contains(&clan.id),
            (None, Some(actor)) => self.left.contains(actor),
            (None, None) => false,
        }
    }
}

impl Face for Mixed {
    fn name(&self) -> &str {
        "mixed"
    }

    fn can(&self, ability: Ability) -> bool {
        self.discord.can(ability)
    }

    fn start(&mut self, world: &World, at: AtMs) -> Result<(), FaceError> {
        let dealt = world.clans().skip(1).step_by(2);
        self.elsewhere = dealt.map(|clan| clan.id.clone()).collect();
        let recorded = self.discord.prepare(at)?;
        let served = self.served.insert(Served::over(Arc::clone(&recorded.local))?);
        // In the order of the transcript: of two clans with one name, the second gets another.
        for opening in world.opening() {
            let space = opening.space.as_ref().map(|space| space.key.id.clone());
            let clan = world.clans().find(|clan| Some(&clan.space_id) == space.as_ref());
            match clan.filter(|clan| !self.elsewhere.contains(&clan.id)) {
                Some(clan) => self.discord.introduce(&recorded, clan)?,
                None => {
                    served.clients.submit(opening)?;
                }
            }
        }
        self.discord.begin(recorded)
    }

    fn say(&mut self, world: &World, message: &Message) -> Result<Option<Answer>, FaceError> {
        if self.is_elsewhere(world, message) {
            return self.clients()?.submit(world.request(message));
        }
        if message.late.0 > 0 {
            // The connector is away then, and the database with it.
            self.served = None;
        }
        let answer = self.discord.say(world, message)?;
        if self.served.is_none() {
            self.serve()?;
        }
        Ok(answer)
    }

    fn press(
        &mut self,
        world: &World,
        message: &Message,
        action: &Action,
    ) -> Result<Option<Answer>, FaceError> {
        if self.is_elsewhere(world, message) {
            return self.clients()?.submit(world.press(message, action));
        }
        self.discord.press(world, message, action)
    }

    fn happen(
        &mut self,
        world: &World,
        what: &Happening,
        key: &str,
    ) -> Result<Option<Answer>, FaceError> {
        let (Happening::Gone(clan)
        | Happening::Back(clan)
        | Happening::Left(clan, _)
        | Happening::Joined(clan, _)
        | Happening::Renamed(clan, _)
        | Happening::Moved(clan, _)
        | Happening::Owner(clan, _)) = what;
        if !self.elsewhere.contains(clan) {
            return self.discord.happen(world, what, key);
        }
        if let Happening::Left(_, person) = what {
            self.left.insert(person.clone());
        }
        match world.fact(what, key.to_owned()) {
            Some(request) => self.clients()?.submit(request),
            None => Ok(None),
        }
    }

    fn set_clock(&mut self, at: AtMs) -> Result<(), FaceError> {
        self.discord.set_clock(at)
    }

    fn idle(&mut self) -> Result<(), FaceError> {
        self.discord.idle()
    }

    fn notices(&mut self, world: &World, clan: &str) -> Result<Vec<Answer>, FaceError> {
        if !self.elsewhere.contains(clan) {
            return self.discord.notices(world, clan);
        }
        let Some(clan) = world.clan(clan) else { return Ok(Vec::new()) };
        take_notices(self.clients()?.client(&clan.platform, false)?, clan)
    }

    fn restart(&mut self) -> Result<(), FaceError> {
        // The old server has to let go of the file before a new one opens it.
        self.served = None;
        self.discord.restart()?;
        self.serve()
    }
}

/// A server on a port of this machine, with its clients.
struct Served {
    clients: Clients,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Served {
    fn over(backend: Arc<Local>) -> Result<Self, FaceError> {
        let plenty = NonZeroU32::MAX;
        let settings = Settings {
            calls_per_key: plenty,
            calls_per_person: plenty,
            ..Settings::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        };
        let server = Server::bind(settings).map_err(FaceError::outside)?;
        let clients = Clients::of(Arc::clone(&backend), server.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            server.run(backend, async {
                stopped.await.ok();
            });
        });
        Ok(Self { clients, running: Some((stop, thread)) })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            thread.join().ok();
        }
    }
}
