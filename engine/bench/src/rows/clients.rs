//! Many clients at once: how far one sync serves all that wait for it.

use std::path::Path;
use std::sync::Barrier;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::createwar::prepare;
use gmbot_bench::Failure;
use gmbot_bench::bare::{self, GROUP, Script};
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line, figure};
use gmbot_bench::sample::Series;
use gmbot_bench::world::{self, Challenge};

/// How often each takes its turn.
const ROUNDS: usize = 7;
/// How many clients there are, and how many challenges they make together.
const CROWDS: [(usize, usize); 3] = [(1, 300), (32, 1_600), (256, 2_560)];

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let most = CROWDS.map(|(_, times)| times).into_iter().max().unwrap_or(0);
    let challenges = world::challenges(most / world::OPEN_A_CLAN);
    let scratch = Scratch::on_disk()?;
    let (scripts, [template, _]) = prepare(&scratch, &challenges)?;
    let mut ours = CROWDS.map(|_| Series::default());
    let mut bares = CROWDS.map(|_| Series::default());
    for _ in 0..ROUNDS {
        for (at, (clients, times)) in CROWDS.into_iter().enumerate() {
            let scratch = Scratch::on_disk()?;
            let [one, other] = ["ours.db", "bare.db"].map(|name| scratch.path(name));
            std::fs::copy(&template, &one)?;
            std::fs::copy(&template, &other)?;
            let per_second = |took: Duration| times as f64 / took.as_secs_f64();
            ours[at].push(per_second(with_gmbot(&one, &challenges[..times], clients)?));
            bares[at].push(per_second(without(&other, &scripts[..times], clients)?));
        }
    }
    let mut lines = Vec::new();
    let goals = [Goal::None, Goal::AtLeast(8.0), Goal::AtLeast(15.0)];
    for (at, (clients, _)) in CROWDS.into_iter().enumerate() {
        let (work, took) = (
            format!("`createwar`, durable, {clients} at once"),
            format!("{} a second", figure(ours[at].median())),
        );
        if at > 0 {
            lines.push(Line {
                work: work.clone(),
                took: took.clone(),
                yardstick: format!("itself, one at once: {} a second", figure(ours[0].median())),
                ratio: ours[at].per(&ours[0]),
                goal: goals[at],
            });
        }
        lines.push(Line {
            work,
            took,
            yardstick: format!(
                "bare rusqlite with group commit: {} a second",
                figure(bares[at].median())
            ),
            ratio: ours[at].per(&bares[at]),
            goal: Goal::AtLeast(0.6),
        });
    }
    Ok(lines)
}

/// How long so many clients of the backend take for all challenges.
fn with_gmbot(path: &Path, challenges: &[Challenge], clients: usize) -> Result<Duration, Failure> {
    let backend = world::open(path)?;
    let shares = challenges.chunks(challenges.len() / clients);
    let shares: Vec<Vec<_>> = shares.map(|of| of.iter().map(|c| c.request()).collect()).collect();
    at_once(shares, |share| {
        let backend = &backend;
        Ok(move || share.into_iter().try_for_each(|request| world::submit(backend, request)))
    })
}

/// A script, and whom to tell when it is durable.
type Job<'s> = (&'s Script, SyncSender<()>);

/// The same without gmbot: a thread that writes whatever waits in one transaction.
fn without(path: &Path, scripts: &[Script], clients: usize) -> Result<Duration, Failure> {
    let first = scripts.first().ok_or("there is nothing to do")?;
    let (queue, jobs) = sync_channel::<Job<'_>>(1_024);
    let shares: Vec<_> =
        scripts.chunks(scripts.len() / clients).map(|of| (of, queue.clone())).collect();
    drop(queue);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || {
            // A client that is gone has failed, and says so itself.
            bare::write_groups(path, first, &jobs, GROUP, |done: SyncSender<()>| {
                done.send(()).ok();
            })
        });
        let took = at_once(shares, |(share, queue)| {
            Ok(move || {
                for script in share {
                    let (done, is_done) = sync_channel(1);
                    queue.send((script, done)).map_err(|_gone| "the writer is gone")?;
                    is_done.recv()?;
                }
                Ok(())
            })
        });
        writer.join().map_err(|_gone| "the writer failed")??;
        took
    })
}

/// How long the shares of all clients take, each in a thread of its own, from the moment when all
/// are ready.
fn at_once<S: Send, W>(
    shares: Vec<S>,
    ready: impl Fn(S) -> Result<W, Failure> + Sync,
) -> Result<Duration, Failure>
where
    W: FnOnce() -> Result<(), Failure>,
{
    let (start, ready) = (Barrier::new(shares.len() + 1), &ready);
    std::thread::scope(|scope| {
        let start = &start;
        let clients: Vec<_> = shares
            .into_iter()
            .map(|share| {
                scope.spawn(move || {
                    let work = ready(share);
                    start.wait();
                    work?()
                })
            })
            .collect();
        start.wait();
        let begun = Instant::now();
        for client in clients {
            client.join().map_err(|_gone| "a client failed")??;
        }
        Ok(begun.elapsed())
    })
}
