//! Databases with a long history: as many clans as wars, half of the wars among a hundredth of the
//! clans. So those regulars have fought a hundred wars each, whatever the size.
//!
//! They are made once for a schema, event by event through the store, and kept beside what cargo
//! builds.

use std::fs;
use std::path::PathBuf;

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{
    AccountKey, AtMs, Ballot, Cause, ClanId, DurationMs, Format, GameId, Outcome, PersonId,
    Platform, Role, Settlement, Side, Sides, SpaceKey, Stakes, WarId,
};
use gmbot_engine::request::{AccountRef, Input, Request, SpaceRef};
use gmbot_store::{Clock, Connection, SCHEMA};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

use gmbot_bench::data::folder;
use gmbot_bench::{Failure, progress};

/// Mini Militia.
const GAME: GameId = GameId(4);
/// When the first clan was founded, and how far apart wars are.
const START: i64 = 1_767_636_000_000;
const APART: i64 = 60_000;
/// How many wars are written in one transaction.
const PAGE: usize = 5_000;
/// How much longer than usual ids are, so that none is drawn twice.
const EXTRA: usize = 3;

/// A clan that fights often, by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Regular(usize);

/// A database with a history, and whom to ask about it.
#[derive(Debug)]
pub(crate) struct History {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// The clans that fight often.
    pub(crate) regulars: Vec<Regular>,
    /// A hundred clans from all over.
    pub(crate) clans: Vec<ClanId>,
    /// A thousand wars from all over, with both clans.
    pub(crate) wars: Vec<WarId>,
    /// When the last war was settled.
    pub(crate) end: AtMs,
}

impl Regular {
    /// What its leader says in its space.
    pub(crate) fn says(self, key: String, line: &str) -> Request {
        let (key_of_space, name) = (space_of(self.0), "Leader".to_owned());
        let id = leader_of(&key_of_space);
        let space = SpaceRef { name: self.space(), key: key_of_space, direct: false };
        Request {
            space: Some(space),
            actor: Some(AccountRef { platform: Platform::terminal(), id, name }),
            ..Request::new("bench", key, Input::Line(line.to_owned()))
        }
    }

    /// Its space's id at a terminal.
    pub(crate) fn space(self) -> String {
        space_of(self.0).id
    }
}

fn space_of(number: usize) -> SpaceKey {
    SpaceKey { platform: Platform::terminal(), id: format!("space-{number}") }
}

/// The account of whoever leads the clan of a space.
fn leader_of(space: &SpaceKey) -> String {
    format!("leader-of-{}", space.id)
}

/// The database with so many wars; made unless it is there.
pub(crate) fn of(wars: usize) -> Result<History, Failure> {
    let path = folder()?.join(format!("{wars}-wars-{SCHEMA}.db"));
    let plan = Plan::new(wars);
    if !path.exists() {
        progress(&format!("making {wars} wars, once"));
        let draft = path.with_extension("part");
        for name in ["part", "part-wal", "part-shm"] {
            fs::remove_file(path.with_extension(name)).ok();
        }
        plan.make(Connection::open(&draft, Clock::Manual)?)?;
        fs::rename(&draft, &path)?;
    }
    let some = |most: usize| (0..most).map(move |n| n * wars / most);
    Ok(History {
        path,
        regulars: (0..plan.regulars).map(Regular).collect(),
        clans: some(100).map(Plan::clan).collect(),
        wars: some(1_000.min(wars)).map(Plan::war).collect(),
        end: AtMs(START + (i64::try_from(wars)? + 1) * APART),
    })
}

/// What is in a database, drawn from the numbers of its clans and wars.
struct Plan {
    wars: usize,
    regulars: usize,
}

impl Plan {
    fn new(wars: usize) -> Self {
        Self { wars, regulars: (wars / 100).max(2) }
    }

    fn rng(kind: u8, number: usize) -> ChaCha8Rng {
        let mut seed = [kind; 32];
        for (place, byte) in seed.iter_mut().zip(number.to_le_bytes()) {
            *place = byte;
        }
        ChaCha8Rng::from_seed(seed)
    }

    fn clan(number: usize) -> ClanId {
        ClanId::draw(&mut Self::rng(1, number), EXTRA)
    }

    fn person(number: usize) -> PersonId {
        PersonId::draw(&mut Self::rng(2, number), EXTRA)
    }

    fn war(number: usize) -> WarId {
        WarId::draw(&mut Self::rng(3, number), EXTRA)
    }

    /// Writes all of it.
    fn make(&self, mut db: Connection) -> Result<(), Failure> {
        let note = |at: i64, events: Vec<Event>, db: &mut Connection| -> Result<(), Failure> {
            for event in events {
                let recorded = Recorded { at: AtMs(at), by: None, clan: None, event };
                db.as_store().apply(&recorded)?;
            }
            Ok(())
        };
        db.begin()?;
        for number in 0..self.wars {
            note(START, self.founded(number), &mut db)?;
        }
        db.commit()?;
        for number in 0..self.regulars {
            let platform = Platform::terminal();
            let id = leader_of(&space_of(number));
            let key = AccountKey::new(&platform, &id);
            db.as_store().keep_account(&key, &platform, &id, "Leader")?;
        }
        for page in (0..self.wars).collect::<Vec<_>>().chunks(PAGE) {
            db.begin()?;
            for number in page {
                let at = START + i64::try_from(*number)? * APART;
                note(at, self.fought(*number, AtMs(at)), &mut db)?;
            }
            db.commit()?;
        }
        Ok(())
    }

    /// A clan; regulars have a space and a leader besides.
    fn founded(&self, number: usize) -> Vec<Event> {
        let clan = Self::clan(number);
        let (name, name_key) = (format!("Clan {number}"), format!("clan {number}"));
        let mut events = vec![Event::ClanFounded { clan, name, name_key }];
        if number < self.regulars {
            let (person, space) = (Self::person(number), space_of(number));
            let account = AccountKey::new(&space.platform, &leader_of(&space));
            events.extend([
                Event::PersonSeen { person, account },
                Event::SpaceJoined { clan, space },
                Event::MemberJoined { clan, person },
                Event::RoleChanged { clan, person, role: Role::Leader },
                Event::Subscribed { clan, games: vec![GAME] },
            ]);
        }
        events
    }

    /// A war from the challenge to the glory.
    fn fought(&self, number: usize, at: AtMs) -> Vec<Event> {
        let mut rng = Self::rng(4, number);
        let among = if number.is_multiple_of(2) { self.regulars } else { self.wars };
        let mut draw = |below: usize| rng.next_u32() as usize % below;
        let one = draw(among);
        let other = (one + 1 + draw(among - 1)) % among;
        // Few win much and many a little, as it is.
        let won = i64::try_from(1 + draw(15) * draw(15) * draw(15)).unwrap_or(i64::MAX);
        let (war, host, guest) = (Self::war(number), Self::clan(one), Self::clan(other));
        let (begins_at, ends_at) = (at, at + DurationMs::hours(1));
        let ballot = Ballot { outcome: Outcome::Won(Side::Host), score: None };
        let vote = |side, by| Event::BallotCast { war, side, by, ballot, officer: false };
        let settlement = Settlement {
            outcome: ballot.outcome,
            score: None,
            cause: Cause::Verdicts,
            at,
            given: Sides { host: won, guest: 0 },
        };
        let stakes =
            Stakes { recent: 0, glory: Sides::default(), shared: false, capped: Sides::default() };
        vec![
            Event::WarCreated {
                war,
                host,
                named: None,
                private: false,
                game: GAME,
                format: Format::FirstTo(3),
                duration: DurationMs::hours(1),
                start_at: None,
                lapses_at: at + DurationMs::days(1),
                line_up: vec![Self::person(one)],
            },
            Event::WarAccepted {
                war,
                guest,
                line_up: vec![Self::person(other)],
                begins_at,
                ends_at,
            },
            vote(Side::Host, Self::person(one)),
            vote(Side::Guest, Self::person(other)),
            Event::WarSettled { war, host, guest, settlement, stakes },
        ]
    }
}
