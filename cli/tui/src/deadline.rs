//! How long something still takes, in words that are as fine as one needs, and when they change.

use gmbot_engine::model::{AtMs, DurationMs, Phase};
use gmbot_engine::view::WarLine;

/// From when on time is short.
const SHORT: DurationMs = DurationMs::hours(1);

/// How long something still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left(DurationMs);

impl Left {
    /// From now until a moment; nothing once that is past.
    pub(crate) fn until(at: AtMs, now: AtMs) -> Self {
        Self(DurationMs((at - now).0.max(0)))
    }

    /// Whether it is short.
    pub(crate) fn is_short(self) -> bool {
        self.0 < SHORT
    }

    /// In words: `2d 4h`, `14h 02m`, `12m`, `45s`, `now`. Rounded up, so that it never says that
    /// more is over than is.
    pub(crate) fn words(self) -> String {
        let unit = self.unit();
        let count = (self.0.0 + unit.0 - 1) / unit.0;
        let minutes = count * unit.0 / DurationMs::minutes(1).0;
        match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
            _ if self.0.0 == 0 => "now".to_owned(),
            (0, 0, 0) => format!("{count}s"),
            (0, 0, minutes) => format!("{minutes}m"),
            (0, hours, minutes) => format!("{hours}h {minutes:02}m"),
            (days, hours, _) => format!("{days}d {hours}h"),
        }
    }

    /// After how long the words are others; none if they stay.
    pub(crate) fn changes_in(self) -> Option<DurationMs> {
        let unit = self.unit().0;
        (self.0.0 > 0).then(|| DurationMs((self.0.0 - 1).rem_euclid(unit) + 1))
    }

    /// What the words count.
    fn unit(self) -> DurationMs {
        if self.0 > DurationMs::days(1) {
            DurationMs::hours(1)
        } else if self.0 > DurationMs::minutes(1) {
            DurationMs::minutes(1)
        } else {
            DurationMs(1000)
        }
    }
}

/// What a war waits for, in a word, and until when.
pub(crate) fn stage(war: &WarLine) -> (&'static str, Option<AtMs>) {
    match war.phase {
        Phase::Open => ("open", Some(war.lapses_at)),
        Phase::Scheduled => ("starts in", war.begins_at),
        Phase::Ongoing => ("ongoing", war.ends_at),
        Phase::Voting => ("voting", war.closes_at),
        Phase::Disputed => ("disputed", war.closes_at),
        Phase::Settled | Phase::Withdrawn | Phase::Lapsed | Phase::Declined => {
            (war.phase.word(), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_as_fine_as_one_needs() {
        let (s, m, h) = (1000, 60_000, 3_600_000);
        let cases = [
            (0, "now", None),
            (-5, "now", None),
            (1, "1s", Some(1)),
            (45 * s, "45s", Some(s)),
            (m, "1m", Some(s)),
            (m + 1, "2m", Some(1)),
            (59 * m, "59m", Some(m)),
            (14 * h + 90 * s, "14h 02m", Some(30 * s)),
            (24 * h, "1d 0h", Some(m)),
            (52 * h + m, "2d 5h", Some(m)),
        ];
        for (length, words, changes) in cases {
            let left = Left::until(AtMs(length), AtMs(0));
            assert_eq!(left.words(), words, "{length}");
            assert_eq!(left.changes_in(), changes.map(DurationMs), "{length}");
        }
    }
}
