//! What each command costs: the statements of one request, capped, so that a rule that asks once
//! more is noticed. The numbers do not grow with the database: every statement goes by a key.

use gmbot_engine::Request;
use gmbot_engine::model::{AtMs, Platform, SpaceKey};
use gmbot_engine::request::{
    AccountRef, Authority, Fact, Input, Mention, MentionTarget, Presence, SpaceRef,
};
use gmbot_engine::rules;
use gmbot_store::{Clock, Connection};

const START: i64 = 1_767_636_000_000;

struct World {
    db: Connection,
    requests: u8,
}

fn account(name: &str) -> AccountRef {
    AccountRef { platform: Platform::terminal(), id: name.to_owned(), name: name.to_owned() }
}

fn request(space: &str, actor: Option<&str>, input: Input) -> Request {
    let mention = |name: &str| Mention {
        written: format!("@{name}"),
        target: MentionTarget::Account {
            account: account(name),
            presence: Presence::Inside,
            bot: false,
            stated_role: None,
        },
    };
    let said = match &input {
        Input::Line(line) => line.clone(),
        Input::Words(_) | Input::Command(_) | Input::Form(_) | Input::Fact(_) => String::new(),
    };
    let mentions = said.split_whitespace().filter_map(|word| word.strip_prefix('@'));
    Request {
        authority: Authority { operator: said.contains("resolve"), ..Authority::default() },
        space: Some(SpaceRef {
            key: SpaceKey { platform: Platform::terminal(), id: space.to_owned() },
            name: space.to_owned(),
            direct: false,
        }),
        actor: actor.map(account),
        mentions: mentions.map(mention).collect(),
        ..Request::new("costs", "", input)
    }
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            db: Connection::in_memory(Clock::Manual).expect("memory is there"),
            requests: 0,
        };
        for (space, owner, member) in [("host", "hal", "hob"), ("guest", "gil", "gus")] {
            let seen =
                Fact::SpaceSeen { owner: Some(account(owner)), members: vec![account(member)] };
            world.run(request(space, None, Input::Fact(seen)));
        }
        world
    }

    /// Carries a request out and says how many statements that took, with the code of the answer.
    fn run(&mut self, request: Request) -> (u64, String) {
        self.requests += 1;
        let (now, entropy) = (AtMs(START + i64::from(self.requests) * 1000), [self.requests; 32]);
        let before = self.db.statements_run();
        self.db.begin().expect("nobody else writes");
        let reply = rules::decide(self.db.as_store(), &request, now, entropy, &());
        let reply = reply.expect("the store works").expect("it was for the bot");
        self.db.commit().expect("the store works");
        (self.db.statements_run() - before, reply.code.to_string())
    }

    fn line(&mut self, space: &str, actor: &str, line: &str) -> (u64, String) {
        self.run(request(space, Some(actor), Input::Line(line.to_owned())))
    }

    fn open_war(&mut self) -> String {
        let filter = gmbot_engine::store::WarFilter { limit: 1, ..Default::default() };
        let wars = self.db.as_read().wars(&filter).expect("the store works");
        wars.first().expect("there is a war").id.to_string()
    }
}

#[test]
fn no_command_costs_more_statements_than_it_should() {
    let mut world = World::new();
    let mut check = |space, actor, line: &str, code: &str, cap: u64| {
        let id = if line.contains("WAR") { world.open_war() } else { String::new() };
        let (cost, got) = world.line(space, actor, &line.replace("WAR", &id));
        assert_eq!(got, code, "{line}");
        assert!(cost <= cap, "`{line}` took {cost} statements, {cap} are allowed");
    };
    check("guest", "gil", "gmbot subscribe 4", "SUBSCRIBED", 12);
    check("host", "hal", "gmbot createwar @hob -game 4", "WAR_CREATED", 28);
    check("guest", "gil", "gmbot accept WAR @gus", "WAR_ACCEPTED", 31);
    check("host", "hob", "gmbot say hello", "MESSAGE_SENT", 20);
    check("host", "hob", "gmbot vote -winner us", "BALLOT_CAST", 16);
    check("guest", "gus", "gmbot vote -winner them", "BALLOT_CAST", 42);
    check("host", "hal", "gmbot show WAR", "WAR_SHOWN", 12);
    check("host", "hal", "gmbot explain WAR", "EXPLANATION", 9);
    check("host", "hal", "gmbot status", "CLAN_STATUS", 10);
    check("host", "hal", "gmbot leaderboard", "LEADERBOARD", 7);
    check("host", "hal", "gmbot stats", "STATS", 9);
    check("host", "hal", "gmbot promote @hob", "PROMOTED", 16);
    check(
        "host",
        "hal",
        "gmbot resolve -war WAR -winner guest -reason why -yes",
        "WAR_RESOLVED",
        32,
    );
    check("host", "hal", "gmbot history", "HISTORY", 8);
}
