//! Whom a mention means: the ids in it say so, and never a name that anybody may take.

use gmbot_engine::grammar::lexer::{TokenKind, lex_line};
use gmbot_engine::model::Platform;
use gmbot_engine::request::{AccountRef, Mention, MentionTarget, Presence};
use matrix_sdk::room::RoomMember;
use matrix_sdk::ruma::events::Mentions;
use matrix_sdk::ruma::events::room::member::MembershipState;
use matrix_sdk::ruma::matrix_uri::MatrixId;
use matrix_sdk::ruma::{MatrixToUri, OwnedUserId, UserId};
use matrix_sdk::{Room, RoomMemberships};

use crate::bot::Bot;
use crate::rooms;
use crate::trouble::Trouble;

/// The platform's name in requests.
pub(crate) const PLATFORM: &str = "matrix";

pub(crate) fn platform() -> Platform {
    Platform(PLATFORM.to_owned())
}

/// An account with the name that people see.
pub(crate) fn account(user: &UserId, name: Option<&str>) -> AccountRef {
    let name = name.unwrap_or_else(|| user.localpart()).to_owned();
    AccountRef { platform: platform(), id: user.to_string(), name }
}

/// The account of somebody who is, or was, in a room.
pub(crate) fn account_of(member: &RoomMember) -> AccountRef {
    account(member.user_id(), member.display_name())
}

/// The words of a line that mention somebody, as the engine reads them.
fn written(line: &str) -> Vec<String> {
    let tokens = lex_line(line, 0).tokens.into_iter();
    let mut words: Vec<String> = Vec::new();
    for token in tokens.filter(|token| token.kind == TokenKind::Mention) {
        if !words.iter().any(|word| *word == token.text) {
            words.push(token.text.into_owned());
        }
    }
    words
}

/// Whether a line does nothing but name people.
pub(crate) fn names_alone(line: &str) -> bool {
    let tokens = lex_line(line, 0).tokens;
    !tokens.is_empty()
        && tokens.iter().all(|token| matches!(token.kind, TokenKind::Mention | TokenKind::Comma))
}

/// The user that a word names by id: `@ann:example.org`, or a matrix.to link.
fn user_in(word: &str) -> Option<OwnedUserId> {
    if let Ok(user) = UserId::parse(word) {
        return Some(user);
    }
    user_of_link(word)
}

/// The user that a matrix.to link leads to.
pub(crate) fn user_of_link(link: &str) -> Option<OwnedUserId> {
    let link = MatrixToUri::parse(link).ok()?;
    if let MatrixId::User(user) = link.id() { Some(user.clone()) } else { None }
}

impl Bot {
    /// What the mentions in a line mean to whoever wrote it in a room.
    pub(crate) async fn mentions(
        &self,
        room: &Room,
        line: &str,
        meant: Option<&Mentions>,
    ) -> Result<Vec<Mention>, Trouble> {
        let mut found = Vec::new();
        for written in written(line) {
            let target = self.target(room, &written, meant).await?;
            found.push(Mention { written, target });
        }
        Ok(found)
    }

    async fn target(
        &self,
        room: &Room,
        written: &str,
        meant: Option<&Mentions>,
    ) -> Result<MentionTarget, Trouble> {
        if matches!(written, "@room" | "@everyone" | "@here") {
            return Ok(MentionTarget::Everyone);
        }
        match user_in(written) {
            Some(user) => self.somebody(room, &user).await,
            None => self.by_localpart(room, written.trim_start_matches('@'), meant).await,
        }
    }

    /// Somebody who is named by id.
    async fn somebody(&self, room: &Room, user: &UserId) -> Result<MentionTarget, Trouble> {
        let member = room.get_member(user).await?;
        let inside = member.as_ref().filter(|member| *member.membership() == MembershipState::Join);
        if let Some(member) = inside {
            return Ok(self.person(account_of(member), Presence::Inside, Some(member)));
        }
        let profile = self.client.account().fetch_user_profile_of(user).await;
        let profile = match profile.map_err(Trouble::from) {
            // A homeserver that says that there is nobody knows.
            Err(Trouble::Gone(_)) if member.is_none() => return Ok(MentionTarget::Nobody),
            Err(trouble @ (Trouble::Busy | Trouble::Unauthorized)) => return Err(trouble),
            Ok(profile) => Some(profile),
            Err(_) => None,
        };
        let known = member.as_ref().and_then(|member| member.display_name());
        let shown = || profile.as_ref()?.get("displayname")?.as_str();
        Ok(self.person(account(user, known.or_else(shown)), Presence::Outside, None))
    }

    /// Somebody whose id was typed without its server: whoever the message mentions, or is in the
    /// room, under such an id.
    async fn by_localpart(
        &self,
        room: &Room,
        localpart: &str,
        meant: Option<&Mentions>,
    ) -> Result<MentionTarget, Trouble> {
        let goes_by = |user: &UserId| user.localpart().eq_ignore_ascii_case(localpart);
        let mentioned = meant.into_iter().flat_map(|meant| &meant.user_ids);
        let mut users: Vec<OwnedUserId> = mentioned.filter(|user| goes_by(user)).cloned().collect();
        if users.is_empty() {
            let members = room.members(RoomMemberships::JOIN).await?;
            let ids = members.iter().map(|member| member.user_id());
            users = ids.filter(|user| goes_by(user)).map(ToOwned::to_owned).collect();
        }
        match users.as_slice() {
            [user] => self.somebody(room, user).await,
            _ => Ok(MentionTarget::Nobody),
        }
    }

    fn person(
        &self,
        account: AccountRef,
        presence: Presence,
        member: Option<&RoomMember>,
    ) -> MentionTarget {
        let bot = account.id == self.me.as_str();
        let stated_role = member.and_then(rooms::stated_role);
        MentionTarget::Account { account, presence, bot, stated_role }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_as_they_are_written() {
        let line =
            "gmbot accept k3x @ann:a.org, @ben,https://matrix.to/#/@c:a.org \"@d\" x@y.org @ben";
        assert_eq!(written(line), ["@ann:a.org", "@ben", "https://matrix.to/#/@c:a.org"]);
    }

    #[test]
    fn a_user_is_named_by_id_or_by_link() {
        let user = |word: &str| user_in(word).map(|user| user.to_string());
        assert_eq!(user("@ann:a.org").as_deref(), Some("@ann:a.org"));
        assert_eq!(user("https://matrix.to/#/%40ann%3Aa.org").as_deref(), Some("@ann:a.org"));
        for word in ["@ann", "https://matrix.to/#/!room:a.org", "https://example.org/@ann:a.org"] {
            assert_eq!(user(word), None, "{word}");
        }
    }

    #[test]
    fn a_line_of_names_is_told_from_others() {
        assert!(names_alone("@ann:a.org, @ben:a.org"));
        for line in ["", "@ann:a.org wins", "hello", "-players @ann:a.org"] {
            assert!(!names_alone(line), "{line}");
        }
    }
}
