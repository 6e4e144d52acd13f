//! Schemathesis reads the API's own description, and tries what a careless or hostile client would
//! send: nothing makes the server fail, and each answer is one that the description tells of.

use std::fs;
use std::process::Command;

use crate::Extent;
use crate::client::PLATFORM;
use crate::installed;
use crate::program::Program;
use crate::report::Report;

/// Its version on PyPI: another one checks other things.
const PACKAGE: &str = "schemathesis==4.32";
/// How many requests it makes up for each operation, and from which seed.
const EXAMPLES: &str = "50";
const SEED: &str = "4";
/// Streams that never end by themselves, and what Prometheus reads: it sends its key as a bearer's,
/// which is not looked at beside the key that all requests here have.
const LEFT_OUT: [&str; 3] = ["/challenges/changes", "/api/v1/outbox/due", "/metrics"];
/// What a body means is not in a schema: `400` and `422` say that no game is called so, or that a rule
/// refuses it.
const SETTINGS: &str = "[checks.positive_data_acceptance]
expected-statuses = [\"2xx\", \"3xx\", 400, 401, 403, 404, 409, 422, 429]
";

pub(crate) fn run(_extent: Extent, report: &Report) {
    let schemathesis = installed::python(PACKAGE);
    let program = Program::new();
    let key = program.done(&format!("keys add e2e --platform {PLATFORM} --scope operator"));
    let serve = "--set http.calls_per_key=1000000 --set http.calls_per_person=1000000 \
                 --set http.poll=1s serve --listen 127.0.0.1:0 --web";
    let serving = program.serve(serve);
    fs::write(program.path("schemathesis.toml"), SETTINGS).expect("a file");
    let mut command = Command::new(schemathesis.join("bin/python"));
    command
        .args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"])
        .args(["--checks", "all", "--no-color", "--seed", SEED])
        .args(["--max-examples", EXAMPLES, "--workers", "2", "--continue-on-failure"])
        // How soon an answer comes is the machine's matter.
        .args(["--max-response-time", "120"])
        .args(["--header", "client: e2e", "--header"])
        .arg(format!("x-api-key: {}", key.trim()))
        .args(LEFT_OUT.iter().flat_map(|path| ["--exclude-path", path]))
        .arg(format!("http://{}/openapi.json", serving.address))
        .current_dir(program.path(""));
    let ended = command.output().expect("Python runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(program.done("verify").starts_with("sound"));
    let cases = said.lines().find(|line| line.contains(" generated, "));
    report.add("schemathesis", "requests made up", cases.expect("it tells how many").trim());
}
