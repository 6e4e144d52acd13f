//! Who may do what: one check for every command, by the table's row. It fails closed, and its
//! refusals say why, and who may.

use super::context::Context;
use super::refusal::{Ruling, refuse, require};
use crate::grammar::{Access, Command, CommandSpec};
use crate::model::Role;
use crate::reply::{Code, Inline, Text};

/// Checks that whoever acts may use a command at all. What depends on a war (its players, its
/// sides) is checked by the war's own rules.
pub(super) fn check(context: &mut Context<'_>, command: &Command) -> Ruling<()> {
    let spec = CommandSpec::of(command);
    match spec.access {
        Access::Anyone => Ok(()),
        Access::Operator => require(context.who.operator, || {
            refuse(
                Code::OperatorOnly,
                Text::from("only the operator of this gmbot may use ").code(spec.name),
            )
            .hint("at a terminal the operator says `--operator` before the command")
        }),
        Access::Owner => {
            let owns = context.request.authority.owner || owns_here(context)?;
            require(owns, || {
                refuse(
                    Code::OwnerOnly,
                    Text::from("only the owner of this space may use ").code(spec.name),
                )
                .hint(Text::new().code("gmbot roles").and(" says who leads the clan"))
            })
        }
        // Whoever acts in a space was made a member on arrival; in private the rules ask.
        Access::Member => context.actor().map(|_| ()),
        Access::Player | Access::PlayerOrOfficers => context.actor().map(|_| ()),
        Access::Leader => require_role(context, spec, Role::Leader),
        Access::Officers => require_role(context, spec, Role::CoLeader),
    }
}

/// Whether whoever acts owns the space where its platform knows no owner.
fn owns_here(context: &mut Context<'_>) -> Ruling<bool> {
    let Some(here) = context.request.space.as_ref().map(|space| &space.key) else {
        return Ok(false);
    };
    let person = context.actor()?;
    let clan = context.own_clan()?;
    Ok(clan.spaces.iter().any(|space| space.key == *here && space.owner == Some(person)))
}

fn require_role(context: &mut Context<'_>, spec: &CommandSpec, least: Role) -> Ruling<()> {
    let clan = context.own_clan()?;
    // A request without an actor acts as a co-leader.
    let role = match context.who.person {
        Some(person) => context.role(&clan, person)?,
        None => Some(Role::CoLeader),
    };
    if role.is_some_and(|role| role >= least) {
        return Ok(());
    }
    let you_are = match role {
        Some(role) => format!("; you are a {}", role.word()),
        None => "; you are not a member".to_owned(),
    };
    let fact =
        Text::from("only ").and(spec.access.words()).and(" may use ").code(spec.name).and(you_are);
    let mut may: Vec<Inline> = clan.leader.into_iter().map(Inline::from).collect();
    if least == Role::CoLeader {
        may.extend(clan.co_leaders.iter().copied().map(Inline::from));
    }
    let refusal = refuse(Code::NotAllowed, fact);
    Err(match may.as_slice() {
        [] => refusal.hint("nobody leads this clan; its owner can say `gmbot reclaim`"),
        _ => refusal.hint(Text::from("ask ").join(Text::list(may))),
    }
    .into())
}
