//! The terminal: taken over for as long as the screen lives, and given back however that ends.

use std::cell::Cell;
use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

/// How much is drawn before it is written.
const BUFFER: usize = 64 * 1024;

/// What is drawn on.
type Shown = Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal while the screen is shown.
pub(crate) struct Screen {
    terminal: Mutex<Shown>,
}

/// That the terminal is taken over. Dropping it gives the terminal back, whoever still holds the
/// [`Screen`].
pub(crate) struct Taken;

thread_local! {
    /// Whether this thread draws: if it panics, the screen is over.
    static DRAWS: Cell<bool> = const { Cell::new(false) };
}

impl Screen {
    /// Takes the terminal over, for this thread to draw on.
    ///
    /// # Errors
    /// When there is no terminal, or it can't be taken over.
    pub(crate) fn take() -> io::Result<(Self, Taken)> {
        DRAWS.set(true);
        static HOOK: Once = Once::new();
        HOOK.call_once(give_back_on_panic);
        let writer = BufWriter::with_capacity(BUFFER, stdout());
        let terminal = Terminal::new(CrosstermBackend::new(writer))?;
        let taken = Taken;
        enter()?;
        Ok((Self { terminal: Mutex::new(terminal) }, taken))
    }

    /// The columns and rows there are now.
    pub(crate) fn size(&self) -> io::Result<(u16, u16)> {
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        terminal.autoresize()?;
        let area = terminal.get_frame().area();
        Ok((area.width, area.height))
    }

    /// Draws a frame, all of it at once where the terminal can do that.
    pub(crate) fn draw(&self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        queue!(terminal.backend_mut(), BeginSynchronizedUpdate)?;
        terminal.draw(draw)?;
        execute!(terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the terminal, so that the next frame is drawn anew.
    pub(crate) fn forget(&self) -> io::Result<()> {
        forget(&mut self.terminal.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the terminal back while `work` is done, during which nothing is drawn, and takes it
    /// over again.
    pub(crate) fn away(&self, work: impl FnOnce()) -> io::Result<()> {
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        give_back();
        work();
        enter()?;
        forget(&mut terminal)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

/// To the size that it has: that clears it, and unlike a clear does not ask the terminal for the
/// cursor's place, whose answer the thread that reads keys would take.
fn forget(terminal: &mut Shown) -> io::Result<()> {
    let area = terminal.get_frame().area();
    terminal.resize(area)
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste)
}

/// Gives the terminal back as it was. Doing it twice does no harm.
fn give_back() {
    let mut to = stdout();
    // Whatever fails, the rest is still tried: nobody is left to tell.
    execute!(to, DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, cursor::Show)
        .ok();
    to.flush().ok();
    disable_raw_mode().ok();
}

/// A panic of the drawing thread is told on the terminal as it was. Others are caught by whoever
/// started their threads, and would only scribble over the screen.
fn give_back_on_panic() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if DRAWS.get() {
            give_back();
            tell(panicked);
        }
    }));
}
