//! Who takes part: spaces on several platforms, and the people in them. Some people are in two.

use std::collections::BTreeMap;

use gmbot_engine::grammar::{Command, PlayerRef, print};
use gmbot_engine::model::{AccountKey, Platform, SpaceKey};
use gmbot_engine::request::{
    AccountRef, Authority, Fact, Input, Mention, MentionTarget, Presence, Request, SpaceRef,
};

/// The platforms that spaces are spread over.
pub(super) const PLATFORMS: [&str; 3] = ["discord", "matrix", "terminal"];
/// How many spaces there are; each acts as a clan.
const HOUSES: usize = 12;
/// The account that is a bot's, everywhere.
pub(super) const BOT: &str = "robot";

/// A space with its people; the first owns it.
pub(super) struct House {
    pub(super) platform: Platform,
    pub(super) id: String,
    pub(super) people: Vec<String>,
}

/// All spaces.
pub(super) struct Cast {
    pub(super) houses: Vec<House>,
    names: BTreeMap<AccountKey, (Platform, String)>,
    next_key: u64,
}

impl House {
    pub(super) fn key(&self) -> SpaceKey {
        SpaceKey { platform: self.platform.clone(), id: self.id.clone() }
    }

    pub(super) fn account(&self, name: &str) -> AccountRef {
        AccountRef { platform: self.platform.clone(), id: name.to_owned(), name: name.to_owned() }
    }

    /// What its platform calls it.
    pub(super) fn name(&self) -> String {
        format!("Clan {}", self.id.to_uppercase())
    }

    fn target(&self, name: &str) -> MentionTarget {
        let known = self.people.iter().any(|person| person == name);
        let presence = if known { Presence::Inside } else { Presence::Outside };
        match name {
            BOT => {
                let account = self.account(name);
                MentionTarget::Account {
                    account,
                    presence: Presence::Inside,
                    bot: true,
                    stated_role: None,
                }
            }
            "everyone" => MentionTarget::Everyone,
            "nobody" => MentionTarget::Nobody,
            _ => MentionTarget::Account {
                account: self.account(name),
                presence,
                bot: false,
                stated_role: None,
            },
        }
    }
}

impl Cast {
    pub(super) fn new() -> Self {
        let houses: Vec<House> = (0..HOUSES).map(house).collect();
        let accounts = houses
            .iter()
            .flat_map(|house| house.people.iter().map(|name| (house.platform.clone(), name)));
        let names = accounts.map(|(at, name)| (AccountKey::new(&at, name), (at, name.clone())));
        let names = names.collect();
        Self { houses, names, next_key: 0 }
    }

    /// The name that one of a person's accounts has on the platform of a house.
    pub(super) fn name(&self, accounts: &[AccountKey], house: usize) -> Option<&String> {
        let here = &self.houses.get(house)?.platform;
        let known = accounts.iter().filter_map(|account| self.names.get(account));
        known.filter(|(platform, _)| platform == here).map(|(_, name)| name).next()
    }

    /// The names of a person's accounts.
    pub(super) fn names(&self, accounts: &[AccountKey]) -> impl Iterator<Item = &String> {
        accounts.iter().filter_map(|account| self.names.get(account)).map(|(_, name)| name)
    }

    /// Has further requests come under keys that no recorded step has.
    pub(super) fn pass_over_keys(&mut self) {
        self.next_key += 1 << 40;
    }

    /// A request out of a space with a key of its own.
    pub(super) fn request(&mut self, house: usize, actor: Option<&str>, input: Input) -> Request {
        self.next_key += 1;
        let key = format!("k{}", self.next_key);
        let here = self.houses.get(house);
        let platform = here.map_or_else(Platform::terminal, |here| here.platform.clone());
        let owns = here.zip(actor).is_some_and(|(here, actor)| here.people[0] == actor);
        Request {
            authority: Authority { owner: owns, ..Authority::default() },
            space: here.map(|here| SpaceRef { key: here.key(), name: here.name(), direct: false }),
            actor: here.zip(actor).map(|(here, actor)| here.account(actor)),
            ..Request::new(platform.0, key, input)
        }
    }

    /// A request that says a command: as structured input, or as the line that one would type.
    pub(super) fn saying(
        &mut self,
        house: usize,
        actor: Option<&str>,
        command: Command,
        typed: bool,
    ) -> Request {
        let mentioned = mentioned(&command);
        let input = if typed { Input::Line(print(&command)) } else { Input::Command(command) };
        let mut request = self.request(house, actor, input);
        if let Some(here) = self.houses.get(house) {
            let explain = |written: String| {
                let target = here.target(written.trim_start_matches('@'));
                Mention { written, target }
            };
            request.mentions = mentioned.into_iter().map(explain).collect();
        }
        request
    }

    /// The request by which a platform lists a space.
    pub(super) fn seen(&mut self, house: usize) -> Request {
        let here = &self.houses[house];
        let mut people = here.people.iter().map(|name| here.account(name));
        let fact = Fact::SpaceSeen { owner: people.next(), members: people.collect() };
        self.request(house, None, Input::Fact(fact))
    }
}

/// The `n`th space: three to eight people, of whom the last is also in a space further on.
fn house(n: usize) -> House {
    let platform = Platform(PLATFORMS[n % PLATFORMS.len()].to_owned());
    let id = format!("h{n}");
    let mut people: Vec<String> = (0..3 + n % 5).map(|person| format!("{id}p{person}")).collect();
    people.push(format!("guest{}", n / (PLATFORMS.len() * 2)));
    House { platform, id, people }
}

/// Every mention in a command, as it is written.
fn mentioned(command: &Command) -> Vec<String> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others mention nobody here")]
    let players: Vec<&PlayerRef> = match command {
        Command::CreateWar(war) => war.players.iter().collect(),
        Command::Accept { players, .. }
        | Command::Promote { players }
        | Command::Demote { players } => players.iter().collect(),
        Command::Substitute { out, r#in, .. } => vec![out, r#in],
        Command::Relinquish { player, .. } => player.iter().collect(),
        _ => Vec::new(),
    };
    let written = players.into_iter().filter_map(|player| match player {
        PlayerRef::Mention(written) => Some(written.clone()),
        PlayerRef::Name(_) => None,
    });
    written.collect()
}
