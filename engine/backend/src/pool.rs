//! A fixed number of things of which each is used by one at a time: connections.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What is lent out, one at a time.
pub(crate) struct Pool<T> {
    idle: Mutex<Vec<T>>,
    returned: Condvar,
}

impl<T> Pool<T> {
    /// Lends these.
    pub(crate) fn new(all: Vec<T>) -> Self {
        Self { idle: Mutex::new(all), returned: Condvar::new() }
    }

    /// Lends one to `work`, which must not panic; waits while all are out.
    pub(crate) fn lend<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let mut one = self.take();
        let result = work(&mut one);
        self.lock().push(one);
        self.returned.notify_one();
        result
    }

    fn take(&self) -> T {
        let mut idle = self.lock();
        loop {
            if let Some(one) = idle.pop() {
                return one;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
