//! The program on the terminal: this test itself, told by a variable to show the screen over a
//! database in memory, and where to panic.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gmbot_backend::{Clock, Options};
use gmbot_engine::Request;
use gmbot_engine::model::{AtMs, Platform, SpaceKey};
use gmbot_engine::request::{AccountRef, Authority, Input, Onlooker, SpaceRef};
use gmbot_tui::Seat;

/// The variable that makes this test the program, and says how that shall end.
pub(crate) const HOW: &str = "GMBOT_TUI_TEST";
/// It ends as it is told.
pub(crate) const WELL: &str = "well";
/// The thread that draws panics once a line was sent.
pub(crate) const PANIC_WHERE_IT_DRAWS: &str = "panic where it draws";
/// The thread that speaks to the backend panics once a line was sent.
pub(crate) const PANIC_WHERE_IT_SPEAKS: &str = "panic where it speaks";

/// What a planted panic says.
pub(crate) const PLANTED: &str = "this panic was planted";

/// Shows the screen.
pub(crate) fn run(how: &OsStr) -> ExitCode {
    let local = Options::memory().with_new_clock(Clock::Manual).open().expect("a database");
    let sent = Arc::new(AtomicU64::new(0));
    let panics = |place: &str| how == place;
    let (where_it_draws, where_it_speaks) =
        (panics(PANIC_WHERE_IT_DRAWS), panics(PANIC_WHERE_IT_SPEAKS));
    let seen = Arc::clone(&sent);
    let seat = Seat {
        backend: Arc::new(local),
        onlooker: Onlooker { actor: Some(account()), space: Some(space().key), operator: false },
        request: Box::new(move |line| {
            let number = sent.fetch_add(1, Ordering::SeqCst);
            assert!(!where_it_speaks, "{PLANTED}");
            Ok(Request {
                authority: Authority { founder: true, ..Authority::default() },
                space: Some(space()),
                actor: Some(account()),
                ..Request::new("test", number.to_string(), Input::Line(line))
            })
        }),
        now: Box::new(move || {
            assert!(!where_it_draws || seen.load(Ordering::SeqCst) == 0, "{PLANTED}");
            AtMs(1_767_636_000_000)
        }),
        place: "memory".to_owned(),
        memory: None,
        colors: true,
    };
    match gmbot_tui::run(seat) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If nobody reads it, the exit status says enough.
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn account() -> AccountRef {
    let name = || "nikhil".to_owned();
    AccountRef { platform: Platform::terminal(), id: name(), name: name() }
}

fn space() -> SpaceRef {
    let key = SpaceKey { platform: Platform::terminal(), id: "Headshot Killers".to_owned() };
    SpaceRef { name: key.id.clone(), key, direct: false }
}
