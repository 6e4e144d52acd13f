//! Hearing that something may have changed: a thread that asks the server again and again, each
//! time until it has an answer.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::transport::Transport;
use crate::wire::{Changes, path};

/// How long the thread rests after a failure.
const REST: Duration = Duration::from_secs(2);

/// A receiver that gets a message when something may have changed. The thread ends at the first
/// message after the receiver is gone.
pub(crate) fn watch(transport: Transport) -> Receiver<()> {
    let (sender, receiver) = sync_channel(1);
    let spawned = thread::Builder::new()
        .name("gmbot-changes".to_owned())
        .spawn(move || follow(&transport, &sender));
    // Without a thread nothing is heard; whoever watches looks now and then anyway.
    drop(spawned);
    receiver
}

fn follow(transport: &Transport, sender: &SyncSender<()>) {
    let mut seen = None;
    loop {
        let after = seen.map_or_else(String::new, |seen: u64| format!("?after={seen}"));
        match transport.get::<Changes>(&format!("{}{after}", path::CHANGES)) {
            Ok(changes) if seen.replace(changes.seen) == Some(changes.seen) => {}
            Ok(_) => {
                if matches!(sender.try_send(()), Err(TrySendError::Disconnected(()))) {
                    return;
                }
            }
            Err(_away) => {
                // Much may have happened when it is back.
                seen = None;
                thread::sleep(REST);
            }
        }
    }
}
