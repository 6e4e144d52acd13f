//! Glory over time as a line chart, with the same as a table.

use askama::Template;
use askama::filters::HtmlSafe;
use gmbot_engine::model::AtMs;
use gmbot_engine::render::visible;
use gmbot_engine::view::{GloryCourseView, GloryThen};

use super::piece::Piece;

/// How many days a chart shows at most, and at least.
pub(super) const DAYS: u32 = 90;
const LEAST_DAYS: usize = 28;
/// How many days lie between the rows of the table.
const ROW_DAYS: usize = 7;
/// How many steps the axis of glory has at most.
const STEPS: i64 = 4;
/// How far apart the numbers at the ends of lines are at least.
const LABEL_HEIGHT: f64 = 16.0;

/// A chart of some clans' glory.
#[derive(Debug, Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    title: String,
    description: String,
    ticks: Vec<Tick>,
    dates: Vec<DateLabel>,
    lines: Vec<Line>,
    rows: Vec<Row>,
}

impl HtmlSafe for Chart {}

/// A line across, with the glory it stands for.
#[derive(Debug)]
struct Tick {
    y: f64,
    glory: i64,
}

/// A date below the chart.
#[derive(Debug)]
struct DateLabel {
    x: f64,
    anchor: &'static str,
    date: String,
}

/// A clan's line.
#[derive(Debug)]
struct Line {
    number: usize,
    clan: Piece,
    path: String,
    label_y: f64,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    date: String,
    glory: Vec<i64>,
}

/// The axis of glory: from a bottom to a top in equal steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    bottom: i64,
    top: i64,
    step: i64,
}

impl Chart {
    const WIDTH: f64 = 480.0;
    const HEIGHT: f64 = 240.0;
    const LEFT: f64 = 56.0;
    const RIGHT: f64 = 460.0;
    const TOP: f64 = 30.0;
    const BOTTOM: f64 = 206.0;

    /// The chart of clans whose courses are of the same days; none where there are none.
    pub(super) fn of(mut courses: Vec<GloryCourseView>) -> Option<Self> {
        begin_where_something_happens(&mut courses);
        let days = &courses.first()?.days;
        let (first, last) = (days.first()?, days.last()?);
        let scale = Scale::of(courses.iter().flat_map(|course| &course.days).map(|day| day.glory));
        let mut lines: Vec<_> = (1..).zip(&courses).map(|(n, c)| Line::of(n, c, scale)).collect();
        part(&mut lines);
        Some(Self {
            title: format!("Glory from {} to {}", date(first.day), date(last.day)),
            description: courses.iter().filter_map(describe).collect::<Vec<_>>().join("; "),
            ticks: scale.ticks(),
            dates: dates(days),
            lines,
            rows: rows(&courses, days),
        })
    }
}

/// Leaves out the first days, but for the last of them, on which nobody's glory changes.
fn begin_where_something_happens(courses: &mut [GloryCourseView]) {
    let still = |course: &GloryCourseView| {
        let mut days = course.days.iter();
        let first = days.next().map(|then| then.glory);
        days.take_while(|then| Some(then.glory) == first).count()
    };
    let still = courses.iter().map(still).min().unwrap_or(0);
    for GloryCourseView { days, .. } in courses {
        days.drain(..still.min(days.len().saturating_sub(LEAST_DAYS)));
    }
}

impl Scale {
    /// The scale that holds all of some glory, and zero.
    fn of(glory: impl Iterator<Item = i64>) -> Self {
        let (least, most) =
            glory.fold((0, 0), |(least, most), glory| (glory.min(least), glory.max(most)));
        let wanted = (most - least + STEPS - 1).div_euclid(STEPS).max(1);
        let step = round_number(wanted);
        let bottom = least.div_euclid(step) * step;
        let top = (-(-most).div_euclid(step) * step).max(bottom + step);
        Self { bottom, top, step }
    }

    fn y(self, glory: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a place on a screen needs no more")]
        let part = (glory - self.bottom) as f64 / (self.top - self.bottom) as f64;
        rounded(Chart::BOTTOM - part * (Chart::BOTTOM - Chart::TOP))
    }

    fn ticks(self) -> Vec<Tick> {
        let steps = 0..=(self.top - self.bottom) / self.step;
        steps
            .map(|number| self.bottom + number * self.step)
            .map(|glory| Tick { y: self.y(glory), glory })
            .collect()
    }
}

impl Line {
    fn of(number: usize, course: &GloryCourseView, scale: Scale) -> Self {
        let mut path = String::new();
        for (place, then) in course.days.iter().enumerate() {
            let letter = if place == 0 { 'M' } else { 'L' };
            let (x, y) = (x(place, course.days.len()), scale.y(then.glory));
            path.push_str(&format!("{letter}{x} {y}"));
        }
        let last = course.days.last().map_or(0, |then| then.glory);
        Self { number, clan: Piece::clan(&course.clan), path, label_y: scale.y(last) + 4.0 }
    }
}

/// The next number of the kind 1, 2, 5, 10, 20, … that is not smaller.
fn round_number(wanted: i64) -> i64 {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if step >= wanted {
                return step;
            }
        }
        power *= 10;
    }
}

/// Moves the numbers at the ends of lines apart, the highest first.
fn part(lines: &mut [Line]) {
    let mut order: Vec<_> = lines.iter_mut().collect();
    order.sort_by(|one, other| one.label_y.total_cmp(&other.label_y));
    let mut least = f64::MIN;
    for line in order {
        line.label_y = line.label_y.max(least);
        least = line.label_y + LABEL_HEIGHT;
    }
}

fn x(place: usize, days: usize) -> f64 {
    let last = days.saturating_sub(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "there are some hundred days")]
    let part = place as f64 / last as f64;
    rounded(Chart::LEFT + part * (Chart::RIGHT - Chart::LEFT))
}

/// To a tenth: finer than a screen, and short.
fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn date(day: AtMs) -> String {
    day.rfc3339().chars().take_while(|letter| *letter != 'T').collect()
}

/// The first date, the middle one and the last.
fn dates(days: &[GloryThen]) -> Vec<DateLabel> {
    let last = days.len().saturating_sub(1);
    let places = [(0, "start"), (last / 2, "middle"), (last, "end")];
    let label = |(place, anchor): (usize, &'static str)| {
        let day = days.get(place)?.day;
        Some(DateLabel { x: x(place, days.len()), anchor, date: date(day) })
    };
    places.into_iter().filter_map(label).collect()
}

/// A clan's course in words.
fn describe(course: &GloryCourseView) -> Option<String> {
    let (first, last) = (course.days.first()?.glory, course.days.last()?.glory);
    Some(format!("{}: from {first} to {last}", visible(&course.clan.name)))
}

/// Every week, back from the last day.
fn rows(courses: &[GloryCourseView], days: &[GloryThen]) -> Vec<Row> {
    let places = (0..days.len()).rev().step_by(ROW_DAYS);
    let row = |place: usize| {
        let glory = courses.iter().filter_map(|course| course.days.get(place));
        Some(Row {
            date: date(days.get(place)?.day),
            glory: glory.map(|then| then.glory).collect(),
        })
    };
    places.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use gmbot_engine::view::ClanName;

    use super::*;

    #[test]
    fn the_scale_holds_everything_in_a_few_round_steps() {
        let scale = |glory: &[i64]| {
            let Scale { bottom, top, step } = Scale::of(glory.iter().copied());
            (bottom, top, step)
        };
        assert_eq!(scale(&[]), (0, 1, 1));
        assert_eq!(scale(&[0, 0]), (0, 1, 1));
        assert_eq!(scale(&[3]), (0, 3, 1));
        assert_eq!(scale(&[20]), (0, 20, 5));
        assert_eq!(scale(&[21]), (0, 30, 10));
        assert_eq!(scale(&[111]), (0, 150, 50));
        assert_eq!(scale(&[0, 1_999]), (0, 2_000, 500));
        assert_eq!(scale(&[-7, 12]), (-10, 15, 5));
        for most in 1..3_000 {
            let Scale { bottom, top, step } = Scale::of([0, most].into_iter());
            assert!(
                bottom == 0 && top >= most && top - most < step && top / step <= STEPS,
                "{most}"
            );
        }
    }

    #[test]
    fn a_chart_begins_where_something_happens() {
        let clan = ClanName { id: "aaaaaa2".parse().unwrap(), name: String::new(), public: true };
        let course = |changes_at: usize| {
            let glory = |day| GloryThen {
                day: AtMs(i64::try_from(day).unwrap()),
                glory: i64::from(day >= changes_at),
            };
            GloryCourseView { clan: clan.clone(), game: None, days: (0..90).map(glory).collect() }
        };
        for (changes, first) in
            [(vec![40], 39), (vec![40, 20], 19), (vec![80, 85], 62), (vec![90], 62), (vec![0], 62)]
        {
            let mut courses: Vec<_> = changes.into_iter().map(course).collect();
            begin_where_something_happens(&mut courses);
            assert!(courses.iter().all(|course| course.days[0].day.0 == first), "{courses:?}");
        }
    }

    #[test]
    fn numbers_of_lines_that_end_together_stay_apart() {
        let line = |number, label_y| {
            let clan = Piece::Plain(String::new());
            Line { number, clan, path: String::new(), label_y }
        };
        let mut lines = [line(1, 40.0), line(2, 40.0), line(3, 200.0), line(4, 30.0)];
        part(&mut lines);
        assert_eq!(lines.map(|line| line.label_y), [46.0, 62.0, 200.0, 30.0]);
    }
}
