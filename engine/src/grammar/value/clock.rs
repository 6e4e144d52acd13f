//! Durations and moments.

use jiff::civil::DateTime;

use super::Fault;
use crate::grammar::values::{TimeSpec, Weekday};
use crate::model::{AtMs, DurationMs};
use crate::reply::Code;

/// The shortest war.
const SHORTEST: DurationMs = DurationMs::minutes(1);
/// The longest war.
const LONGEST: DurationMs = DurationMs::days(30);
/// The farthest `+3h` that is read at all; how far is too far is for the rules to say.
const FARTHEST: DurationMs = DurationMs::days(366);

/// Reads `12` and `0.2` (hours), `90m`, `12h`, `2d`, `1h 30m`: 1 minute to 30 days, to the second.
pub(in crate::grammar) fn duration(text: &str) -> Result<DurationMs, Fault> {
    let fault = |what: &str| Fault::new(Code::BadDuration, format!("`{text}` is {what}"));
    let Some(read) = length(text) else {
        let dotted = text.replace(',', ".");
        let close = Some(dotted).filter(|dotted| dotted != text && length(dotted).is_some());
        return Err(fault("no duration: write `90m`, `12h`, `2d` or `1h30m`").suggest(close));
    };
    if (SHORTEST..=LONGEST).contains(&read) {
        Ok(read)
    } else {
        Err(fault("out of range: a war takes 1 minute to 30 days"))
    }
}

/// A length of time in whole seconds; nothing if it can't be read or is beyond all bounds.
fn length(text: &str) -> Option<DurationMs> {
    let mut rest = text.trim();
    let mut total = 0_i64;
    let mut bare = false;
    while !rest.is_empty() && !bare {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        bare = unit.is_empty();
        if bare && total > 0 {
            return None;
        }
        total = total.checked_add(thousandths(number)?.checked_mul(seconds_of(unit)?)?)?;
        rest = after.trim_start();
    }
    let known = !text.trim().is_empty() && rest.is_empty();
    known.then(|| DurationMs((total + 500) / 1000 * 1000))
}

/// A decimal number without sign, in thousandths: up to six digits before the point and three that
/// count after it.
fn thousandths(number: &str) -> Option<i64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || whole.len() > 6 || part.is_empty() || part.contains('.') {
        return None;
    }
    let digit =
        |sum: i64, digit: u8| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'));
    let part = part.bytes().chain(*b"000").take(3).try_fold(0, digit)?;
    Some(whole.parse::<i64>().ok()? * 1000 + part)
}

/// The units of a length of time, in seconds; without one it is hours.
const UNITS: [(i64, &[&str]); 4] = [
    (3_600, &["", "h", "hr", "hrs", "hour", "hours"]),
    (60, &["m", "min", "mins", "minute", "minutes"]),
    (86_400, &["d", "day", "days"]),
    (1, &["s", "sec", "secs", "second", "seconds"]),
];

fn seconds_of(unit: &str) -> Option<i64> {
    let named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(unit));
    UNITS.iter().find(|(_, names)| named(names)).map(|(seconds, _)| *seconds)
}

/// Reads `2026-03-07 20:00`, `sat 20:00`, RFC 3339, or `+3h`.
pub(in crate::grammar) fn time(text: &str) -> Result<TimeSpec, Fault> {
    let spec = match text.strip_prefix('+') {
        Some(after) => length(after)
            .filter(|length| (SHORTEST..=FARTHEST).contains(length))
            .map(TimeSpec::After),
        None => moment(text).or_else(|| local(text)).or_else(|| weekday(text)),
    };
    spec.ok_or_else(|| {
        Fault::new(
            Code::BadTime,
            format!(
                "`{text}` is no time: write `2026-03-07 20:00`, `sat 20:00`, `+3h`, or RFC 3339"
            ),
        )
    })
}

fn moment(text: &str) -> Option<TimeSpec> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    Some(TimeSpec::Moment(AtMs(moment.as_millisecond())))
}

fn local(text: &str) -> Option<TimeSpec> {
    let (day, clock) = text.split_once([' ', 'T', 't'])?;
    let (hour, minute) = clock_time(clock)?;
    let mut parts = day.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let valid =
        parts.next().is_none() && DateTime::new(year, month, day, hour, minute, 0, 0).is_ok();
    valid.then_some(TimeSpec::Local { year, month, day, hour, minute })
}

fn weekday(text: &str) -> Option<TimeSpec> {
    let (day, clock) = text.split_once(' ')?;
    let (hour, minute) = clock_time(clock)?;
    let day = WEEKDAYS.iter().find(|(name, _)| {
        let day = day.to_lowercase();
        day.len() >= 3 && name.starts_with(&day)
    })?;
    Some(TimeSpec::Weekday { day: day.1, hour, minute })
}

/// `20:00`, hours first.
fn clock_time(text: &str) -> Option<(i8, i8)> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (hour, minute) = text.trim().split_once(':')?;
    let shape = matches!((hour.len(), minute.len()), (1 | 2, 2)) && digits(hour) && digits(minute);
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (shape && hour < 24 && minute < 60).then_some((hour, minute))
}

/// The days by name; three letters suffice.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, seconds: i64| {
            assert_eq!(duration(text), Ok(DurationMs(seconds * 1000)), "{text}");
        };
        check("12", 43_200);
        check("0.2", 720);
        check("90m", 5_400);
        check("1h30m", 5_400);
        check("1h 30m", 5_400);
        check("2 days", 172_800);
        check("1.5h", 5_400);
        check("1m", 60);
        check("30d", 2_592_000);
        check("1D12H", 129_600);
        for text in
            ["0", "-5", "1e99", "31d", "59s", "", "h", "1h 30", "12x", "1..2h", ".5", "9999999"]
        {
            let fault = duration(text).map_err(|fault| fault.code);
            assert_eq!(fault, Err(Code::BadDuration), "{text}");
        }
        assert_eq!(duration("0,2").map_err(|f| f.suggestion), Err(Some("0.2".to_owned())));
    }

    #[test]
    fn times() {
        let check = |text: &str, expect: TimeSpec| assert_eq!(time(text), Ok(expect), "{text}");
        let local = TimeSpec::Local { year: 2026, month: 3, day: 7, hour: 20, minute: 0 };
        check("2026-03-07 20:00", local);
        check("2026-03-07T20:00", local);
        check("sat 20:00", TimeSpec::Weekday { day: Weekday::Sat, hour: 20, minute: 0 });
        check("Saturday 8:05", TimeSpec::Weekday { day: Weekday::Sat, hour: 8, minute: 5 });
        check("+3h", TimeSpec::After(DurationMs::hours(3)));
        check("2026-01-05T19:00:00+01:00", TimeSpec::Moment(AtMs(1_767_636_000_000)));
        check("2026-01-05T18:00:00Z", TimeSpec::Moment(AtMs(1_767_636_000_000)));
        for text in
            ["", "tomorrow", "2026-02-30 20:00", "sat 24:00", "sat", "+0h", "+", "+-3h", "20:00"]
        {
            assert_eq!(time(text).map_err(|fault| fault.code), Err(Code::BadTime), "{text}");
        }
    }
}
