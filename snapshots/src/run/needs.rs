//! What a transcript needs of a face.

use gmbot_engine::model::Platform;

use crate::face::{Ability, Face};
use crate::format::{DIRECT, StepKind, Transcript};

/// Why a transcript can't run on a face, as the report says it; parts that say themselves what they
/// need are not looked at.
pub(super) fn unmet(transcript: &Transcript, face: &dyn Face) -> Option<String> {
    let path = &transcript.path;
    let lacking = |ability: &Ability| !face.can(*ability);
    let why = |line: usize, ability: Ability| {
        format!("{path} on {}, which has no {ability} (line {line})", face.name())
    };
    if let Some(ability) = of_world(transcript).into_iter().find(lacking) {
        return Some(why(1, ability));
    }
    let mut inside = false;
    for step in &transcript.steps {
        if let StepKind::Begin(_) | StepKind::End = step.kind {
            inside = matches!(step.kind, StepKind::Begin(_));
        } else if !inside && let Some(ability) = of_step(&step.kind).into_iter().find(lacking) {
            return Some(why(step.line(), ability));
        }
    }
    None
}

fn of_world(transcript: &Transcript) -> Vec<Ability> {
    let world = &transcript.world;
    let mut needed = Vec::new();
    if world.clans().any(|clan| clan.platform != Platform::terminal()) {
        needed.push(Ability::Platforms);
    }
    if world.clans().any(|clan| clan.owner.is_some()) {
        needed.push(Ability::Owners);
    }
    needed
}

fn of_step(kind: &StepKind) -> Vec<Ability> {
    match kind {
        StepKind::Say { speaker, files, .. } => {
            let client = speaker.actor.is_none() || speaker.stated_role.is_some();
            let needs = [
                (!files.is_empty(), Ability::Files),
                (speaker.clan == DIRECT, Ability::Direct),
                (client, Ability::Clients),
                (speaker.operator, Ability::Operator),
            ];
            needs.into_iter().filter(|(needed, _)| *needed).map(|(_, ability)| ability).collect()
        }
        StepKind::Press { .. } => vec![Ability::Reactions],
        StepKind::Duplicate(_) | StepKind::Reuse => vec![Ability::Duplicates],
        StepKind::Reach { .. } => vec![Ability::Outage],
        StepKind::Late(_) => vec![Ability::Late],
        StepKind::Fact(_) => vec![Ability::Facts],
        StepKind::Mean { .. } => vec![Ability::Mentions],
        StepKind::Reply(_)
        | StepKind::Notice { .. }
        | StepKind::Let { .. }
        | StepKind::Advance(_)
        | StepKind::Restart
        | StepKind::Begin(_)
        | StepKind::End => Vec::new(),
    }
}
