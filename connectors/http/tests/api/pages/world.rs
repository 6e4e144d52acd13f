//! Clans, people and wars for pages to show, the same each time.

use std::cell::Cell;

use gmbot_backend::Backend as _;
use gmbot_engine::model::{AtMs, DurationMs, Platform, SpaceKey, WarId};
use gmbot_engine::reply::Inline;
use gmbot_engine::request::{
    AccountRef, Authority, Fact, Input, Mention, MentionTarget, Presence, SpaceRef,
};
use gmbot_engine::{Reply, Request};
use gmbot_http::{Pages, Settings};

use crate::served::{Response, START, Served, settings};

/// How things are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    pub(crate) host: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) person: &'static str,
    pub(crate) game: &'static str,
    pub(crate) place: &'static str,
}

/// Names that nobody has to fear.
pub(crate) const HARMLESS: Names = Names {
    host: "Headshot Killers",
    guest: "Clan F",
    person: "Ann",
    game: "Chess",
    place: "Berlin",
};

/// A server with pages, and what was played on it.
pub(crate) struct World {
    pub(crate) served: Served,
    names: Names,
    requests: Cell<u32>,
    now: Cell<AtMs>,
}

/// The wars of [`World::played`].
pub(crate) struct Wars {
    pub(crate) open: WarId,
    pub(crate) ongoing: WarId,
    pub(crate) disputed: WarId,
    pub(crate) settled: WarId,
    pub(crate) private: WarId,
}

/// Settings with pages that name both platforms.
pub(crate) fn with_pages() -> Settings {
    let pages = Pages {
        shown: true,
        discord_invite: Some("https://discord.com/oauth2/authorize?client_id=1".parse().unwrap()),
        matrix_user: Some("@gmbot:example.org".parse().unwrap()),
    };
    Settings { pages, ..settings() }
}

impl World {
    /// Nobody is there yet.
    pub(crate) fn new(names: Names) -> Self {
        let served = Served::with(with_pages());
        served.backend.set_seed(*b"pages show the same to everybody").unwrap();
        Self { served, names, requests: Cell::new(0), now: Cell::new(START) }
    }

    /// Clans that fought for some days; the last wars are not over.
    pub(crate) fn played(names: Names) -> (Self, Wars) {
        let world = Self::new(names);
        world.settle_in();
        let settled = world.fight("host", "guest", "-score 3-1");
        world.pass(DurationMs::days(2));
        world.fight("guest", "host", "-score 3-0");
        world.pass(DurationMs::days(2));
        let disputed = world.start("host", "guest", "createwar");
        world.pass(DurationMs::hours(2));
        world.says("host", "h1", &format!("gmbot vote {disputed} -winner us"));
        world.says("guest", "g1", &format!("gmbot vote {disputed} -winner us"));
        world.says("host", "h1", &format!("gmbot proof {disputed} -url https://example.org/proof"));
        let ongoing = world.start("host", "guest", "createwar");
        let private = world.war(&world.says("host", "h1", "gmbot privatewar @h1 -game 4"));
        let open = world.war(&world.says("host", "h1", "gmbot createwar @h1 @h2 -game 9"));
        (world, Wars { open, ongoing, disputed, settled, private })
    }

    /// Two clans, their members, a game of their own, and a clan that no listing shows.
    fn settle_in(&self) {
        for space in ["host", "guest", "hidden"] {
            let owner = self.account(&leader(space));
            let members = vec![self.account(&second(space))];
            let seen = Fact::SpaceSeen { owner: Some(owner), members };
            self.send(Request {
                space: Some(self.space(space)),
                ..self.request(Input::Fact(seen))
            });
        }
        self.types("host", "h1", &["addgame", "-name", self.names.game, "-players", "1-5"]);
        let place = self.names.place;
        self.types("host", "h1", &["setup", "-location", place, "-language", place]);
        self.says("host", "h1", "gmbot setup -contact https://example.org/host");
        self.says("hidden", "u1", "gmbot setup -public no");
        for space in ["host", "guest", "hidden"] {
            self.says(space, &leader(space), "gmbot subscribe 4, 9");
        }
    }

    /// A war that the first clan wins.
    pub(crate) fn fight(&self, host: &str, guest: &str, score: &str) -> WarId {
        let war = self.start(host, guest, "createwar");
        self.pass(DurationMs::hours(2));
        for (space, winner) in [(host, "us"), (guest, "them")] {
            let line = format!("gmbot vote {war} -winner {winner} {score}");
            self.says(space, &leader(space), &line);
        }
        war
    }

    /// A war of one against one that has just begun.
    pub(crate) fn start(&self, host: &str, guest: &str, command: &str) -> WarId {
        let (challenger, accepter) = (leader(host), leader(guest));
        let line = format!("gmbot {command} @{challenger} -game 4 -duration 1h");
        let war = self.war(&self.says(host, &challenger, &line));
        self.says(guest, &accepter, &format!("gmbot accept {war} @{accepter}"));
        war
    }

    /// The war that an answer is about.
    pub(crate) fn war(&self, reply: &Reply) -> WarId {
        let pieces = reply.texts().flat_map(|text| &text.0);
        let mut wars =
            pieces.filter_map(|piece| if let Inline::War(war) = piece { Some(*war) } else { None });
        wars.next().unwrap_or_else(|| panic!("no war: {reply:?}"))
    }

    /// Time goes by.
    pub(crate) fn pass(&self, length: DurationMs) {
        self.now.set(self.now.get() + length);
        self.served.backend.set_now(self.now.get()).unwrap();
    }

    /// Somebody says something that is carried out.
    pub(crate) fn says(&self, space: &str, actor: &str, line: &str) -> Reply {
        let mentioned = line.split_whitespace().filter_map(|word| word.strip_prefix('@'));
        let mention = |id: &str| Mention {
            written: format!("@{id}"),
            target: MentionTarget::Account {
                account: self.account(id),
                presence: Presence::Inside,
                bot: false,
                stated_role: None,
            },
        };
        self.carry_out(Request {
            space: Some(self.space(space)),
            actor: Some(self.account(actor)),
            mentions: mentioned.map(mention).collect(),
            ..self.request(Input::Line(line.to_owned()))
        })
    }

    /// Somebody types words at a terminal, as the operator; they are carried out.
    pub(crate) fn types(&self, space: &str, actor: &str, words: &[&str]) -> Reply {
        self.carry_out(Request {
            space: Some(self.space(space)),
            actor: Some(self.account(actor)),
            authority: Authority { operator: true, ..Authority::default() },
            ..self.request(Input::Words(words.iter().map(ToString::to_string).collect()))
        })
    }

    fn carry_out(&self, request: Request) -> Reply {
        let said = request.input.clone();
        let reply = self.send(request).expect("it was for the bot");
        assert!(!reply.code.is_refusal(), "{said:?}: {reply:?}");
        reply
    }

    /// A page.
    pub(crate) fn get(&self, path: &str) -> Response {
        self.served.call("GET", path, "accept: text/html\r\n", "")
    }

    fn request(&self, input: Input) -> Request {
        self.requests.set(self.requests.get() + 1);
        Request::new("test", self.requests.get().to_string(), input)
    }

    fn send(&self, request: Request) -> Option<Reply> {
        self.served.backend.submit(request).unwrap()
    }

    fn space(&self, id: &str) -> SpaceRef {
        let name = match id {
            "host" => self.names.host,
            "guest" => self.names.guest,
            _ => "Unlisted",
        };
        let key = SpaceKey { platform: Platform::terminal(), id: id.to_owned() };
        SpaceRef { key, name: name.to_owned(), direct: false }
    }

    fn account(&self, id: &str) -> AccountRef {
        let name = format!("{} {id}", self.names.person);
        AccountRef { platform: Platform::terminal(), id: id.to_owned(), name }
    }
}

/// The account that leads a space's clan.
fn leader(space: &str) -> String {
    account_in(space, 1)
}

/// Another member's account.
fn second(space: &str) -> String {
    account_in(space, 2)
}

fn account_in(space: &str, number: u8) -> String {
    let letter = match space {
        "host" => 'h',
        "guest" => 'g',
        _ => 'u',
    };
    format!("{letter}{number}")
}
