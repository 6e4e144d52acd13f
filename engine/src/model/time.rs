//! Points in time and lengths of time, in whole milliseconds.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AtMs(pub i64);

/// A length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct DurationMs(pub i64);

impl DurationMs {
    /// `n` minutes.
    pub const fn minutes(n: i64) -> Self {
        Self(n * 60_000)
    }

    /// `n` hours.
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n * 60)
    }

    /// `n` days of 24 hours.
    pub const fn days(n: i64) -> Self {
        Self::hours(n * 24)
    }
}

impl fmt::Display for DurationMs {
    /// The canonical form: the largest units first, none that is zero (`1d12h`, `90s` as `1m30s`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.max(0) / 1000;
        let mut text = String::new();
        for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
            if rest >= seconds {
                text.push_str(&format!("{}{unit}", rest / seconds));
                rest %= seconds;
            }
        }
        f.write_str(if text.is_empty() { "0s" } else { &text })
    }
}

impl Add<DurationMs> for AtMs {
    type Output = Self;
    fn add(self, length: DurationMs) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub<DurationMs> for AtMs {
    type Output = Self;
    fn sub(self, length: DurationMs) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Sub for AtMs {
    type Output = DurationMs;
    fn sub(self, earlier: Self) -> DurationMs {
        DurationMs(self.0.saturating_sub(earlier.0))
    }
}

impl AtMs {
    /// The midnight (UTC) at or before this moment.
    pub const fn midnight(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DurationMs::days(1).0))
    }

    /// This moment as RFC 3339 writes it, in UTC: `2026-01-05T18:00:00Z`.
    pub fn rfc3339(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => moment.to_string(),
            Err(_out_of_range) => format!("{} ms", self.0),
        }
    }

    /// This moment on the clocks of `zone`: `2026-01-05 19:00 Europe/Berlin`, to the minute.
    pub fn in_zone(self, zone: &str) -> String {
        let Ok(moment) = jiff::Timestamp::from_millisecond(self.0) else {
            return format!("{} ms", self.0);
        };
        let tz = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let local = tz.to_datetime(moment);
        let name = tz.iana_name().unwrap_or("UTC");
        format!("{} {name}", local.strftime("%Y-%m-%d %H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_their_largest_units_first() {
        let cases = [(0, "0s"), (90, "1m30s"), (43_200, "12h"), (90_000, "1d1h"), (720, "12m")];
        for (seconds, text) in cases {
            assert_eq!(DurationMs(seconds * 1000).to_string(), text);
        }
    }

    #[test]
    fn a_day_begins_at_midnight() {
        assert_eq!(AtMs(1_767_636_000_000).midnight().rfc3339(), "2026-01-05T00:00:00Z");
        assert_eq!(AtMs(1_767_571_200_000).midnight(), AtMs(1_767_571_200_000));
        assert_eq!(AtMs(-1).midnight().rfc3339(), "1969-12-31T00:00:00Z");
    }

    #[test]
    fn a_moment_shows_on_the_clocks_of_a_zone() {
        let at = AtMs(1_767_636_000_000);
        assert_eq!(at.in_zone("UTC"), "2026-01-05 18:00 UTC");
        assert_eq!(at.in_zone("Europe/Berlin"), "2026-01-05 19:00 Europe/Berlin");
        assert_eq!(at.in_zone("Nowhere/Land"), "2026-01-05 18:00 UTC");
    }
}
