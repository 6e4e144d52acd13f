//! Who speaks at this terminal, and for which clan.

use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, Onlooker, SpaceRef};

use crate::config::Settings;

/// What a person is called whose login name is not known, and who says none.
const NAMELESS: &str = "me";

/// The account that speaks.
pub(crate) fn account(settings: &Settings) -> AccountRef {
    let name = settings.user.clone().or_else(login).unwrap_or_else(|| NAMELESS.to_owned());
    let name = name.strip_prefix('@').unwrap_or(&name);
    named(if name.trim().is_empty() { NAMELESS } else { name })
}

/// The account of a name at a terminal: the name is all there is.
pub(crate) fn named(name: &str) -> AccountRef {
    AccountRef { platform: Platform::terminal(), id: name.to_owned(), name: name.to_owned() }
}

/// The space that a clan's name stands for at a terminal.
pub(crate) fn space(clan: &str) -> SpaceRef {
    let key = SpaceKey { platform: Platform::terminal(), id: clan.to_owned() };
    SpaceRef { key, name: clan.to_owned(), direct: false }
}

/// Who looks, from where.
pub(crate) fn onlooker(settings: &Settings, operator: bool) -> Onlooker {
    let (actor, space) = (Some(account(settings)), Some(space(&settings.clan).key));
    Onlooker { actor, space, operator }
}

/// The login name, as the system's variables give it.
fn login() -> Option<String> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(set)
}
