//! Who is there in a transcript: clans, their people, and what mentions of them mean. It turns what a
//! transcript says into requests, as a connector would.

use std::collections::{BTreeMap, BTreeSet};

use gmbot_engine::model::{Platform, SpaceKey};
use gmbot_engine::request::{
    AccountRef, Attachment, Authority, Fact, Input, Mention, MentionTarget, Presence, Request,
    SpaceRef,
};

use crate::face::Message;
use crate::format::{DIRECT, Happening, Speaker};

mod mentions;

/// How the bot is mentioned on chat platforms.
const BOT: &str = "@gmbot";

/// The client that transcripts speak as, on every face.
pub const CLIENT: &str = "transcript";

/// Who is there, as it changes while a transcript runs.
#[derive(Debug, Clone, Default)]
pub struct World {
    clans: BTreeMap<String, ClanAtPlay>,
    meanings: BTreeMap<String, Meaning>,
    /// Who was in some space and left it, with its platform, which still knows them.
    left: BTreeMap<String, Platform>,
}

/// A clan's space as the transcript declares it.
#[derive(Debug, Clone)]
pub struct ClanAtPlay {
    /// What the transcript calls it: `f`.
    pub id: String,
    /// The space's id on its platform: the short name, until it moves.
    pub space_id: String,
    /// The space's name: `Clan F`.
    pub name: String,
    /// Where the space is.
    pub platform: Platform,
    /// Who leads it when it begins.
    pub leader: Option<String>,
    /// Who owns the space, where that is not the leader.
    pub owner: Option<String>,
    /// Who else is in the space.
    pub members: BTreeSet<String>,
}

/// What a mention means that is no member of a clan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A bot that is in the space.
    Bot,
    /// A role or a group.
    Role,
    /// Somebody of the platform who is not in the space.
    Outsider,
    /// Nobody that the platform knows.
    Nobody,
}

impl ClanAtPlay {
    /// A clan at a terminal, with nobody in it.
    pub(crate) fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            space_id: id.to_owned(),
            name: name.to_owned(),
            platform: Platform::terminal(),
            leader: None,
            owner: None,
            members: BTreeSet::new(),
        }
    }

    /// The space as a request names it.
    pub fn space(&self) -> SpaceRef {
        let key = SpaceKey { platform: self.platform.clone(), id: self.space_id.clone() };
        SpaceRef { key, name: self.name.clone(), direct: false }
    }

    /// An account on the clan's platform.
    pub fn account(&self, name: &str) -> AccountRef {
        account(&self.platform, name)
    }

    /// Who owns the space: nobody at a terminal, unless the transcript says so.
    fn owner(&self) -> Option<&String> {
        let leader = self.leader.as_ref().filter(|_| self.platform != Platform::terminal());
        self.owner.as_ref().or(leader)
    }

    fn has(&self, name: &str) -> bool {
        let offices = [&self.leader, &self.owner];
        self.members.contains(name) || offices.into_iter().flatten().any(|person| person == name)
    }
}

fn account(platform: &Platform, name: &str) -> AccountRef {
    AccountRef { platform: platform.clone(), id: name.to_owned(), name: name.to_owned() }
}

impl World {
    /// Adds a clan.
    pub(crate) fn add(&mut self, clan: ClanAtPlay) -> Result<(), String> {
        let id = clan.id.clone();
        match self.clans.insert(id.clone(), clan) {
            Some(_) => Err(format!("the clan `{id}` is declared twice; give one another name")),
            None => Ok(()),
        }
    }

    /// A clan by its short name.
    pub fn clan(&self, id: &str) -> Option<&ClanAtPlay> {
        self.clans.get(id)
    }

    /// All clans, by their short names.
    pub fn clans(&self) -> impl Iterator<Item = &ClanAtPlay> {
        self.clans.values()
    }

    /// Says what a mention means from here on.
    pub(crate) fn mean(&mut self, name: &str, meaning: Meaning) {
        self.meanings.insert(name.to_owned(), meaning);
    }

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

    /// Whoever speaks in a space is in it.
    pub(crate) fn hear(&mut self, speaker: &Speaker) {
        if let (Some(clan), Some(actor)) = (self.clans.get_mut(&speaker.clan), &speaker.actor) {
            clan.members.insert(actor.clone());
        }
    }

    /// Changes the world as something happens.
    pub(crate) fn apply(&mut self, what: &Happening) {
        let (Happening::Gone(id)
        | Happening::Back(id)
        | Happening::Left(id, _)
        | Happening::Joined(id, _)
        | Happening::Renamed(id, _)
        | Happening::Moved(id, _)
        | Happening::Owner(id, _)) = what;
        let Some(clan) = self.clans.get_mut(id) else { return };
        match what {
            Happening::Gone(_) | Happening::Back(_) => {}
            Happening::Left(_, person) => {
                self.left.insert(person.clone(), clan.platform.clone());
                clan.members.remove(person);
                clan.leader.take_if(|leader| leader == person);
            }
            Happening::Joined(_, person) => {
                clan.members.insert(person.clone());
            }
            Happening::Renamed(_, name) => clan.name.clone_from(name),
            Happening::Moved(_, id) => clan.space_id.clone_from(id),
            Happening::Owner(_, owner) => clan.owner = Some(owner.clone()),
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
    fn platform_of(&self, speaker: &Speaker) -> Platform {
        let actor = speaker.actor.as_deref().unwrap_or("");
        let home = self.clans().find(|clan| clan.has(actor));
        let platform = self.clan(&speaker.clan).or(home).map(|clan| &clan.platform);
        platform.or_else(|| self.left.get(actor)).cloned().unwrap_or_else(Platform::terminal)
    }

    fn mentions(&self, speaker: &Speaker, line: &str) -> Vec<Mention> {
        let here = self.clan(&speaker.clan);
        let platform = self.platform_of(speaker);
        mentions::written(line)
            .into_iter()
            .map(|written| Mention {
                target: self.target(here, &platform, mentions::name(written)),
                written: written.to_owned(),
            })
            .collect()
    }

    /// Whether the platforms know somebody of this name.
    fn is_known(&self, name: &str) -> bool {
        self.left.contains_key(name) || self.clans().any(|clan| clan.has(name))
    }

    fn target(&self, here: Option<&ClanAtPlay>, platform: &Platform, name: &str) -> MentionTarget {
        let person = |presence, bot| MentionTarget::Account {
            account: account(platform, name),
            presence,
            bot,
        };
        if matches!(name, "everyone" | "here" | "room") {
            return MentionTarget::Everyone;
        }
        match self.meanings.get(name) {
            Some(Meaning::Bot) => return person(Presence::Inside, true),
            Some(Meaning::Role) => return MentionTarget::Role,
            Some(Meaning::Outsider) => return person(Presence::Outside, false),
            Some(Meaning::Nobody) => return MentionTarget::Nobody,
            None => {}
        }
        match here {
            // A terminal can't know who is there.
            Some(clan) if clan.platform == Platform::terminal() => person(Presence::Unknown, false),
            Some(clan) if clan.has(name) => person(Presence::Inside, false),
            Some(_) if self.is_known(name) => person(Presence::Outside, false),
            Some(_) => MentionTarget::Nobody,
            None => person(Presence::Unknown, false),
        }
    }
}

/// A request in which nobody says anything yet.
fn silent(key: String, input: Input) -> Request {
    Request {
        client: CLIENT.to_owned(),
        key,
        authority: Authority::default(),
        space: None,
        actor: None,
        input,
        mentions: Vec::new(),
        bot_mention: None,
        attachments: Vec::new(),
        age_ms: 0,
        answer_to: None,
    }
}
