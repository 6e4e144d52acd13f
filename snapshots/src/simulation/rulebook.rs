//! A second, small reading of the rules: it hears every event of the log, and says where one breaks
//! a rule or comes to another result.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{
    AccountKey, AtMs, ClanId, GameId, PersonId, Role, SpaceKey, Stakes, WarId,
};
use gmbot_engine::request::AccountRef;

use super::Rules;

mod bout;
mod endings;
mod glory;
mod links;
mod people;
mod wars;

pub(super) use bout::{Bout, Stage};

/// What a rule says that an event breaks, in a sentence.
pub(super) type Checked = Result<(), String>;

/// Everything the rules need to know, as the log told it.
#[derive(Default)]
pub(super) struct Rulebook {
    rules: Rules,
    pub(super) persons: BTreeMap<AccountKey, PersonId>,
    pub(super) accounts: BTreeMap<PersonId, Vec<AccountKey>>,
    pub(super) spaces: BTreeMap<SpaceKey, ClanId>,
    pub(super) clans: BTreeMap<ClanId, Club>,
    pub(super) wars: BTreeMap<WarId, Bout>,
    /// Wars that are not over, in order of id.
    pub(super) live: BTreeSet<WarId>,
    /// Wars that ended, the oldest first.
    pub(super) over: Vec<WarId>,
    pub(super) unavailable: BTreeSet<PersonId>,
    /// Persons that turned out to be another, and who they are.
    joined: BTreeMap<PersonId, PersonId>,
    /// How many spaces became another clan's.
    pub(super) spaces_linked: usize,
    /// What each war was valued with when it was first settled.
    stakes: BTreeMap<WarId, Stakes>,
}

/// A clan, as far as rules about wars ask for it.
#[derive(Debug, Default)]
pub(super) struct Club {
    /// Its spaces, the oldest first, and whether the bot is in them.
    spaces: Vec<(SpaceKey, bool)>,
    pub(super) members: BTreeSet<PersonId>,
    pub(super) offices: BTreeMap<PersonId, Role>,
    pub(super) glory: i64,
    pub(super) won: i64,
    pub(super) subscriptions: BTreeSet<GameId>,
    pub(super) blocked: BTreeSet<ClanId>,
    pub(super) suspended: bool,
    /// When it made its challenges.
    challenged_at: Vec<AtMs>,
    /// Until when each person held an office, or played.
    served: BTreeMap<PersonId, Served>,
    /// Its wars that have an outcome.
    fought: Vec<(AtMs, WarId)>,
    last_at: Option<AtMs>,
}

/// How long somebody stood for a clan.
#[derive(Debug, Default)]
struct Served {
    office: Option<AtMs>,
    play: Option<AtMs>,
}

/// Fails with a sentence unless something holds.
fn ought(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Club {
    /// Whether somebody leads or co-leads it.
    pub(super) fn officer(&self, person: PersonId) -> bool {
        self.offices.contains_key(&person)
    }

    /// Where it is told something: its oldest space that is awake, or its oldest at all.
    pub(super) fn home(&self) -> Option<&SpaceKey> {
        let awake = self.spaces.iter().find(|(_, awake)| *awake);
        awake.or(self.spaces.first()).map(|(space, _)| space)
    }

    fn wake(&mut self, space: &SpaceKey, awake: bool) {
        for known in self.spaces.iter_mut().filter(|(known, _)| known == space) {
            known.1 = awake;
        }
    }
}

impl Rulebook {
    /// A rulebook that has heard of nothing yet.
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// The person behind an account.
    pub(super) fn person(&self, account: &AccountRef) -> Option<PersonId> {
        self.persons.get(&AccountKey::new(&account.platform, &account.id)).copied()
    }

    /// Hears what happened.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(super) fn hear(&mut self, recorded: &Recorded) -> Checked {
        let Recorded { at, event, .. } = recorded;
        for clan in event.clans() {
            let last = self.clans.entry(clan).or_default().last_at.replace(*at);
            let in_order = last.is_none_or(|last| *at >= last);
            ought(in_order, || format!("{event:?} at {} is before the clan's last", at.0))?;
        }
        match event.war() {
            Some(war) => self.hear_of_war(war, recorded),
            None => self.hear_of_people(*at, recorded.by, event),
        }
    }

    fn hear_of_people(&mut self, at: AtMs, by: Option<PersonId>, event: &Event) -> Checked {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others change no rule of a war")]
        match event {
            Event::PersonSeen { person, account } => {
                self.persons.insert(account.clone(), *person);
                self.accounts.insert(*person, vec![account.clone()]);
            }
            Event::PersonsJoined { kept, merged, clans } => {
                return self.join_persons(*kept, *merged, clans);
            }
            Event::PersonForgotten { person } => {
                return self.plays_nowhere(*person, "was forgotten");
            }
            Event::AvailabilityChanged { person, available } => {
                if *available {
                    self.unavailable.remove(person);
                } else {
                    self.unavailable.insert(*person);
                }
            }
            Event::SpaceJoined { clan, space } => {
                let before = self.spaces.insert(space.clone(), *clan);
                ought(before.is_none(), || format!("the space {space:?} acts as two clans"))?;
                self.club(*clan).spaces.push((space.clone(), true));
            }
            Event::SpaceLinked { clan, space, from } => {
                return self.link_space(*clan, space, *from, by);
            }
            Event::SpaceSlept { clan, space } => {
                self.club(*clan).wake(space, false);
            }
            Event::SpaceWoke { clan, space } => {
                self.club(*clan).wake(space, true);
            }
            Event::MemberJoined { clan, person } => {
                self.club(*clan).members.insert(*person);
            }
            Event::MemberLeft { clan, person } => {
                self.club(*clan).members.remove(person);
                self.leave_office(at, *clan, *person);
            }
            Event::RoleChanged { clan, person, role } => {
                return self.office(at, *clan, *person, *role);
            }
            Event::Subscribed { clan, games } => self.club(*clan).subscriptions.extend(games),
            Event::Unsubscribed { clan, games } => {
                self.club(*clan).subscriptions.retain(|game| !games.contains(game));
            }
            Event::ClanSuspended { clan, .. } => self.club(*clan).suspended = true,
            Event::ClanRestored { clan } => self.club(*clan).suspended = false,
            Event::ClanBlocked { clan, other } => {
                self.club(*clan).blocked.insert(*other);
            }
            Event::ClanUnblocked { clan, other } => {
                self.club(*clan).blocked.remove(other);
            }
            _ => {}
        }
        Ok(())
    }

    fn office(&mut self, at: AtMs, clan: ClanId, person: PersonId, role: Role) -> Checked {
        if role == Role::Member {
            self.leave_office(at, clan, person);
            return Ok(());
        }
        let club = self.club(clan);
        let led = club.offices.iter().find(|(_, held)| **held == Role::Leader);
        let second = role == Role::Leader && led.is_some_and(|(leader, _)| *leader != person);
        ought(!second, || format!("the clan {clan} has two leaders"))?;
        club.offices.insert(person, role);
        club.served.entry(person).or_default().office = Some(AtMs(i64::MAX));
        Ok(())
    }

    fn leave_office(&mut self, at: AtMs, clan: ClanId, person: PersonId) {
        let club = self.club(clan);
        if club.offices.remove(&person).is_some() {
            club.served.entry(person).or_default().office = Some(at);
        }
    }

    /// Whether a clan hears of another's challenges to everybody at a game.
    pub(super) fn hears_of(&self, clan: ClanId, host: ClanId, game: GameId) -> bool {
        let (Some(club), Some(other)) = (self.clans.get(&clan), self.clans.get(&host)) else {
            return false;
        };
        let awake = club.spaces.iter().any(|(_, awake)| *awake);
        let blocked = club.blocked.contains(&host) || other.blocked.contains(&clan);
        clan != host && awake && !club.suspended && !blocked && club.subscriptions.contains(&game)
    }

    fn club(&mut self, clan: ClanId) -> &mut Club {
        self.clans.entry(clan).or_default()
    }

    /// Nothing that had to happen by now was left undone, of these wars.
    ///
    /// # Errors
    /// The first war of which something was.
    pub(super) fn nothing_is_overdue<'a>(
        &self,
        wars: impl IntoIterator<Item = &'a WarId>,
        now: AtMs,
    ) -> Checked {
        for bout in wars.into_iter().filter_map(|war| self.wars.get(war)) {
            let due = bout.due(now);
            ought(due.is_none(), || format!("war {}: {due:?} is due and was not done", bout.id))?;
        }
        Ok(())
    }

    /// Whether what people said so far decides a war at once.
    pub(super) fn is_decided(&self, war: WarId, at: AtMs) -> bool {
        let due = self.wars.get(&war).and_then(|bout| bout.due(at));
        matches!(due, Some(bout::Due::Dispute | bout::Due::End(..)))
    }
}
