//! The tables: projections, which the log can always make again, and operational ones, which it
//! can't.

/// The schema's version, in `PRAGMA user_version`.
pub const VERSION: i32 = 6;

/// What marks a database as gmbot's, in `PRAGMA application_id`: the letters `gmbt`.
pub(crate) const APPLICATION_ID: i32 = 0x676d_6274;

/// The `game` under which standings hold all games together.
pub(crate) const ALL_GAMES: i64 = -1;

/// What PostgreSQL counts by, so that no two transactions have to wait for the same row.
pub(crate) const SEQUENCES: &str = "CREATE SEQUENCE sightings";

/// A table with its indexes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) ddl: &'static str,
}

/// Tables that replaying the log makes again, row by row the same.
pub(crate) const PROJECTIONS: &[Table] = &[
    Table {
        name: "games",
        ddl: "CREATE TABLE games (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            min_players INTEGER NOT NULL,
            max_players INTEGER NOT NULL
        ) STRICT;",
    },
    // `joined` is the person that this one turned out to be.
    Table {
        name: "persons",
        ddl: "CREATE TABLE persons (
            id TEXT PRIMARY KEY,
            available INTEGER NOT NULL,
            joined TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX persons_joined ON persons (joined) WHERE joined IS NOT NULL;",
    },
    Table {
        name: "accounts",
        ddl: "CREATE TABLE accounts (
            key TEXT PRIMARY KEY,
            person TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX accounts_of_person ON accounts (person, key);",
    },
    // `listed`: public, awake and not suspended.
    Table {
        name: "clans",
        ddl: "CREATE TABLE clans (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL UNIQUE,
            listed INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE INDEX clans_active ON clans (last_at DESC, id) WHERE listed = 1;",
    },
    Table {
        name: "spaces",
        ddl: "CREATE TABLE spaces (
            platform TEXT NOT NULL,
            id TEXT NOT NULL,
            clan TEXT NOT NULL,
            awake INTEGER NOT NULL,
            PRIMARY KEY (platform, id)
        ) STRICT, WITHOUT ROWID;",
    },
    // Of clans that hear of challenges: awake ones that are not suspended.
    Table {
        name: "subscriptions",
        ddl: "CREATE TABLE subscriptions (
            game INTEGER NOT NULL,
            clan TEXT NOT NULL,
            PRIMARY KEY (game, clan)
        ) STRICT, WITHOUT ROWID;",
    },
    // What clans are found by; `kind` is `language` or `location`.
    Table {
        name: "traits",
        ddl: "CREATE TABLE traits (
            clan TEXT NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            PRIMARY KEY (clan, kind, key)
        ) STRICT, WITHOUT ROWID;",
    },
    Table {
        name: "members",
        ddl: "CREATE TABLE members (
            clan TEXT NOT NULL,
            person TEXT NOT NULL,
            joined_at INTEGER NOT NULL,
            PRIMARY KEY (clan, person)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX members_by_time ON members (clan, joined_at, person);
        CREATE INDEX members_of_person ON members (person, clan);",
    },
    // Who stood for a clan until when, in which capacity: `office` (the largest number while it
    // lasts) or `play` (until the end of the last war they were named for).
    Table {
        name: "served",
        ddl: "CREATE TABLE served (
            clan TEXT NOT NULL,
            person TEXT NOT NULL,
            capacity TEXT NOT NULL,
            until INTEGER NOT NULL,
            PRIMARY KEY (person, clan, capacity)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX served_by_time ON served (clan, until, person);",
    },
    // `stage` is `open`, `running` or `ended`; `settled_at` is the first settlement's moment, the
    // outcome and what was given are the last one's.
    Table {
        name: "wars",
        ddl: "CREATE TABLE wars (
            id TEXT PRIMARY KEY,
            host TEXT NOT NULL,
            guest TEXT,
            private INTEGER NOT NULL,
            game INTEGER NOT NULL,
            stage TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            next_at INTEGER,
            disputed INTEGER NOT NULL,
            settled_at INTEGER,
            outcome TEXT,
            winner TEXT,
            host_given INTEGER NOT NULL,
            guest_given INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        CREATE INDEX wars_by_time ON wars (created_at DESC, id DESC);
        CREATE INDEX wars_by_stage ON wars (stage, created_at DESC, id DESC);
        CREATE INDEX wars_due ON wars (next_at, id) WHERE next_at IS NOT NULL;
        CREATE INDEX wars_of_host ON wars (host, created_at);
        CREATE INDEX wars_open ON wars (host) WHERE stage = 'open';
        CREATE INDEX wars_between ON wars (host, guest, settled_at) WHERE settled_at IS NOT NULL;
        CREATE INDEX wars_won ON wars (winner, settled_at) WHERE winner IS NOT NULL;",
    },
    // Each war once for each clan that it concerns: host, guest and the challenged one.
    Table {
        name: "clan_wars",
        ddl: "CREATE TABLE clan_wars (
            clan TEXT NOT NULL,
            war TEXT NOT NULL,
            stage TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (clan, war)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX clan_wars_by_time ON clan_wars (clan, created_at DESC, war DESC);
        CREATE INDEX clan_wars_by_stage ON clan_wars (clan, stage, created_at DESC, war DESC);",
    },
    Table {
        name: "line_ups",
        ddl: "CREATE TABLE line_ups (
            war TEXT NOT NULL,
            clan TEXT NOT NULL,
            person TEXT NOT NULL,
            PRIMARY KEY (person, war, clan)
        ) STRICT, WITHOUT ROWID;",
    },
    // The clans of a war that had never won one when it was first settled.
    Table {
        name: "novices",
        ddl: "CREATE TABLE novices (
            war TEXT NOT NULL,
            clan TEXT NOT NULL,
            PRIMARY KEY (war, clan)
        ) STRICT, WITHOUT ROWID;",
    },
    Table {
        name: "messages_sent",
        ddl: "CREATE TABLE messages_sent (
            war TEXT NOT NULL,
            clan TEXT NOT NULL,
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (war, clan, at, text)
        ) STRICT, WITHOUT ROWID;",
    },
    // How clans fare: at each game, and at all of them together as the game -1. `ranked`: shown
    // in leaderboards, that is public and not suspended.
    Table {
        name: "standings",
        ddl: "CREATE TABLE standings (
            clan TEXT NOT NULL,
            game INTEGER NOT NULL,
            ranked INTEGER NOT NULL,
            glory INTEGER NOT NULL,
            won INTEGER NOT NULL,
            lost INTEGER NOT NULL,
            drawn INTEGER NOT NULL,
            void INTEGER NOT NULL,
            disputed INTEGER NOT NULL,
            PRIMARY KEY (clan, game)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX standings_by_glory ON standings (game, glory DESC, clan) WHERE ranked = 1;",
    },
    // How many ranked clans have which glory, so that a rank is a sum over few rows: counted for each
    // amount (`bits` 0), and for blocks of 256 amounts (`bits` 8, where `part` is `glory >> 8`). Where
    // `part` is 0 nobody is counted: no clan is below those, and each new one would change that row.
    Table {
        name: "glory_counts",
        ddl: "CREATE TABLE glory_counts (
            game INTEGER NOT NULL,
            bits INTEGER NOT NULL,
            part INTEGER NOT NULL,
            clans INTEGER NOT NULL,
            PRIMARY KEY (game, bits, part)
        ) STRICT, WITHOUT ROWID;",
    },
];

/// Keys by which clients of the HTTP API are known; `hash` is the SHA-256 of the key's secret part.
pub(crate) const API_KEYS: &str = "CREATE TABLE IF NOT EXISTS api_keys (
            id TEXT PRIMARY KEY,
            client TEXT NOT NULL,
            platform TEXT NOT NULL,
            scope TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT, WITHOUT ROWID;";

/// Who outside is told of wars. Secrets are kept as they are: messages are signed with them.
pub(crate) const WEBHOOKS: &str = "CREATE TABLE IF NOT EXISTS webhooks (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            secret TEXT NOT NULL,
            events TEXT NOT NULL,
            cursor INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;";

/// Messages on their way to webhooks; `key` is what receivers know them by.
pub(crate) const WEBHOOK_MESSAGES: &str = "CREATE TABLE IF NOT EXISTS webhook_messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook TEXT NOT NULL,
            key TEXT NOT NULL,
            body TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER NOT NULL DEFAULT 0,
            parked INTEGER NOT NULL DEFAULT 0,
            failure TEXT
        ) STRICT;
        CREATE INDEX IF NOT EXISTS webhook_messages_due ON webhook_messages (not_before, id)
            WHERE parked = 0;
        CREATE INDEX IF NOT EXISTS webhook_messages_parked ON webhook_messages (id)
            WHERE parked = 1;
        CREATE INDEX IF NOT EXISTS webhook_messages_of ON webhook_messages (webhook, id);";

/// Channels in which a space could not be told things, whose notices went elsewhere.
pub(crate) const CLOSED_CHANNELS: &str = "CREATE TABLE IF NOT EXISTS closed_channels (
            platform TEXT NOT NULL,
            space TEXT NOT NULL,
            channel TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (platform, space)
        ) STRICT, WITHOUT ROWID;";

/// Tables that the log can't make again: the log itself, and what must never be in it.
pub(crate) const OPERATIONAL: &[Table] = &[
    Table {
        name: "log",
        ddl: "CREATE TABLE log (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            by TEXT,
            clan TEXT,
            event TEXT NOT NULL
        ) STRICT;",
    },
    Table {
        name: "meta",
        ddl: "CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;",
    },
    Table {
        name: "processed",
        ddl: "CREATE TABLE processed (
            client TEXT NOT NULL,
            key TEXT NOT NULL,
            body_hash TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT,
            reply TEXT NOT NULL,
            PRIMARY KEY (client, key)
        ) STRICT;
        CREATE INDEX processed_by_time ON processed (at);
        CREATE INDEX processed_by_actor ON processed (actor) WHERE actor IS NOT NULL;",
    },
    // `token` is the lease under which a notice was handed out.
    Table {
        name: "outbox",
        ddl: "CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            platform TEXT NOT NULL,
            space TEXT NOT NULL,
            at INTEGER NOT NULL,
            body TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER NOT NULL DEFAULT 0,
            parked INTEGER NOT NULL DEFAULT 0,
            token TEXT
        ) STRICT;
        CREATE INDEX outbox_waiting ON outbox (platform, id) WHERE parked = 0;
        CREATE INDEX outbox_of_space ON outbox (platform, space, id) WHERE parked = 0;
        CREATE INDEX outbox_parked ON outbox (id) WHERE parked = 1;
        CREATE INDEX outbox_claimed ON outbox (queue) WHERE token IS NOT NULL;",
    },
    Table {
        name: "leases",
        ddl: "CREATE TABLE leases (
            queue TEXT PRIMARY KEY,
            token TEXT NOT NULL,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;",
    },
    Table {
        name: "broadcasts",
        ddl: "CREATE TABLE broadcasts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            war TEXT NOT NULL UNIQUE,
            cursor TEXT
        ) STRICT;",
    },
    // `seen` grows with each sighting: a person's newest name has the largest.
    Table {
        name: "account_names",
        ddl: "CREATE TABLE account_names (
            account TEXT PRIMARY KEY,
            platform TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            name_key TEXT NOT NULL,
            seen INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_names_by_key ON account_names (name_key);
        CREATE INDEX account_names_by_time ON account_names (seen);",
    },
    Table {
        name: "texts",
        ddl: "CREATE TABLE texts (
            id TEXT PRIMARY KEY,
            war TEXT NOT NULL,
            author TEXT NOT NULL,
            at INTEGER NOT NULL,
            until INTEGER,
            body TEXT NOT NULL
        ) STRICT;
        CREATE INDEX texts_by_author ON texts (author);
        CREATE INDEX texts_by_end ON texts (until) WHERE until IS NOT NULL;",
    },
    Table {
        name: "images",
        ddl: "CREATE TABLE images (
            sha256 TEXT PRIMARY KEY,
            bytes BLOB NOT NULL
        ) STRICT;",
    },
    Table {
        name: "image_filers",
        ddl: "CREATE TABLE image_filers (
            person TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            PRIMARY KEY (person, sha256)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX image_filers_by_image ON image_filers (sha256);",
    },
    Table {
        name: "link_codes",
        ddl: "CREATE TABLE link_codes (
            hash TEXT PRIMARY KEY,
            person TEXT NOT NULL,
            clan TEXT,
            until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX link_codes_by_end ON link_codes (until);",
    },
    Table { name: "api_keys", ddl: API_KEYS },
    Table { name: "webhooks", ddl: WEBHOOKS },
    Table { name: "webhook_messages", ddl: WEBHOOK_MESSAGES },
    Table { name: "closed_channels", ddl: CLOSED_CHANNELS },
];
