//! Where the tests' stores are: in memory, or on the PostgreSQL server that `GMBOT_TEST_POSTGRES`
//! names, each in a schema of its own.

use gmbot_store::{Clock, Connection};

/// A new store.
pub(crate) fn make() -> Connection {
    #[cfg(feature = "postgres")]
    if let Some(address) = server::fresh() {
        return Connection::connect(&address, Clock::Manual).unwrap();
    }
    Connection::in_memory(Clock::Manual).unwrap()
}

#[cfg(feature = "postgres")]
mod server {
    use std::process;
    use std::sync::atomic::{AtomicU64, Ordering};

    use gmbot_store::Address;

    /// A new, empty schema on the server that the tests are to use, if they are to use one.
    #[expect(clippy::disallowed_methods, reason = "only whoever runs the tests knows the server")]
    pub(super) fn fresh() -> Option<Address> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let server = std::env::var("GMBOT_TEST_POSTGRES").ok()?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let schema = format!("store_{}_{number}", process::id());
        Some(Address::postgres(&server, None).in_schema(&schema).unwrap())
    }
}
