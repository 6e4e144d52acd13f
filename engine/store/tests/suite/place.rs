//! Where the tests' stores are: in memory, or on the PostgreSQL server that `GMBOT_TEST_POSTGRES`
//! names, each in a schema of its own.

use std::path::Path;

use gmbot_store::{Address, Clock, Connection};

/// A new store.
pub(crate) fn make() -> Connection {
    #[cfg(feature = "postgres")]
    if let Some(address) = server::fresh_if_any() {
        return Connection::connect(&address, Clock::Manual).unwrap();
    }
    Connection::in_memory(Clock::Manual).unwrap()
}

/// An empty place on the server, or else that file.
pub(crate) fn address_or(file: &Path) -> Address {
    #[cfg(feature = "postgres")]
    if let Some(address) = server::fresh_if_any() {
        return address;
    }
    Address::file(file)
}

/// The server that the tests are to use.
#[cfg(feature = "postgres")]
pub(crate) mod server {
    use std::process;
    use std::sync::atomic::{AtomicU64, Ordering};

    use gmbot_store::Address;

    /// Its address, if there is one.
    #[expect(clippy::disallowed_methods, reason = "only whoever runs the tests knows the server")]
    fn url() -> Option<String> {
        std::env::var("GMBOT_TEST_POSTGRES").ok()
    }

    /// A new, empty schema, if there is a server.
    pub(super) fn fresh_if_any() -> Option<Address> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let schema = format!("store_{}_{number}", process::id());
        Some(Address::postgres(&url()?, None).in_schema(&schema).unwrap())
    }

    /// A new, empty schema.
    pub(crate) fn fresh() -> Address {
        fresh_if_any().expect("GMBOT_TEST_POSTGRES names a server")
    }

    /// A new, empty database.
    pub(crate) fn fresh_database() -> Address {
        let server = url().expect("GMBOT_TEST_POSTGRES names a server");
        let name = format!("cut_{}", process::id());
        psql(&server, &format!("CREATE DATABASE {name}"));
        let (before, _) = server.rsplit_once('/').expect("it names a database");
        Address::postgres(&format!("{before}/{name}"), None)
    }

    /// Ends all connections to a database.
    pub(crate) fn cut(database: &Address) {
        let database = database.to_string();
        let name = database.rsplit('/').next().expect("it has a name");
        let server = url().expect("it was there before");
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        psql(&server, &format!("{cut} = '{name}'"));
    }

    /// Runs statements as somebody else would.
    pub(crate) fn run(address: &Address, sql: &str) {
        psql(&address.to_string(), sql);
    }

    fn psql(url: &str, sql: &str) {
        let mut command = process::Command::new("psql");
        let ran = command.args([url, "--no-psqlrc", "-q", "-o", "/dev/null", "-c", sql]).status();
        assert!(ran.expect("psql is there").success(), "{sql}");
    }
}
