//! What can be done with what is chosen. Which acts are offered follows from what is seen; whether
//! they are allowed is for the rules to say when the line arrives.

use std::ops::RangeInclusive;

use gmbot_engine::grammar::{ClanRef, Command, PlayerRef, WarRef, Winner};
use gmbot_engine::model::{Format, PersonId, Phase, Side, WarId};
use gmbot_engine::view::{ClanName, WarLine};

use crate::dialog::{Act, Choice, Dialog, Draft, Form, Menu, Question, Then, Value};
use crate::world::World;

/// What can be chosen on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A war or a challenge.
    War(WarId),
    /// A challenge that is still to be made.
    Challenge,
    /// The games whose challenges the clan hears of.
    Subscriptions,
    /// A member of the clan.
    Member(PersonId),
    /// A clan.
    Clan(ClanName),
}

/// What can be done with something; none if it is not there any more.
pub(crate) fn dialog(subject: &Subject, world: &World) -> Option<Dialog> {
    match subject {
        Subject::War(id) => {
            let wars = world.wars();
            let war = wars.get(id)?;
            Some(menu(war_title(war), war_acts(war, world)))
        }
        Subject::Challenge => Some(Dialog::Form(challenge(None, world))),
        Subject::Subscriptions => {
            Some(menu("challenges to hear of".to_owned(), subscriptions(world)))
        }
        Subject::Member(person) => {
            let name = world.name(*person)?;
            Some(menu(format!("@{name}"), member_acts(*person, name, world)))
        }
        Subject::Clan(clan) => Some(menu(clan.name.clone(), clan_acts(clan, world))),
    }
}

fn menu(title: String, acts: Vec<Act>) -> Dialog {
    Dialog::Menu(Menu::new(title, acts))
}

/// A war in a few words.
pub(crate) fn war_title(war: &WarLine) -> String {
    let rival = war.guest.as_ref().or(war.named.as_ref()).map_or("everybody", |clan| &clan.name);
    format!("{} · {} – {rival} · {}", war.id, war.host.name, war.game.name)
}

fn war_acts(war: &WarLine, world: &World) -> Vec<Act> {
    let id = || WarRef(war.id.to_string());
    let open = Act::new('o', "open its page", Then::Open(war.id));
    let explain = || Then::Run(Command::Explain { war: Some(id()) });
    let side = world.side(war);
    if side.is_none() {
        return match war.phase {
            Phase::Open if world.acceptable().any(|can| can.id == war.id) => {
                let block = Command::Block { clan: ClanRef(war.host.name.clone()) };
                vec![
                    Act::new('a', "accept", Then::Ask(accept(war, world))),
                    open,
                    Act::new('d', "decline", Then::Run(Command::Decline { war: id() })),
                    Act::new('b', "block the clan", Then::Run(block)),
                ]
            }
            Phase::Settled => vec![open, Act::new('e', "explain", explain())],
            Phase::Open
            | Phase::Scheduled
            | Phase::Ongoing
            | Phase::Voting
            | Phase::Disputed
            | Phase::Withdrawn
            | Phase::Lapsed
            | Phase::Declined => vec![open],
        };
    }
    let say = Act::new('s', "say something", Then::Write(format!("gmbot say -war {} ", war.id)));
    let vote = || Act::new('v', "vote", Then::Ask(vote(war, side)));
    let substitute = || Act::new('u', "substitute", Then::Ask(substitute(war, side, world)));
    let concede = Act::new('c', "concede", Then::Run(Command::Concede { war: id(), yes: false }));
    let proof = Act::new('p', "file proof", Then::Write(format!("gmbot proof {} ", war.id)));
    match war.phase {
        Phase::Open => {
            vec![open, Act::new('r', "take it back", Then::Run(Command::RemoveWar { war: id() }))]
        }
        Phase::Scheduled => vec![open, say, substitute(), concede],
        Phase::Ongoing => vec![open, vote(), say, substitute(), proof, concede],
        Phase::Voting | Phase::Disputed => vec![vote(), open, say, proof, concede],
        Phase::Settled => vec![open, Act::new('e', "explain", explain()), vote()],
        Phase::Withdrawn | Phase::Lapsed | Phase::Declined => vec![open],
    }
}

fn member_acts(person: PersonId, name: &str, world: &World) -> Vec<Act> {
    let player = || PlayerRef::Name(name.to_owned());
    let stats = Command::Stats { clan: None, player: Some(player()), game: None };
    let mut acts = vec![Act::new('s', "how they fared", Then::Run(stats))];
    if world.me.person == Some(person) {
        acts.push(Act::new('a', "available for line-ups", Then::Run(Command::Available)));
        acts.push(Act::new('n', "not available", Then::Run(Command::Unavailable)));
        return acts;
    }
    let promote = Command::Promote { players: vec![player()] };
    let demote = Command::Demote { players: vec![player()] };
    let relinquish = Command::Relinquish { player: Some(player()), yes: false };
    acts.push(Act::new('p', "make co-leader", Then::Run(promote)));
    acts.push(Act::new('d', "make member", Then::Run(demote)));
    acts.push(Act::new('l', "hand the leadership over", Then::Run(relinquish)));
    acts
}

fn clan_acts(clan: &ClanName, world: &World) -> Vec<Act> {
    let name = || ClanRef(clan.name.clone());
    let stats = Command::Stats { clan: Some(name()), player: None, game: None };
    let mut acts = vec![Act::new('s', "how it fared", Then::Run(stats))];
    let history = Command::History { clan: Some(name()), limit: 10 };
    acts.push(Act::new('h', "its past wars", Then::Run(history)));
    if world.clan().is_some_and(|own| own.id != clan.id) {
        let form = challenge(Some(name()), world);
        acts.insert(0, Act::new('c', "challenge it", Then::Ask(form)));
        acts.push(Act::new('b', "block it", Then::Run(Command::Block { clan: name() })));
    }
    acts
}

fn subscriptions(world: &World) -> Vec<Act> {
    let heard = world.status.iter().flat_map(|status| &status.subscriptions);
    let heard: Vec<_> = heard.map(|game| game.id).collect();
    let question = |wanted_heard: bool| {
        Question {
        title: "which games?",
        wanted: Some(1..=usize::MAX),
        choices: game_choices(world)
            .into_iter()
            .filter(|choice| {
                matches!(choice.value, Value::Game(id) if heard.contains(&id) == wanted_heard)
            })
            .collect(),
    }
    };
    let mut acts = Vec::new();
    let kinds = [
        ('s', "hear of more games", Draft::Subscribe, question(false)),
        ('u', "hear of fewer games", Draft::Unsubscribe, question(true)),
    ];
    for (key, label, draft, question) in kinds {
        if !question.choices.is_empty() {
            let form = Form::new(label.to_owned(), draft, vec![question]);
            acts.push(Act::new(key, label, Then::Ask(form)));
        }
    }
    acts.push(Act::new('l', "list the games", Then::Run(Command::MyGames)));
    acts
}

/// Makes a challenge: game, line-up, format.
fn challenge(clan: Option<ClanRef>, world: &World) -> Form {
    let title = match &clan {
        Some(clan) => format!("challenge {}", clan.0),
        None => "challenge everybody".to_owned(),
    };
    let format = |(_, format): &(u8, Format)| {
        Choice::new(format.code(), format.words(), Value::Format(*format))
    };
    let questions = vec![
        Question { title: "which game?", wanted: None, choices: game_choices(world) },
        line_up(1..=1, world),
        Question {
            title: "which format?",
            wanted: None,
            choices: Format::PRESETS.iter().map(format).collect(),
        },
    ];
    Form::new(title, Draft::Challenge(clan), questions)
}

fn accept(war: &WarLine, world: &World) -> Form {
    let draft = Draft::Accept(WarRef(war.id.to_string()));
    let title = format!("accept {}", war_title(war));
    Form::new(title, draft, vec![line_up(war.players..=war.players, world)])
}

fn vote(war: &WarLine, side: Option<Side>) -> Form {
    let clan = |side: Side| war.clan(side).map_or(side.word(), |clan| clan.name.as_str());
    let (us, them) = match side {
        Some(Side::Guest) => (clan(Side::Guest), clan(Side::Host)),
        Some(Side::Host) | None => (clan(Side::Host), clan(Side::Guest)),
    };
    let choices = [
        ("us", us, Winner::Us),
        ("them", them, Winner::Them),
        ("draw", "nobody won", Winner::Draw),
        ("void", "call it off", Winner::Void),
        ("none", "take the ballot back", Winner::None),
    ];
    let choice = |(label, help, winner)| Choice::new(label, help, Value::Winner(winner));
    let question = Question {
        title: "who won?",
        wanted: None,
        choices: choices.into_iter().map(choice).collect(),
    };
    Form::new(
        format!("vote on {}", war_title(war)),
        Draft::Vote(WarRef(war.id.to_string())),
        vec![question],
    )
}

fn substitute(war: &WarLine, side: Option<Side>, world: &World) -> Form {
    let seen = world.in_full.get(&war.id);
    let line_up = seen.zip(side).map_or(&[][..], |(seen, side)| seen.line_ups.of(side));
    let (playing, resting): (Vec<_>, Vec<_>) =
        players(world).into_iter().partition(|(person, _)| line_up.contains(person));
    let question = |title, of: Vec<(PersonId, Choice)>| Question {
        title,
        wanted: None,
        choices: of.into_iter().map(|(_, choice)| choice).collect(),
    };
    let questions =
        vec![question("who leaves the line-up?", playing), question("who comes?", resting)];
    let draft = Draft::Substitute(WarRef(war.id.to_string()));
    Form::new(format!("substitute in {}", war_title(war)), draft, questions)
}

fn line_up(wanted: RangeInclusive<usize>, world: &World) -> Question {
    Question {
        title: "who plays?",
        wanted: Some(wanted),
        choices: players(world).into_iter().map(|(_, choice)| choice).collect(),
    }
}

/// The members as choices; those who are away come last.
fn players(world: &World) -> Vec<(PersonId, Choice)> {
    let members = world.roster.iter().flat_map(|roster| &roster.members);
    let choice = |member: &gmbot_engine::view::MemberSeen| {
        let name = world.name(member.person)?;
        let away = if member.available { "" } else { ", not available" };
        let help = format!("{}{away}", member.role.word());
        let choice = Choice::new(format!("@{name}"), help, Value::Player(name.to_owned()));
        Some((member.person, Choice { faint: !member.available, ..choice }))
    };
    let mut choices: Vec<_> = members.filter_map(choice).collect();
    choices.sort_by_key(|(_, choice)| choice.faint);
    choices
}

/// The games as choices, those that the clan hears of first.
fn game_choices(world: &World) -> Vec<Choice> {
    let heard = world.status.iter().flat_map(|status| &status.subscriptions);
    let heard: Vec<_> = heard.map(|game| game.id).collect();
    let (first, rest): (Vec<_>, Vec<_>) =
        world.games.iter().partition(|game| heard.contains(&game.id));
    let choice = |game: &gmbot_engine::model::Game| {
        let sizes = game.min_players as usize..=game.max_players as usize;
        let help = format!("{}–{} a side", sizes.start(), sizes.end());
        let choice = Choice::new(game.name.clone(), help, Value::Game(game.id));
        Choice { sets: Some(sizes), ..choice }
    };
    first.into_iter().chain(rest).map(choice).collect()
}
