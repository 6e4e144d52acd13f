//! `wrk` against an address: how many answers a second, and how long they take.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use gmbot_bench::Failure;
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{figure, time};
use gmbot_bench::sample::Series;

/// How many connections there are.
pub(crate) const CONNECTIONS: [u32; 3] = [1, 16, 64];
/// What wrk is told to do.
const SCRIPT: &str = include_str!("requests.lua");

/// Requests that are sent one after the other, and from the beginning again.
#[derive(Debug)]
pub(crate) struct Load {
    scratch: Scratch,
    seconds: u64,
}

/// Whose requests they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    pub(crate) client: &'static str,
    pub(crate) key: String,
}

/// What rounds of one kind came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// Answers a second.
    pub(crate) rate: Series,
    /// How long half of the answers take at most, and 99 of a hundred, in seconds.
    half: Series,
    most: Series,
}

impl Load {
    /// A load of requests, a line each: method, path, body.
    pub(crate) fn new(lines: impl Iterator<Item = String>, seconds: u64) -> Result<Self, Failure> {
        let load = Self { scratch: Scratch::in_memory()?, seconds };
        fs::write(load.script(), SCRIPT)?;
        fs::write(load.requests(), lines.collect::<Vec<_>>().join("\n"))?;
        Ok(load)
    }

    fn script(&self) -> PathBuf {
        self.scratch.path("requests.lua")
    }

    fn requests(&self) -> PathBuf {
        self.scratch.path("requests")
    }

    /// Sends them to a server for a while, and enters what comes of it. Says how many were answered.
    pub(crate) fn send(
        &self,
        to: SocketAddr,
        caller: &Caller,
        connections: u32,
        measured: &mut Measured,
    ) -> Result<u64, Failure> {
        let ended = Command::new("wrk")
            .args(["--threads", "1", "--connections", &connections.to_string()])
            .args(["--duration", &format!("{}s", self.seconds), "--timeout", "20s"])
            .arg("--script")
            .arg(self.script())
            .arg(format!("http://{to}"))
            .env("REQUESTS", self.requests())
            .env("CLIENT", caller.client)
            .env("KEY", &caller.key)
            .output()
            .map_err(|cause| format!("`wrk` can't be run: {cause}; Debian has it"))?;
        let said = String::from_utf8_lossy(&ended.stdout);
        let result = said.lines().find_map(|line| line.strip_prefix("RESULT "));
        let figures = result.map(|text| text.split(' ').map(str::parse).collect());
        let Some(Ok::<Vec<u64>, _>(figures)) = figures else {
            return Err(
                format!("`wrk` failed: {said}{}", String::from_utf8_lossy(&ended.stderr)).into()
            );
        };
        let [answers, micros, half, most, failed] = figures[..] else {
            return Err(format!("`wrk` says {said}").into());
        };
        if failed > 0 || answers == 0 {
            return Err(format!("{failed} of {answers} requests failed").into());
        }
        let seconds = |micros: u64| micros as f64 / 1e6;
        measured.rate.push(answers as f64 / seconds(micros));
        measured.half.push(seconds(half));
        measured.most.push(seconds(most));
        Ok(answers)
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [rate, half, most] = [&self.rate, &self.half, &self.most].map(Series::median);
        write!(f, "{} a second, p50 {}, p99 {}", figure(rate), time(half), time(most))
    }
}
