//! The bot: `gmbot matrix` with an account on a homeserver, which can be killed and started again.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::counterpart::{Counterpart, memory};
use crate::matrix::people::{Account, PASSWORD, People};
use crate::matrix::synapse::Synapse;
use crate::program::Program;

/// How the bot's account is called.
const NAME: &str = "gmbot";

/// A bot with a database of its own.
pub(crate) struct Bot {
    pub(crate) program: Program,
    account: Account,
    homeserver: String,
    process: Option<Counterpart>,
}

impl Bot {
    /// Makes its account, and starts it.
    pub(crate) fn start(synapse: &Synapse, people: &People) -> Self {
        let (program, account) = (Program::new(), people.register(NAME, false));
        let mut bot = Self { program, account, homeserver: synapse.url(), process: None };
        bot.go_on();
        bot
    }

    /// Its account.
    pub(crate) fn user(&self) -> &str {
        &self.account.user
    }

    /// Kills it where it stands.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it on what it knew.
    pub(crate) fn go_on(&mut self) {
        self.process = Some(Counterpart::start(&mut self.command(["matrix"])));
    }

    /// How many bytes of memory it takes.
    pub(crate) fn memory(&self) -> usize {
        memory(self.process.as_ref().expect("it runs").id())
    }

    /// The program with the bot's settings.
    pub(crate) fn command<const N: usize>(&self, words: [&str; N]) -> Command {
        let log = File::options().create(true).append(true).open(self.program.path("log"));
        let mut command = self.program.command(words);
        command
            .env("GMBOT_MATRIX_HOMESERVER", &self.homeserver)
            .env("GMBOT_MATRIX_USER", &self.account.user)
            .env("GMBOT_MATRIX_PASSWORD", PASSWORD)
            .env("GMBOT_MATRIX_STORE", self.program.path("matrix"))
            .env("GMBOT_MATRIX_RECOVERY_KEY_FILE", self.program.path("recovery"))
            .stdout(Stdio::null())
            .stderr(log.expect("a file"));
        command
    }
}
