//! Panics as errors: a fault in one request must not take the others down with it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::BackendError;

/// Does something, and turns a panic into an error.
///
/// Whoever calls this rolls the transaction back on any error, so what a panic left half-done is
/// never seen: that is why the unwind safety may be asserted.
pub(crate) fn guarded<T>(
    work: impl FnOnce() -> Result<T, BackendError>,
) -> Result<T, BackendError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|payload| Err(BackendError::Panicked(words_of(payload.as_ref()))))
}

/// What a panic said.
fn words_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason was given").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_says_what_it_said() {
        let number = 7;
        let broken = guarded::<()>(|| panic!("lost {number}"));
        assert_eq!(broken, Err(BackendError::Panicked("lost 7".to_owned())));
        assert_eq!(guarded(|| Ok(number)), Ok(7));
    }
}
