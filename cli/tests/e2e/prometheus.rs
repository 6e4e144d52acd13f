//! A real Prometheus reads what the server counts.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::Extent;
use crate::client::{Client, person, server};
use crate::counterpart::{Counterpart, free_port, until};
use crate::installed;
use crate::program::Program;
use crate::report::Report;
use crate::serving::Call;

/// How many challenges are made.
const CHALLENGES: usize = 25;
/// The count that has to arrive.
const COUNT: &str = "sum(gmbot_requests_total{command=\"createwar\"})";

pub(crate) fn run(_extent: Extent, report: &Report) {
    let folder = installed::debian("prometheus").join("usr/bin");
    let program = Program::new();
    let client = Client::new(&program);
    let serving = program.serve("serve --listen 127.0.0.1:0");
    for n in 0..CHALLENGES {
        let id = n.to_string();
        let body = json!({"server": server(&id), "players": [person(&id)], "game": 4});
        assert_eq!(serving.call(&client.post("/createwar", None, &body)).status, 201);
    }
    let key = program.done("keys add prometheus --platform metrics --scope read");
    let key = key.trim();

    let header = format!("authorization: Bearer {key}\r\n");
    let scraped = serving.call(&Call::get("/metrics", &header));
    assert_eq!(scraped.status, 200);
    let families = scraped.body.lines().filter(|line| line.starts_with("# TYPE ")).count();
    let file = program.path("scrape");
    fs::write(&file, &scraped.body).expect("a file");
    let checked = Command::new(folder.join("promtool"))
        .args(["check", "metrics"])
        .stdin(File::open(&file).expect("it was written"))
        .output()
        .expect("promtool runs");
    assert!(checked.status.success() && checked.stderr.is_empty(), "{checked:?}");

    fs::write(program.path("key"), key).expect("a file");
    let settings = format!(
        "global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: gmbot\n  authorization: \
         {{credentials_file: key}}\n  static_configs: [{{targets: [\"{}\"]}}]\n",
        serving.address
    );
    fs::write(program.path("prometheus.yml"), settings).expect("a file");
    let port = free_port();
    let log = File::create(program.path("log")).expect("a file");
    let _prometheus = Counterpart::start(
        Command::new(folder.join("prometheus"))
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(program.path(""))
            .stdout(Stdio::null())
            .stderr(log),
    );
    let query = COUNT.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
    let call = Call::get(&format!("/api/v1/query?query={query}"), "");
    let counted = until("a count in Prometheus", || {
        let answer = call.send(([127, 0, 0, 1], port).into()).ok()?.answer().ok()??;
        Some(answer.json()["data"]["result"][0]["value"][1].as_str()?.to_owned())
    });
    assert_eq!(counted, CHALLENGES.to_string());
    report.add("prometheus", "metrics that `promtool check metrics` accepts", families);
    report.add(
        "prometheus",
        "challenges made, and counted in Prometheus",
        format!("{CHALLENGES}, {counted}"),
    );
}
