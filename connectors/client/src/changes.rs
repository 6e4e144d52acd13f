//! Hearing that something may have changed, or is due: threads that ask the server again and again, each
//! time until it has an answer.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use gmbot_backend::BackendError;

use crate::transport::Transport;
use crate::wire::{Changes, path};

/// The first rest after a failure; each further one is twice as long, and chance adds up to as much
/// again.
const FIRST_REST: Duration = Duration::from_millis(500);
/// The longest rest, chance aside.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// A receiver that gets a message when something may have changed.
pub(crate) fn watch(transport: Transport) -> Receiver<()> {
    let mut seen: Option<u64> = None;
    follow("gmbot-changes", move |_tell| {
        // After a failure it asks anew: much may have happened when the server is back.
        let after = seen.take().map_or_else(String::new, |seen| format!("?after={seen}"));
        let changes: Changes = transport.get(&format!("{}{after}", path::CHANGES))?;
        seen = Some(changes.seen);
        Ok(ControlFlow::Continue(()))
    })
}

/// A receiver that gets a message when notices may be due.
pub(crate) fn watch_notices(transport: Transport) -> Receiver<()> {
    follow("gmbot-notices", move |tell| {
        transport.listen(path::DUE, |line| {
            if line == "event: due" { tell() } else { ControlFlow::Continue(()) }
        })
    })
}

/// Starts a thread that asks again and again, and tells the receiver after each time: what is told
/// for nothing does no harm, and so the thread learns soon that the receiver is gone, and ends.
fn follow(
    name: &str,
    mut ask: impl FnMut(&dyn Fn() -> ControlFlow<()>) -> Result<ControlFlow<()>, BackendError>
    + Send
    + 'static,
) -> Receiver<()> {
    let (sender, receiver) = sync_channel(1);
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(move || {
        let tell = || tell(&sender);
        let mut rests = None;
        loop {
            let asked = ask(&tell);
            if matches!(asked, Ok(ControlFlow::Break(()))) || tell().is_break() {
                return;
            }
            match asked {
                Ok(_) => rests = None,
                Err(_away) => {
                    thread::sleep(rests.get_or_insert_with(pauses).next().unwrap_or(LONGEST_REST));
                }
            }
        }
    });
    // Without a thread nothing is heard; whoever watches looks now and then anyway.
    drop(spawned);
    receiver
}

/// Tells the receiver, unless it is gone.
fn tell(sender: &SyncSender<()>) -> ControlFlow<()> {
    match sender.try_send(()) {
        Ok(()) | Err(TrySendError::Full(())) => ControlFlow::Continue(()),
        Err(TrySendError::Disconnected(())) => ControlFlow::Break(()),
    }
}

/// The rests after one failure and the next.
fn pauses() -> ExponentialBackoff {
    let pauses = ExponentialBuilder::default().with_min_delay(FIRST_REST).without_max_times();
    pauses.with_max_delay(LONGEST_REST).with_jitter().build()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};

    use super::*;

    /// How long a thread may take to end.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_thread_ends_when_nobody_listens_any_more_though_nothing_changes() {
        let (kept, ended) = channel::<()>();
        let receiver = follow("test", move |_tell| {
            let _until_the_end = &kept;
            Ok(ControlFlow::Continue(()))
        });
        receiver.recv_timeout(PATIENCE).unwrap();
        drop(receiver);
        assert_eq!(ended.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn a_thread_ends_though_the_server_stays_away() {
        let (kept, ended) = channel::<()>();
        let receiver = follow("test", move |_tell| {
            let _until_the_end = &kept;
            Err(BackendError::Stopped)
        });
        drop(receiver);
        assert_eq!(ended.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn rests_grow_up_to_a_bound_and_differ() {
        let rests: Vec<_> = pauses().take(12).collect();
        assert!(
            rests.iter().all(|rest| (FIRST_REST..=2 * LONGEST_REST).contains(rest)),
            "{rests:?}"
        );
        assert!(rests[11] >= LONGEST_REST, "{rests:?}");
        assert_ne!(
            rests,
            pauses().take(12).collect::<Vec<_>>(),
            "no two clients come back at once"
        );
    }
}
