//! Whom a mention means: that is the platform's word, and never the engine's guess.

use std::collections::BTreeMap;

use gmbot_engine::grammar::lexer;
use gmbot_engine::model::Platform;
use gmbot_engine::request::{AccountRef, Mention, MentionTarget, Presence};
use serenity::all::{GuildId, Member, PartialMember, User, UserId};
use serenity::utils::{parse_role_mention, parse_user_mention};

use crate::rest::{Rest, Trouble};

/// The platform's name in requests.
pub(crate) const PLATFORM: &str = "discord";

pub(crate) fn platform() -> Platform {
    Platform(PLATFORM.to_owned())
}

/// An account with the name that people see.
pub(crate) fn account(user: &User, nick: Option<&str>) -> AccountRef {
    let shown = nick.or(user.global_name.as_deref()).unwrap_or(&user.name);
    AccountRef { platform: platform(), id: user.id.to_string(), name: shown.to_owned() }
}

/// Those whom Discord explained along with what was said.
#[derive(Debug, Default)]
pub(crate) struct Explained(BTreeMap<UserId, MentionTarget>);

impl Explained {
    /// Somebody, who is in the server if Discord says what they are there.
    pub(crate) fn add(&mut self, user: &User, member: Option<&PartialMember>) {
        let nick = member.and_then(|member| member.nick.as_deref());
        let presence = if member.is_some() { Presence::Inside } else { Presence::Outside };
        self.0.insert(user.id, person(user, nick, presence));
    }
}

fn person(user: &User, nick: Option<&str>, presence: Presence) -> MentionTarget {
    let account = account(user, nick);
    MentionTarget::Account { account, presence, bot: user.bot, stated_role: None }
}

/// What the mentions in some texts mean, for whoever speaks in a server or, without one, to the bot alone.
pub(crate) async fn mentions(
    rest: &Rest,
    guild: Option<GuildId>,
    texts: &[&str],
    explained: &Explained,
) -> Result<Vec<Mention>, Trouble> {
    let mut found: Vec<Mention> = Vec::new();
    for written in texts.iter().flat_map(|text| lexer::mentions(text)) {
        if found.iter().any(|mention| mention.written == written) {
            continue;
        }
        let target = target(rest, guild, written, explained).await?;
        found.push(Mention { written: written.to_owned(), target });
    }
    Ok(found)
}

async fn target(
    rest: &Rest,
    guild: Option<GuildId>,
    written: &str,
    explained: &Explained,
) -> Result<MentionTarget, Trouble> {
    if matches!(written, "@everyone" | "@here") {
        return Ok(MentionTarget::Everyone);
    }
    if parse_role_mention(written).is_some() {
        return Ok(MentionTarget::Role);
    }
    let id = parse_user_mention(written);
    if let Some(target) = id.and_then(|id| explained.0.get(&id)) {
        return Ok(target.clone());
    }
    match (id, guild) {
        (Some(id), Some(guild)) => member_or_user(rest, guild, id).await,
        (Some(id), None) => user(rest, id, Presence::Unknown).await,
        (None, Some(guild)) => by_name(rest, guild, written.trim_start_matches('@')).await,
        (None, None) => Ok(MentionTarget::Nobody),
    }
}

async fn member_or_user(rest: &Rest, guild: GuildId, id: UserId) -> Result<MentionTarget, Trouble> {
    match rest.tried(|| rest.http.get_member(guild, id)).await {
        Ok(member) => Ok(inside(&member)),
        Err(Trouble::Gone(_)) => user(rest, id, Presence::Outside).await,
        Err(trouble) => Err(trouble),
    }
}

async fn user(rest: &Rest, id: UserId, presence: Presence) -> Result<MentionTarget, Trouble> {
    match rest.tried(|| rest.http.get_user(id)).await {
        Ok(user) => Ok(person(&user, None, presence)),
        Err(Trouble::Gone(_)) => Ok(MentionTarget::Nobody),
        Err(trouble) => Err(trouble),
    }
}

/// Somebody whose name was typed with an `@`, and not chosen from Discord's list.
async fn by_name(rest: &Rest, guild: GuildId, name: &str) -> Result<MentionTarget, Trouble> {
    let found = rest.tried(|| rest.http.search_guild_members(guild, name, Some(10))).await?;
    let goes_by = |member: &&Member| {
        let user = &member.user;
        let names = [Some(&user.name), user.global_name.as_ref(), member.nick.as_ref()];
        names.into_iter().flatten().any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut meant = found.iter().filter(goes_by);
    Ok(match (meant.next(), meant.next()) {
        (Some(member), None) => inside(member),
        (Some(_), Some(_)) | (None, _) => MentionTarget::Nobody,
    })
}

fn inside(member: &Member) -> MentionTarget {
    person(&member.user, member.nick.as_deref(), Presence::Inside)
}
