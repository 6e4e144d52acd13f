//! A real collector receives the spans of requests over OTLP.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::Extent;
use crate::client::{Client, person, server};
use crate::counterpart::{Counterpart, free_port, until};
use crate::installed;
use crate::program::Program;
use crate::report::Report;

/// What collects: PyPI has it as a program inside of a package.
const PACKAGE: &str = "rotel==0.0.1a15";
/// Spans that a challenge has, from the request down to a statement.
const SPANS: [&str; 5] = ["POST /{command}", "parse", "rule", "SAVE_WAR", "commit"];

pub(crate) fn run(_extent: Extent, report: &Report) {
    let program = Program::new();
    let log = program.path("collected");
    let (port, other) = (free_port(), free_port());
    let _collector = Counterpart::start(
        Command::new(collector())
            .arg("start")
            .arg(format!("--otlp-http-endpoint=127.0.0.1:{port}"))
            .arg(format!("--otlp-grpc-endpoint=127.0.0.1:{other}"))
            .args(["--exporter", "blackhole", "--debug-log", "traces"])
            .args(["--debug-log-verbosity", "detailed"])
            .current_dir(program.path(""))
            .stdout(File::create(&log).expect("a file"))
            .stderr(Stdio::null()),
    );
    let client = Client::new(&program);
    let serving =
        program.serve(&format!("serve --listen 127.0.0.1:0 --otlp http://127.0.0.1:{port}"));
    let body = json!({"server": server("S1"), "players": [person("P1")], "game": 4});
    let create = client.post("/createwar", None, &body);
    // A collector that is not there yet gets none: until it tells of all, there are further requests,
    // which a rule refuses after some of them.
    until("all spans in the collector", || {
        assert!([201, 429].contains(&serving.call(&create).status));
        let told = fs::read_to_string(&log).expect("the collector's log");
        SPANS.iter().all(|span| told.contains(span)).then_some(())
    });
    report.add("otlp", "spans of a challenge in the collector", SPANS.join(", "));
}

/// The collector's program.
fn collector() -> PathBuf {
    let packages = installed::python(PACKAGE).join("lib");
    let versions = fs::read_dir(&packages).expect("Python has a folder of packages");
    let paths = versions
        .map(|version| version.expect("a folder").path().join("site-packages/rotel/rotel-agent"));
    paths.filter(|path| path.is_file()).last().expect("the package has the program")
}
