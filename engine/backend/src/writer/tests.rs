//! The writer over a database that fails on demand.

use std::sync::mpsc::channel;
use std::thread;

use gmbot_engine::store::{StoreError, StoreErrorKind};

use super::*;

/// What a test sees of the database that the writer owns.
#[derive(Default)]
struct Seen {
    /// Numbers that were committed.
    durable: Vec<u32>,
    commits: u32,
    rollbacks: u32,
    /// What the next transactions shall fail with, at their begin.
    failing_begins: Vec<StoreErrorKind>,
    /// What the next commits shall fail with.
    failing_commits: Vec<StoreErrorKind>,
}

/// A list of numbers with transactions.
#[derive(Clone, Default)]
struct Numbers {
    open: Vec<u32>,
    seen: Arc<Mutex<Seen>>,
}

impl Numbers {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

impl Database<Self> for Numbers {
    fn begin(&mut self) -> Stored<()> {
        assert!(self.open.is_empty(), "a transaction was left open");
        self.seen().failing_begins.pop().map_or(Ok(()), |kind| Err(failure(kind)))
    }

    fn commit(&mut self) -> Stored<()> {
        if let Some(kind) = self.seen().failing_commits.pop() {
            return Err(failure(kind));
        }
        let open = std::mem::take(&mut self.open);
        self.seen().durable.extend(open);
        self.seen().commits += 1;
        Ok(())
    }

    fn rollback(&mut self) -> Stored<()> {
        self.open.clear();
        self.seen().rollbacks += 1;
        Ok(())
    }

    fn tell_others(&self) -> Stored<()> {
        Ok(())
    }

    fn store(&mut self) -> &mut Self {
        self
    }
}

fn failure(kind: StoreErrorKind) -> StoreError {
    StoreError { kind, message: "as the test wants it".to_owned() }
}

fn failed(kind: StoreErrorKind) -> BackendError {
    BackendError::Store(failure(kind))
}

fn start(db: &Numbers) -> Writer<Numbers> {
    Writer::start(vec![Box::new(db.clone())], Arc::new(Time::manual(AtMs(7))), None, || {}).unwrap()
}

/// Adds a number, or fails as it says.
fn add(number: u32) -> impl FnMut(&mut Numbers, AtMs) -> Stored<u32> + Send + 'static {
    move |db, _| {
        db.open.push(number);
        match number {
            13 => Err(failure(StoreErrorKind::Full)),
            17 => panic!("seventeen"),
            _ => Ok(number),
        }
    }
}

/// Has all numbers added while the writer is held up, so that they wait together; returns the
/// answers in the numbers' order.
fn add_together(writer: &Writer<Numbers>, numbers: &[u32]) -> Vec<Result<u32, BackendError>> {
    let (hold, held) = channel::<()>();
    let (tell_busy, busy) = channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            writer.call(News::Quiet, move |_, _| {
                tell_busy.send(()).unwrap();
                held.recv().ok();
                Ok(())
            })
        });
        busy.recv().unwrap();
        let asking: Vec<_> = numbers
            .iter()
            .map(|&number| scope.spawn(move || writer.call(News::Tell, add(number))))
            .collect();
        while writer.waiting() < numbers.len() {
            thread::yield_now();
        }
        drop(hold);
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers
}

#[test]
fn what_waits_together_shares_a_commit() {
    let db = Numbers::default();
    let numbers: Vec<u32> = (100..150).collect();
    let answers = add_together(&start(&db), &numbers);
    assert_eq!(answers, numbers.iter().map(|&n| Ok(n)).collect::<Vec<_>>());
    assert_eq!(sorted(db.seen().durable.clone()), numbers);
    // One for the work that held the others up, one for them.
    assert_eq!(db.seen().commits, 2);
}

#[test]
fn one_failure_in_a_group_is_that_ones_alone() {
    let db = Numbers::default();
    let answers = add_together(&start(&db), &[11, 13, 15]);
    assert_eq!(answers, [Ok(11), Err(failed(StoreErrorKind::Full)), Ok(15)]);
    assert_eq!(sorted(db.seen().durable.clone()), [11, 15]);
    assert!(db.seen().rollbacks >= 1);
}

#[test]
fn a_panic_is_that_ones_alone_and_the_writer_lives_on() {
    let db = Numbers::default();
    let writer = start(&db);
    let answers = add_together(&writer, &[16, 17, 18]);
    let panicked = Err(BackendError::Panicked("seventeen".to_owned()));
    assert_eq!(answers, [Ok(16), panicked, Ok(18)]);
    assert_eq!(writer.call(News::Tell, add(19)), Ok(19));
    assert_eq!(sorted(db.seen().durable.clone()), [16, 18, 19]);
}

#[test]
fn a_failed_commit_of_a_group_loses_and_doubles_nothing() {
    let db = Numbers::default();
    let writer = start(&db);
    // The last is taken first: the work that holds up the others commits on its second try.
    db.seen().failing_commits = vec![StoreErrorKind::Failed, StoreErrorKind::Busy];
    let answers = add_together(&writer, &[1, 2, 3]);
    assert_eq!(answers, [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(sorted(db.seen().durable.clone()), [1, 2, 3]);
    assert_eq!(db.seen().rollbacks, 2);
}

#[test]
fn a_busy_database_is_tried_three_times_and_anything_else_once() {
    use StoreErrorKind::{Busy, Full};
    let cases = [
        (vec![Busy, Busy], Ok(1), vec![]),
        (vec![Busy, Busy, Busy], Err(failed(Busy)), vec![]),
        (vec![Busy, Full], Err(failed(Full)), vec![Busy]),
    ];
    for (failing, answer, left) in cases {
        let db = Numbers::default();
        db.seen().failing_begins.clone_from(&failing);
        assert_eq!(start(&db).call(News::Tell, add(1)), answer, "{failing:?}");
        assert_eq!(db.seen().failing_begins, left, "{failing:?}");
    }
}

#[test]
fn news_is_announced_after_the_commit_and_quiet_work_is_not() {
    let db = Numbers::default();
    let (tell, told) = channel();
    let seen = Arc::clone(&db.seen);
    let announce = move || tell.send(seen.lock().unwrap().durable.clone()).unwrap();
    let writer =
        Writer::start(vec![Box::new(db.clone())], Arc::new(Time::System), None, announce).unwrap();
    assert_eq!(writer.call(News::Quiet, add(1)), Ok(1));
    assert_eq!(writer.call(News::Tell, add(2)), Ok(2));
    assert!(writer.call(News::Tell, add(13)).is_err());
    drop(writer);
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [[1, 2]]);
}
