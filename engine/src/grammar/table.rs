//! The command table: the only place where a command, its aliases, parameters, defaults, access,
//! help and examples are written down. Parser, help, completion and the reference derive from it.

use super::command::Command;

/// Whether a command may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Writes nothing, ever.
    Query,
    /// May write.
    Change,
}

/// Who may use a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The clan's leader.
    Leader,
    /// The clan's leader and co-leaders.
    Officers,
    /// Anybody in the clan.
    Member,
    /// Players of the war (and, where the rules say so, the officers of its clans).
    Player,
    /// Players of the war, and the officers of its clans.
    PlayerOrOfficers,
    /// Anybody who may see what is asked for.
    Anyone,
    /// The owner of the space.
    Owner,
    /// Who operates this gmbot.
    Operator,
}

impl Access {
    /// All of them, in the order in which commands are listed.
    pub const ORDER: [Self; 8] = [
        Self::Officers,
        Self::Player,
        Self::PlayerOrOfficers,
        Self::Member,
        Self::Anyone,
        Self::Leader,
        Self::Owner,
        Self::Operator,
    ];

    /// Who that is, as help shows it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Leader => "the clan's leader",
            Self::Officers => "the clan's leader and co-leaders",
            Self::Member => "members of the clan",
            Self::Player => "players of the war",
            Self::PlayerOrOfficers => "players of the war, leaders and co-leaders of its clans",
            Self::Anyone => "anyone",
            Self::Owner => "the owner of the space",
            Self::Operator => "the operator",
        }
    }
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Players, as a list.
    Players,
    /// One player.
    Player,
    /// One game.
    Game,
    /// Games, as a list.
    Games,
    /// A duration from 1 minute to 30 days.
    Duration,
    /// A match format.
    Format,
    /// A moment.
    Time,
    /// A war's id.
    War,
    /// A clan's name or id.
    Clan,
    /// Who won, as a ballot may say it.
    Winner,
    /// Who won, as the operator may say it.
    Outcome,
    /// A score, the host's first.
    Score,
    /// Words.
    Text,
    /// The rest of the line as it stands.
    Rest,
    /// Words, as a list.
    Texts,
    /// `yes` or `no`.
    YesNo,
    /// An IANA time zone.
    Zone,
    /// An http or https link.
    Url,
    /// A channel of the platform.
    Channel,
    /// One word without spaces.
    Word,
    /// A whole number from 1 to 100.
    Count,
    /// How many players a side fields: `1-5`.
    Range,
    /// A command's name.
    Command,
    /// Nothing: the flag itself says it.
    Switch,
}

/// A parameter of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParamSpec {
    /// The flag, without the dash.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub value: ValueKind,
    /// Whether it can be given without its flag, before any flag.
    pub positional: bool,
    /// Whether the command can't do without it.
    pub required: bool,
    /// What holds if it is left out, as help shows it.
    pub default: Option<&'static str>,
    /// What it is, in at most 100 characters.
    pub summary: &'static str,
}

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The name, 1 to 32 lower-case letters.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// Whether it may write.
    pub kind: Kind,
    /// Who may use it.
    pub access: Access,
    /// Whether its successful answer is for everybody, or for the actor alone.
    pub private_answer: bool,
    /// What it does, in at most 100 characters.
    pub summary: &'static str,
    /// What one should know besides.
    pub details: &'static str,
    /// Lines to learn from.
    pub examples: &'static [&'static str],
    /// The parameters; required ones first.
    pub params: &'static [ParamSpec],
}

impl CommandSpec {
    /// The parameter with a name or alias, in any case.
    pub fn param(&self, name: &str) -> Option<&'static ParamSpec> {
        self.params.iter().find(|param| is_called(name, param.name, param.aliases))
    }

    /// The row of a command.
    pub fn of(command: &Command) -> &'static Self {
        // A test holds that every command's name is in the table.
        find(command.name()).unwrap_or(FIRST)
    }
}

/// The row with a name or alias, in any case.
pub fn find(name: &str) -> Option<&'static CommandSpec> {
    TABLE.iter().find(|row| is_called(name, row.name, row.aliases))
}

/// Whether a word is a name or one of its aliases, in any case.
fn is_called(word: &str, name: &str, aliases: &[&str]) -> bool {
    name.eq_ignore_ascii_case(word) || aliases.iter().any(|alias| alias.eq_ignore_ascii_case(word))
}

/// Whether a command takes the rest of its line as it stands.
pub(super) fn takes_rest(row: &CommandSpec) -> bool {
    row.params.iter().any(|param| param.value == ValueKind::Rest)
}

const fn param(name: &'static str, value: ValueKind, summary: &'static str) -> ParamSpec {
    ParamSpec {
        name,
        aliases: &[],
        value,
        positional: false,
        required: false,
        default: None,
        summary,
    }
}

impl ParamSpec {
    const fn positional(self) -> Self {
        Self { positional: true, ..self }
    }
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }
    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
    const fn alias(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

const YES: ParamSpec =
    param("yes", ValueKind::Switch, "do it, instead of showing what it would do");

const WAR: ParamSpec = param("war", ValueKind::War, "the war's id").positional();

const fn war_params(unless_named: &'static str) -> [ParamSpec; 6] {
    [
        param("players", ValueKind::Players, "who plays for your clan").positional().required(),
        param("game", ValueKind::Game, "the game, by number or name").required(),
        param("duration", ValueKind::Duration, "how long it is played: 90m, 12h, 2d")
            .default("24h"),
        param("type", ValueKind::Format, "the match format: ft3, bo5, single, or its number")
            .alias(&["format"])
            .default("ft3"),
        param("start", ValueKind::Time, "when it starts, on your clan's clock or as +3h")
            .default("on acceptance"),
        param("clan", ValueKind::Clan, "the one clan that you challenge").default(unless_named),
    ]
}

const PUBLIC_WAR: &[ParamSpec] = &war_params("everybody");
const PRIVATE_WAR: &[ParamSpec] = &war_params("whoever is told the id");

/// The first row of the table.
const FIRST: &CommandSpec = match TABLE {
    [first, ..] => first,
    [] => panic!("the command table is empty"),
};

/// All commands.
pub const TABLE: &[CommandSpec] = &[
    CommandSpec {
        name: "setup",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Leader,
        private_answer: false,
        summary: "shows or edits your clan's profile",
        details: "It edits what is given; with nothing given it shows the profile.",
        examples: &[
            "gmbot setup",
            "gmbot setup -name Headshot Killers -timezone Europe/Berlin",
            "gmbot setup -language English, Deutsch -public no",
        ],
        params: &[
            param("name", ValueKind::Text, "the clan's name, at most 64 characters"),
            param("location", ValueKind::Text, "where the clan plays").default("International"),
            param("language", ValueKind::Texts, "what the clan speaks").default("English"),
            param("timezone", ValueKind::Zone, "an IANA time zone, as Europe/Berlin")
                .default("UTC"),
            param("contact", ValueKind::Url, "a link by which others reach the clan"),
            param("public", ValueKind::YesNo, "whether listings show the clan").default("yes"),
            param("channel", ValueKind::Channel, "this space's war channel, where notices go"),
            param("prefix", ValueKind::Word, "a word that starts a line for the bot in this space"),
        ],
    },
    CommandSpec {
        name: "createwar",
        aliases: &["challenge"],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "challenges every clan that plays the game, or one of them",
        details: "The challenge waits 24 hours, or until the start. You need not play yourself.",
        examples: &[
            "gmbot createwar -players @Player1 @Player2 -game 4 -type ft3",
            "gmbot createwar @ann @ben -game Mini Militia -duration 12h",
            "gmbot createwar @ann -game 5 -clan \"Clan F\" -start sat 20:00",
        ],
        params: PUBLIC_WAR,
    },
    CommandSpec {
        name: "privatewar",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: true,
        summary: "challenges without a broadcast; only who is told the id may accept",
        details: "Only the two clans and the operator see a private war.",
        examples: &[
            "gmbot privatewar @ann -game 4",
            "gmbot privatewar @ann -game 4 -clan \"Clan F\"",
        ],
        params: PRIVATE_WAR,
    },
    CommandSpec {
        name: "removewar",
        aliases: &["cancel"],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "takes an open challenge back",
        details: "It works until somebody accepts; after that there is concede, or a vote for void.",
        examples: &["gmbot removewar k3xp2"],
        params: &[WAR.required()],
    },
    CommandSpec {
        name: "accept",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "accepts a challenge with a line-up of the same size",
        details: "The first accept wins. In a war of one against one you play yourself unless you name somebody.",
        examples: &["gmbot accept k3xp2 @ann @ben"],
        params: &[
            WAR.required(),
            param("players", ValueKind::Players, "who plays for your clan")
                .positional()
                .default("yourself, in a war of one against one"),
        ],
    },
    CommandSpec {
        name: "decline",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "declines a challenge that names your clan",
        details: "A broadcast challenge needs no answer: ignore it, or unsubscribe from the game.",
        examples: &["gmbot decline k3xp2"],
        params: &[WAR.required()],
    },
    CommandSpec {
        name: "substitute",
        aliases: &["sub"],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "replaces a player of your line-up, until the first ballot",
        details: "The other side is told.",
        examples: &["gmbot substitute -war k3xp2 -out @ann -in @ben"],
        params: &[
            param("war", ValueKind::War, "the war's id").required(),
            param("out", ValueKind::Player, "who leaves the line-up").required(),
            param("in", ValueKind::Player, "who joins it").required(),
        ],
    },
    CommandSpec {
        name: "say",
        aliases: &["communicate"],
        kind: Kind::Change,
        access: Access::Player,
        private_answer: true,
        summary: "writes to the other clan's war channel",
        details: "At most 500 characters, 5 messages a minute and war. Nothing after the war's id is read as a flag.",
        examples: &[
            "gmbot say rules: no sniper, no rpg",
            "gmbot say -war k3xp2 -- we are late by ten minutes",
        ],
        params: &[
            param("text", ValueKind::Rest, "what to write; the rest of the line as it stands")
                .positional()
                .required(),
            WAR.default("the only one that can be meant"),
        ],
    },
    CommandSpec {
        name: "vote",
        aliases: &[],
        kind: Kind::Change,
        access: Access::PlayerOrOfficers,
        private_answer: true,
        summary: "says who won; you may change it until the war is settled",
        details: "The other side sees no ballot before that. Where none of a side's players votes, its officers' count.",
        examples: &[
            "gmbot vote -winner us -score 3-1",
            "gmbot vote k3xp2 -winner draw",
            "gmbot vote -winner none",
        ],
        params: &[
            param(
                "winner",
                ValueKind::Winner,
                "host, guest, draw, void, none, us, them, or a clan",
            )
            .required(),
            WAR.default("the only one that can be meant"),
            param("score", ValueKind::Score, "the matches won, the host's first: 3-1"),
        ],
    },
    CommandSpec {
        name: "proof",
        aliases: &[],
        kind: Kind::Change,
        access: Access::PlayerOrOfficers,
        private_answer: true,
        summary: "files an image or a link as evidence",
        details: "Images (PNG, JPEG, WebP, at most 8 MiB) are copied and kept; a bare link may expire and is marked as one.",
        examples: &["gmbot proof k3xp2 -url https://example.org/shot.png -note final score"],
        params: &[
            WAR.default("the only one that can be meant"),
            param("url", ValueKind::Url, "where the evidence is, if no image is attached"),
            param("note", ValueKind::Text, "what it shows"),
        ],
    },
    CommandSpec {
        name: "concede",
        aliases: &["forfeit"],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "gives a war up; the other side wins",
        details: "It works from the acceptance until the end of a dispute.",
        examples: &["gmbot concede k3xp2 -yes"],
        params: &[WAR.required(), YES],
    },
    CommandSpec {
        name: "subscribe",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "hears of challenges at these games",
        details: "With none given it lists the clan's games.",
        examples: &["gmbot subscribe 4,5", "gmbot subscribe Fortnite"],
        params: &[param("games", ValueKind::Games, "games, by number or name")
            .positional()
            .default("lists them")],
    },
    CommandSpec {
        name: "unsubscribe",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: false,
        summary: "hears no more of challenges at these games",
        details: "With none given it lists the clan's games.",
        examples: &["gmbot unsubscribe 5"],
        params: &[param("games", ValueKind::Games, "games, by number or name")
            .positional()
            .default("lists them")],
    },
    CommandSpec {
        name: "promote",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Leader,
        private_answer: false,
        summary: "makes members co-leaders",
        details: "Co-leaders challenge, accept and concede for the clan.",
        examples: &["gmbot promote @ann"],
        params: &[param("players", ValueKind::Players, "whom").positional().required()],
    },
    CommandSpec {
        name: "demote",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Leader,
        private_answer: false,
        summary: "makes co-leaders members again",
        details: "To hand over the leadership itself, see relinquish.",
        examples: &["gmbot demote @ann"],
        params: &[param("players", ValueKind::Players, "whom").positional().required()],
    },
    CommandSpec {
        name: "relinquish",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Leader,
        private_answer: false,
        summary: "hands the leadership over; you become a co-leader",
        details: "Without a player it goes to the only co-leader, if there is just one.",
        examples: &["gmbot relinquish @ann -yes"],
        params: &[
            param("player", ValueKind::Player, "who shall lead")
                .positional()
                .default("the only co-leader"),
            YES,
        ],
    },
    CommandSpec {
        name: "reclaim",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Owner,
        private_answer: false,
        summary: "takes the leadership back for the owner of the clan's oldest space",
        details: "The leader so far becomes a co-leader.",
        examples: &["gmbot reclaim"],
        params: &[],
    },
    CommandSpec {
        name: "block",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: true,
        summary: "keeps a clan from challenging, accepting or writing to yours, and the reverse",
        details: "Wars that run go on.",
        examples: &["gmbot block -clan \"Clan F\""],
        params: &[param("clan", ValueKind::Clan, "which clan").required()],
    },
    CommandSpec {
        name: "unblock",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Officers,
        private_answer: true,
        summary: "takes a block back",
        details: "The other clan is not told.",
        examples: &["gmbot unblock -clan \"Clan F\""],
        params: &[param("clan", ValueKind::Clan, "which clan").required()],
    },
    CommandSpec {
        name: "link",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Member,
        private_answer: true,
        summary: "joins another space to your clan, or another account to you",
        details: "Without a code it prints one that works once, for 15 minutes. In another space that you lead, the code joins that space to the clan; from another account it joins the account to the person.",
        examples: &["gmbot link", "gmbot link k3xp2abc9d"],
        params: &[param("code", ValueKind::Word, "the code that link printed elsewhere")
            .positional()
            .default("prints a new code")],
    },
    CommandSpec {
        name: "available",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Member,
        private_answer: true,
        summary: "lets your leaders put you in line-ups",
        details: "This is your own switch; it holds in all your clans.",
        examples: &["gmbot available"],
        params: &[],
    },
    CommandSpec {
        name: "unavailable",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Member,
        private_answer: true,
        summary: "keeps your leaders from putting you in line-ups",
        details: "Line-ups already agreed stay as they are.",
        examples: &["gmbot unavailable"],
        params: &[],
    },
    CommandSpec {
        name: "forget",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Member,
        private_answer: true,
        summary: "erases your names, messages and images",
        details: "Results stay; your name does not. It can't be undone.",
        examples: &["gmbot forget -yes"],
        params: &[YES],
    },
    CommandSpec {
        name: "status",
        aliases: &["wars"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "shows a clan's wars, and what it can accept",
        details: "Ongoing, scheduled and open wars, open challenges, and subscriptions.",
        examples: &["gmbot status", "gmbot status -clan \"Clan F\""],
        params: &[param("clan", ValueKind::Clan, "which clan").default("yours")],
    },
    CommandSpec {
        name: "show",
        aliases: &["war"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "shows one war with its line-ups, deadlines and proof",
        details: "Before the war is settled you see the ballots of your own side only.",
        examples: &["gmbot show k3xp2"],
        params: &[WAR.default("the only one that can be meant")],
    },
    CommandSpec {
        name: "explain",
        aliases: &["why"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "shows how a war's result and glory came about, line by line",
        details: "Every number of the glory formula is there.",
        examples: &["gmbot explain k3xp2"],
        params: &[WAR.default("the only one that can be meant")],
    },
    CommandSpec {
        name: "history",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists a clan's wars that are over",
        details: "The newest come first.",
        examples: &["gmbot history", "gmbot history -clan \"Clan F\" -limit 20"],
        params: &[
            param("clan", ValueKind::Clan, "which clan").default("yours"),
            param("limit", ValueKind::Count, "how many rows, at most 100").default("10"),
        ],
    },
    CommandSpec {
        name: "games",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists the games that can be played",
        details: "Use the number or the name.",
        examples: &["gmbot games"],
        params: &[],
    },
    CommandSpec {
        name: "formats",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists the match formats",
        details: "Use the number, the code or the name.",
        examples: &["gmbot formats"],
        params: &[],
    },
    CommandSpec {
        name: "mygames",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists the games that your clan hears of",
        details: "See subscribe and unsubscribe.",
        examples: &["gmbot mygames"],
        params: &[],
    },
    CommandSpec {
        name: "roles",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists who holds which role in your clan, and what each may do",
        details: "Roles change by promote, demote, relinquish and reclaim.",
        examples: &["gmbot roles"],
        params: &[],
    },
    CommandSpec {
        name: "leaderboard",
        aliases: &["top"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "lists the clans with the most glory, and your clan's rank",
        details: "Glory is what wars gave; explain shows how.",
        examples: &["gmbot leaderboard", "gmbot leaderboard -game 4 -limit 20"],
        params: &[
            param("game", ValueKind::Game, "one game, by number or name").default("all games"),
            param("limit", ValueKind::Count, "how many rows, at most 100").default("10"),
        ],
    },
    CommandSpec {
        name: "stats",
        aliases: &[],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "shows how a clan or a player fared",
        details: "Disputes are counted too.",
        examples: &["gmbot stats", "gmbot stats -player @ann -game 4"],
        params: &[
            param("clan", ValueKind::Clan, "which clan").default("yours"),
            param("player", ValueKind::Player, "one player of the clan"),
            param("game", ValueKind::Game, "one game, by number or name").default("all games"),
        ],
    },
    CommandSpec {
        name: "clans",
        aliases: &["find"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: false,
        summary: "finds public clans to play against, and how to reach them",
        details: "A clan that set -public no is not listed.",
        examples: &["gmbot clans -game 4 -language English"],
        params: &[
            param("game", ValueKind::Game, "one game, by number or name").default("all games"),
            param("language", ValueKind::Text, "a language that they speak"),
            param("location", ValueKind::Text, "where they play"),
        ],
    },
    CommandSpec {
        name: "help",
        aliases: &["commands"],
        kind: Kind::Query,
        access: Access::Anyone,
        private_answer: true,
        summary: "shows what one can say",
        details: "With a command's name it shows that command's parameters and examples.",
        examples: &["gmbot help", "gmbot help createwar"],
        params: &[param("command", ValueKind::Command, "a command's name")
            .positional()
            .default("all commands")],
    },
    CommandSpec {
        name: "resolve",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Operator,
        private_answer: false,
        summary: "decides a war, or overturns what was decided",
        details: "What the war gave is taken back and given anew.",
        examples: &["gmbot resolve -war k3xp2 -winner host -reason the proof shows it -yes"],
        params: &[
            param("war", ValueKind::War, "the war's id").required(),
            param("winner", ValueKind::Outcome, "host, guest, draw or void").required(),
            param("reason", ValueKind::Text, "why; it stands in the log and is shown").required(),
            YES,
        ],
    },
    CommandSpec {
        name: "appoint",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Operator,
        private_answer: false,
        summary: "makes a member of a clan its leader",
        details: "For a clan whose leader is gone.",
        examples: &["gmbot appoint -clan \"Clan F\" -player ann -reason the leader is away"],
        params: &[
            param("clan", ValueKind::Clan, "which clan").required(),
            param("player", ValueKind::Player, "who shall lead").required(),
            param("reason", ValueKind::Text, "why; it stands in the log and is shown").required(),
        ],
    },
    CommandSpec {
        name: "suspend",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Operator,
        private_answer: false,
        summary: "keeps a clan from challenging, accepting and writing",
        details: "Its wars that run go on.",
        examples: &["gmbot suspend -clan \"Clan F\" -reason cheating"],
        params: &[
            param("clan", ValueKind::Clan, "which clan").required(),
            param("reason", ValueKind::Text, "why; it stands in the log and is shown").required(),
        ],
    },
    CommandSpec {
        name: "restore",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Operator,
        private_answer: false,
        summary: "takes a suspension back",
        details: "The clan is told.",
        examples: &["gmbot restore -clan \"Clan F\" -reason it was a mistake"],
        params: &[
            param("clan", ValueKind::Clan, "which clan").required(),
            param("reason", ValueKind::Text, "why; it stands in the log and is shown").required(),
        ],
    },
    CommandSpec {
        name: "addgame",
        aliases: &[],
        kind: Kind::Change,
        access: Access::Operator,
        private_answer: false,
        summary: "adds a game",
        details: "Its number is the next free one.",
        examples: &["gmbot addgame -name Rocket League -players 1-3"],
        params: &[
            param("name", ValueKind::Text, "the game's name").required(),
            param("players", ValueKind::Range, "how many play on a side: 1-5").required(),
        ],
    },
];
