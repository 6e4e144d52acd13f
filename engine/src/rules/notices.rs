//! What clans are told: the words of every notice, and the sentences that replies share with them.

use super::wars::{people, reference};
use crate::grammar::{Command, Winner};
use crate::model::{
    Cause, Clan, Game, Outcome, PersonId, Phase, Reminder, Settlement, Side, Sides, TextId, War,
    names,
};
use crate::reply::{Block, Code, Inline, Reply, Text};
use crate::store::{Read, Stored};

type Fields = Vec<(String, Text)>;

fn field(name: &str, value: impl Into<Text>) -> (String, Text) {
    (name.to_owned(), value.into())
}

/// What a challenge asks for.
pub(super) fn terms(war: &War, game: &Game) -> Fields {
    let start = match war.start_at {
        Some(start) => Text::from(start),
        None => Text::from("on acceptance"),
    };
    vec![
        field("Game", game.name.clone()),
        field("Format", war.format.words()),
        field("Duration", war.duration),
        field("Start", start),
        field("Line-up", people(&war.line_ups.host)),
    ]
}

/// What an accepted war consists of.
pub(super) fn meeting(war: &War, game: &Game) -> Fields {
    let mut fields = vec![field("Game", game.name.clone()), field("Format", war.format.words())];
    if let (Some(begins), Some(ends)) = (war.begins_at, war.ends_at) {
        fields.push(field("Start", begins));
        fields.push(field("End", ends));
    }
    fields.push(field("Host", people(&war.line_ups.host)));
    fields.push(field("Guest", people(&war.line_ups.guest)));
    fields
}

pub(super) fn name_changed(wanted: &str, given: &str) -> Reply {
    let why = if names::mend(wanted) == names::normal(wanted) {
        ", which another clan is called"
    } else {
        ", which can't be a clan's name here"
    };
    Reply::new(Code::NameChanged)
        .say(
            Text::from("this space is called ")
                .user(wanted)
                .and(why)
                .and("; the clan is called ")
                .user(given),
        )
        .hint(Text::from("choose another with ").code("gmbot setup -name NAME"))
}

pub(super) fn challenge(war: &War, host: &Clan, game: &Game) -> Reply {
    let accept = Command::Accept { war: reference(war), players: Vec::new() };
    let size = war.line_ups.host.len();
    // One against one, whoever accepts plays, unless they name somebody.
    let to_name = if size > 1 { u32::try_from(size).unwrap_or(u32::MAX) } else { 0 };
    let reply = Reply::new(Code::Challenge)
        .title(Text::from("challenge ").and(war.id).and(" by ").and(host))
        .block(Block::Fields(terms(war, game)))
        .say(Text::from("it waits until ").and(war.lapses_at))
        .action_with("Accept", accept, to_name);
    let reply = if war.named.is_some() {
        reply.action("Decline", Command::Decline { war: reference(war) })
    } else {
        reply
    };
    if size > 1 {
        reply.hint(Text::from("name your line-up: ").code(format!(
            "gmbot accept {}{}",
            war.id,
            " @name".repeat(size)
        )))
    } else {
        reply
    }
}

pub(super) fn accepted(war: &War, guest: &Clan, game: &Game) -> Reply {
    let what = if war.phase == Phase::Scheduled { " is scheduled" } else { " begins" };
    Reply::new(Code::ChallengeAccepted)
        .title(Text::new().and(guest).and(" accepted: war ").and(war.id).and(what))
        .block(Block::Fields(meeting(war, game)))
        .hint(
            Text::from("players say who won with ")
                .code(format!("gmbot vote {} -winner us", war.id)),
        )
}

pub(super) fn declined(war: &War, by: &Clan) -> Reply {
    Reply::new(Code::ChallengeDeclined)
        .say(Text::new().and(by).and(" declined the challenge ").and(war.id))
}

pub(super) fn withdrawn(war: &War, host: &Clan) -> Reply {
    Reply::new(Code::ChallengeWithdrawn)
        .say(Text::new().and(host).and(" took the challenge ").and(war.id).and(" back"))
}

pub(super) fn lapsed(war: &War) -> Reply {
    Reply::new(Code::ChallengeLapsed)
        .say(Text::from("nobody accepted the challenge ").and(war.id).and(" in time"))
        .hint(Text::new().code("gmbot clans").and(" finds clans to challenge by name"))
}

pub(super) fn accept_failed(war: &War, gone: &[PersonId]) -> Reply {
    Reply::new(Code::AcceptFailed)
        .say(
            Text::from("a clan wanted to accept ")
                .and(war.id)
                .and(", but your line-up can't play: ")
                .join(people(gone)),
        )
        .hint(
            Text::from("replace them with ")
                .code(format!("gmbot substitute -war {} -out @name -in @name", war.id)),
        )
}

pub(super) fn started(war: &War, against: &Clan) -> Reply {
    let mut text = Text::from("the war ").and(war.id).and(" against ").and(against).and(" begins");
    if let Some(ends) = war.ends_at {
        text = text.and("; it ends at ").and(ends);
    }
    Reply::new(Code::WarStarted).say(text)
}

pub(super) fn line_up_changed(war: &War, by: &Clan, out: PersonId, joining: PersonId) -> Reply {
    Reply::new(Code::LineUpChanged).say(
        Text::new()
            .and(by)
            .and(" changed its line-up in the war ")
            .and(war.id)
            .and(": ")
            .and(joining)
            .and(" plays for ")
            .and(out),
    )
}

pub(super) fn message(war: &War, from: &Clan, author: PersonId, text: TextId) -> Reply {
    Reply::new(Code::Message)
        .say(
            Text::new()
                .and(author)
                .and(" of ")
                .and(from)
                .and(" on the war ")
                .and(war.id)
                .and(": ")
                .and(text),
        )
        .hint(Text::from("answer with ").code(format!("gmbot say -war {} …", war.id)))
}

/// The question who won, with a button for each answer.
pub(super) fn who_won(war: &War, clans: &Sides<Clan>, side: Side) -> Reply {
    let own = clans.of(side);
    let other = clans.of(side.other());
    let reply = Reply::new(Code::WhoWon)
        .title(Text::from("war ").and(war.id).and(" against ").and(other).and(": who won?"))
        .say(Text::from("players: ").join(people(war.line_ups.of(side))))
        .say("you have 24 hours from now; if you say nothing, what the other side says stands");
    vote_actions(reply, war, own, other)
}

fn vote_actions(reply: Reply, war: &War, own: &Clan, other: &Clan) -> Reply {
    let vote = |winner| Command::Vote { war: Some(reference(war)), winner, score: None };
    reply
        .action(&own.name, vote(Winner::Us))
        .action(&other.name, vote(Winner::Them))
        .action("Draw", vote(Winner::Draw))
}

pub(super) fn disputed(war: &War, against: &Clan) -> Reply {
    let mut text = Text::from("you and ").and(against).and(" do not say the same");
    if let Some(closes) = war.dispute_closes_at() {
        text = text.and("; the dispute closes at ").and(closes);
    }
    Reply::new(Code::WarDisputed)
        .title(Text::from("war ").and(war.id).and(" is disputed"))
        .say(text)
        .say("if only one side files proof by then, what that side says stands; else the war is void")
        .hint(Text::from("file proof with ").code(format!("gmbot proof {}", war.id)).and(", or change your ballots"))
        .action("Concede", Command::Concede { war: reference(war), yes: false })
}

pub(super) fn proof_seen(war: &War, by_clan: &Clan, by: PersonId, count: &str) -> Reply {
    Reply::new(Code::ProofSeen)
        .say(
            Text::new()
                .and(by)
                .and(" of ")
                .and(by_clan)
                .and(format!(" filed {count} for the war "))
                .and(war.id),
        )
        .action("Show", Command::Show { war: Some(reference(war)) })
}

/// The reminders that are to be written, with the sides that get them.
pub(super) fn reminders(war: &War, reminder: Reminder, clans: &Sides<Clan>) -> Vec<(Side, Reply)> {
    let each = |notice: &dyn Fn(&Clan) -> Reply| {
        Side::BOTH.map(|side| (side, notice(clans.of(side.other())))).into()
    };
    let line = |code, what: &'static str, at: Option<crate::model::AtMs>| {
        move |other: &Clan| {
            let text = Text::from("the war ").and(war.id).and(" against ").and(other).and(what);
            Reply::new(code).say(match at {
                Some(at) => text.and(" at ").and(at),
                None => text,
            })
        }
    };
    match reminder {
        Reminder::Start => each(&line(Code::ReminderStart, " starts", war.begins_at)),
        Reminder::End => each(&line(Code::ReminderEnd, " ends", war.ends_at)),
        Reminder::Dispute => {
            let line =
                line(Code::ReminderDispute, " is disputed; that closes", war.dispute_closes_at());
            each(&line)
        }
        Reminder::VoteSoon(side) | Reminder::VoteLast(side) => {
            vec![(side, vote_reminder(war, side, clans))]
        }
    }
}

fn vote_reminder(war: &War, side: Side, clans: &Sides<Clan>) -> Reply {
    let voted = &war.ballots.of(side).players;
    let missing: Vec<_> = war
        .line_ups
        .of(side)
        .iter()
        .copied()
        .filter(|person| !voted.contains_key(person))
        .collect();
    let mut text = Text::from("the vote on the war ").and(war.id).and(" closes");
    if let Some(closes) = war.vote_closes_at(side) {
        text = text.and(" at ").and(closes);
    }
    let why = if missing.is_empty() {
        Text::from("your ballots tie")
    } else {
        Text::from("these have not voted: ").join(people(&missing))
    };
    let reply = Reply::new(Code::ReminderVote).say(text).say(why);
    vote_actions(reply, war, clans.of(side), clans.of(side.other()))
}

/// A settlement or an overturn, with what it gave.
pub(super) fn settled(war: &War, clans: &Sides<Clan>) -> Reply {
    let Some(settlement) = war.settlement() else { return Reply::new(Code::WarSettled) };
    let code = if war.settlements.len() > 1 { Code::WarOverturned } else { Code::WarSettled };
    let words = outcome_words(&clans.host, &clans.guest, settlement);
    let reply = Reply::new(code)
        .title(Text::from("war ").and(war.id).and(": ").join(words))
        .say(cause_words(&settlement.cause, &clans.host, &clans.guest))
        .say(glory_words(&clans.host, &clans.guest, settlement));
    let reply = match war.appeals_until() {
        Some(until) if settlement.at < until => {
            reply.hint(Text::from("equal new votes of both sides overturn it until ").and(until))
        }
        _ => reply,
    };
    reply.action("Explain", Command::Explain { war: Some(reference(war)) })
}

/// `A beat B 3-1`.
pub(crate) fn outcome_words(
    host: impl Into<Inline> + Copy,
    guest: impl Into<Inline> + Copy,
    settlement: &Settlement,
) -> Text {
    let text = outcome_of(host, guest, settlement.outcome);
    match settlement.score {
        Some(score) => text.and(format!(" {score}")),
        None => text,
    }
}

/// Who won, in words.
pub(crate) fn outcome_of(
    host: impl Into<Inline> + Copy,
    guest: impl Into<Inline> + Copy,
    outcome: Outcome,
) -> Text {
    match outcome {
        Outcome::Won(Side::Host) => Text::new().and(host).and(" beat ").and(guest),
        Outcome::Won(Side::Guest) => Text::new().and(guest).and(" beat ").and(host),
        Outcome::Drawn => Text::new().and(host).and(" and ").and(guest).and(" drew"),
        Outcome::Void => Text::from("void, between ").and(host).and(" and ").and(guest),
    }
}

/// Why, in words.
pub(crate) fn cause_words(
    cause: &Cause,
    host: impl Into<Inline> + Copy,
    guest: impl Into<Inline> + Copy,
) -> Text {
    let name = |side: Side| match side {
        Side::Host => host.into(),
        Side::Guest => guest.into(),
    };
    match cause {
        Cause::Verdicts => Text::from("both sides say so"),
        Cause::Unanswered { silent } => Text::new()
            .and(name(silent.other()))
            .and(" says so, and ")
            .and(name(*silent))
            .and(" said nothing for 24 hours after it was asked"),
        Cause::Silence => Text::from("neither side said who won"),
        Cause::Undeliverable { side } => {
            Text::new().and(name(*side)).and(" could not be asked for 7 days")
        }
        Cause::Proof { side } => {
            Text::from("only ").and(name(*side)).and(" filed proof in the dispute")
        }
        Cause::Unproven => Text::from("the dispute ended without proof of one side alone"),
        Cause::Conceded { side } => Text::new().and(name(*side)).and(" gave up"),
        Cause::Operator { reason } => Text::from("the operator decided: ").user(reason.clone()),
    }
}

/// What it gave, in words.
pub(crate) fn glory_words(
    host: impl Into<Inline> + Copy,
    guest: impl Into<Inline> + Copy,
    settlement: &Settlement,
) -> Text {
    let given = settlement.given;
    Text::from("glory: ")
        .and(host)
        .and(format!(" +{}, ", given.host))
        .and(guest)
        .and(format!(" +{}", given.guest))
}

/// Who won, for a war whose clans are to be looked up.
pub(super) fn outcome_text(read: &dyn Read, war: &War, outcome: Outcome) -> Stored<Text> {
    Ok(match both(read, war)? {
        Some((host, guest)) => outcome_of(&host, &guest, outcome),
        None => Text::from(war.phase.word()),
    })
}

/// One line on how a war ended.
pub(super) fn result_line(read: &dyn Read, war: &War) -> Stored<Text> {
    Ok(match (both(read, war)?, war.settlement()) {
        (Some((host, guest)), Some(settlement)) => outcome_words(&host, &guest, settlement)
            .and("; ")
            .join(glory_words(&host, &guest, settlement)),
        _ => Text::from(war.phase.word()),
    })
}

fn both(read: &dyn Read, war: &War) -> Stored<Option<(Clan, Clan)>> {
    let Some(guest) = war.guest else { return Ok(None) };
    Ok(read.clan(war.host)?.zip(read.clan(guest)?))
}
