//! Where people find the bot: a link for Discord, a user for Matrix.

use std::fmt;
use std::str::FromStr;

/// A link that adds the bot to a Discord server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscordInvite(String);

/// The bot's user on Matrix: `@gmbot:example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixUser(String);

/// A text that leads nobody to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadContact {
    /// Not a link of Discord's.
    #[error("not an invite link: it begins with `https://discord.com/` or `https://discord.gg/`")]
    Discord,
    /// Not a user id.
    #[error("not a Matrix user id: it looks like `@gmbot:example.org`")]
    Matrix,
}

/// Visible ASCII: links and ids hold nothing else.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl FromStr for DiscordInvite {
    type Err = BadContact;

    fn from_str(text: &str) -> Result<Self, BadContact> {
        let known = ["https://discord.com/", "https://discord.gg/"];
        let leads = known.iter().any(|start| text.len() > start.len() && text.starts_with(start));
        if leads && is_plain(text) { Ok(Self(text.to_owned())) } else { Err(BadContact::Discord) }
    }
}

impl FromStr for MatrixUser {
    type Err = BadContact;

    fn from_str(text: &str) -> Result<Self, BadContact> {
        let parts = text.strip_prefix('@').and_then(|rest| rest.split_once(':'));
        match parts {
            Some((name, server)) if !name.is_empty() && !server.is_empty() && is_plain(text) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(BadContact::Matrix),
        }
    }
}

impl MatrixUser {
    /// The link that opens it in whatever client a visitor has.
    pub fn href(&self) -> String {
        // What has a meaning in a link is written as its code.
        let id: String = self
            .0
            .chars()
            .map(|letter| match letter {
                '%' => "%25".to_owned(),
                '/' => "%2F".to_owned(),
                '?' => "%3F".to_owned(),
                '#' => "%23".to_owned(),
                _ => letter.to_string(),
            })
            .collect();
        format!("https://matrix.to/#/{id}")
    }
}

impl fmt::Display for DiscordInvite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for MatrixUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_the_bot_is_taken() {
        for good in ["https://discord.com/oauth2/authorize?client_id=1", "https://discord.gg/x"] {
            assert_eq!(
                good.parse::<DiscordInvite>().map(|link| link.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "https://discord.gg/",
            "https://discord.com.example/x",
            "https://discord.gg/a b",
        ] {
            assert_eq!(bad.parse::<DiscordInvite>(), Err(BadContact::Discord), "{bad}");
        }
        for bad in ["", "gmbot", "@gmbot", "@:example.org", "@gmbot:", "@gm bot:example.org"] {
            assert_eq!(bad.parse::<MatrixUser>(), Err(BadContact::Matrix), "{bad}");
        }
        let user: MatrixUser = "@gmbot/x:example.org:8448".parse().expect("a user id");
        assert_eq!(user.href(), "https://matrix.to/#/@gmbot%2Fx:example.org:8448");
    }
}
