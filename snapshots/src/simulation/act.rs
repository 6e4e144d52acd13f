//! What happens in a simulation, one step at a time, as values: a list of steps plays the same
//! again, also with some of them left out.

use std::fmt;

use gmbot_backend::Fault;
use gmbot_engine::grammar::print;
use gmbot_engine::request::{Input, Request};

/// One step.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Which of the backends does it.
    pub(super) turn: usize,
    /// What its transactions meet.
    pub(super) fault: Option<Fault>,
    /// What happens.
    pub(super) act: Act,
}

/// What happens in a step. A `chance` is the seed of all that is left open in it.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Somebody says something, or a platform tells something.
    Say(Box<Request>),
    /// A platform sends something again, as it does when it heard no answer; or, by mistake, another
    /// thing under the same key.
    Again { chance: u64 },
    /// The clock goes on, or is set back; and old answers may be swept away.
    Wait { ms: i64, sweep: bool },
    /// Connectors deliver what is due.
    Deliver { chance: u64 },
    /// Somebody looks at what may be none of their business.
    Look { chance: u64 },
    /// A platform is down.
    Outage { platform: &'static str, hours: i64 },
    /// The backends end, and others go on with their database.
    Restart,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.act)?;
        match self.fault {
            Some(fault) => write!(f, ", while the database meets {fault:?}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say(request) => says(f, request),
            Self::Again { .. } => f.write_str("something is sent again"),
            Self::Wait { ms, .. } => write!(f, "the clock goes on by {ms} ms"),
            Self::Deliver { .. } => f.write_str("notices are delivered"),
            Self::Look { .. } => f.write_str("somebody looks"),
            Self::Outage { platform, hours } => write!(f, "{platform} is down for {hours} hours"),
            Self::Restart => f.write_str("a restart"),
        }
    }
}

fn says(f: &mut fmt::Formatter<'_>, request: &Request) -> fmt::Result {
    let who = request.actor.as_ref().map_or("nobody", |actor| actor.name.as_str());
    let place = request.space.as_ref().map_or("nowhere", |space| space.key.id.as_str());
    let operator = if request.authority.operator { " (operator)" } else { "" };
    write!(f, "{}: {who}{operator} in {place}: ", request.key)?;
    match (&request.input, line(&request.input)) {
        (_, Some(line)) => f.write_str(&line),
        (input, None) => write!(f, "{input:?}"),
    }
}

/// The line that says what a request does; none where nobody types it.
pub(super) fn line(input: &Input) -> Option<String> {
    match input {
        Input::Line(line) => Some(line.clone()),
        Input::Words(words) => Some(words.join(" ")),
        Input::Command(command) => Some(print(command)),
        Input::Form(_) | Input::Fact(_) => None,
    }
}
