//! Clans, and what their people say.

use gmbot_backend::{Backend, Clock, Local, Options};
use gmbot_engine::Reply;
use gmbot_engine::grammar::command::CreateWar;
use gmbot_engine::grammar::{Command, PlayerRef, WarRef};
use gmbot_engine::model::{AtMs, DurationMs, Format, GameId, Platform, SpaceKey, WarId};
use gmbot_engine::reply::{Code, Inline};
use gmbot_engine::request::{
    AccountRef, Authority, Fact, Input, Mention, MentionTarget, Onlooker, Presence, Request,
    SpaceRef,
};

/// When the tests' manual clocks begin.
pub(crate) const START: AtMs = AtMs(1_767_636_000_000);
/// The game that is played.
pub(crate) const GAME: GameId = GameId(4);

/// A backend in memory whose clock stands at [`START`].
pub(crate) fn rehearsal() -> Local {
    at_start(Options::memory())
}

/// A backend with a manual clock that stands at [`START`].
pub(crate) fn at_start(options: Options) -> Local {
    let local = options.with_new_clock(Clock::Manual).open().unwrap();
    local.set_now(START).unwrap();
    local
}

/// The platform of all clans here.
pub(crate) fn platform() -> Platform {
    Platform("test".to_owned())
}

/// A clan with a leader, who is called like it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clan(pub(crate) &'static str);

impl Clan {
    pub(crate) fn space(self) -> SpaceRef {
        let key = SpaceKey { platform: platform(), id: format!("space-{}", self.0) };
        SpaceRef { key, name: format!("Clan {}", self.0), direct: false }
    }

    pub(crate) fn leader(self) -> AccountRef {
        let (id, name) = (format!("leader-{}", self.0), format!("leader {}", self.0));
        AccountRef { platform: platform(), id, name }
    }

    /// How the leader looks, from the clan's space.
    pub(crate) fn leaders_eyes(self) -> Onlooker {
        let (actor, space) = (Some(self.leader()), Some(self.space().key));
        Onlooker { actor, space, operator: false }
    }

    fn request(self, key: &str, input: Input) -> Request {
        let account = self.leader();
        let target = MentionTarget::Account {
            account,
            presence: Presence::Inside,
            bot: false,
            stated_role: None,
        };
        Request {
            authority: Authority { owner: true, ..Authority::default() },
            space: Some(self.space()),
            actor: Some(self.leader()),
            mentions: vec![Mention { written: "@me".to_owned(), target }],
            ..Request::new("test", key, input)
        }
    }

    /// The leader's command.
    pub(crate) fn says(self, key: &str, command: Command) -> Request {
        self.request(key, Input::Command(command))
    }

    /// The bot comes into the clan's space.
    pub(crate) fn appears(self, key: &str) -> Request {
        let seen = Fact::SpaceSeen { owner: Some(self.leader()), members: Vec::new() };
        self.request(key, Input::Fact(seen))
    }

    /// The leader challenges everybody, to be played alone.
    pub(crate) fn challenges(self, key: &str) -> Request {
        self.says(
            key,
            Command::CreateWar(CreateWar {
                private: false,
                players: vec![PlayerRef::Mention("@me".to_owned())],
                game: GAME,
                duration: DurationMs::hours(1),
                format: Format::Single,
                start: None,
                clan: None,
            }),
        )
    }

    /// The leader accepts, to play alone.
    pub(crate) fn accepts(self, key: &str, war: WarId) -> Request {
        let players = vec![PlayerRef::Mention("@me".to_owned())];
        self.says(key, Command::Accept { war: WarRef(war.to_string()), players })
    }
}

/// The clans appear and hear of the game from now on.
pub(crate) fn subscribe(local: &Local, clans: &[Clan]) {
    for clan in clans {
        let key = format!("subscribe-{}", clan.0);
        let reply = done(local, clan.says(&key, Command::Subscribe { games: vec![GAME] }));
        assert_eq!(reply.code, Code::Subscribed, "{reply:?}");
    }
}

/// The answer to a request that is for the bot.
pub(crate) fn done(local: &Local, request: Request) -> Reply {
    local.submit(request).unwrap().unwrap()
}

/// The first war that a reply names.
pub(crate) fn war_in(reply: &Reply) -> WarId {
    let pieces = reply.texts().flat_map(|text| &text.0);
    let mut wars =
        pieces.filter_map(|piece| if let Inline::War(war) = piece { Some(*war) } else { None });
    wars.next().unwrap_or_else(|| panic!("no war in {reply:?}"))
}
