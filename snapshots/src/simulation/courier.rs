//! Delivers notices as connectors do, with all that goes wrong, and checks that each arrives once
//! and in order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gmbot_backend::{Backend as _, BackendError, Delivery, Fate, Local};
use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{AtMs, ClanId, DurationMs, Platform, Reminder, Side, WarId};
use gmbot_engine::reply::{Address, Code, Post};

use super::Trouble;
use super::cast::PLATFORMS;
use super::dice::Dice;
use super::rulebook::Rulebook;

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
    /// Who is challenged by name, and so has to hear of it.
    invited: BTreeSet<(ClanId, WarId)>,
    /// Who has heard of which challenge.
    challenged: BTreeSet<(ClanId, WarId)>,
    /// What arrived at a clan though nobody acknowledged it; it has to come again, first.
    unacknowledged: BTreeMap<ClanId, Post>,
    failures: BTreeMap<ClanId, u32>,
    /// Platforms that are down, and until when.
    outages: BTreeMap<String, AtMs>,
    /// Clans whose war channel takes nothing, and until when.
    broken: BTreeMap<ClanId, AtMs>,
    pub(super) delivered: u64,
    pub(super) repeated: u64,
    pub(super) parked: u64,
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
        let Some(bout) = event.war().and_then(|war| book.wars.get(&war)) else { return };
        if let Event::WarCreated { named: Some(named), .. } = event {
            self.invited.insert((*named, bout.id));
        }
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
        for clan in clans.into_iter().flatten() {
            self.owed.entry(clan).or_default().push_back((bout.id, code));
        }
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
        local: &Local,
        book: &Rulebook,
        mut dice: Option<&mut Dice>,
    ) -> Result<(), Trouble> {
        for name in PLATFORMS {
            let down = self.outages.get(name).is_some_and(|until| local.now() < *until);
            if dice.is_some() && down {
                continue;
            }
            let platform = Platform(name.to_owned());
            loop {
                let page = local.claim(&platform, None, PAGE)?;
                if page.is_empty() || !self.page(local, book, page, dice.as_deref_mut())? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Delivers a page of notices; false if the connector died over it.
    fn page(
        &mut self,
        local: &Local,
        book: &Rulebook,
        page: Vec<Delivery>,
        mut dice: Option<&mut Dice>,
    ) -> Result<bool, Trouble> {
        let mut held = BTreeSet::new();
        for delivery in page {
            let Address::Clan { clan, .. } = delivery.post.to else { continue };
            if held.contains(&clan) {
                continue;
            }
            let luck = dice.as_deref_mut().map(|dice| self.luck(clan, local.now(), dice));
            let fate = match luck.unwrap_or(Luck::Arrives) {
                Luck::Arrives => {
                    self.arrives(book, clan, &delivery.post)?;
                    Fate::Delivered
                }
                Luck::Lost => {
                    self.arrives(book, clan, &delivery.post)?;
                    self.unacknowledged.insert(clan, delivery.post);
                    return Ok(false);
                }
                Luck::Fails => {
                    held.insert(clan);
                    self.fails(book, clan, &delivery.post)?;
                    Fate::Failed
                }
                Luck::Refused => {
                    self.gives_up(book, clan, &delivery.post)?;
                    Fate::Undeliverable
                }
            };
            match local.acknowledge(&delivery.token, fate) {
                Ok(()) => {}
                Err(BackendError::UnknownToken) => {
                    return Err(Trouble::Broken("a lease ended before its time".to_owned()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// What becomes of a delivery. A channel that fails may go on failing, so that notices rest for
    /// long while others come after them, and some are parked.
    fn luck(&mut self, clan: ClanId, now: AtMs, dice: &mut Dice) -> Luck {
        if self.broken.get(&clan).is_some_and(|until| now < *until) {
            return Luck::Fails;
        }
        match dice.below(1000) {
            0..20 => Luck::Lost,
            20..50 => {
                if dice.chance(30) {
                    let lasts = DurationMs(dice.between(1, LONGEST_BREAK.0));
                    self.broken.insert(clan, now + lasts);
                }
                Luck::Fails
            }
            50..53 => Luck::Refused,
            _ => Luck::Arrives,
        }
    }

    /// A notice reaches a clan's people.
    fn arrives(&mut self, book: &Rulebook, clan: ClanId, post: &Post) -> Result<(), Trouble> {
        self.failures.remove(&clan);
        if let Some(before) = self.unacknowledged.remove(&clan) {
            self.repeated += 1;
            let same = before.war == post.war && before.reply.blocks == post.reply.blocks;
            return ought(same, || format!("{clan} did not get again what was not acknowledged"));
        }
        self.delivered += 1;
        self.take(book, clan, post)
    }

    /// Whether this notice is the next one that a clan has to hear.
    fn take(&mut self, book: &Rulebook, clan: ClanId, post: &Post) -> Result<(), Trouble> {
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
            let new = self.challenged.insert((clan, war));
            return ought(new, || format!("{clan} is told twice of the challenge {war}"));
        }
        let next = self.owed.entry(clan).or_default().pop_front();
        ought(next == Some((war, code)), || {
            format!("{clan} was told {code} of {war}, and {next:?} came before that")
        })
    }

    fn fails(&mut self, book: &Rulebook, clan: ClanId, post: &Post) -> Result<(), Trouble> {
        let failures = self.failures.entry(clan).or_default();
        *failures += 1;
        if *failures < MAX_TRIES { Ok(()) } else { self.gives_up(book, clan, post) }
    }

    /// A notice is parked, and the next one's turn comes.
    fn gives_up(&mut self, book: &Rulebook, clan: ClanId, post: &Post) -> Result<(), Trouble> {
        self.failures.remove(&clan);
        self.parked += 1;
        if self.unacknowledged.remove(&clan).is_some() {
            return Ok(());
        }
        self.take(book, clan, post)
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
        if let Some((clan, war)) = self.invited.difference(&self.challenged).next() {
            return Err(Trouble::Broken(format!("{clan} was never told of the challenge {war}")));
        }
        let parked = u64::try_from(local.parked(usize::MAX)?.len()).unwrap_or(u64::MAX);
        let known = self.parked;
        ought(parked == known, || format!("{parked} notices are parked, not {known}"))
    }
}

fn ought(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(Trouble::Broken(otherwise())) }
}
