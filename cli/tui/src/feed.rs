//! What happened, the newest first: told by the moments that wars carry, and by what is different
//! from one look to the next.

use std::collections::BTreeSet;

use gmbot_engine::model::{AtMs, Phase, WarId};
use gmbot_engine::render::Role;
use gmbot_engine::view::WarLine;

use crate::world::World;

/// How many entries are kept.
const MOST: usize = 200;

/// What happened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Feed {
    /// The entries, the newest first.
    pub(crate) entries: Vec<Entry>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When.
    pub(crate) at: AtMs,
    /// In which war, if in one.
    pub(crate) war: Option<WarId>,
    /// What, in pieces with what each is.
    pub(crate) what: Vec<(Role, String)>,
}

/// An entry being written.
struct Sentence(Vec<(Role, String)>);

impl Sentence {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn with(mut self, role: Role, text: impl Into<String>) -> Self {
        self.0.push((role, text.into()));
        self
    }

    fn words(self, text: &str) -> Self {
        self.with(Role::Plain, text)
    }

    fn war(self, war: &WarLine) -> Self {
        self.with(Role::War, war.id.to_string()).words(" ")
    }

    fn clan(self, name: &str) -> Self {
        self.with(Role::Clan, name)
    }
}

impl Feed {
    /// Notes what a new look shows; `before` is the one before it.
    pub(crate) fn note(&mut self, before: Option<&World>, world: &World, now: AtMs) {
        let mut news = match before {
            None => world.wars().into_values().flat_map(|war| past(war, now)).collect(),
            Some(before) => changes(before, world, now),
        };
        news.sort_by_key(|entry: &Entry| std::cmp::Reverse(entry.at));
        news.append(&mut self.entries);
        news.truncate(MOST);
        self.entries = news;
    }

    /// Notes something that is about no war.
    pub(crate) fn say(&mut self, at: AtMs, role: Role, what: &str) {
        let what = Sentence::new().with(role, what).0;
        self.entries.insert(0, Entry { at, war: None, what });
    }
}

/// What the moments of a war tell.
fn past(war: &WarLine, now: AtMs) -> Vec<Entry> {
    let mut all = vec![(Some(war.created_at), created(war))];
    if war.guest.is_some() {
        all.push((war.begins_at, began(war)));
        let unsettled = war.settlement.is_none();
        all.push((war.ends_at.filter(|_| unsettled), time_is_up(war)));
    }
    if let Some(settlement) = &war.settlement {
        all.push((Some(settlement.at), ended(war)));
    }
    if war.phase == Phase::Lapsed {
        all.push((Some(war.lapses_at), ended(war)));
    }
    let entry = |(at, what): (Option<AtMs>, Sentence)| {
        Some(Entry { at: at.filter(|at| *at <= now)?, war: Some(war.id), what: what.0 })
    };
    all.into_iter().filter_map(entry).collect()
}

/// What is different.
fn changes(before: &World, world: &World, now: AtMs) -> Vec<Entry> {
    let known = before.wars();
    let mut news = Vec::new();
    for (id, war) in world.wars() {
        let told = match known.get(&id) {
            None => {
                news.extend(past(war, now));
                Vec::new()
            }
            Some(then) => went_on(then, war),
        };
        let told = told.into_iter().chain(ballots(before, world, war));
        news.extend(told.map(|what| Entry { at: now, war: Some(id), what: what.0 }));
    }
    news.extend(people(before, world, now));
    news
}

/// What a war went through since it was seen last.
fn went_on(then: &WarLine, war: &WarLine) -> Vec<Sentence> {
    if then.phase == war.phase {
        let overturned = then.settlement != war.settlement;
        let told = || Sentence::new().war(war).words("is overturned: ").words(&outcome(war));
        return overturned.then(told).into_iter().collect();
    }
    let accepted = (then.guest.is_none() && war.guest.is_some()).then(|| accepted(war));
    let now = match war.phase {
        Phase::Open | Phase::Scheduled => None,
        Phase::Ongoing => Some(began(war)),
        Phase::Voting => Some(time_is_up(war)),
        Phase::Disputed => Some(Sentence::new().war(war).words("is disputed")),
        Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Some(ended(war)),
    };
    accepted.into_iter().chain(now).collect()
}

fn created(war: &WarLine) -> Sentence {
    let sentence = Sentence::new().war(war).clan(&war.host.name).words(" challenges ");
    let sentence = match &war.named {
        Some(named) => sentence.clan(&named.name),
        None => sentence.words("all"),
    };
    sentence.words(" at ").words(&war.game.name)
}

fn accepted(war: &WarLine) -> Sentence {
    let guest = war.guest.as_ref().map_or("", |guest| guest.name.as_str());
    Sentence::new().war(war).clan(guest).words(" accepts")
}

fn began(war: &WarLine) -> Sentence {
    let guest = war.guest.as_ref().map_or("", |guest| guest.name.as_str());
    Sentence::new().war(war).words("begins: ").clan(&war.host.name).words(" – ").clan(guest)
}

fn time_is_up(war: &WarLine) -> Sentence {
    Sentence::new().war(war).words("time is up: who won?")
}

fn ended(war: &WarLine) -> Sentence {
    Sentence::new().war(war).words(&outcome(war))
}

fn outcome(war: &WarLine) -> String {
    let text = war.state();
    let plain = gmbot_engine::Reply::new(gmbot_engine::reply::Code::WarShown).say(text);
    gmbot_engine::render::plain(&plain, usize::MAX)
}

/// That ballots came in, as far as one may see them.
fn ballots(before: &World, world: &World, war: &WarLine) -> Option<Sentence> {
    let side = world.side(war)?;
    let cast = |world: &World| {
        let seen = world.in_full.get(&war.id)?;
        Some((seen.ballots.of(side).as_ref()?.players.len(), seen.line_ups.of(side).len()))
    };
    let (now, of) = cast(world)?;
    let (then, _) = cast(before)?;
    (now > then)
        .then(|| Sentence::new().war(war).words(&format!("{now} of our {of} ballots are in")))
}

/// What is different among the clan's members.
fn people(before: &World, world: &World, now: AtMs) -> Vec<Entry> {
    let (Some(then), Some(roster)) = (&before.roster, &world.roster) else { return Vec::new() };
    let known: BTreeSet<_> = then.members.iter().map(|member| member.person).collect();
    let mut news = Vec::new();
    for member in &roster.members {
        let Some(name) = world.name(member.person) else { continue };
        let who = || Sentence::new().with(Role::Person, format!("@{name}"));
        let mut add = |what: Sentence| news.push(Entry { at: now, war: None, what: what.0 });
        if !known.contains(&member.person) {
            add(who().words(" joined the clan"));
            continue;
        }
        let Some(past) = then.members.iter().find(|past| past.person == member.person) else {
            continue;
        };
        if past.role != member.role {
            add(who().words(" is now ").words(member.role.word()));
        }
        if past.available != member.available {
            let word = if member.available { " is available" } else { " is not available" };
            add(who().words(word));
        }
    }
    news
}
