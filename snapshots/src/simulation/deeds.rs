//! What people say: first what the rules allow, then half of it twisted into something wrong.

use std::collections::VecDeque;

use gmbot_engine::grammar::command::CreateWar;
use gmbot_engine::grammar::{ClanRef, Command, PlayerRef, TimeSpec, WarRef, Winner};
use gmbot_engine::model::{ClanId, DurationMs, Format, GameId, PersonId, Role, Score, Side, WarId};
use gmbot_engine::request::Request;

use super::cast::{BOT, Cast};
use super::dice::Dice;
use super::rulebook::{Bout, Rulebook, Stage};

/// How many spaces become another clan's in a simulation: enough clans have to be left to fight.
const MOST_LINKED: usize = 3;
/// How many persons turn out to be another.
const MOST_JOINED: usize = 12;

/// How one thing about a deed is made wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twist {
    /// Somebody else of the space says it.
    Actor,
    /// It is said in another space.
    House,
    /// It names another war.
    War,
    /// Its line-up holds somebody who can't be in one.
    Players,
    /// It comes too late.
    Late,
    /// Nobody in particular says it.
    Nobody,
}

const TWISTS: [Twist; 8] = [
    Twist::Actor,
    Twist::Actor,
    Twist::House,
    Twist::War,
    Twist::War,
    Twist::Players,
    Twist::Late,
    Twist::Nobody,
];

/// What somebody is about to say.
struct Deed {
    house: usize,
    actor: Option<String>,
    command: Command,
    operator: bool,
}

/// Chooses what is said next.
pub(super) struct Chooser<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) cast: &'a mut Cast,
    pub(super) book: &'a Rulebook,
    /// The codes for `link` that people were told, the newest last.
    pub(super) codes: &'a VecDeque<String>,
}

impl Chooser<'_> {
    /// The next thing that somebody says; none if there is nothing to say it about.
    pub(super) fn next(&mut self) -> Option<Request> {
        let twist = if self.dice.chance(50) { self.dice.pick(&TWISTS).copied() } else { None };
        let mut deed = self.deed(twist)?;
        match twist {
            Some(Twist::Actor) => deed.actor = self.anybody(deed.house),
            Some(Twist::House) => {
                deed.house = self.dice.below(self.cast.houses.len());
                deed.actor = self.anybody(deed.house);
            }
            Some(Twist::Nobody) => deed.actor = None,
            Some(Twist::War | Twist::Players | Twist::Late) | None => {}
        }
        let typed = self.dice.chance(30);
        let actor = deed.actor.as_deref();
        let mut request = self.cast.saying(deed.house, actor, deed.command, typed);
        request.authority.operator = deed.operator;
        if self.dice.chance(20) {
            // As a chat has it whose answers must outlive a crash.
            request.answer_to = request.space.as_ref().map(|space| space.key.clone());
        }
        if twist == Some(Twist::Late) {
            request.age_ms = self.dice.between(1, 20) * 60_000;
        }
        Some(request)
    }

    fn deed(&mut self, twist: Option<Twist>) -> Option<Deed> {
        match self.dice.below(100) {
            0..14 => self.create(twist),
            14..29 => self.accept(twist),
            29 => self.identity(),
            30..33 => self.about_open(twist),
            33..36 => self.substitute(twist),
            36..42 => self.say(twist),
            42..77 => self.vote(twist),
            77..82 => self.proof(twist),
            82 => self.concede(twist),
            83..85 => self.resolve(twist),
            85..93 => self.office(),
            _ => self.own_affairs(),
        }
    }

    // Who and where.

    fn clan(&self, house: usize) -> Option<ClanId> {
        self.book.spaces.get(&self.cast.houses.get(house)?.key()).copied()
    }

    /// One of the spaces of a clan.
    fn house(&mut self, clan: ClanId) -> Option<usize> {
        let houses: Vec<usize> =
            (0..self.cast.houses.len()).filter(|house| self.clan(*house) == Some(clan)).collect();
        self.dice.pick(&houses).copied()
    }

    /// What a person is called in a house.
    fn name(&self, person: PersonId, house: usize) -> Option<String> {
        self.cast.name(self.book.accounts.get(&person)?, house).cloned()
    }

    fn anybody(&mut self, house: usize) -> Option<String> {
        self.dice.pick(&self.cast.houses.get(house)?.people).cloned()
    }

    fn officer(&mut self, house: usize) -> Option<String> {
        let club = self.book.clans.get(&self.clan(house)?)?;
        let officers: Vec<PersonId> = club.offices.keys().copied().collect();
        let person = *self.dice.pick(&officers)?;
        self.name(person, house)
    }

    fn players(
        &mut self,
        house: usize,
        size: usize,
        not: &[PersonId],
        twist: Option<Twist>,
    ) -> Option<Vec<PlayerRef>> {
        let club = self.book.clans.get(&self.clan(house)?)?;
        let odd = twist == Some(Twist::Players);
        let able = club.members.iter().copied().filter(|person| {
            !self.book.unavailable.contains(person)
                && (odd || !not.contains(person))
                && self.name(*person, house).is_some()
        });
        let able: Vec<PersonId> = able.collect();
        let chosen = self.dice.some(&able, size);
        let mut names: Vec<String> =
            chosen.into_iter().filter_map(|person| self.name(person, house)).collect();
        if twist == Some(Twist::Players) {
            let elsewhere = self.dice.below(self.cast.houses.len());
            let odd = match self.dice.below(5) {
                0 => BOT.to_owned(),
                1 => "everyone".to_owned(),
                2 => "nobody".to_owned(),
                3 => names.first().cloned().unwrap_or_default(),
                _ => self.anybody(elsewhere)?,
            };
            if self.dice.chance(50) {
                names.pop();
            }
            names.push(odd);
        }
        Some(names.into_iter().map(|name| PlayerRef::Mention(format!("@{name}"))).collect())
    }

    // Which war.

    fn war(&mut self, fits: impl Fn(&Bout) -> bool, twist: Option<Twist>) -> Option<Bout> {
        let live = self.book.live.iter().copied();
        let recent = self.book.over.iter().rev().take(12).copied();
        let anything = twist == Some(Twist::War);
        let wars: Vec<WarId> = live
            .chain(recent)
            .filter(|war| anything || self.book.wars.get(war).is_some_and(&fits))
            .collect();
        self.book.wars.get(self.dice.pick(&wars)?).cloned()
    }

    fn side(&mut self) -> Side {
        if self.dice.chance(50) { Side::Host } else { Side::Guest }
    }

    fn side_house(&mut self, bout: &Bout) -> Option<(Side, usize)> {
        let side = self.side();
        let clan = if side == Side::Host { Some(bout.host) } else { bout.guest };
        let house = match clan {
            Some(clan) => self.house(clan)?,
            None => self.dice.below(self.cast.houses.len()),
        };
        Some((side, house))
    }

    // What is said.

    fn create(&mut self, twist: Option<Twist>) -> Option<Deed> {
        // Some clans ask more often than they may.
        let eager = 1 + self.dice.below(self.cast.houses.len());
        let house = self.dice.below(eager);
        let actor = self.officer(house);
        let size = 1 + self.dice.below(3);
        let players = self.players(house, size, &[], twist)?;
        let other = self.dice.below(self.cast.houses.len());
        let named = self.dice.chance(30).then(|| self.clan(other)).flatten();
        let formats = [Format::FirstTo(3), Format::Single, Format::BestOf(3), Format::BestOf(5)];
        let hours = self.dice.between(1, 72);
        let start = self.dice.between(1, 30);
        let command = Command::CreateWar(CreateWar {
            private: self.dice.chance(20),
            players,
            game: if self.dice.chance(70) { GameId(4) } else { GameId(7) },
            duration: DurationMs::hours(hours),
            format: *self.dice.pick(&formats)?,
            start: self.dice.chance(30).then_some(TimeSpec::After(DurationMs::hours(start))),
            clan: named.map(|clan| ClanRef(clan.to_string())),
        });
        Some(Deed { house, actor, command, operator: false })
    }

    fn accept(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.stage == Stage::Open, twist)?;
        let house = match bout.named {
            Some(named) => self.house(named)?,
            None => self.dice.below(self.cast.houses.len()),
        };
        let host = &bout.line_ups.host;
        let players = self.players(house, host.len(), host, twist)?;
        let actor = self.officer(house);
        let command = Command::Accept { war: named(&bout), players };
        Some(Deed { house, actor, command, operator: false })
    }

    /// Taking a challenge back, or declining it.
    fn about_open(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.stage == Stage::Open, twist)?;
        let (clan, command) = match bout.named {
            Some(clan) if self.dice.chance(60) => (clan, Command::Decline { war: named(&bout) }),
            _ => (bout.host, Command::RemoveWar { war: named(&bout) }),
        };
        let house = self.house(clan)?;
        Some(Deed { house, actor: self.officer(house), command, operator: false })
    }

    fn substitute(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.is_live() && bout.guest.is_some(), twist)?;
        let (side, house) = self.side_house(&bout)?;
        let out = *self.dice.pick(bout.line_ups.of(side))?;
        let out = self.name(out, house)?;
        let playing = [bout.line_ups.host.as_slice(), &bout.line_ups.guest].concat();
        let joining = self.players(house, 1, &playing, twist)?.pop()?;
        let out = PlayerRef::Mention(format!("@{out}"));
        let command = Command::Substitute { war: named(&bout), out, r#in: joining };
        Some(Deed { house, actor: self.officer(house), command, operator: false })
    }

    fn say(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.is_live() && bout.guest.is_some(), twist)?;
        let (house, actor) = self.player(&bout)?;
        let text = format!("see you there, {}", self.dice.below(100));
        let command = Command::Say { war: Some(named(&bout)), text };
        Some(Deed { house, actor, command, operator: false })
    }

    /// A player of a war, in their clan's space; or now and then an officer of theirs.
    fn player(&mut self, bout: &Bout) -> Option<(usize, Option<String>)> {
        let (side, house) = self.side_house(bout)?;
        if self.dice.chance(12) {
            return Some((house, self.officer(house)));
        }
        let person = *self.dice.pick(bout.line_ups.of(side))?;
        Some((house, self.name(person, house)))
    }

    fn vote(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let settled = self.dice.chance(15);
        let voting = |bout: &Bout| match bout.stage {
            Stage::Ongoing | Stage::Voting | Stage::Disputed => !settled,
            Stage::Settled => settled,
            Stage::Open | Stage::Scheduled | Stage::Closed => false,
        };
        let bout = self.war(voting, twist)?;
        let (house, actor) = self.player(&bout)?;
        let (winner, score) = self.ballot(&bout);
        let command = Command::Vote { war: Some(named(&bout)), winner, score };
        Some(Deed { house, actor, command, operator: false })
    }

    /// Mostly what happened, which each war's id tells; else anything.
    fn ballot(&mut self, bout: &Bout) -> (Winner, Option<Score>) {
        let truth = bout.id.as_str().bytes().map(usize::from).sum::<usize>() % 7;
        let honest = bout.stage != Stage::Settled && self.dice.chance(75);
        let word = if honest { truth } else { self.dice.below(11) };
        let winner = match word {
            0..3 => Winner::Host,
            3..5 => Winner::Guest,
            5 => Winner::Draw,
            6 => Winner::Void,
            7 => Winner::None,
            8 => Winner::Us,
            _ => Winner::Them,
        };
        let needed = bout.format.wins_needed();
        let fewer = u8::try_from(self.dice.below(usize::from(needed))).unwrap_or(0);
        let score = match &winner {
            _ if self.dice.chance(5) => Some(Score { host: 7, guest: fewer }),
            Winner::Host => Some(Score { host: needed, guest: fewer }),
            Winner::Guest => Some(Score { host: fewer, guest: needed }),
            Winner::Draw => Some(Score { host: fewer, guest: fewer }),
            Winner::Void | Winner::None | Winner::Us | Winner::Them | Winner::Clan(_) => None,
        };
        (winner, score.filter(|_| self.dice.chance(40)))
    }

    fn proof(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let stage = if self.dice.chance(70) { Stage::Disputed } else { Stage::Voting };
        let bout = self.war(|bout| bout.stage == stage, twist)?;
        let (house, actor) = self.player(&bout)?;
        let url = Some(format!("https://example.org/{}.png", self.dice.below(1000)));
        let command = Command::Proof { war: Some(named(&bout)), url, note: None };
        Some(Deed { house, actor, command, operator: false })
    }

    fn concede(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.is_live() && bout.guest.is_some(), twist)?;
        let (_, house) = self.side_house(&bout)?;
        let command = Command::Concede { war: named(&bout), yes: self.dice.chance(80) };
        Some(Deed { house, actor: self.officer(house), command, operator: false })
    }

    fn resolve(&mut self, twist: Option<Twist>) -> Option<Deed> {
        let bout = self.war(|bout| bout.guest.is_some(), twist)?;
        let house = self.dice.below(self.cast.houses.len());
        let (winner, _) = self.ballot(&bout);
        let (yes, reason) = (self.dice.chance(80), "a referee saw it".to_owned());
        let command = Command::Resolve { war: named(&bout), winner, reason, yes };
        let operator = self.dice.chance(60);
        Some(Deed { house, actor: self.anybody(house), command, operator })
    }

    fn office(&mut self) -> Option<Deed> {
        let house = self.dice.below(self.cast.houses.len());
        let whom = PlayerRef::Mention(format!("@{}", self.anybody(house)?));
        let command = match self.dice.below(8) {
            0..4 => Command::Promote { players: vec![whom] },
            4..6 => Command::Demote { players: vec![whom] },
            6 => Command::Relinquish { player: Some(whom), yes: self.dice.chance(70) },
            _ => Command::Reclaim,
        };
        let actor = if command == Command::Reclaim {
            self.cast.houses.get(house)?.people.first().cloned()
        } else {
            self.officer(house)
        };
        Some(Deed { house, actor, command, operator: false })
    }

    /// Two accounts, or two spaces, become one; or somebody wants to be forgotten.
    fn identity(&mut self) -> Option<Deed> {
        let house = self.dice.below(self.cast.houses.len());
        let leads = self.dice.chance(60);
        let somebody = self.anybody(house);
        let leader = self.leader(house).filter(|_| leads);
        let actor = leader.or(somebody);
        let command = match self.dice.below(10) {
            0..4 => Command::Link { code: None },
            4..8 => Command::Link { code: self.code() },
            _ => Command::Forget { yes: self.dice.chance(80) },
        };
        Some(Deed { house, actor, command, operator: false })
    }

    /// A code that somebody was told, for as long as there are enough clans and people; or none
    /// that anybody was told.
    fn code(&mut self) -> Option<String> {
        let known = self.codes.back().filter(|_| {
            self.book.spaces_linked < MOST_LINKED && self.book.persons_joined() < MOST_JOINED
        });
        Some(known.cloned().unwrap_or_else(|| "2222222222".to_owned()))
    }

    fn leader(&self, house: usize) -> Option<String> {
        let club = self.book.clans.get(&self.clan(house)?)?;
        let (leader, _) = club.offices.iter().find(|(_, role)| **role == Role::Leader)?;
        self.name(*leader, house)
    }

    fn own_affairs(&mut self) -> Option<Deed> {
        let house = self.dice.below(self.cast.houses.len());
        let other = self.dice.below(self.cast.houses.len());
        let other = ClanRef(self.clan(other)?.to_string());
        let games = vec![if self.dice.chance(50) { GameId(4) } else { GameId(7) }];
        let (command, actor) = match self.dice.below(20) {
            0..5 => (Command::Subscribe { games }, self.officer(house)),
            5..7 => (Command::Unsubscribe { games }, self.officer(house)),
            7 => (Command::Block { clan: other }, self.officer(house)),
            // By the operator, or by somebody who would like to be.
            12 => {
                let command = self.suspension(other);
                let operator = self.dice.chance(70);
                return Some(Deed { house, actor: self.anybody(house), command, operator });
            }
            8..12 => (Command::Unblock { clan: other }, self.officer(house)),
            13..15 => (Command::Unavailable, self.anybody(house)),
            _ => (Command::Available, self.anybody(house)),
        };
        Some(Deed { house, actor, command, operator: false })
    }
}

impl Chooser<'_> {
    /// A clan is suspended, or one that was for long enough is not any more.
    fn suspension(&mut self, clan: ClanRef) -> Command {
        let suspended = self.book.clans.iter().filter(|(_, club)| club.suspended);
        let suspended: Vec<ClanRef> = suspended.map(|(id, _)| ClanRef(id.to_string())).collect();
        let clan = match self.dice.pick(&suspended) {
            Some(long_enough) if self.dice.chance(70) => long_enough.clone(),
            _ => clan,
        };
        if self.dice.chance(70) {
            Command::Restore { clan, reason: "long enough".to_owned() }
        } else {
            Command::Suspend { clan, reason: "they asked for it".to_owned() }
        }
    }
}

fn named(bout: &Bout) -> WarRef {
    WarRef(bout.id.to_string())
}
