//! A clan: its profile, its spaces, who leads it, and what it is subscribed to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{ClanId, GameId, PersonId, SpaceKey};
use super::sides::Side;
use super::time::AtMs;
use super::war::{Outcome, Settlement};
use crate::event::Event;

/// What a person is in a clan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Acts in a space of the clan.
    Member,
    /// May challenge, accept and concede.
    CoLeader,
    /// One a clan: may also promote, demote and set up.
    Leader,
}

impl Role {
    /// All roles, the lowest first.
    pub const ALL: [Self; 3] = [Self::Member, Self::CoLeader, Self::Leader];

    /// The role as people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::CoLeader => "co-leader",
            Self::Leader => "leader",
        }
    }
}

/// What a clan tells others of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// Where it plays; `International` until set.
    pub location: String,
    /// What it speaks; `English` until set.
    pub languages: Vec<String>,
    /// An IANA time zone; `UTC` until set.
    pub timezone: String,
    /// Where to reach it: an https link.
    pub contact: Option<String>,
    /// Whether listings show it.
    pub public: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            location: "International".to_owned(),
            languages: vec!["English".to_owned()],
            timezone: "UTC".to_owned(),
            contact: None,
            public: true,
        }
    }
}

/// A chat space that acts as the clan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Space {
    /// The platform's name for it.
    pub key: SpaceKey,
    /// Whether the bot is there.
    pub awake: bool,
    /// The war channel, by the platform's id; none: the platform's default.
    pub channel: Option<String>,
    /// A word that starts a line for the bot, besides `gmbot`.
    pub prefix: Option<String>,
    /// Who owns it, where its platform knows no owner: at a terminal, the first user.
    pub owner: Option<PersonId>,
}

/// How a clan's wars ended, as counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tally {
    /// Wars it won.
    pub won: u32,
    /// Wars it lost.
    pub lost: u32,
    /// Wars without a winner.
    pub drawn: u32,
    /// Wars called off or without any result.
    pub void: u32,
    /// Wars that were disputed, however they ended.
    pub disputed: u32,
}

/// A clan, with everything a rule may ask of it but its list of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Clan {
    /// Who it is, whatever its name.
    pub id: ClanId,
    /// Its name, as shown.
    pub name: String,
    /// Its name, folded for comparison (see [`super::names::key`]).
    pub name_key: String,
    /// What it tells of itself.
    pub profile: Profile,
    /// The spaces that act as it, the oldest first.
    pub spaces: Vec<Space>,
    /// Its leader; a clan that a client made without naming anyone has none.
    pub leader: Option<PersonId>,
    /// Its co-leaders.
    pub co_leaders: BTreeSet<PersonId>,
    /// The games whose challenges it hears of.
    pub subscriptions: BTreeSet<GameId>,
    /// The clans it wants nothing from.
    pub blocked: BTreeSet<ClanId>,
    /// Why the operator suspended it, while it is suspended.
    pub suspended: Option<String>,
    /// The sum of what its wars gave.
    pub glory: i64,
    /// How its wars ended.
    pub tally: Tally,
    /// When it was founded.
    pub founded_at: AtMs,
    /// When anything last happened to it; no later event is recorded before this.
    pub last_at: AtMs,
}

impl Clan {
    /// A clan that has just been founded.
    pub fn founded(id: ClanId, name: String, name_key: String, at: AtMs) -> Self {
        Self {
            id,
            name,
            name_key,
            profile: Profile::default(),
            spaces: Vec::new(),
            leader: None,
            co_leaders: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            blocked: BTreeSet::new(),
            suspended: None,
            glory: 0,
            tally: Tally::default(),
            founded_at: at,
            last_at: at,
        }
    }

    /// What a person is in it; `None` says no more than that they hold no office.
    pub fn office(&self, person: PersonId) -> Option<Role> {
        if self.leader == Some(person) {
            Some(Role::Leader)
        } else if self.co_leaders.contains(&person) {
            Some(Role::CoLeader)
        } else {
            None
        }
    }

    /// Whether the bot is in any of its spaces.
    pub fn awake(&self) -> bool {
        self.spaces.iter().any(|space| space.awake)
    }

    /// Where its notices go: the oldest space that is awake, or the oldest at all.
    pub fn home(&self) -> Option<&Space> {
        self.spaces.iter().find(|space| space.awake).or_else(|| self.spaces.first())
    }

    /// Changes the clan as an event says. Events of other clans and of persons change nothing.
    pub fn apply(&mut self, at: AtMs, event: &Event) {
        self.last_at = self.last_at.max(at);
        self.apply_life(event);
        self.apply_offices(event);
        self.apply_results(event);
    }

    fn apply_life(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a clan changes by these events alone")]
        match event {
            Event::SpaceJoined { space, .. } => self.spaces.push(Space {
                key: space.clone(),
                awake: true,
                channel: None,
                prefix: None,
                owner: None,
            }),
            Event::SpaceLinked { clan, space, .. } => {
                self.spaces.retain(|known| known.key != *space);
                if *clan == self.id {
                    self.spaces.push(Space {
                        key: space.clone(),
                        awake: true,
                        channel: None,
                        prefix: None,
                        owner: None,
                    });
                }
            }
            Event::SpaceMoved { space, to, .. } => {
                self.with_space(space, |known| known.key = to.clone());
            }
            Event::SpaceSlept { space, .. } => self.with_space(space, |known| known.awake = false),
            Event::SpaceWoke { space, .. } => self.with_space(space, |known| known.awake = true),
            Event::SpaceOwned { space, owner, .. } => {
                self.with_space(space, |known| known.owner = Some(*owner));
            }
            Event::SpaceSetUp { space, channel, prefix, .. } => self.with_space(space, |known| {
                known.channel.clone_from(channel);
                known.prefix.clone_from(prefix);
            }),
            Event::ClanRenamed { name, name_key, .. } => {
                self.name.clone_from(name);
                self.name_key.clone_from(name_key);
            }
            Event::ProfileChanged { profile, .. } => self.profile = profile.clone(),
            Event::Subscribed { games, .. } => self.subscriptions.extend(games),
            Event::Unsubscribed { games, .. } => {
                self.subscriptions.retain(|game| !games.contains(game));
            }
            Event::ClanBlocked { other, .. } => {
                self.blocked.insert(*other);
            }
            Event::ClanUnblocked { other, .. } => {
                self.blocked.remove(other);
            }
            Event::ClanSuspended { reason, .. } => self.suspended = Some(reason.clone()),
            Event::ClanRestored { .. } => self.suspended = None,
            _ => {}
        }
    }

    fn apply_offices(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "offices change by these events alone")]
        match event {
            Event::RoleChanged { person, role, .. } => {
                self.co_leaders.remove(person);
                if self.leader == Some(*person) {
                    self.leader = None;
                }
                match role {
                    Role::Leader => self.leader = Some(*person),
                    Role::CoLeader => {
                        self.co_leaders.insert(*person);
                    }
                    Role::Member => {}
                }
            }
            Event::MemberLeft { person, .. } => {
                self.co_leaders.remove(person);
                if self.leader == Some(*person) {
                    self.leader = None;
                }
            }
            Event::PersonsJoined { kept, merged, .. } => {
                for space in self.spaces.iter_mut().filter(|space| space.owner == Some(*merged)) {
                    space.owner = Some(*kept);
                }
                if self.co_leaders.remove(merged) && self.leader != Some(*kept) {
                    self.co_leaders.insert(*kept);
                }
                if self.leader == Some(*merged) {
                    self.leader = Some(*kept);
                    self.co_leaders.remove(kept);
                }
            }
            _ => {}
        }
    }

    /// Counts what wars gave and how they ended.
    fn apply_results(&mut self, event: &Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "glory changes by these events alone")]
        match event {
            Event::WarDisputed { .. } => self.tally.disputed += 1,
            Event::WarSettled { host, settlement, .. } => {
                self.count(self.side_in(*host), settlement, 1);
            }
            Event::WarOverturned { host, before, settlement, .. } => {
                self.count(self.side_in(*host), before, -1);
                self.count(self.side_in(*host), settlement, 1);
            }
            _ => {}
        }
    }

    fn side_in(&self, host: ClanId) -> Side {
        if self.id == host { Side::Host } else { Side::Guest }
    }

    /// Adds a settlement (`times` is 1) or takes it back (−1).
    fn count(&mut self, side: Side, settlement: &Settlement, times: i32) {
        self.glory += settlement.given.of(side) * i64::from(times);
        let counter = match settlement.outcome {
            Outcome::Won(winner) if winner == side => &mut self.tally.won,
            Outcome::Won(_) => &mut self.tally.lost,
            Outcome::Drawn => &mut self.tally.drawn,
            Outcome::Void => &mut self.tally.void,
        };
        *counter = counter.saturating_add_signed(times);
    }

    fn with_space(&mut self, key: &SpaceKey, change: impl FnOnce(&mut Space)) {
        if let Some(space) = self.spaces.iter_mut().find(|space| space.key == *key) {
            change(space);
        }
    }
}
