//! A bot as a process: started, measured, ended.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gmbot_bench::Failure;
use gmbot_discord_fake::Fake;

use crate::bots::{Bot, TOKEN};

/// How many of the kernel's ticks are a second.
const TICKS: f64 = 100.0;

/// A bot that runs until this is dropped; it ends as well when its standard input does, so that none
/// is left when this process is killed.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Process {
    pub(crate) fn start(bot: Bot, fake: &Fake, folder: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--bot", bot.name(), &fake.url()]).arg(folder).env(TOKEN, fake.token());
        // What is not on this machine is noted, and refused.
        command.env("ALL_PROXY", fake.guard()).env("NO_PROXY", "127.0.0.1");
        command.stdin(Stdio::piped());
        Ok(Self(command.spawn()?))
    }

    /// The processor's time so far, in all threads.
    pub(crate) fn processor(&self) -> Result<Duration, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The name in brackets may hold spaces; the times are the 12th and 13th field after it.
        let after = stat.rsplit(')').next().unwrap_or_default();
        let fields = after.split_whitespace().skip(11).take(2);
        let ticks: Result<Vec<f64>, _> = fields.map(str::parse).collect();
        Ok(Duration::from_secs_f64(ticks?.iter().sum::<f64>() / TICKS))
    }

    /// The most memory that it had at once, in bytes.
    pub(crate) fn peak_bytes(&self) -> Result<f64, Failure> {
        self.bytes("VmHWM:")
    }

    /// The memory that it has now, in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<f64, Failure> {
        self.bytes("VmRSS:")
    }

    fn bytes(&self, what: &str) -> Result<f64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let told = status.lines().find_map(|line| line.strip_prefix(what));
        let kilobytes = told.and_then(|told| told.trim().strip_suffix(" kB"));
        Ok(kilobytes.ok_or_else(|| format!("no {what}"))?.parse::<f64>()? * 1024.0)
    }
}
