//! How whoever measures hears of a request's way through the engine, which itself knows no clock.

/// A stage of a request's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its words are read into a command.
    Parse,
    /// Who asks, as which clan, and whether they may.
    Access,
    /// What the command's rule decides, and the reply.
    Rule,
}

/// Hears how far a request has come. Nothing that it does can change the answer.
pub trait Observer {
    /// A stage begins; the one before it has ended. The last ends with the call.
    fn begins(&self, stage: Stage);

    /// The words name this command, whether the rest of them can be read or not.
    fn named(&self, command: &'static str);
}

/// Nobody listens.
impl Observer for () {
    fn begins(&self, _stage: Stage) {}
    fn named(&self, _command: &'static str) {}
}
