//! What the rules say about each event of a war.

use std::collections::BTreeSet;

use gmbot_engine::event::{Event, Recorded};
use gmbot_engine::model::{AtMs, Ballot, DurationMs, PersonId, Side, Sides, WarId};

use super::bout::{Bout, Due, Stage, Urn, possible};
use super::endings::may_overturn;
use super::{Checked, Rulebook, ought};

const DAY: DurationMs = DurationMs::hours(24);
/// How many challenges a clan may make in a day.
const MOST_A_DAY: usize = 20;

impl Rulebook {
    pub(super) fn hear_of_war(&mut self, war: WarId, recorded: &Recorded) -> Checked {
        if let Event::WarCreated { .. } = recorded.event {
            return self.created(recorded);
        }
        // Taken out while it is looked at, so that the clans can be asked at the same time.
        let Some(mut bout) = self.wars.remove(&war) else {
            return Err(format!("the war {war} was never asked for"));
        };
        let was_live = bout.is_live();
        let checked = self.judge(&mut bout, recorded);
        if was_live && !bout.is_live() {
            self.live.remove(&war);
            self.over.push(war);
        }
        self.wars.insert(war, bout);
        checked.map_err(|broken| format!("war {war}: {broken}"))
    }

    fn judge(&mut self, bout: &mut Bout, recorded: &Recorded) -> Checked {
        let Recorded { at, event, by, .. } = recorded;
        ought(*at >= bout.last_at, || "an event is before the last one".to_owned())?;
        bout.last_at = *at;
        ought(bout.stage != Stage::Closed, || format!("{event:?} after it was closed"))?;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others are no events of wars")]
        match event {
            Event::WarWithdrawn { .. } => close(bout, *at, |bout| bout.due(*at).is_none()),
            Event::WarDeclined { by_clan, .. } => {
                close(bout, *at, |bout| bout.due(*at).is_none() && bout.named == Some(*by_clan))
            }
            Event::WarLapsed { .. } => close(bout, *at, |bout| bout.due(*at) == Some(Due::Lapse)),
            Event::WarAccepted { .. } => self.accepted(bout, *at, *by, event),
            Event::WarStarted { .. } => step(bout, *at, Due::Start, Stage::Ongoing),
            Event::TimeRanOut { .. } => {
                step(bout, *at, Due::TimeUp, Stage::Voting)?;
                bout.asked_at = *at;
                Ok(())
            }
            Event::WarDisputed { .. } => {
                step(bout, *at, Due::Dispute, Stage::Disputed)?;
                bout.disputed_at = *at;
                Ok(())
            }
            Event::QuestionDelivered { side, .. } => reached(bout, *at, *side),
            Event::PlayerSubstituted { side, out, r#in, .. } => {
                self.substituted(bout, *side, *out, *r#in)
            }
            Event::BallotCast { side, by, ballot, officer, .. } => {
                self.ballot(bout, *at, *side, *by, *ballot, *officer)
            }
            Event::BallotWithdrawn { side, by, .. } => {
                may_speak(bout, *at, "the end of a ballot")?;
                let urn = urns(bout).of_mut(*side);
                let had = urn.players.remove(by).is_some() || urn.officers.remove(by).is_some();
                ought(had, || "a ballot was taken back that was never cast".to_owned())
            }
            Event::ProofFiled { side, by, .. } => {
                may_speak(bout, *at, "proof")?;
                self.stands_for(bout, *side, *by, "filed proof")?;
                *bout.proof.of_mut(*side) = true;
                Ok(())
            }
            Event::MessageSent { side, .. } => {
                let author = by.and_then(|by| bout.plays_for(by));
                ought(bout.is_live() && bout.stage != Stage::Open, || "a message too late".into())?;
                ought(author == Some(*side), || "a message by nobody who plays".to_owned())
            }
            Event::ReminderSent { reminder, .. } => {
                ought(bout.is_live(), || "a reminder of a war that is over".to_owned())?;
                ought(bout.due(*at).is_none(), || format!("{reminder:?} after its deadline"))?;
                ought(bout.reminded.insert(*reminder), || format!("{reminder:?} twice"))
            }
            Event::WarSettled { settlement, stakes, .. } => {
                self.may_end(bout, *at, *by, settlement)?;
                self.first_settled(bout, *at, settlement, stakes)
            }
            Event::WarOverturned { settlement, .. } => {
                may_overturn(bout, *at, settlement)?;
                self.settled_anew(bout, settlement)
            }
            _ => Ok(()),
        }
    }

    fn created(&mut self, recorded: &Recorded) -> Checked {
        let Event::WarCreated {
            war,
            host,
            named,
            private,
            game,
            format,
            duration,
            start_at,
            lapses_at,
            line_up,
        } = &recorded.event
        else {
            return Ok(());
        };
        let at = recorded.at;
        let day = AtMs(at.0 + DAY.0);
        ought(!self.wars.contains_key(war), || format!("the war {war} was asked for twice"))?;
        ought(*lapses_at == start_at.map_or(day, |start| start.min(day)), || {
            format!("the war {war} lapses at the wrong time")
        })?;
        self.by_officer(*host, recorded.by, "asked for a war")?;
        self.unsuspended(*host)?;
        self.line_up(*host, line_up)?;
        let open = self.live.iter().filter_map(|war| self.wars.get(war));
        let open = open.filter(|bout| bout.stage == Stage::Open && bout.host == *host).count();
        let most = self.rules.most_open;
        ought(open < most, || format!("{host} has more than {most} open challenges"))?;
        let club = self.club(*host);
        club.challenged_at.retain(|made| made.0 + DAY.0 > at.0);
        club.challenged_at.push(at);
        let today = club.challenged_at.len();
        ought(today <= MOST_A_DAY, || format!("{host} made {today} challenges in a day"))?;
        let subscribed = club.subscriptions.contains(game);
        ought(subscribed, || format!("{host} plays {game} without being subscribed"))?;
        self.live.insert(*war);
        let bout = Bout {
            id: *war,
            host: *host,
            guest: None,
            named: *named,
            private: *private,
            stage: Stage::Open,
            line_ups: Sides { host: line_up.clone(), guest: Vec::new() },
            format: *format,
            duration: *duration,
            start_at: *start_at,
            lapses_at: *lapses_at,
            begins_at: at,
            ends_at: at,
            urns: Sides::default(),
            appeals: Sides::default(),
            asked_at: at,
            reached_at: Sides::default(),
            disputed_at: at,
            proof: Sides::default(),
            reminded: BTreeSet::new(),
            first: None,
            ending: None,
            novices: Sides::default(),
            last_at: at,
        };
        self.wars.insert(*war, bout);
        Ok(())
    }

    fn accepted(
        &mut self,
        bout: &mut Bout,
        at: AtMs,
        by: Option<PersonId>,
        event: &Event,
    ) -> Checked {
        let Event::WarAccepted { guest, line_up, begins_at, ends_at, .. } = event else {
            return Ok(());
        };
        ought(bout.stage == Stage::Open, || "it was accepted twice".to_owned())?;
        ought(bout.due(at).is_none(), || "it was accepted after it lapsed".to_owned())?;
        ought(*guest != bout.host, || "its own clan accepted it".to_owned())?;
        ought(bout.named.is_none_or(|named| named == *guest), || "it names another".to_owned())?;
        self.by_officer(*guest, by, "accepted")?;
        self.unsuspended(*guest)?;
        self.unsuspended(bout.host)?;
        self.line_up(*guest, line_up)?;
        self.line_up(bout.host, &bout.line_ups.host)?;
        let size = bout.line_ups.host.len();
        ought(line_up.len() == size, || "the sides differ in size".to_owned())?;
        let both = line_up.iter().any(|person| bout.line_ups.host.contains(person));
        ought(!both, || "somebody is on both sides".to_owned())?;
        let (host, other) = (self.clans.get(&bout.host), self.clans.get(guest));
        let blocked = host.is_some_and(|host| host.blocked.contains(guest))
            || other.is_some_and(|other| other.blocked.contains(&bout.host));
        ought(!blocked, || "one of the clans has blocked the other".to_owned())?;
        let begins = bout.start_at.map_or(at, |start| start.max(at));
        ought(*begins_at == begins, || "it begins at the wrong time".to_owned())?;
        ought(ends_at.0 == begins.0 + bout.duration.0, || "it ends at the wrong time".to_owned())?;
        bout.guest = Some(*guest);
        bout.line_ups.guest.clone_from(line_up);
        bout.begins_at = *begins_at;
        bout.ends_at = *ends_at;
        bout.stage = if begins > at { Stage::Scheduled } else { Stage::Ongoing };
        for (clan, people) in [(bout.host, &bout.line_ups.host), (*guest, line_up)] {
            self.plays(clan, people, *ends_at);
        }
        Ok(())
    }

    fn substituted(
        &mut self,
        bout: &mut Bout,
        side: Side,
        out: PersonId,
        r#in: PersonId,
    ) -> Checked {
        ought(bout.is_live(), || "a substitute after its end".to_owned())?;
        let voted = Side::BOTH.into_iter().any(|side| {
            let urn = bout.urns.of(side);
            !(urn.players.is_empty() && urn.officers.is_empty())
        });
        ought(!voted, || "a substitute after the first ballot".to_owned())?;
        ought(bout.plays_for(r#in).is_none(), || "a substitute who plays already".to_owned())?;
        ought(bout.plays_for(out) == Some(side), || "somebody left who did not play".to_owned())?;
        let clan = bout.clan(side).ok_or("there is no such side")?;
        self.line_up(clan, &[r#in])?;
        for player in bout.line_ups.of_mut(side).iter_mut().filter(|player| **player == out) {
            *player = r#in;
        }
        if bout.guest.is_some() {
            self.plays(clan, &[r#in], bout.ends_at);
        }
        Ok(())
    }

    fn ballot(
        &self,
        bout: &mut Bout,
        at: AtMs,
        side: Side,
        by: PersonId,
        ballot: Ballot,
        officer: bool,
    ) -> Checked {
        may_speak(bout, at, "a ballot")?;
        let plays = bout.plays_for(by);
        if officer {
            ought(plays.is_none(), || "a player voted as an officer".to_owned())?;
            self.stands_for(bout, side, by, "voted")?;
        } else {
            ought(plays == Some(side), || "somebody voted who does not play".to_owned())?;
        }
        let fits = ballot.score.is_none_or(|score| possible(bout.format, score, ballot.outcome));
        ought(fits, || format!("{ballot:?} can't come about"))?;
        let urn = urns(bout).of_mut(side);
        let box_of = if officer { &mut urn.officers } else { &mut urn.players };
        box_of.insert(by, ballot);
        Ok(())
    }
}

/// The ballots that a new one joins.
fn urns(bout: &mut Bout) -> &mut Sides<Urn> {
    if bout.stage == Stage::Settled { &mut bout.appeals } else { &mut bout.urns }
}

fn close(bout: &mut Bout, at: AtMs, may: impl FnOnce(&Bout) -> bool) -> Checked {
    let stage = bout.stage;
    ought(stage == Stage::Open && may(bout), || {
        format!("it was closed at {} while {stage:?}", at.0)
    })?;
    bout.stage = Stage::Closed;
    Ok(())
}

fn step(bout: &mut Bout, at: AtMs, by: Due, to: Stage) -> Checked {
    let due = bout.due(at);
    ought(due == Some(by), || format!("{by:?} came while {due:?} was due"))?;
    bout.stage = to;
    Ok(())
}

fn reached(bout: &mut Bout, at: AtMs, side: Side) -> Checked {
    ought(bout.stage == Stage::Voting, || "the question arrived when nobody asked".to_owned())?;
    let before = bout.reached_at.of_mut(side).replace(at);
    ought(before.is_none(), || format!("the {} was asked twice", side.word()))
}

/// From the start until nothing can be changed any more.
fn may_speak(bout: &Bout, at: AtMs, what: &str) -> Checked {
    let open = match bout.stage {
        Stage::Ongoing | Stage::Voting | Stage::Disputed => true,
        Stage::Settled => bout.appeals_until().is_some_and(|until| at < until),
        Stage::Open | Stage::Scheduled | Stage::Closed => false,
    };
    ought(open && bout.begins_at <= at, || format!("{what} came while {:?}", bout.stage))
}
