//! Delivers notices as connectors do, with all that goes wrong, and checks that each arrives once
//! and in order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gmbot_backend::{Backend as _, BackendError, Delivery, Fate, Local};
use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{AtMs, ClanId, DurationMs, Platform, Reminder, Side, SpaceKey, WarId};
use gmbot_engine::reply::{Address, Code, Post};

use super::Trouble;
use super::backends::{Backends, Tried};
use super::broadcasts::Broadcasts;
use super::cast::PLATFORMS;
use super::dice::Dice;
use super::rulebook::{Club, Rulebook};

/// How many notices are taken at a time.
const PAGE: usize = 20;
/// After how many failures a notice is parked.
const MAX_TRIES: u32 = 6;
/// For how long a channel is broken at most.
const LONGEST_BREAK: DurationMs = DurationMs::minutes(10);

/// Everything that is on its way.
#[derive(Default)]
pub(super) struct Courier {
    /// What each clan has still to hear, the oldest first.
    owed: BTreeMap<ClanId, VecDeque<(WarId, Code)>>,
    /// The answers that each space is still to get, the oldest first.
    answers: BTreeMap<SpaceKey, VecDeque<(String, Code)>>,
    /// Who has to hear of which challenge.
    challenges: Broadcasts,
    /// What arrived though nobody acknowledged it; it has to come again, before anything else.
    unacknowledged: BTreeMap<Queue, Post>,
    failures: BTreeMap<Queue, u32>,
    /// Where each clan is told things.
    homes: BTreeMap<ClanId, SpaceKey>,
    /// Platforms that are down, and until when.
    outages: BTreeMap<String, AtMs>,
    /// Whose channel takes nothing, and until when.
    broken: BTreeMap<Queue, AtMs>,
    pub(super) delivered: u64,
    pub(super) repeated: u64,
    pub(super) parked: u64,
}

/// Whose notices come in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Queue {
    Clan(ClanId),
    Answers(SpaceKey),
}

impl Queue {
    fn of(post: &Post) -> Self {
        match &post.to {
            Address::Clan { clan, .. } => Self::Clan(*clan),
            Address::Answer { space, .. } => Self::Answers(space.clone()),
        }
    }
}

/// What goes wrong with a delivery.
enum Luck {
    Arrives,
    /// It arrives, and the connector dies before it can say so.
    Lost,
    Fails,
    Refused,
}

impl Courier {
    /// Notes who has to hear of an event. The rulebook has heard it already.
    pub(super) fn expect(&mut self, recorded: &Recorded, book: &Rulebook) {
        let event = &recorded.event;
        self.challenges.hear(event, book);
        self.follow(event, book);
        let Some(bout) = event.war().and_then(|war| book.wars.get(&war)) else { return };
        let (host, guest) = (Some(bout.host), bout.guest);
        let side = |side: Side| if side == Side::Host { host } else { guest };
        #[expect(clippy::wildcard_enum_match_arm, reason = "nobody is told of the others")]
        let (code, clans) = match event {
            Event::WarWithdrawn { .. } => (Code::ChallengeWithdrawn, [bout.named, None]),
            Event::WarLapsed { .. } => (Code::ChallengeLapsed, [host, None]),
            Event::WarDeclined { .. } => (Code::ChallengeDeclined, [host, None]),
            Event::WarAccepted { .. } => (Code::ChallengeAccepted, [host, None]),
            Event::WarStarted { .. } => (Code::WarStarted, [host, guest]),
            Event::PlayerSubstituted { side: of, .. } => {
                (Code::LineUpChanged, [side(of.other()), None])
            }
            Event::MessageSent { side: of, .. } => (Code::Message, [side(of.other()), None]),
            Event::ProofFiled { side: of, .. } => (Code::ProofSeen, [side(of.other()), None]),
            Event::TimeRanOut { .. } if book.is_decided(bout.id, recorded.at) => return,
            Event::TimeRanOut { .. } => (Code::WhoWon, [host, guest]),
            Event::WarDisputed { .. } => (Code::WarDisputed, [host, guest]),
            Event::WarSettled { .. } => (Code::WarSettled, [host, guest]),
            Event::WarOverturned { .. } => (Code::WarOverturned, [host, guest]),
            Event::ReminderSent { reminder, .. } => match reminder {
                Reminder::Start => (Code::ReminderStart, [host, guest]),
                Reminder::End => (Code::ReminderEnd, [host, guest]),
                Reminder::Dispute => (Code::ReminderDispute, [host, guest]),
                Reminder::VoteSoon(of) | Reminder::VoteLast(of) => {
                    (Code::ReminderVote, [side(*of), None])
                }
            },
            _ => return,
        };
        // A clan that gave away its last space is told nothing any more.
        let told = |clan: &ClanId| book.clans.get(clan).is_some_and(|club| club.home().is_some());
        for clan in clans.into_iter().flatten().filter(told) {
            self.owed.entry(clan).or_default().push_back((bout.id, code));
        }
    }

    /// What waits for a clan is new where the clan is told things from now on.
    fn follow(&mut self, event: &Event, book: &Rulebook) {
        for clan in event.clans() {
            let Some(home) = book.clans.get(&clan).and_then(Club::home) else { continue };
            if self.homes.get(&clan) != Some(home) {
                self.homes.insert(clan, home.clone());
                self.failures.remove(&Queue::Clan(clan));
            }
        }
    }

    /// Notes that a request is answered by way of the outbox.
    pub(super) fn expect_answer(&mut self, space: &SpaceKey, key: &str, code: Code) {
        self.answers.entry(space.clone()).or_default().push_back((key.to_owned(), code));
    }

    /// Notes that all that was due was run: challenges to everybody have gone out.
    pub(super) fn all_is_sent(&mut self) {
        self.challenges.are_out();
    }

    /// A platform is down for a while.
    pub(super) fn outage(&mut self, platform: &str, until: AtMs) {
        self.outages.insert(platform.to_owned(), until);
    }

    /// Delivers what is due on all platforms that are up. `dice`: none when nothing goes wrong.
    ///
    /// # Errors
    /// When the backend failed, or a notice came that should not.
    pub(super) fn round(
        &mut self,
        backends: &mut Backends,
        book: &Rulebook,
        mut dice: Option<&mut Dice>,
    ) -> Result<(), Trouble> {
        for name in PLATFORMS {
            let now = backends.local()?.now();
            let down = self.outages.get(name).is_some_and(|until| now < *until);
            if dice.is_some() && down {
                continue;
            }
            let platform = Platform(name.to_owned());
            loop {
                // What was claimed by a connector that never heard of it is handed out again later.
                let claimed = backends.attempt(|local| local.claim(&platform, None, PAGE))?;
                let Tried::Done(page) = claimed else { break };
                if page.is_empty() || !self.page(backends, book, page, dice.as_deref_mut())? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Delivers a page of notices; false if the connector died over it.
    fn page(
        &mut self,
        backends: &mut Backends,
        book: &Rulebook,
        page: Vec<Delivery>,
        mut dice: Option<&mut Dice>,
    ) -> Result<bool, Trouble> {
        let mut held = BTreeSet::new();
        for Delivery { token, post, .. } in page {
            let queue = Queue::of(&post);
            if held.contains(&queue) {
                continue;
            }
            let now = backends.local()?.now();
            let luck = dice.as_deref_mut().map(|dice| self.luck(&queue, now, dice));
            let luck = luck.unwrap_or(Luck::Arrives);
            if matches!(luck, Luck::Arrives | Luck::Lost) {
                self.arrives(book, &queue, &post)?;
            }
            let fate = match luck {
                Luck::Arrives => Fate::Delivered,
                Luck::Lost => {
                    self.unacknowledged.insert(queue, post);
                    return Ok(false);
                }
                Luck::Fails => Fate::Failed,
                Luck::Refused => Fate::Undeliverable,
            };
            acknowledge(backends, &token, &fate)?;
            match fate {
                Fate::Delivered | Fate::Elsewhere { .. } => {}
                Fate::Failed => {
                    self.fails(book, &queue, &post)?;
                    held.insert(queue);
                }
                Fate::Undeliverable => self.gives_up(book, &queue, &post)?,
            }
        }
        Ok(true)
    }

    /// What becomes of a delivery. A channel that fails may go on failing, so that notices rest for
    /// long while others come after them, and some are parked.
    fn luck(&mut self, queue: &Queue, now: AtMs, dice: &mut Dice) -> Luck {
        if self.broken.get(queue).is_some_and(|until| now < *until) {
            return Luck::Fails;
        }
        match dice.below(1000) {
            0..20 => Luck::Lost,
            20..50 => {
                if dice.chance(30) {
                    let lasts = DurationMs(dice.between(1, LONGEST_BREAK.0));
                    self.broken.insert(queue.clone(), now + lasts);
                }
                Luck::Fails
            }
            50..53 => Luck::Refused,
            _ => Luck::Arrives,
        }
    }

    /// A notice reaches people.
    fn arrives(&mut self, book: &Rulebook, queue: &Queue, post: &Post) -> Result<(), Trouble> {
        self.failures.remove(queue);
        if let Some(before) = self.unacknowledged.remove(queue) {
            self.repeated += 1;
            let same = before.war == post.war && before.reply.blocks == post.reply.blocks;
            return ought(same, || {
                format!("{queue:?} did not get again what was not acknowledged")
            });
        }
        self.delivered += 1;
        self.take(book, queue, post)
    }

    /// Whether this notice is the next one of its queue.
    fn take(&mut self, book: &Rulebook, queue: &Queue, post: &Post) -> Result<(), Trouble> {
        match (queue, &post.to) {
            (Queue::Answers(space), Address::Answer { key, .. }) => {
                let came = (key.clone(), post.reply.code);
                let next = self.answers.entry(space.clone()).or_default().pop_front();
                ought(next.as_ref() == Some(&came), || {
                    format!("{space:?} got the answer {came:?}, and {next:?} came before that")
                })
            }
            (Queue::Clan(clan), _) => self.take_notice(book, *clan, post),
            (Queue::Answers(_), Address::Clan { .. }) => Ok(()),
        }
    }

    fn take_notice(&mut self, book: &Rulebook, clan: ClanId, post: &Post) -> Result<(), Trouble> {
        let Some(war) = post.war else { return Ok(()) };
        let code = post.reply.code;
        let Some(bout) = book.wars.get(&war) else {
            return Err(Trouble::Broken(format!("{clan} is told of an unknown war {war}")));
        };
        ought(!bout.private || bout.concerns(clan), || {
            format!("{clan} is told of the private war {war} ({code})")
        })?;
        if code == Code::AcceptFailed {
            // Nothing in the log tells of it.
            return Ok(());
        }
        if code == Code::Challenge {
            return self.challenges.arrives(clan, war).map_err(Trouble::Broken);
        }
        let next = self.owed.entry(clan).or_default().pop_front();
        ought(next == Some((war, code)), || {
            format!("{clan} was told {code} of {war}, and {next:?} came before that")
        })
    }

    fn fails(&mut self, book: &Rulebook, queue: &Queue, post: &Post) -> Result<(), Trouble> {
        let failures = self.failures.entry(queue.clone()).or_default();
        *failures += 1;
        if *failures < MAX_TRIES { Ok(()) } else { self.gives_up(book, queue, post) }
    }

    /// A notice is parked, and the next one's turn comes.
    fn gives_up(&mut self, book: &Rulebook, queue: &Queue, post: &Post) -> Result<(), Trouble> {
        self.failures.remove(queue);
        self.parked += 1;
        if self.unacknowledged.remove(queue).is_some() {
            return Ok(());
        }
        self.take(book, queue, post)
    }

    /// Nothing is owed to anybody.
    ///
    /// # Errors
    /// The first notice that never arrived.
    pub(super) fn is_done(&self, local: &Local) -> Result<(), Trouble> {
        for (clan, owed) in &self.owed {
            let next = owed.front();
            ought(next.is_none(), || format!("{clan} was never told {next:?}"))?;
        }
        for (space, answers) in &self.answers {
            let next = answers.front();
            ought(next.is_none(), || format!("{space:?} never got the answer {next:?}"))?;
        }
        self.challenges.have_arrived().map_err(Trouble::Broken)?;
        let parked = u64::try_from(local.parked(usize::MAX)?.len()).unwrap_or(u64::MAX);
        let known = self.parked;
        ought(parked == known, || format!("{parked} notices are parked, not {known}"))
    }
}

/// Says what became of a notice; again if that was cut off, and then it counts once.
fn acknowledge(backends: &mut Backends, token: &str, fate: &Fate) -> Result<(), Trouble> {
    let mut durable = false;
    loop {
        let said = backends.attempt(|local| known_token(local.acknowledge(token, fate.clone())))?;
        match said {
            Tried::Done(known) if known != durable => return Ok(()),
            Tried::Done(true) => {
                return Err(Trouble::Broken("a notice was acknowledged twice".to_owned()));
            }
            Tried::Done(false) => {
                return Err(Trouble::Broken("a lease ended before its time".to_owned()));
            }
            Tried::Cut { durable: committed } => durable |= committed,
        }
    }
}

fn known_token(said: Result<(), BackendError>) -> Result<bool, BackendError> {
    match said {
        Ok(()) => Ok(true),
        Err(BackendError::UnknownToken) => Ok(false),
        Err(error) => Err(error),
    }
}

fn ought(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(Trouble::Broken(otherwise())) }
}
