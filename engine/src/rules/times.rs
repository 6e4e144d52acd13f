//! When a war shall start: a time on a clan's clock, made a moment.

use jiff::civil::{Date, DateTime, Weekday as Day};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::refusal::{Refusal, Ruling, refuse, require};
use crate::grammar::TimeSpec;
use crate::grammar::values::Weekday;
use crate::model::{AtMs, DurationMs};
use crate::reply::{Code, Text};

/// A start is at most this far ahead.
const FURTHEST: DurationMs = DurationMs::days(14);

/// The moment that `spec` means on the clocks of `zone` at `now`, if a war may start then: in the
/// future, at most 14 days ahead, and not in an hour that the clocks skip. Of an hour that comes
/// twice, the first is meant.
pub(super) fn start(spec: TimeSpec, zone: &str, now: AtMs) -> Ruling<AtMs> {
    let moment = match spec {
        TimeSpec::Moment(at) => at,
        TimeSpec::After(length) => now + length,
        TimeSpec::Local { year, month, day, hour, minute } => {
            let local = DateTime::new(year, month, day, hour, minute, 0, 0);
            let local = local.map_err(|_no_such_day| no_such_day())?;
            on_clock(local, zone)?
        }
        TimeSpec::Weekday { day, hour, minute } => next_weekday(day, hour, minute, zone, now)?,
    };
    require(moment > now, || {
        refuse(Code::StartPassed, Text::from("the start ").and(moment).and(" is in the past")).hint(
            Text::from("it is ").and(now).and(" now; leave the start out to begin on acceptance"),
        )
    })?;
    require(moment <= now + FURTHEST, || {
        refuse(
            Code::StartTooFar,
            Text::from("the start ").and(moment).and(" is more than 14 days ahead"),
        )
        .hint(Text::from("choose a start before ").and(now + FURTHEST))
    })?;
    Ok(moment)
}

/// What to write instead of a time as people write it, where it is plain which they mean at `now` on
/// the clocks of `zone`: `20:00`, `8pm`, `tomorrow`, `today 20:00`, `25.11.2026 20:00`.
pub(super) fn instead_of(written: &str, zone: &str, now: AtMs) -> Option<String> {
    let written = written.trim_matches(['"', '\'']).to_lowercase();
    let mut words: Vec<&str> = written.split_whitespace().filter(|word| *word != "at").collect();
    if let [.., number, half @ ("am" | "pm")] = words.as_slice() {
        let whole = format!("{number}{half}");
        words.truncate(words.len() - 2);
        return moment_of(&words, &whole, zone, now);
    }
    match words.as_slice() {
        [] => None,
        [before @ .., last] if clock(last).is_some() => moment_of(before, last, zone, now),
        all => moment_of(all, EVENING, zone, now),
    }
}

/// When most wars begin: what a day without a time is completed with.
const EVENING: &str = "20:00";

/// The moment of a day in words and a time, as it is written.
fn moment_of(day: &[&str], time: &str, zone: &str, now: AtMs) -> Option<String> {
    let (hour, minute) = clock(time)?;
    let now = Timestamp::from_millisecond(now.0).ok()?;
    let today = time_zone(zone).to_datetime(now);
    let at = |date: Date| date.at(hour, minute, 0, 0);
    let meant = match day {
        [] if at(today.date()) > today => at(today.date()),
        [] | ["tomorrow"] => at(today.date().tomorrow().ok()?),
        ["today" | "tonight"] => at(today.date()),
        [date] => at(date_in(date)?),
        _ => return None,
    };
    Some(meant.strftime("%Y-%m-%d %H:%M").to_string())
}

/// `25.11.2026`, `2026/11/25` and `2026-11-25`.
fn date_in(text: &str) -> Option<Date> {
    let parts: Vec<_> = text.split(['.', '/', '-']).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 && text.contains('.') => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `20:00`, `20.00`, `8pm` and `8:30pm`.
fn clock(text: &str) -> Option<(i8, i8)> {
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        (None, None) => (text, None),
    };
    let (hour, minute) = match (digits.split_once([':', '.']), half) {
        (Some((hour, minute)), _) if minute.len() == 2 => (hour, minute),
        (None, Some(_)) => (digits, "00"),
        _ => return None,
    };
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

fn no_such_day() -> Refusal {
    refuse(Code::BadTime, "there is no such day or time")
        .hint(Text::from("write it as ").code("2026-03-07 20:00"))
}

fn time_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The moment at which the clocks of a zone show a time.
fn on_clock(local: DateTime, zone: &str) -> Ruling<AtMs> {
    let ambiguous = time_zone(zone).to_ambiguous_timestamp(local);
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        let shown = local.strftime("%Y-%m-%d %H:%M");
        return Err(refuse(
            Code::TimeGap,
            format!("the clocks of {zone} skip {shown}: daylight saving begins"),
        )
        .hint("choose an hour before or after")
        .into());
    }
    let moment = ambiguous.earlier().map_err(|_out_of_range| no_such_day())?;
    Ok(AtMs(moment.as_millisecond()))
}

/// The next moment at which the clocks of a zone show a day of the week and a time.
fn next_weekday(day: Weekday, hour: i8, minute: i8, zone: &str, now: AtMs) -> Ruling<AtMs> {
    let today = Timestamp::from_millisecond(now.0).map_err(|_out_of_range| no_such_day())?;
    let today = time_zone(zone).to_datetime(today).date();
    let wanted = weekday(day);
    for ahead in 0..=7 {
        let date = today.checked_add(ahead.days()).map_err(|_out_of_range| no_such_day())?;
        if date.weekday() == wanted {
            let moment = on_clock(date.at(hour, minute, 0, 0), zone)?;
            if moment > now {
                return Ok(moment);
            }
        }
    }
    Err(no_such_day().into())
}

fn weekday(day: Weekday) -> Day {
    match day {
        Weekday::Mon => Day::Monday,
        Weekday::Tue => Day::Tuesday,
        Weekday::Wed => Day::Wednesday,
        Weekday::Thu => Day::Thursday,
        Weekday::Fri => Day::Friday,
        Weekday::Sat => Day::Saturday,
        Weekday::Sun => Day::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusal::Stop;
    use super::*;

    /// 2026-03-27 12:00 UTC, a Friday; Berlin's clocks skip 02:00–03:00 on the 29th.
    const NOW: AtMs = AtMs(1_774_612_800_000);

    fn check(spec: TimeSpec, zone: &str, expect: Result<&str, Code>) {
        let got = match start(spec, zone, NOW) {
            Ok(at) => Ok(at.in_zone(zone)),
            Err(Stop::Refused(reply)) => Err(reply.code),
            Err(Stop::Failed(error)) => panic!("{error}"),
        };
        assert_eq!(got.as_deref().map_err(|code| *code), expect, "{spec:?}");
    }

    fn local(month: i8, day: i8, hour: i8) -> TimeSpec {
        TimeSpec::Local { year: 2026, month, day, hour, minute: 30 }
    }

    #[test]
    fn a_start_is_on_the_clans_clock() {
        let berlin = "Europe/Berlin";
        check(local(3, 28, 20), berlin, Ok("2026-03-28 20:30 Europe/Berlin"));
        check(local(3, 29, 2), berlin, Err(Code::TimeGap));
        check(local(3, 29, 3), berlin, Ok("2026-03-29 03:30 Europe/Berlin"));
        check(local(3, 29, 2), "UTC", Ok("2026-03-29 02:30 UTC"));
        check(local(2, 30, 2), berlin, Err(Code::BadTime));
        check(local(3, 1, 2), berlin, Err(Code::StartPassed));
        check(local(4, 30, 2), berlin, Err(Code::StartTooFar));
    }

    #[test]
    fn a_day_of_the_week_is_the_next_one() {
        let friday = |hour| TimeSpec::Weekday { day: Weekday::Fri, hour, minute: 0 };
        check(friday(13), "UTC", Ok("2026-03-27 13:00 UTC"));
        check(friday(12), "UTC", Ok("2026-04-03 12:00 UTC"));
        check(TimeSpec::After(DurationMs::hours(3)), "UTC", Ok("2026-03-27 15:00 UTC"));
    }

    #[test]
    fn a_time_as_people_write_it_is_proposed_as_it_is_read() {
        for (written, expected) in [
            ("20:00", Some("2026-03-27 20:00")),
            ("11:00", Some("2026-03-28 11:00")),
            ("8pm", Some("2026-03-27 20:00")),
            ("at 8:30 PM", Some("2026-03-27 20:30")),
            ("12am", Some("2026-03-28 00:00")),
            ("tomorrow", Some("2026-03-28 20:00")),
            ("tomorrow at 9.15", Some("2026-03-28 09:15")),
            ("tonight", Some("2026-03-27 20:00")),
            ("\"25.11.2026 20:00\"", Some("2026-11-25 20:00")),
            ("2026/4/1", Some("2026-04-01 20:00")),
            ("31.2.2026 20:00", None),
            ("25:00", None),
            ("13pm", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(instead_of(written, "UTC", NOW).as_deref(), expected, "{written}");
        }
        // It is 13:00 in Berlin.
        let berlin = instead_of("12:30", "Europe/Berlin", NOW);
        assert_eq!(berlin.as_deref(), Some("2026-03-28 12:30"));
    }
}
