//! Signals: whatever ends the program gives the terminal back first, and whatever stops it gives it
//! back for as long.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use signal_hook::consts::signal::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGTSTP,
    SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::screen::Screen;
use crate::worker::{self, Heard};

/// What ends a program, as far as it can be heard of.
const ENDS: [i32; 14] = [
    SIGABRT, SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSYS, SIGTERM, SIGTRAP, SIGUSR1, SIGUSR2,
    SIGVTALRM, SIGXCPU, SIGXFSZ,
];

/// Listens for signals in a thread of its own.
///
/// # Errors
/// When the system does not let it listen.
pub(crate) fn watch(screen: &Arc<Screen>, tell: &Sender<Heard>) -> io::Result<()> {
    let mut signals = Signals::new(ENDS.iter().chain(&[SIGTSTP, SIGCONT]))?;
    let screen = Arc::clone(screen);
    worker::start("signals", tell, move |tell| {
        for signal in &mut signals {
            // Nothing is drawn while the terminal is given back, and what ends the program does not
            // come back from there.
            let away = screen.away(|| {
                if signal != SIGCONT {
                    emulate_default_handler(signal).ok();
                }
            });
            let heard = match away {
                Ok(()) => Heard::Redraw,
                Err(error) => Heard::NoTerminal(error),
            };
            if tell.send(heard).is_err() {
                return;
            }
        }
    })
}
