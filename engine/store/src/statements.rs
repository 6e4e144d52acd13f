//! Every statement that the store runs on its tables, by name.

/// A statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Statement<'s> {
    /// What it is called here; those that are made up as they are needed have no name.
    pub(crate) name: Option<&'static str>,
    pub(crate) sql: &'s str,
    /// How PostgreSQL has to be asked, where it needs other words.
    #[cfg(feature = "postgres")]
    pub(crate) postgres: Option<&'static str>,
}

impl<'s> From<&'s str> for Statement<'s> {
    fn from(sql: &'s str) -> Self {
        Self {
            name: None,
            sql,
            #[cfg(feature = "postgres")]
            postgres: None,
        }
    }
}

macro_rules! statements {
    ($($name:ident = $sql:literal $(or $postgres:literal)?;)*) => {
        $(pub(crate) const $name: Statement<'static> = Statement {
            name: Some(stringify!($name)),
            sql: $sql,
            #[cfg(feature = "postgres")]
            postgres: [$(Some($postgres),)? None][0],
        };)*
        /// All of them, with their names.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $sql)),*];
    };
}

statements! {
    // The database itself.
    META = "SELECT value FROM meta WHERE key = ?1";
    SET_META = "INSERT INTO meta (key, value) VALUES (?1, ?2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";

    DROP_META = "DELETE FROM meta WHERE key = ?1";
    TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        ORDER BY name";

    // Keys of clients.
    ADD_KEY = "INSERT INTO api_keys (id, client, platform, scope, hash, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    KEY = "SELECT id, client, platform, scope, hash, created_at, revoked_at FROM api_keys
        WHERE id = ?1";
    KEYS = "SELECT id, client, platform, scope, hash, created_at, revoked_at FROM api_keys
        ORDER BY client, platform, created_at, id";
    REVOKE_KEY = "UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";

    // Webhooks.
    ADD_WEBHOOK = "INSERT INTO webhooks (id, url, secret, events, cursor, created_at)
        VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(seq), 0) FROM log), ?5)";
    WEBHOOKS = "SELECT id, url, secret, events, cursor, created_at FROM webhooks
        ORDER BY created_at, id";
    WEBHOOKS_BEHIND = "SELECT count(*) FROM webhooks
        WHERE cursor < (SELECT coalesce(max(seq), 0) FROM log WHERE seq <= ?1)";
    WEBHOOK_BACKLOG = "SELECT count(*) FROM webhook_messages WHERE webhook = ?1 AND parked = ?2";
    WEBHOOK_FAILURE = "SELECT failure FROM webhook_messages WHERE webhook = ?1
        AND failure IS NOT NULL ORDER BY id DESC LIMIT 1";
    REMOVE_WEBHOOK = "DELETE FROM webhooks WHERE id = ?1";
    REMOVE_WEBHOOK_MESSAGES = "DELETE FROM webhook_messages WHERE webhook = ?1";
    RETRY_MESSAGES = "UPDATE webhook_messages SET parked = 0, tries = 0, not_before = 0
        WHERE webhook = ?1 AND parked = 1";
    TOLD_UNTIL = "UPDATE webhooks SET cursor = ?2 WHERE id = ?1";
    ADD_WEBHOOK_MESSAGE = "INSERT INTO webhook_messages (webhook, key, body) VALUES (?1, ?2, ?3)";
    WEBHOOKS_DUE = "SELECT w.id FROM webhooks w WHERE EXISTS (SELECT 1 FROM webhook_messages m
        WHERE m.webhook = w.id AND m.parked = 0 AND m.not_before <= ?1) ORDER BY w.id";
    DUE_MESSAGE = "SELECT m.id, m.webhook, m.key, m.body, m.tries, w.url, w.secret
        FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook
        WHERE m.webhook = ?1 AND m.parked = 0 AND m.not_before <= ?2 ORDER BY m.id LIMIT 1";
    HOLD_MESSAGE = "UPDATE webhook_messages SET not_before = ?2 WHERE id = ?1";
    MESSAGE_ARRIVED = "DELETE FROM webhook_messages WHERE id = ?1";
    MESSAGE_FAILED = "UPDATE webhook_messages
        SET tries = tries + 1, not_before = ?2, parked = ?3, failure = ?4 WHERE id = ?1";
    PARKED_MESSAGES = "SELECT count(*) FROM webhook_messages WHERE parked = 1";

    // The log.
    APPEND = "INSERT INTO log (seq, at, by, clan, event) VALUES (?1, ?2, ?3, ?4, ?5)"
        or "INSERT INTO log (seq, at, by, clan, event)
            VALUES (coalesce(?1, nextval('log_seq_seq')), ?2, ?3, ?4, ?5)";
    DROP_LOG = "DELETE FROM log";
    LOG_AFTER = "SELECT seq, at, by, clan, event FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    LOG_LENGTH = "SELECT count(*) FROM log";
    LAST_NUMBER = "SELECT coalesce(max(seq), 0) FROM log";
    LAST_AT = "SELECT at FROM log ORDER BY seq DESC LIMIT 1";

    // Persons and accounts.
    ADD_PERSON = "INSERT INTO persons (id, available) VALUES (?1, 1)
        ON CONFLICT (id) DO NOTHING";
    ADD_ACCOUNT = "INSERT INTO accounts (key, person) VALUES (?1, ?2)
        ON CONFLICT (key) DO UPDATE SET person = excluded.person";
    SET_AVAILABLE = "UPDATE persons SET available = ?2 WHERE id = ?1";
    JOIN_PERSON = "UPDATE persons SET joined = ?1 WHERE id = ?2 OR joined = ?2";
    JOIN_ACCOUNTS = "UPDATE accounts SET person = ?1 WHERE person = ?2";
    JOIN_MEMBERS = "INSERT INTO members (clan, person, joined_at)
        SELECT clan, ?1, joined_at FROM members WHERE person = ?2
        ON CONFLICT (clan, person) DO UPDATE SET joined_at = excluded.joined_at
            WHERE excluded.joined_at < members.joined_at";
    DROP_MEMBERSHIPS = "DELETE FROM members WHERE person = ?1";
    JOIN_LINE_UPS = "INSERT INTO line_ups (war, clan, person)
        SELECT war, clan, ?1 FROM line_ups WHERE person = ?2
        ON CONFLICT (person, war, clan) DO NOTHING";
    DROP_LINE_UPS = "DELETE FROM line_ups WHERE person = ?1";
    JOIN_SERVED = "INSERT INTO served (clan, person, capacity, until)
        SELECT clan, ?1, capacity, until FROM served WHERE person = ?2
        ON CONFLICT (person, clan, capacity) DO UPDATE SET until = excluded.until
            WHERE excluded.until > served.until";
    DROP_SERVED = "DELETE FROM served WHERE person = ?1";
    CANONICAL = "SELECT joined FROM persons WHERE id = ?1 AND joined IS NOT NULL";
    PERSON = "SELECT id, available FROM persons
        WHERE id = coalesce((SELECT joined FROM persons WHERE id = ?1), ?1)";
    PERSON_OF_ACCOUNT = "SELECT person FROM accounts WHERE key = ?1";
    PERSON_NAME = "SELECT n.name FROM accounts a JOIN account_names n ON n.account = a.key
        WHERE a.person = coalesce((SELECT joined FROM persons WHERE id = ?1), ?1)
        ORDER BY n.seen DESC LIMIT 1";
    ACCOUNTS_ON = "SELECT n.id FROM accounts a JOIN account_names n ON n.account = a.key
        WHERE a.person = ?1 AND n.platform = ?2 ORDER BY n.seen DESC";

    // Clans.
    CLAN = "SELECT body FROM clans WHERE id = ?1";
    SAVE_CLAN = "INSERT INTO clans (id, name, name_key, listed, last_at, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
            listed = excluded.listed, last_at = excluded.last_at, body = excluded.body";
    CLAN_NAMED = "SELECT id FROM clans WHERE name_key = ?1";
    CLAN_NAMES = "SELECT name FROM clans WHERE name_key >= ?1 AND name_key < ?2
        ORDER BY name_key LIMIT ?3";
    FIND_CLANS = "SELECT c.body FROM clans c WHERE c.listed = 1
        AND (?1 IS NULL OR EXISTS
            (SELECT 1 FROM subscriptions s WHERE s.game = ?1 AND s.clan = c.id))
        AND (?2 IS NULL OR EXISTS
            (SELECT 1 FROM traits t WHERE t.clan = c.id AND t.kind = 'language' AND t.key = ?2))
        AND (?3 IS NULL OR EXISTS
            (SELECT 1 FROM traits t WHERE t.clan = c.id AND t.kind = 'location' AND t.key = ?3))
        ORDER BY c.last_at DESC, c.id LIMIT ?4";
    CLAN_OF_SPACE = "SELECT clan FROM spaces WHERE platform = ?1 AND id = ?2";
    ADD_SPACE = "INSERT INTO spaces (platform, id, clan, awake) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (platform, id) DO UPDATE SET clan = excluded.clan, awake = excluded.awake";
    DROP_SPACE = "DELETE FROM spaces WHERE platform = ?1 AND id = ?2 AND clan = ?3";
    ADD_SUBSCRIPTION = "INSERT INTO subscriptions (game, clan) VALUES (?1, ?2)
        ON CONFLICT (game, clan) DO NOTHING";
    DROP_SUBSCRIPTION = "DELETE FROM subscriptions WHERE game = ?1 AND clan = ?2";
    SUBSCRIBERS = "SELECT clan FROM subscriptions WHERE game = ?1 AND clan > ?2
        ORDER BY clan LIMIT ?3";
    ADD_TRAIT = "INSERT INTO traits (clan, kind, key) VALUES (?1, ?2, ?3)
        ON CONFLICT (clan, kind, key) DO NOTHING";
    DROP_TRAITS = "DELETE FROM traits WHERE clan = ?1";

    // Members, and who stood for a clan.
    ADD_MEMBER = "INSERT INTO members (clan, person, joined_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (clan, person) DO NOTHING";
    DROP_MEMBER = "DELETE FROM members WHERE clan = ?1 AND person = ?2";
    MEMBER = "SELECT clan, person, joined_at FROM members WHERE clan = ?1
        AND person = coalesce((SELECT joined FROM persons WHERE id = ?2), ?2)";
    MEMBERS = "SELECT clan, person, joined_at FROM members WHERE clan = ?1
        ORDER BY joined_at, person LIMIT ?2";
    MEMBERS_NAMED = "SELECT DISTINCT m.person FROM account_names n
        JOIN accounts a ON a.key = n.account
        JOIN members m ON m.clan = ?1 AND m.person = a.person
        WHERE n.name_key = ?2 AND n.seen = (SELECT max(latest.seen)
            FROM accounts own JOIN account_names latest ON latest.account = own.key
            WHERE own.person = a.person)
        ORDER BY m.person";
    CLANS_OF = "SELECT clan FROM members WHERE person = ?1 ORDER BY clan";
    SERVE = "INSERT INTO served (clan, person, capacity, until) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (person, clan, capacity) DO UPDATE SET until = excluded.until
            WHERE excluded.until > served.until";
    LEAVE_OFFICE = "UPDATE served SET until = ?3
        WHERE clan = ?1 AND person = ?2 AND capacity = 'office'";
    SHARES_PERSON = "SELECT EXISTS (SELECT 1 FROM served a
        JOIN served b ON b.person = a.person AND b.clan = ?2 AND b.until >= ?3
        WHERE a.clan = ?1 AND a.until >= ?3)";

    // Games.
    ADD_GAME = "INSERT INTO games (id, name, min_players, max_players) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name,
            min_players = excluded.min_players, max_players = excluded.max_players";
    GAMES = "SELECT id, name, min_players, max_players FROM games ORDER BY id";

    // Wars.
    WAR = "SELECT body FROM wars WHERE id = ?1";
    SAVE_WAR = "INSERT INTO wars (id, host, guest, private, game, stage, created_at, next_at,
            disputed, settled_at, outcome, winner, host_given, guest_given, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (id) DO UPDATE SET guest = excluded.guest, stage = excluded.stage,
            next_at = excluded.next_at, disputed = excluded.disputed,
            settled_at = excluded.settled_at, outcome = excluded.outcome,
            winner = excluded.winner, host_given = excluded.host_given,
            guest_given = excluded.guest_given, body = excluded.body";
    SAVE_CLAN_WAR = "INSERT INTO clan_wars (clan, war, stage, created_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (clan, war) DO UPDATE SET stage = excluded.stage";
    ADD_PLAYER = "INSERT INTO line_ups (war, clan, person) VALUES (?1, ?2, ?3)
        ON CONFLICT (person, war, clan) DO NOTHING";
    DROP_PLAYER = "DELETE FROM line_ups WHERE war = ?1 AND clan = ?2 AND person = ?3";
    ADD_NOVICE = "INSERT INTO novices (war, clan) VALUES (?1, ?2)
        ON CONFLICT (war, clan) DO NOTHING";
    ADD_MESSAGE = "INSERT INTO messages_sent (war, clan, at, text) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (war, clan, at, text) DO NOTHING";
    WARS = "SELECT body FROM wars WHERE (created_at, id) < (?1, ?2)
        AND (?3 IS NULL OR game = ?3) ORDER BY created_at DESC, id DESC LIMIT ?4";
    WARS_AT_STAGE = "SELECT body FROM wars WHERE stage = ?5 AND (created_at, id) < (?1, ?2)
        AND (?3 IS NULL OR game = ?3) AND (stage <> 'open' OR private = 0)
        ORDER BY created_at DESC, id DESC LIMIT ?4";
    WARS_OF_CLAN = "SELECT w.body FROM clan_wars c CROSS JOIN wars w ON w.id = c.war
        WHERE c.clan = ?5 AND (c.created_at, c.war) < (?1, ?2)
        AND (?3 IS NULL OR w.game = ?3)
        ORDER BY c.created_at DESC, c.war DESC LIMIT ?4";
    WARS_OF_CLAN_AT_STAGE = "SELECT w.body FROM clan_wars c CROSS JOIN wars w ON w.id = c.war
        WHERE c.clan = ?5 AND c.stage = ?6 AND (c.created_at, c.war) < (?1, ?2)
        AND (?3 IS NULL OR w.game = ?3)
        ORDER BY c.created_at DESC, c.war DESC LIMIT ?4";
    WARS_OF_PLAYER = "SELECT w.body FROM (SELECT DISTINCT war FROM line_ups WHERE person = ?5) l
        CROSS JOIN wars w ON w.id = l.war
        WHERE (w.created_at, w.id) < (?1, ?2) AND (?3 IS NULL OR w.game = ?3)
        AND (?6 IS NULL OR w.stage = ?6) AND (w.stage <> 'open' OR w.private = 0 OR ?6 IS NULL OR ?7 IS NOT NULL)
        AND (?7 IS NULL OR EXISTS
            (SELECT 1 FROM clan_wars c WHERE c.clan = ?7 AND c.war = w.id))
        ORDER BY w.created_at DESC, w.id DESC LIMIT ?4";
    OPEN_COUNT = "SELECT count(*) FROM wars WHERE host = ?1 AND stage = 'open'";
    CREATED_SINCE = "SELECT count(*) FROM wars WHERE host = ?1 AND created_at >= ?2";
    RECENT_BETWEEN = "SELECT
        (SELECT count(*) FROM wars WHERE host = ?1 AND guest = ?2 AND settled_at >= ?3
            AND outcome <> 'void')
        + (SELECT count(*) FROM wars WHERE host = ?2 AND guest = ?1 AND settled_at >= ?3
            AND outcome <> 'void')";
    NOVICE_WINS = "SELECT count(*) FROM wars w
        JOIN novices n ON n.war = w.id AND n.clan <> w.winner
        WHERE w.winner = ?1 AND w.settled_at >= ?2
        AND (CASE w.winner WHEN w.host THEN w.host_given ELSE w.guest_given END) > 0";
    MESSAGES_SINCE = "SELECT count(*) FROM messages_sent
        WHERE war = ?1 AND clan = ?2 AND at >= ?3";
    DUE = "SELECT id FROM wars WHERE next_at <= ?1 ORDER BY next_at, id LIMIT ?2";
    NEXT_DUE = "SELECT min(next_at) FROM wars WHERE next_at IS NOT NULL";

    // Standings.
    STANDING = "SELECT ranked, glory, won, lost, drawn, void, disputed FROM standings
        WHERE clan = ?1 AND game = ?2";
    STANDINGS_OF = "SELECT game, ranked, glory, won, lost, drawn, void, disputed FROM standings
        WHERE clan = ?1 ORDER BY game";
    SAVE_STANDING = "INSERT INTO standings
            (clan, game, ranked, glory, won, lost, drawn, void, disputed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (clan, game) DO UPDATE SET ranked = excluded.ranked,
            glory = excluded.glory, won = excluded.won, lost = excluded.lost,
            drawn = excluded.drawn, void = excluded.void, disputed = excluded.disputed";
    COUNT_GLORY = "INSERT INTO glory_counts (game, bits, part, clans) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (game, bits, part) DO UPDATE SET clans = glory_counts.clans + excluded.clans";
    DROP_EMPTY_COUNT = "DELETE FROM glory_counts
        WHERE game = ?1 AND bits = ?2 AND part = ?3 AND clans = 0";
    CLANS_ABOVE = "SELECT
        (SELECT coalesce(CAST(sum(clans) AS BIGINT), 0) FROM glory_counts
            WHERE game = ?1 AND bits = 8 AND part > ?2 >> 8)
        + (SELECT coalesce(CAST(sum(clans) AS BIGINT), 0) FROM glory_counts
            WHERE game = ?1 AND bits = 0 AND part > ?2 AND part < ((?2 >> 8) + 1) << 8)";
    LEADERS = "SELECT s.clan, c.name, s.glory, s.won FROM standings s
        CROSS JOIN clans c ON c.id = s.clan
        WHERE s.game = ?1 AND s.ranked = 1 AND s.glory <= ?2 AND (s.glory < ?2 OR s.clan > ?3)
        ORDER BY s.glory DESC, s.clan LIMIT ?4";
    OWN_STANDING = "SELECT c.name, s.glory, s.won FROM standings s
        JOIN clans c ON c.id = s.clan WHERE s.clan = ?1 AND s.game = ?2";
    GLORY_BY_DAY = "SELECT w.settled_at / ?4 * ?4,
            CAST(sum(CASE w.host WHEN ?1 THEN w.host_given ELSE w.guest_given END) AS BIGINT)
        FROM clan_wars c CROSS JOIN wars w ON w.id = c.war
        WHERE c.clan = ?1 AND c.stage = 'ended' AND c.created_at >= ?5
        AND w.settled_at >= ?3 AND (?2 IS NULL OR w.game = ?2)
        GROUP BY 1 ORDER BY 1";
    PERSON_RECORD = "SELECT
            coalesce(sum(CASE WHEN w.winner = l.clan THEN 1 ELSE 0 END), 0),
            coalesce(sum(CASE WHEN w.winner <> l.clan THEN 1 ELSE 0 END), 0),
            coalesce(sum(CASE WHEN w.outcome = 'drawn' THEN 1 ELSE 0 END), 0),
            coalesce(sum(CASE WHEN w.outcome = 'void' THEN 1 ELSE 0 END), 0),
            coalesce(CAST(sum(w.disputed) AS BIGINT), 0),
            coalesce(CAST(sum(CASE l.clan WHEN w.host THEN w.host_given
                ELSE w.guest_given END) AS BIGINT), 0)
        FROM line_ups l CROSS JOIN wars w ON w.id = l.war
        WHERE l.person = ?1 AND (?2 IS NULL OR w.game = ?2)";

    // Names, texts, images and codes.
    NEWEST_NAME = "SELECT n.account, n.platform, n.id, n.name, n.seen FROM accounts own
        JOIN accounts a ON a.person = own.person
        JOIN account_names n ON n.account = a.key
        WHERE own.key = ?1 ORDER BY n.seen DESC LIMIT 1";
    KEEP_NAME = "INSERT INTO account_names (account, platform, id, name, name_key, seen)
        VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(seen), 0) + 1 FROM account_names))
        ON CONFLICT (account) DO UPDATE SET platform = excluded.platform, id = excluded.id,
            name = excluded.name, name_key = excluded.name_key, seen = excluded.seen"
        or "INSERT INTO account_names (account, platform, id, name, name_key, seen)
            VALUES (?1, ?2, ?3, ?4, ?5, nextval('sightings'))
            ON CONFLICT (account) DO UPDATE SET platform = excluded.platform, id = excluded.id,
                name = excluded.name, name_key = excluded.name_key, seen = excluded.seen";
    KEEP_TEXT = "INSERT INTO texts (id, war, author, at, until, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    TEXT = "SELECT id, war, author, at, until, body FROM texts WHERE id = ?1 AND body <> ''";
    MESSAGES = "SELECT t.id, t.war, t.author, t.at, t.until, t.body FROM messages_sent m
        JOIN texts t ON t.id = m.text
        WHERE m.war = ?1 AND t.body <> '' ORDER BY m.at DESC, m.text DESC LIMIT ?2";
    KEEP_IMAGE = "INSERT INTO images (sha256, bytes) VALUES (?1, ?2)
        ON CONFLICT (sha256) DO NOTHING";
    KEEP_FILER = "INSERT INTO image_filers (person, sha256) VALUES (?1, ?2)
        ON CONFLICT (person, sha256) DO NOTHING";
    IMAGE = "SELECT bytes FROM images WHERE sha256 = ?1";
    KEEP_LINK_CODE = "INSERT INTO link_codes (hash, person, clan, until) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (hash) DO UPDATE SET person = excluded.person, clan = excluded.clan,
            until = excluded.until";
    LINK_CODE = "SELECT hash, person, clan, until FROM link_codes WHERE hash = ?1 AND until > ?2";
    SPEND_LINK_CODE = "DELETE FROM link_codes WHERE hash = ?1";

    // Forgetting a person, with whomever they turned out to be.
    FORGET_NAMES = "DELETE FROM account_names WHERE account IN
        (SELECT key FROM accounts WHERE person = ?1)";
    FORGET_TEXTS = "UPDATE texts SET body = '' WHERE author IN
        (SELECT ?1 UNION SELECT id FROM persons WHERE joined = ?1)";
    FORGET_IMAGES = "DELETE FROM images WHERE sha256 IN
            (SELECT sha256 FROM image_filers WHERE person IN
                (SELECT ?1 UNION SELECT id FROM persons WHERE joined = ?1))
        AND NOT EXISTS (SELECT 1 FROM image_filers other WHERE other.sha256 = images.sha256
            AND other.person NOT IN (SELECT ?1 UNION SELECT id FROM persons WHERE joined = ?1))";
    FORGET_FILERS = "DELETE FROM image_filers WHERE person IN
        (SELECT ?1 UNION SELECT id FROM persons WHERE joined = ?1)";
    FORGET_REPLIES = "UPDATE processed SET reply = '' WHERE actor IN
        (SELECT ?1 UNION SELECT id FROM persons WHERE joined = ?1)";

    // Requests that were carried out.
    PROCESSED = "SELECT body_hash, reply FROM processed WHERE client = ?1 AND key = ?2";
    REMEMBER = "INSERT INTO processed (client, key, body_hash, at, actor, reply)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    SWEEP_PROCESSED = "DELETE FROM processed WHERE at < ?1";
    SWEEP_TEXTS = "DELETE FROM texts WHERE until <= ?1";
    SWEEP_LINK_CODES = "DELETE FROM link_codes WHERE until <= ?1";

    // Notices.
    POST = "INSERT INTO outbox (queue, platform, space, at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    WAITING = "SELECT o.id, o.tries, o.body, o.queue, o.not_before > ?2,
            CASE WHEN l.until > ?2 AND (l.token <> ?3 OR o.token = l.token) THEN 1 ELSE 0 END
        FROM outbox o LEFT JOIN leases l ON l.queue = o.queue
        WHERE o.platform = ?1 AND o.parked = 0 AND NOT EXISTS (SELECT 1 FROM spaces s
            WHERE s.platform = o.platform AND s.id = o.space AND s.awake = 0)
        ORDER BY o.id";
    WAITING_IN_SPACE = "SELECT o.id, o.tries, o.body, o.queue, o.not_before > ?2,
            CASE WHEN l.until > ?2 AND (l.token <> ?3 OR o.token = l.token) THEN 1 ELSE 0 END
        FROM outbox o LEFT JOIN leases l ON l.queue = o.queue
        WHERE o.platform = ?1 AND o.space = ?4 AND o.parked = 0 AND NOT EXISTS (SELECT 1 FROM spaces s
            WHERE s.platform = o.platform AND s.id = o.space AND s.awake = 0)
        ORDER BY o.id";
    LEASE = "INSERT INTO leases (queue, token, until) VALUES (?1, ?2, ?3)
        ON CONFLICT (queue) DO UPDATE SET token = excluded.token, until = excluded.until";
    FREE_AT = "SELECT o.queue, CASE WHEN l.until > o.not_before THEN l.until ELSE o.not_before END
        FROM outbox o LEFT JOIN leases l ON l.queue = o.queue
        WHERE o.platform = ?1 AND o.parked = 0 AND NOT EXISTS (SELECT 1 FROM spaces s
            WHERE s.platform = o.platform AND s.id = o.space AND s.awake = 0)
        ORDER BY o.id";
    HAND_OUT = "UPDATE outbox SET token = ?2 WHERE id = ?1";
    CLAIMED = "SELECT o.id, o.tries, o.body FROM outbox o
        JOIN leases l ON l.queue = o.queue AND l.token = o.token
        WHERE o.id = ?1 AND o.token = ?2";
    QUEUE_OF = "SELECT queue FROM outbox WHERE id = ?1";
    DELIVERED = "DELETE FROM outbox WHERE id = ?1";
    POSTPONE = "UPDATE outbox SET tries = tries + 1, not_before = ?2, token = NULL WHERE id = ?1";
    PARK = "UPDATE outbox SET tries = tries + 1, parked = 1, token = NULL WHERE id = ?1";
    RELEASE = "DELETE FROM leases WHERE queue = ?1 AND NOT EXISTS
        (SELECT 1 FROM outbox o WHERE o.queue = ?1 AND o.token = leases.token)";
    MOVE_NOTICES = "UPDATE outbox SET platform = ?4, space = ?5, tries = 0, not_before = 0,
            body = json_set(body, '$.to.clan.space', json(?6))
        WHERE queue = ?1 AND platform = ?2 AND space = ?3 AND parked = 0"
        or "UPDATE outbox SET platform = ?4, space = ?5, tries = 0, not_before = 0,
                body = jsonb_set(body::jsonb, '{to,clan,space}', ?6::jsonb)::text
            WHERE queue = ?1 AND platform = ?2 AND space = ?3 AND parked = 0";
    WAITING_COUNT = "SELECT count(*) FROM outbox WHERE platform = ?1 AND space = ?2 AND parked = 0";
    WAITING_SINCE = "SELECT count(*), min(at) FROM outbox WHERE parked = 0";
    PARKED_COUNT = "SELECT count(*) FROM outbox WHERE parked = 1";
    PARKED = "SELECT id, tries, body FROM outbox WHERE parked = 1 ORDER BY id LIMIT ?1";

    // Channels that were closed to notices.
    CLOSE_CHANNEL = "INSERT INTO closed_channels (platform, space, channel, since)
        VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (platform, space) DO UPDATE SET channel = excluded.channel, since = excluded.since
            WHERE closed_channels.channel <> excluded.channel";
    OPEN_CHANNEL = "DELETE FROM closed_channels WHERE platform = ?1 AND space = ?2";
    CLOSED_CHANNELS = "SELECT clan, platform, channel, since FROM
            (SELECT x.platform, x.space, x.channel, x.since, (SELECT c.name FROM spaces s
                JOIN clans c ON c.id = s.clan
                WHERE s.platform = x.platform AND s.id = x.space AND s.awake = 1) AS clan
            FROM closed_channels x) AS closed
        WHERE clan IS NOT NULL ORDER BY since, platform, space LIMIT ?1";

    // Broadcasts.
    BROADCAST = "INSERT INTO broadcasts (war) VALUES (?1) ON CONFLICT (war) DO NOTHING";
    BROADCASTS = "SELECT war FROM broadcasts ORDER BY id LIMIT ?1";
    BROADCAST_CURSOR = "SELECT cursor FROM broadcasts WHERE war = ?1";
    ADVANCE_BROADCAST = "UPDATE broadcasts SET cursor = ?2 WHERE war = ?1";
    END_BROADCAST = "DELETE FROM broadcasts WHERE war = ?1";

    // Moving everything elsewhere.
    CLANS_AFTER = "SELECT body FROM clans WHERE id > ?1 ORDER BY id LIMIT ?2";
    NAMES_AFTER = "SELECT seen, platform, id, name FROM account_names WHERE seen > ?1
        ORDER BY seen, account LIMIT ?2";
    TEXTS_AFTER = "SELECT id, war, author, at, until, body FROM texts WHERE id > ?1
        AND body <> '' ORDER BY id LIMIT ?2";
    IMAGE_AFTER = "SELECT sha256, bytes FROM images WHERE sha256 > ?1 ORDER BY sha256 LIMIT 1";
    FILERS = "SELECT person FROM image_filers WHERE sha256 = ?1 ORDER BY person";
}
