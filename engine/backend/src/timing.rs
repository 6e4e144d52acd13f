//! How long the stages of a piece of work take. They are noted on the thread that does the work,
//! and what the writer's thread notes goes back with the answer, so that whoever asked has it all.

use std::cell::Cell;
use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// How long the stages of a piece of work took. What did not happen took no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// Until its turn came to write.
    pub queue: Duration,
    /// Reading the words.
    pub parse: Duration,
    /// Finding out who asks and whether they may.
    pub access: Duration,
    /// Deciding.
    pub rule: Duration,
    /// All statements on the store, most of which belong to a stage.
    pub statements: Duration,
    /// How many these were.
    pub ran: u32,
    /// Until it was durable, with whatever else shared its transaction.
    pub commit: Duration,
    /// Which command it was, if it named one.
    pub command: Option<&'static str>,
}

thread_local! {
    static NOTED: Cell<Timings> = const { Cell::new(Timings {
        queue: Duration::ZERO,
        parse: Duration::ZERO,
        access: Duration::ZERO,
        rule: Duration::ZERO,
        statements: Duration::ZERO,
        ran: 0,
        commit: Duration::ZERO,
        command: None,
    }) };
}

/// Does some work, and says how long the stages of it took that the backend knows of.
///
/// ```
/// use gmbot_backend::{Options, timed};
///
/// let backend = Options::memory().with_metrics().open()?;
/// let (log, timings) = timed(|| backend.log(0, 10));
/// assert_eq!((log.is_ok(), timings.ran), (true, 1));
/// # Ok::<(), gmbot_backend::BackendError>(())
/// ```
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Timings) {
    let before = NOTED.take();
    let outcome = work();
    (outcome, NOTED.replace(before))
}

/// Notes something of the work that this thread does.
pub(crate) fn note(note: impl FnOnce(&mut Timings)) {
    let mut noted = NOTED.get();
    note(&mut noted);
    NOTED.set(noted);
}

impl AddAssign for Timings {
    fn add_assign(&mut self, other: Self) {
        let Self { queue, parse, access, rule, statements, ran, commit, command } = other;
        self.queue += queue;
        self.parse += parse;
        self.access += access;
        self.rule += rule;
        self.statements += statements;
        self.ran += ran;
        self.commit += commit;
        self.command = command.or(self.command);
    }
}

/// How long ago something was. What the clock can't tell took no time.
pub(crate) fn since(begun: Instant) -> Duration {
    Instant::now().saturating_duration_since(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_of_work_has_its_own_times_even_inside_another() {
        let ran = |more| note(|noted| noted.ran += more);
        let ((_, inner), outer) = timed(|| {
            ran(1);
            let inner = timed(|| ran(2));
            ran(4);
            inner
        });
        assert_eq!((outer.ran, inner.ran), (5, 2));
        assert_eq!(timed(|| ()).1, Timings::default());
    }

    #[test]
    fn times_add_up_and_the_last_command_counts() {
        let second = Duration::from_secs(1);
        let mut sum = Timings { queue: second, command: Some("status"), ..Timings::default() };
        sum += Timings { queue: second, ran: 3, ..Timings::default() };
        let added = Timings { queue: 2 * second, ran: 3, ..Timings::default() };
        assert_eq!(sum, Timings { command: Some("status"), ..added });
    }
}
