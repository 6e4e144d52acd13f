//! A small world in which many clans may challenge: the same requests for gmbot and its yardsticks.

use std::path::Path;

use gmbot_backend::{Backend as _, Clock, Local, Options};
use gmbot_engine::model::{AtMs, Platform, SpaceKey};
use gmbot_engine::reply::Code;
use gmbot_engine::request::{
    AccountRef, Fact, Input, Mention, MentionTarget, Presence, Request, SpaceRef,
};

use crate::Failure;

/// The client that all requests come from.
pub const CLIENT: &str = "bench";
/// How many challenges a clan may have out.
pub const OPEN_A_CLAN: usize = 10;
/// When everything happens.
pub const NOW: AtMs = AtMs(1_767_636_000_000);
/// Who challenges in each space, and who plays.
const PEOPLE: [&str; 3] = ["Leader", "Player1", "Player2"];
/// What they say.
pub const CREATEWAR: &str = "gmbot createwar -players @Player1 @Player2 -game 4 -type ft3";

/// A challenge by a clan of this world.
#[derive(Debug, Clone, Copy)]
pub struct Challenge {
    /// Which challenge.
    pub number: usize,
    /// Which clan's.
    pub clan: usize,
}

/// So many challenges, the clans by turns.
pub fn challenges(clans: usize) -> Vec<Challenge> {
    (0..clans * OPEN_A_CLAN).map(|number| Challenge { number, clan: number % clans }).collect()
}

impl Challenge {
    /// Its idempotency key.
    pub fn key(self) -> String {
        format!("challenge-{}", self.number)
    }

    /// The space in which it is made.
    pub fn space(self) -> SpaceKey {
        space(self.clan)
    }

    /// Who makes it and who plays.
    pub fn people(self) -> [AccountRef; 3] {
        people(self.clan)
    }

    /// The request.
    pub fn request(self) -> Request {
        said(self.clan, self.key(), CREATEWAR)
    }
}

fn space(clan: usize) -> SpaceKey {
    SpaceKey { platform: Platform::terminal(), id: format!("space-{clan}") }
}

fn people(clan: usize) -> [AccountRef; 3] {
    PEOPLE.map(|name| AccountRef {
        platform: Platform::terminal(),
        id: format!("{name}-{clan}"),
        name: name.to_owned(),
    })
}

/// What a clan's leader says, with whoever is mentioned in it.
fn said(clan: usize, key: String, line: &str) -> Request {
    let [leader, one, two] = people(clan);
    let mention = |account: AccountRef| Mention {
        written: format!("@{}", account.name),
        target: MentionTarget::Account {
            account,
            presence: Presence::Inside,
            bot: false,
            stated_role: None,
        },
    };
    let named = [one, two].into_iter().filter(|player| line.contains(&player.name));
    Request {
        mentions: named.map(mention).collect(),
        actor: Some(leader),
        ..about(clan, key, Input::Line(line.to_owned()))
    }
}

fn about(clan: usize, key: String, input: Input) -> Request {
    let space = SpaceRef { key: space(clan), name: format!("Clan {clan}"), direct: false };
    Request { space: Some(space), ..Request::new(CLIENT, key, input) }
}

/// A database file with so many clans, none of which has challenged anybody.
pub fn make(path: &Path, clans: usize) -> Result<(), Failure> {
    let backend = open(path)?;
    for clan in 0..clans {
        let [leader, one, two] = people(clan);
        let seen = Fact::SpaceSeen { owner: Some(leader), members: vec![one, two] };
        backend.submit(about(clan, format!("seen-{clan}"), Input::Fact(seen)))?;
        let subscribed = backend.submit(said(clan, format!("hear-{clan}"), "gmbot subscribe 4"))?;
        if subscribed.as_ref().is_none_or(|reply| reply.code != Code::Subscribed) {
            return Err(format!("a clan could not be made: {subscribed:?}").into());
        }
    }
    Ok(())
}

/// The backend over such a file. Its clock stands still and its ids come from one seed, so that the
/// same requests write the same rows.
pub fn open(path: &Path) -> Result<Local, Failure> {
    let backend = Options::file(path).with_new_clock(Clock::Manual).open()?;
    backend.set_now(NOW)?;
    Ok(backend)
}

/// Has a challenge carried out.
pub fn submit(backend: &Local, request: Request) -> Result<(), Failure> {
    match backend.submit(request)? {
        Some(reply) if reply.code == Code::WarCreated => Ok(()),
        other => Err(format!("no war was created: {other:?}").into()),
    }
}
