//! What measuring takes, whatever is measured: yardsticks, a world in which many clans may
//! challenge, clocks, and the table in `docs/performance.md`.

pub mod bare;
pub mod data;
pub mod machine;
pub mod page;
pub mod sample;
pub mod world;

/// Whatever goes wrong here ends the run: there is nothing to save.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Says on standard error what goes on.
#[expect(
    clippy::print_stderr,
    reason = "a run takes minutes: whoever waits wants to know for what"
)]
pub fn progress(what: &str) {
    eprintln!("{what} …");
}
