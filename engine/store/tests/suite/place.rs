//! Where the tests' stores are: in memory, or on the PostgreSQL server that `GMBOT_TEST_POSTGRES`
//! names, each in a schema of its own.

use gmbot_store::{Clock, Connection};

/// A new store.
pub(crate) fn make() -> Connection {
    #[cfg(feature = "postgres")]
    if let Some(server) = server::named() {
        return Connection::open_postgres(&server::schema(&server), Clock::Manual).unwrap();
    }
    Connection::in_memory(Clock::Manual).unwrap()
}

#[cfg(feature = "postgres")]
mod server {
    use std::process;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio_postgres::NoTls;

    /// The address of the server that the tests are to use, if they are to use one.
    #[expect(clippy::disallowed_methods, reason = "only whoever runs the tests knows the server")]
    pub(super) fn named() -> Option<String> {
        std::env::var("GMBOT_TEST_POSTGRES").ok()
    }

    /// The address of a new, empty schema on a server.
    pub(super) fn schema(server: &str) -> String {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let schema = format!("gmbot_test_{}_{number}", process::id());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
            let driver = tokio::spawn(connection);
            client.batch_execute(&format!("CREATE SCHEMA {schema}")).await.unwrap();
            drop(client);
            driver.await.unwrap().unwrap();
        });
        let separator = if server.contains('?') { '&' } else { '?' };
        format!("{server}{separator}options=-csearch_path%3D{schema}")
    }
}
