//! A real PostgreSQL in a folder of its own, which can be killed and started again.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::counterpart::{Counterpart, free_port, until};
use crate::installed;

/// The user and group without rights that every Unix has: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// A PostgreSQL, ended with this.
pub(crate) struct PostgreSql {
    pub(crate) url: String,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Option<Counterpart>,
    /// Where it is, unless that outlasts it.
    temporary: Option<TempDir>,
}

impl PostgreSql {
    /// A new one in a temporary folder.
    pub(crate) fn start() -> Self {
        let temporary = tempfile::tempdir().expect("a folder can be made");
        let folder = temporary.path().to_owned();
        let mut made = Self::start_in(folder);
        made.temporary = Some(temporary);
        made
    }

    /// A new one in an empty folder that outlasts it.
    pub(crate) fn start_in(folder: PathBuf) -> Self {
        let (programs, port) = (programs(), free_port());
        if is_root(&folder) {
            let open = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&folder, open).expect("it is root's");
            chown(&folder, Some(NOBODY), Some(NOBODY)).expect("root may");
        }
        let url = format!("postgres://gmbot@127.0.0.1:{port}/postgres");
        let mut made = Self { url, programs, folder, port, process: None, temporary: None };
        let initdb = made
            .command("initdb")
            .args(["-D", "data", "-U", "gmbot", "-A", "trust", "-E", "UTF8", "--locale=C"])
            .output()
            .expect("initdb runs");
        assert!(initdb.status.success(), "{initdb:?}");
        made.run();
        made
    }

    /// Starts it, again where it was killed: what the last one left of itself has to go first.
    pub(crate) fn run(&mut self) {
        until("a PostgreSQL that answers", || {
            let is_over = self.process.as_mut().is_none_or(Counterpart::has_ended);
            if is_over {
                self.process = Some(self.spawn());
            }
            self.ask("SELECT 1").map(drop)
        });
    }

    fn spawn(&self) -> Counterpart {
        let log = self.folder.join("log");
        let log = OpenOptions::new().create(true).append(true).open(log).expect("a file");
        Counterpart::start(
            self.command("postgres")
                .args(["-D", "data", "-k", ".", "-h", "127.0.0.1", "-c", "max_connections=200"])
                .args(["-c", "max_wal_size=48MB", "-c", "min_wal_size=32MB"])
                .args(["-p", &self.port.to_string()])
                .stdout(Stdio::null())
                .stderr(log),
        )
    }

    /// Kills it as a loss of power would.
    pub(crate) fn kill(&mut self) {
        // The process that was started may be one that changes the user.
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let pid = pid.lines().next().and_then(|pid| Pid::from_raw(pid.parse().ok()?));
        if let Some(pid) = pid {
            kill_process(pid, Signal::KILL).ok();
        }
        if let Some(process) = &mut self.process {
            process.wait();
        }
    }

    /// What a statement answers; nothing if it fails.
    pub(crate) fn ask(&self, sql: &str) -> Option<String> {
        let psql = Command::new(self.programs.join("psql"))
            .args([self.url.as_str(), "--no-psqlrc", "-Atc", sql])
            .output()
            .expect("psql runs");
        psql.status.success().then(|| String::from_utf8_lossy(&psql.stdout).trim().to_owned())
    }

    /// How many lines of its log have these words.
    pub(crate) fn has_said(&self, words: &str) -> usize {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log.lines().filter(|line| line.contains(words)).count()
    }

    /// Ends all connections of gmbot's, as the administrator may.
    pub(crate) fn cut_connections(&self) {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'gmbot'";
        assert!(self.ask(cut).is_some(), "the database's connections can be cut");
    }

    fn command(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root(&self.folder) {
            let mut command = Command::new("runuser");
            command.args(["-u", "nobody", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for PostgreSql {
    fn drop(&mut self) {
        self.kill();
        drop(self.temporary.take());
    }
}

/// Whether root runs this: the folder was root's, or is the user's whom root gave it to.
fn is_root(folder: &Path) -> bool {
    [0, NOBODY].contains(&fs::metadata(folder).expect("it was made").uid())
}

/// Where PostgreSQL's programs are; they are installed where there are none.
fn programs() -> PathBuf {
    let find = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut all: Vec<_> =
            versions.flatten().map(|version| version.path().join("bin")).collect();
        all.sort();
        all.pop()
    };
    find().unwrap_or_else(|| {
        installed::install("postgresql");
        find().expect("the package holds its programs")
    })
}
