//! What a look into the database tells.

use gmbot_engine::model::{AtMs, DurationMs};
use gmbot_store::{Clock, ClosedChannel, Health};

use super::check::Check;

/// How long a notice may wait before somebody should know.
const WAITS: DurationMs = DurationMs::days(1);

/// How late a deadline may be carried out before somebody should know.
const LATE: DurationMs = DurationMs::hours(1);

/// How far two computers' clocks may be apart.
const APART: DurationMs = DurationMs::minutes(1);

/// All checks, by the clock that the database goes by.
pub(super) fn checks(health: &Health, now: AtMs) -> Vec<Check> {
    let now = match health.clock {
        Clock::System => now,
        Clock::Manual => health.last_at.unwrap_or(now),
    };
    vec![
        database(health),
        schema(health),
        clock(health, now),
        deadlines(health, now),
        waiting(health, now),
        parked(health),
        channels(health),
        webhooks(health),
    ]
}

fn database(health: &Health) -> Check {
    match health.damage.first() {
        None => Check::ok("database", format!("sound, {} events", health.events)),
        Some(first) => Check::attention(
            "database",
            format!("the file is damaged: {first} ({} faults)", health.damage.len()),
            "keep a copy of it and restore a backup with `gmbot restore-backup FILE --replace`",
        ),
    }
}

fn schema(health: &Health) -> Check {
    Check::ok("schema", format!("version {}, the newest", health.schema))
}

fn clock(health: &Health, now: AtMs) -> Check {
    let last = health.last_at.unwrap_or(now);
    match health.clock {
        Clock::Manual => Check::ok("clock", format!("one of its own, at {}", shown(last))),
        Clock::System if last > now + APART => Check::attention(
            "clock",
            format!("the last event is in the future, at {}", shown(last)),
            "set this computer's clock; deadlines keep to the later of the two",
        ),
        Clock::System => {
            Check::ok("clock", format!("this computer's; the last event was at {}", shown(last)))
        }
    }
}

fn deadlines(health: &Health, now: AtMs) -> Check {
    match health.next_due {
        None => Check::ok("deadlines", "none"),
        Some(due) if due + LATE < now => Check::attention(
            "deadlines",
            format!("one was due at {}", shown(due)),
            "run `gmbot tick`, and have a timer run it every minute",
        ),
        Some(due) => Check::ok("deadlines", format!("the next is at {}", shown(due))),
    }
}

fn waiting(health: &Health, now: AtMs) -> Check {
    match health.waiting_since {
        None => Check::ok("notices", "none waits"),
        Some(since) => {
            let found = format!("{} wait, the oldest since {}", health.waiting, shown(since));
            if since + WAITS < now {
                let next = "see that each clan's notices are taken (`gmbot --in CLAN inbox`)";
                Check::attention("notices", found, next)
            } else {
                Check::ok("notices", found)
            }
        }
    }
}

fn parked(health: &Health) -> Check {
    match health.parked {
        0 => Check::ok("parked", "no notice was given up"),
        parked => Check::attention(
            "parked",
            format!("{parked} notices were given up, since their channels refused them"),
            "give the bot its permissions there, or choose another channel with `gmbot setup`",
        ),
    }
}

fn channels(health: &Health) -> Check {
    let Some(ClosedChannel { clan, platform, channel, since }) = health.closed.first() else {
        return Check::ok("channels", "all clans are told things where they want to be");
    };
    let platform = &platform.0;
    let others = match health.closed.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more"),
    };
    Check::attention(
        "channels",
        format!(
            "`{clan}` can't be told things in its {platform} channel {channel} since {}, and is told \
             elsewhere{others}",
            shown(*since)
        ),
        "let the bot write there, or choose another channel with `gmbot setup -channel`",
    )
}

fn webhooks(health: &Health) -> Check {
    match health.parked_messages {
        0 => Check::ok("webhooks", "no message was given up"),
        parked => Check::attention(
            "webhooks",
            format!("{parked} messages were given up, since they did not arrive"),
            "`gmbot webhooks list` says why; then `gmbot webhooks retry ID`, or `remove ID`",
        ),
    }
}

fn shown(at: AtMs) -> String {
    at.in_zone("UTC")
}

#[cfg(test)]
mod tests {
    use gmbot_engine::model::Platform;

    use super::*;

    const NOW: AtMs = AtMs(1_767_639_600_000);

    fn well() -> Health {
        Health {
            damage: Vec::new(),
            schema: 1,
            events: 4,
            clock: Clock::System,
            last_at: Some(NOW),
            next_due: Some(NOW),
            waiting: 1,
            waiting_since: Some(NOW),
            parked: 0,
            parked_messages: 0,
            closed: Vec::new(),
        }
    }

    /// The checks that want attention.
    fn attention(health: &Health) -> Vec<&'static str> {
        let found = checks(health, NOW);
        found.iter().filter(|check| !check.is_fine()).map(|check| check.name).collect()
    }

    #[test]
    fn what_is_well_needs_no_attention() {
        assert_eq!(attention(&well()), [""; 0]);
        let idle = Health { next_due: None, waiting: 0, waiting_since: None, ..well() };
        assert_eq!(attention(&idle), [""; 0]);
    }

    #[test]
    fn each_trouble_is_told_by_its_own_check() {
        let ago = |length: DurationMs| Some(NOW - length - DurationMs(1));
        let damage = vec!["row 1 missing from index".to_owned()];
        assert_eq!(attention(&Health { damage, ..well() }), ["database"]);
        assert_eq!(attention(&Health { last_at: Some(NOW + WAITS), ..well() }), ["clock"]);
        assert_eq!(attention(&Health { next_due: ago(LATE), ..well() }), ["deadlines"]);
        assert_eq!(attention(&Health { waiting_since: ago(WAITS), ..well() }), ["notices"]);
        assert_eq!(attention(&Health { parked: 2, ..well() }), ["parked"]);
        let closed = vec![ClosedChannel {
            clan: "HSK".to_owned(),
            platform: Platform("discord".to_owned()),
            channel: "4".to_owned(),
            since: NOW,
        }];
        assert_eq!(attention(&Health { closed, ..well() }), ["channels"]);
        assert_eq!(attention(&Health { parked_messages: 2, ..well() }), ["webhooks"]);
    }

    #[test]
    fn a_clock_of_its_own_is_never_wrong() {
        let last_at = Some(NOW + WAITS);
        let health = Health { clock: Clock::Manual, last_at, waiting_since: last_at, ..well() };
        assert_eq!(attention(&health), ["deadlines"], "the one thing that its own clock is past");
    }
}
