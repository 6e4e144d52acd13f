//! What leaves the program: replies on standard output, refusals and failures on standard error.

use std::io::{self, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use gmbot_engine::Reply;
use gmbot_engine::render::{self, Role};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::options::{Color, Options};
use crate::paint;

/// How wide a line may be where there is no terminal that says so.
const WIDTH: usize = 100;

/// The program's two streams, and how replies look on them.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    color: ColorChoice,
    json: bool,
    call: Call,
}

/// A reply for programs.
#[derive(Serialize)]
struct Json<'a> {
    /// What a reader without a screen is told.
    text: String,
    #[serde(flatten)]
    reply: &'a Reply,
}

impl Output {
    pub(crate) fn new(options: &Options) -> Self {
        let color = match options.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { color, json: options.json, call: Call::new(options) }
    }

    /// Prints an answer: what was done on standard output, a refusal on standard error. As JSON it
    /// is always on standard output, for the program that asked.
    pub(crate) fn answer(&self, reply: &Reply) -> io::Result<()> {
        if reply.code.is_refusal() && !self.json {
            let mut stream = AutoStream::new(io::stderr().lock(), self.color);
            let width = terminal_size::terminal_size_of(io::stderr());
            return paint::write(&mut stream, &self.styled(reply, columns(width)));
        }
        self.reply(reply)
    }

    /// Prints a reply or a notice on standard output.
    pub(crate) fn reply(&self, reply: &Reply) -> io::Result<()> {
        let width = columns(terminal_size::terminal_size_of(io::stdout()));
        if self.json {
            let text = render::plain(reply, width);
            return self.json(&Json { text, reply });
        }
        self.pieces(&self.styled(reply, width))
    }

    /// A reply in pieces, whose lines can be typed as they stand.
    fn styled(&self, reply: &Reply, width: usize) -> Vec<(Role, String)> {
        let mut pieces = render::styled(reply, width);
        // Under a line that was not understood stands where: it is shown as it was typed.
        if reply.diagnostics.is_none() {
            self.call.complete(&mut pieces);
        }
        pieces
    }

    /// Prints pieces on standard output, and a line end.
    pub(crate) fn pieces(&self, pieces: &[(Role, String)]) -> io::Result<()> {
        let mut stream = AutoStream::new(io::stdout().lock(), self.color);
        paint::write(&mut stream, pieces)?;
        stream.flush()
    }

    /// Prints a line on standard output.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        let mut stream = io::stdout().lock();
        writeln!(stream, "{text}")?;
        stream.flush()
    }

    /// Prints a value as JSON on a line of standard output.
    pub(crate) fn json(&self, value: &impl Serialize) -> io::Result<()> {
        self.line(&serde_json::to_string(value)?)
    }

    /// Says on standard error why there is no reply.
    pub(crate) fn failure(&self, failure: &Failure) -> io::Result<()> {
        if failure.is_silent() {
            return Ok(());
        }
        if let Failure::Misconfigured(mistakes) = failure {
            return mistakes.iter().try_for_each(|mistake| self.error(&mistake.to_string()));
        }
        self.error(&failure.to_string())
    }

    fn error(&self, text: &str) -> io::Result<()> {
        self.aside(&[(Role::Error, "error: ".to_owned()), (Role::Plain, render::visible(text))])
    }

    /// Says on standard error what works and should not stay so.
    pub(crate) fn warning(&self, text: &str) -> io::Result<()> {
        self.aside(&[(Role::Error, "warning: ".to_owned()), (Role::Plain, render::visible(text))])
    }

    /// Gives advice on standard error, if somebody is there to read it.
    pub(crate) fn hint(&self, text: &str) -> io::Result<()> {
        if !io::stderr().is_terminal() {
            return Ok(());
        }
        self.aside(&[(Role::Hint, format!("hint: {text}"))])
    }

    fn aside(&self, pieces: &[(Role, String)]) -> io::Result<()> {
        paint::write(&mut AutoStream::new(io::stderr().lock(), self.color), pieces)
    }
}

/// The width of a terminal; one that does not know its own says 0.
fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0).unwrap_or(WIDTH)
}
