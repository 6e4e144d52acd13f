//! The real program beside real counterparts, and under what only a whole machine can do to it.
//!
//! `just e2e` runs all parts and installs what they need below `target/`; a part whose counterpart
//! can't be had fails. `just e2e --skip PART` leaves one out. Ordinary tests run only what needs
//! nothing but the program, and little of it.
//!
//! A further part is a file, and a row of [`PARTS`].

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

use program::Program;
use report::Report;
use serving::{Answer, Serving};

#[cfg(unix)]
mod balanced;
mod browser;
mod chromium;
mod client;
#[cfg(unix)]
mod cluster;
mod counterpart;
#[cfg(unix)]
mod deploy;
mod discord;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod idle;
mod installed;
mod kills;
mod ledger;
mod matrix;
#[cfg(unix)]
mod nginx;
mod otlp;
#[cfg(unix)]
mod postgres;
#[cfg(unix)]
mod postgresql;
#[path = "../support/program.rs"]
mod program;
mod prometheus;
mod python;
mod report;
mod schemathesis;
mod script;
#[path = "../support/serving.rs"]
mod serving;

/// How much of a part is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// What an ordinary test has time for.
    Little,
    /// All that is promised.
    Whole,
}

/// Something that is tried from outside.
struct Part {
    name: &'static str,
    /// Whether ordinary tests do a little of it.
    ordinary: bool,
    run: fn(Extent, &Report),
}

/// All parts, in the order in which they run.
const PARTS: &[Part] = &[
    Part { name: "kills", ordinary: true, run: kills::run },
    #[cfg(unix)]
    Part { name: "idle", ordinary: false, run: idle::run },
    Part { name: "prometheus", ordinary: false, run: prometheus::run },
    #[cfg(unix)]
    Part { name: "postgres", ordinary: false, run: postgres::run },
    #[cfg(unix)]
    Part { name: "nginx", ordinary: false, run: balanced::run },
    #[cfg(unix)]
    Part { name: "deploy", ordinary: false, run: deploy::run },
    #[cfg(unix)]
    Part { name: "faults", ordinary: false, run: faults::run },
    Part { name: "discord", ordinary: false, run: discord::run },
    Part { name: "python", ordinary: false, run: python::run },
    Part { name: "otlp", ordinary: false, run: otlp::run },
    Part { name: "schemathesis", ordinary: false, run: schemathesis::run },
    Part { name: "browser", ordinary: false, run: browser::run },
    Part { name: "matrix", ordinary: false, run: matrix::wars },
    Part { name: "matrix-kills", ordinary: false, run: matrix::kills },
    Part { name: "matrix-recovery", ordinary: false, run: matrix::recovery },
    Part { name: "matrix-load", ordinary: false, run: matrix::load },
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They measure, or fill the machine: one at a time.
    arguments.test_threads = Some(1);
    let all = arguments.include_ignored || arguments.ignored;
    let extent = if all { Extent::Whole } else { Extent::Little };
    let report = Report::default();
    let trials = PARTS.iter().map(|part| {
        let (run, report) = (part.run, report.clone());
        let trial = Trial::test(part.name, move || {
            run(extent, &report);
            Ok(())
        });
        trial.with_ignored_flag(!part.ordinary)
    });
    let ended = libtest_mimic::run(&arguments, trials.collect());
    report.print();
    ended.exit_code()
}

impl Program {
    /// Runs a line that has to succeed, and returns what it wrote to standard output.
    #[track_caller]
    fn done(&self, line: &str) -> String {
        let ended = self.run(line.split(' '));
        assert_eq!(ended.status, Some(0), "{line}: {ended:?}");
        ended.out
    }

    /// Starts a line that serves; it says nothing of each of thousands of answers.
    fn serve(&self, line: &str) -> Serving {
        let mut command = self.command(line.split_whitespace());
        Serving::start(command.env("GMBOT_LOG_LEVEL", "warn"))
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code in the body; empty where there is none.
    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}
