//! Saying who won: sealed ballots, changeable until the war is settled, and once more for a day
//! after it was settled by verdicts.

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use super::wars::Speaker;
use super::{course, notices, wars};
use crate::event::Event;
use crate::grammar::{ClanRef, WarRef, Winner};
use crate::model::{Ballot, Outcome, Phase, Score, Side, War};
use crate::reply::{Code, Reply, Text};

/// `vote`.
pub(super) fn vote(
    context: &mut Context<'_>,
    named: Option<&WarRef>,
    winner: &Winner,
    score: Option<Score>,
) -> Ruling<Reply> {
    let person = context.actor()?;
    let (mut war, voter) = wars::spoken_of(context, named, person)?;
    require_voting(context, &war)?;
    let Some(outcome) = outcome(context, &war, voter.side, winner)? else {
        return withdraw(context, &mut war, voter, score);
    };
    if let Some(score) = score {
        require(war.format.allows(score, outcome), || impossible(&war, outcome, score))?;
    }
    let ballot = Ballot { outcome, score };
    let Speaker { side, officer, .. } = voter;
    let event = Event::BallotCast { war: war.id, side, by: person, ballot, officer };
    context.record_for(&mut war, event)?;
    let told = told(context, &war, voter, ballot)?;
    let before = war.settlements.len();
    if war.phase == Phase::Settled {
        appeal(context, &mut war)?;
    } else {
        course::settle_due(context, &mut war)?;
    }
    state(context, &war, before, told)
}

/// Stops before the start, and after the last moment at which a ballot can change anything.
fn require_voting(context: &Context<'_>, war: &War) -> Ruling<()> {
    match war.phase {
        Phase::Ongoing | Phase::Voting | Phase::Disputed => Ok(()),
        Phase::Open => wars::require_running(war),
        Phase::Scheduled => {
            let begins = war.begins_at.unwrap_or(war.created_at);
            Err(refuse(Code::NotStarted, Text::from("the war begins at ").and(begins))
                .hint("players vote when it is played")
                .into())
        }
        Phase::Settled => match war.appeals_until() {
            Some(until) if context.at() < until => Ok(()),
            Some(until) => Err(refuse(
                Code::VoteClosed,
                Text::from("the war is settled, and ballots could change that until ").and(until),
            )
            .hint("the operator of this gmbot can still overturn it")
            .into()),
            None => Err(refuse(Code::VoteClosed, "the war is settled, and no longer by ballots")
                .hint("the operator of this gmbot can still overturn it")
                .into()),
        },
        Phase::Withdrawn | Phase::Lapsed | Phase::Declined => Err(wars::over(war)),
    }
}

/// What a ballot's word means to this voter; `None` takes the ballot back.
fn outcome(
    context: &mut Context<'_>,
    war: &War,
    own: Side,
    winner: &Winner,
) -> Ruling<Option<Outcome>> {
    Ok(Some(match winner {
        Winner::Host => Outcome::Won(Side::Host),
        Winner::Guest => Outcome::Won(Side::Guest),
        Winner::Us => Outcome::Won(own),
        Winner::Them => Outcome::Won(own.other()),
        Winner::Draw => Outcome::Drawn,
        Winner::Void => Outcome::Void,
        Winner::None => return Ok(None),
        Winner::Clan(named) => Outcome::Won(side_of(context, war, named)?),
    }))
}

fn side_of(context: &mut Context<'_>, war: &War, named: &ClanRef) -> Ruling<Side> {
    let clan = context.clan_of(named)?;
    war.side_of(clan.id).ok_or_else(|| {
        refuse(Code::NotYourWar, Text::new().and(&clan).and(" is not part of the war ").and(war.id))
            .hint(
                Text::from("say ")
                    .code("host")
                    .and(", ")
                    .code("guest")
                    .and(", ")
                    .code("us")
                    .and(" or ")
                    .code("them"),
            )
            .into()
    })
}

fn impossible(war: &War, outcome: Outcome, score: Score) -> super::refusal::Refusal {
    let wins = war.format.wins_needed();
    let expected = match outcome {
        Outcome::Won(Side::Host) => format!("a win of the host is {wins}-0 to {wins}-{}", wins - 1),
        Outcome::Won(Side::Guest) => {
            format!("a win of the guest is 0-{wins} to {}-{wins}", wins - 1)
        }
        Outcome::Drawn => format!("a draw is 0-0 to {0}-{0}", wins - 1),
        Outcome::Void => "a void war has no score".to_owned(),
    };
    refuse(
        Code::ImpossibleScore,
        format!("{score} can't be the score of {}: {expected}", war.format.words()),
    )
    .hint("the host's matches come first")
}

/// `-winner none`.
fn withdraw(
    context: &mut Context<'_>,
    war: &mut War,
    voter: Speaker,
    score: Option<Score>,
) -> Ruling<Reply> {
    require(score.is_none(), || {
        refuse(Code::ImpossibleScore, "a ballot that is taken back has no score")
    })?;
    let ballots = war.current_ballots(voter.side);
    let cast = if voter.officer { &ballots.officers } else { &ballots.players };
    require(cast.contains_key(&voter.person), || {
        refuse(Code::NoBallot, Text::from("you have not voted in the war ").and(war.id))
            .hint("so there is nothing to take back")
    })?;
    let event = Event::BallotWithdrawn { war: war.id, side: voter.side, by: voter.person };
    let was_settled = war.phase == Phase::Settled;
    context.record_for(war, event)?;
    let told = Reply::new(Code::BallotWithdrawn)
        .say(Text::from("your ballot in the war ").and(war.id).and(" is taken back"));
    // One ballot less can end a tie, and with it a dispute.
    course::settle_due(context, war)?;
    let settles = war.phase == Phase::Settled && !was_settled;
    Ok(if settles { told.say(notices::result_line(context.read(), war)?) } else { told })
}

/// Equal new verdicts of both sides overturn a settlement.
fn appeal(context: &mut Context<'_>, war: &mut War) -> Ruling<()> {
    let (Some((host, host_score)), Some((guest, guest_score))) =
        (war.appeal_majority(Side::Host), war.appeal_majority(Side::Guest))
    else {
        return Ok(());
    };
    let now = war.settlement().map(|settlement| settlement.outcome);
    if host == guest && now != Some(host) {
        let score = crate::model::verdict::agreed_score(host_score, guest_score);
        course::settle(context, war, host, score, crate::model::Cause::Verdicts)?;
    }
    Ok(())
}

/// What the voter is told of their ballot.
fn told(context: &Context<'_>, war: &War, voter: Speaker, ballot: Ballot) -> Ruling<Reply> {
    let says = notices::outcome_text(context.read(), war, ballot.outcome)?;
    let mut text = Text::from("your ballot in the war ").and(war.id).and(": ").join(says);
    if let Some(score) = ballot.score {
        text = text.and(format!(" {score}"));
    }
    let reply = Reply::new(Code::BallotCast).say(text);
    let ballots = war.current_ballots(voter.side);
    let size = war.line_ups.of(voter.side).len();
    Ok(if voter.officer {
        reply.hint("it counts if none of your players votes")
    } else {
        reply.say(format!("{} of {size} of your side have voted", ballots.players.len()))
    })
}

/// Adds what came of it; `before` is how often the war had been settled.
fn state(context: &Context<'_>, war: &War, before: usize, reply: Reply) -> Ruling<Reply> {
    Ok(match (war.phase, war.settlement()) {
        (Phase::Settled, Some(_)) if war.settlements.len() > before => {
            reply.say(notices::result_line(context.read(), war)?)
        }
        (Phase::Settled, Some(_)) => {
            reply.hint("the war is settled; if both sides now say the same, that overturns it")
        }
        (Phase::Disputed, _) => reply.say("the sides disagree: the war is disputed"),
        _ => reply.hint("you may change it until the war is settled"),
    })
}
