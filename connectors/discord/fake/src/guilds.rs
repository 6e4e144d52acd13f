//! Guilds over REST: what they are, who is there.

use serde_json::json;
use serenity::model::gateway::GatewayIntents;
use serenity::model::id::UserId;

use crate::call::{Answer, Call, found};
use crate::describe::role_json;
use crate::refusal::{MISSING_ACCESS, UNKNOWN_MEMBER};
use crate::state::State;

pub(crate) fn get(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    let mut json = state.guild_json(guild);
    if call.query.get("with_counts").is_some_and(|asked| asked == "true") {
        json["approximate_member_count"] = json!(guild.members.len());
        json["approximate_presence_count"] = json!(guild.members.len());
    }
    found(json)
}

pub(crate) fn roles(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    found(guild.roles.values().map(role_json).collect())
}

/// Lists members, which needs the intent for them.
pub(crate) fn members(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    if !state.granted.contains(GatewayIntents::GUILD_MEMBERS) {
        return Err(MISSING_ACCESS);
    }
    let limit = call.number("limit", 1_000)?.unwrap_or(1);
    let after = call.id_asked::<UserId>("after")?.map_or(0, UserId::get);
    let members = guild.members.iter().filter(|(id, _)| id.get() > after).take(limit);
    found(members.map(|(id, member)| state.member_json(*id, member)).collect())
}

/// Finds members whose name begins with some letters.
pub(crate) fn search(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    let limit = call.number("limit", 1_000)?.unwrap_or(1);
    let wanted = call.query.get("query").map_or(String::new(), |query| query.to_lowercase());
    let named = guild.members.iter().filter(|(id, member)| {
        let user = state.users.get(id);
        let names = [member.nick.as_deref(), user.map(|user| user.name.as_str())];
        names.into_iter().flatten().any(|name| name.to_lowercase().starts_with(&wanted))
    });
    found(named.take(limit).map(|(id, member)| state.member_json(*id, member)).collect())
}

pub(crate) fn member(state: &mut State, call: &Call) -> Answer {
    let guild = state.joined(call.id("guild_id")?)?;
    let user: UserId = call.id("user_id")?;
    let member = guild.members.get(&user).ok_or(UNKNOWN_MEMBER)?;
    found(state.member_json(user, member))
}
