//! Every decision that gmbot makes: a file per family of commands.

mod accept;
mod access;
mod arrival;
mod ballots;
mod broadcast;
mod challenge;
mod clans;
mod context;
mod course;
mod facts;
mod links;
mod notices;
mod observer;
mod offices;
mod operator;
mod persons;
mod places;
mod players;
mod proof;
mod reading;
mod refusal;
mod times;
mod wars;

use crate::grammar::{Command, CommandSpec, Kind, Problem, Reading};
use crate::model::{AtMs, ClanId, DurationMs};
use crate::reply::{Code, Inline, Reply, Text};
use crate::request::{Input, Request};
use crate::store::{Read, Store, Stored};

pub use observer::{Observer, Stage};

pub(crate) use clans::subscriptions;
pub(crate) use context::{Context, Who, find_clan};
pub(crate) use course::as_of;
pub(crate) use notices::{cause_words, glory_words, outcome_words};
pub(crate) use players::find_member;
pub(crate) use refusal::{Ruling, Stop, refuse};
pub(crate) use wars::{may_see, say_which, which};

/// A command that reaches the bot later than this is not run.
pub const FRESH_FOR: DurationMs = DurationMs::minutes(10);

/// Carries a request out inside a transaction: settles what is due of what it touches, reads,
/// checks access, decides, records events and writes notices. `now` is the backend's clock when the
/// transaction began; `entropy` is fresh for each request and the same for each retry of it.
/// `observer` hears of each stage. `None`: the line was not for the bot.
///
/// # Errors
/// When the store failed; the transaction must be rolled back.
pub fn decide(
    store: &mut dyn Store,
    request: &Request,
    now: AtMs,
    entropy: [u8; 32],
    observer: &dyn Observer,
) -> Stored<Option<Reply>> {
    let mut context = Context::new(store, request, now, entropy);
    if let Input::Fact(fact) = &request.input {
        observer.begins(Stage::Rule);
        return facts::note(&mut context, fact).map(Some);
    }
    observer.begins(Stage::Parse);
    let (command, notes) = match reading::read(context.read(), request)? {
        Reading::NotForBot => return Ok(None),
        Reading::Problems { line, mut problems, spec } => {
            reading::suggest_times(context.read(), request, now, &line, &mut problems)?;
            return Ok(Some(unreadable(line, problems, spec, observer)));
        }
        Reading::Command { command, notes } => (command, notes),
    };
    let spec = CommandSpec::of(&command);
    observer.named(spec.name);
    if request.age_ms > FRESH_FOR.0 {
        return Ok(Some(too_late(request)));
    }
    if spec.kind == Kind::Query {
        let read = context.read();
        return answer_command(read, request, now, &command, notes, observer).map(Some);
    }
    observer.begins(Stage::Access);
    let ruled = places::require_meant(context.read(), request, &command).and_then(|()| {
        arrival::arrive(&mut context, &command)?;
        access::check(&mut context, &command)?;
        observer.begins(Stage::Rule);
        change(&mut context, &command)
    });
    let (who, founded) = (context.who, context.newborn.filter(|_| request.authority.founder));
    let notes = with_note_on_files(request, &command, notes);
    let reply = finish(context.read(), who, &command, notes, ruled)?;
    with_note_on_founding(context.read(), founded, reply).map(Some)
}

/// Answers a request that is a query (see [`crate::grammar::kind_of`]), or a line that can't be
/// read, without writing anything. `observer` hears of each stage.
///
/// # Errors
/// When the store failed.
pub fn answer(
    read: &dyn Read,
    request: &Request,
    now: AtMs,
    observer: &dyn Observer,
) -> Stored<Option<Reply>> {
    observer.begins(Stage::Parse);
    match reading::read(read, request)? {
        Reading::NotForBot => Ok(None),
        Reading::Problems { line, mut problems, spec } => {
            reading::suggest_times(read, request, now, &line, &mut problems)?;
            Ok(Some(unreadable(line, problems, spec, observer)))
        }
        Reading::Command { command, notes } => {
            observer.named(CommandSpec::of(&command).name);
            if request.age_ms > FRESH_FOR.0 {
                return Ok(Some(too_late(request)));
            }
            answer_command(read, request, now, &command, notes, observer).map(Some)
        }
    }
}

/// The answer to words that can't be read, which may name a command all the same.
fn unreadable(
    line: String,
    problems: Vec<Problem>,
    spec: Option<&'static CommandSpec>,
    observer: &dyn Observer,
) -> Reply {
    if let Some(spec) = spec {
        observer.named(spec.name);
    }
    reading::problems(line, problems, spec)
}

fn answer_command(
    read: &dyn Read,
    request: &Request,
    now: AtMs,
    command: &Command,
    notes: Vec<String>,
    observer: &dyn Observer,
) -> Stored<Reply> {
    observer.begins(Stage::Access);
    let meant = places::require_meant(read, request, command);
    let who = match meant.and_then(|()| arrival::recognise(read, request, command)) {
        Ok(who) => who,
        Err(stop) => return finish(read, Who::default(), command, notes, Err(stop)),
    };
    observer.begins(Stage::Rule);
    let ruled = crate::view::answer(read, request, &who, command, now);
    let notes = with_note_on_files(request, command, notes);
    finish(read, who, command, notes, ruled)
}

/// Fills in the names and texts that a reply's ids stand for, at the moment it leaves.
///
/// # Errors
/// When the store failed.
pub fn fill_legend(read: &dyn Read, reply: &mut Reply) -> Stored<()> {
    let mut people = Vec::new();
    let mut texts = Vec::new();
    for piece in reply.texts().flat_map(|text| &text.0) {
        match piece {
            Inline::Person(person) => people.push(*person),
            Inline::Message(text) => texts.push(*text),
            Inline::Words(_)
            | Inline::User(_)
            | Inline::Code(_)
            | Inline::War(_)
            | Inline::Clan { .. }
            | Inline::Time(_) => {}
        }
    }
    for person in people {
        if let Some(name) = read.person_name(person)? {
            reply.legend.people.insert(person, name);
        }
    }
    for text in texts {
        if let Some(kept) = read.text(text)? {
            reply.legend.texts.insert(text, kept.text);
        }
    }
    Ok(())
}

/// Adds that a clan was founded, where that may surprise: somebody named a new place.
fn with_note_on_founding(read: &dyn Read, founded: Option<ClanId>, reply: Reply) -> Stored<Reply> {
    let Some(founded) = founded else { return Ok(reply) };
    Ok(match read.clan(founded)? {
        Some(clan) => reply.hint(Text::from("this place is new: it founded the clan ").and(&clan)),
        None => reply,
    })
}

/// Adds that a file was not kept, where one came with a command that has no use for it.
fn with_note_on_files(request: &Request, command: &Command, mut notes: Vec<String>) -> Vec<String> {
    if !request.attachments.is_empty() && !matches!(command, Command::Proof { .. }) {
        notes.push("the attached file was not kept: only `proof` takes files".to_owned());
    }
    notes
}

/// Gives an answer its audience, its time zone and the remarks on how the line was understood.
fn finish(
    read: &dyn Read,
    who: Who,
    command: &Command,
    notes: Vec<String>,
    ruled: Ruling<Reply>,
) -> Stored<Reply> {
    let mut reply = match ruled {
        Ok(reply) if CommandSpec::of(command).private_answer => reply.to_actor(),
        Ok(reply) => reply,
        Err(Stop::Refused(reply)) => *reply,
        Err(Stop::Failed(error)) => return Err(error),
    };
    for note in notes {
        reply = reply.hint(note);
    }
    if let Some(clan) = who.clan
        && let Some(clan) = read.clan(clan)?
    {
        reply = reply.in_zone(&clan.profile.timezone);
    }
    Ok(reply)
}

fn too_late(request: &Request) -> Reply {
    let age = DurationMs(request.age_ms);
    Reply::new(Code::TooLate)
        .to_actor()
        .say(Text::from("this reached me ").and(age).and(" late, so I did not do it"))
        .hint("say it again if it still holds")
}

/// Decides a change, after access was checked.
fn change(context: &mut Context<'_>, command: &Command) -> Ruling<Reply> {
    match command {
        Command::Setup(setup) => clans::setup(context, setup),
        Command::CreateWar(wanted) => challenge::create(context, wanted),
        Command::RemoveWar { war } => challenge::withdraw(context, war),
        Command::Accept { war, players } => accept::accept(context, war, players),
        Command::Decline { war } => challenge::decline(context, war),
        Command::Substitute { war, out, r#in } => wars::substitute(context, war, out, r#in),
        Command::Say { war, text } => wars::say(context, war.as_ref(), text),
        Command::Vote { war, winner, score } => {
            ballots::vote(context, war.as_ref(), winner, *score)
        }
        Command::Proof { war, url, note } => {
            proof::file(context, war.as_ref(), url.as_deref(), note.as_deref())
        }
        Command::Concede { war, yes } => wars::concede(context, war, *yes),
        Command::Subscribe { games } => clans::subscribe(context, games),
        Command::Unsubscribe { games } => clans::unsubscribe(context, games),
        Command::Promote { players } => offices::promote(context, players),
        Command::Demote { players } => offices::demote(context, players),
        Command::Relinquish { player, yes } => offices::relinquish(context, player.as_ref(), *yes),
        Command::Reclaim => offices::reclaim(context),
        Command::Block { clan } => clans::block(context, clan),
        Command::Unblock { clan } => clans::unblock(context, clan),
        Command::Link { code } => links::link(context, code.as_deref()),
        Command::Available => persons::set_available(context, true),
        Command::Unavailable => persons::set_available(context, false),
        Command::Forget { yes } => persons::forget(context, *yes),
        Command::Resolve { war, winner, reason, yes } => {
            wars::resolve(context, war, winner, reason, *yes)
        }
        Command::Appoint { clan, player, reason } => {
            operator::appoint(context, clan, player, reason)
        }
        Command::Suspend { clan, reason } => operator::suspend(context, clan, reason),
        Command::Restore { clan, reason } => operator::restore(context, clan, reason),
        Command::AddGame { name, min_players, max_players } => {
            operator::add_game(context, name, *min_players, *max_players)
        }
        Command::Status { .. }
        | Command::Show { .. }
        | Command::Explain { .. }
        | Command::History { .. }
        | Command::Games
        | Command::Formats
        | Command::MyGames
        | Command::Roles
        | Command::Leaderboard { .. }
        | Command::Stats { .. }
        | Command::Clans { .. }
        | Command::Help { .. } => {
            unreachable!("queries are answered before anything is decided")
        }
    }
}
