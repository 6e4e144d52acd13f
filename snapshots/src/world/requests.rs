//! What is said and what happens as requests, as a connector would make them.

use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::reply::Action;
use gmbot_engine::request::{Attachment, Authority, Fact, Input, Request, SpaceRef};

use super::{ClanAtPlay, World, account};
use crate::face::Message;
use crate::format::{DIRECT, Happening, Speaker};

/// How the bot is mentioned on chat platforms.
const BOT: &str = "@gmbot";

/// The client that transcripts speak as, on every face.
pub const CLIENT: &str = "transcript";

impl World {
    /// The requests by which a platform introduces the clans that have people when it begins. A clan
    /// without any is born by its first command.
    pub fn opening(&self) -> Vec<Request> {
        let peopled = self.clans().filter(|clan| clan.leader.is_some() || !clan.members.is_empty());
        peopled.map(|clan| self.seen(clan, format!("opening/{}", clan.id))).collect()
    }

    /// The request that a face makes of a message.
    pub fn request(&self, message: &Message) -> Request {
        let speaker = &message.speaker;
        let actor = speaker.actor.as_deref().map(|name| account(&self.platform_of(speaker), name));
        Request {
            authority: self.authority(speaker),
            space: Some(self.space_of(speaker)),
            mentions: self.mentions(speaker, &message.text),
            attachments: message
                .files
                .iter()
                .map(|file| Attachment { name: file.name.clone(), bytes: file.content() })
                .collect(),
            age_ms: message.late.0,
            bot_mention: self.bot_mention(speaker),
            actor,
            ..silent(message.key.clone(), Input::Line(message.text.clone()))
        }
    }

    /// The request that a face with buttons makes of a press.
    pub fn press(&self, message: &Message, action: &Action) -> Request {
        let input = Input::Command(action.command.clone());
        Request { input, ..self.request(message) }
    }

    /// The request by which a platform tells what happened; none if platforms don't tell. `self` is
    /// the world before it happened.
    pub fn fact(&self, what: &Happening, key: String) -> Option<Request> {
        let at = |clan: &str, fact| {
            let space = self.clan(clan).map(ClanAtPlay::space);
            Request { space, ..silent(key.clone(), Input::Fact(fact)) }
        };
        match what {
            Happening::Joined(..) => None,
            Happening::Gone(clan) => Some(at(clan, Fact::SpaceGone)),
            Happening::Back(clan) => self.clan(clan).map(|clan| self.seen(clan, key)),
            Happening::Left(clan, person) => {
                let here = self.clan(clan)?;
                let owner = here.owner().map(|owner| here.account(owner));
                Some(at(clan, Fact::MemberLeft { account: here.account(person), owner }))
            }
            Happening::Renamed(clan, name) => {
                let before = self.clan(clan).map(|clan| clan.name.clone());
                let mut request = at(clan, Fact::SpaceRenamed { before });
                if let Some(space) = &mut request.space {
                    space.name.clone_from(name);
                }
                Some(request)
            }
            Happening::Moved(clan, id) => {
                let platform = self.clan(clan)?.platform.clone();
                let to = SpaceKey { platform, id: id.clone() };
                Some(at(clan, Fact::SpaceMoved { to }))
            }
            Happening::Owner(clan, owner) => {
                let owner = self.clan(clan)?.account(owner);
                Some(at(clan, Fact::OwnerChanged { owner }))
            }
        }
    }

    /// A platform lists a space. Whoever the transcript calls the leader counts as its owner there,
    /// so that they lead the clan.
    fn seen(&self, clan: &ClanAtPlay, key: String) -> Request {
        let owner = clan.leader.as_ref().or(clan.owner.as_ref());
        let fact = Fact::SpaceSeen {
            owner: owner.map(|name| clan.account(name)),
            members: clan.members.iter().map(|name| clan.account(name)).collect(),
        };
        Request { space: Some(clan.space()), ..silent(key, Input::Fact(fact)) }
    }

    fn authority(&self, speaker: &Speaker) -> Authority {
        let clan = self.clan(&speaker.clan);
        let owner = clan.and_then(ClanAtPlay::owner);
        Authority {
            owner: owner.is_some() && owner == speaker.actor.as_ref(),
            founder: clan.is_some_and(|clan| clan.platform == Platform::terminal()),
            operator: speaker.operator,
            stated_role: speaker.stated_role,
        }
    }

    /// How the bot is called where somebody speaks; at a terminal it has no name.
    fn bot_mention(&self, speaker: &Speaker) -> Option<String> {
        (self.platform_of(speaker) != Platform::terminal()).then(|| BOT.to_owned())
    }

    fn space_of(&self, speaker: &Speaker) -> SpaceRef {
        match self.clan(&speaker.clan) {
            Some(clan) => clan.space(),
            None => {
                let name = speaker.actor.clone().unwrap_or_default();
                let id = format!("{DIRECT}-{name}");
                let key = SpaceKey { platform: self.platform_of(speaker), id };
                SpaceRef { key, name, direct: true }
            }
        }
    }

    /// The platform on which somebody speaks: the clan's; in a direct message the one of the first
    /// clan that they are in, or of one that they left.
    pub(super) fn platform_of(&self, speaker: &Speaker) -> Platform {
        let actor = speaker.actor.as_deref().unwrap_or("");
        let home = self.clans().find(|clan| clan.has(actor));
        let platform = self.clan(&speaker.clan).or(home).map(|clan| &clan.platform);
        platform.or_else(|| self.left.get(actor)).cloned().unwrap_or_else(Platform::terminal)
    }
}

/// A request in which nobody says anything yet.
fn silent(key: String, input: Input) -> Request {
    Request::new(CLIENT, key, input)
}
