//! Who wants to hear that something may have changed.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};

/// The receivers that were handed out.
#[derive(Debug, Default)]
pub(crate) struct Watchers {
    senders: Mutex<Vec<SyncSender<()>>>,
}

impl Watchers {
    /// Another receiver. It holds one message: who has not read it yet will look at the newest
    /// state anyway.
    pub(crate) fn subscribe(&self) -> Receiver<()> {
        let (sender, receiver) = sync_channel(1);
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Tells everybody, and forgets those who are gone.
    pub(crate) fn notify(&self) {
        self.senders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|sender| !matches!(sender.try_send(()), Err(TrySendError::Disconnected(()))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_are_one_message_and_the_last_is_never_missed() {
        let watchers = Watchers::default();
        let receiver = watchers.subscribe();
        watchers.notify();
        watchers.notify();
        assert!(receiver.try_recv().is_ok());
        assert!(receiver.try_recv().is_err());
        watchers.notify();
        assert!(receiver.try_recv().is_ok());
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let watchers = Watchers::default();
        drop(watchers.subscribe());
        watchers.notify();
        assert!(watchers.senders.lock().unwrap().is_empty());
    }
}
