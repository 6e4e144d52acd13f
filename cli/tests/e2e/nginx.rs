//! A real nginx with the configuration of `deploy/`, but for the ports.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use crate::counterpart::{Counterpart, free_port, until};
use crate::installed;
use crate::serving::Call;

/// What the configuration is included by.
const AROUND: &str = "daemon off; worker_processes 1; pid pid; error_log error.log warn;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
uwsgi_temp_path uwsgi; scgi_temp_path scgi; include *.included; }
";

/// An nginx, ended with this.
pub(crate) struct Nginx {
    pub(crate) address: SocketAddr,
    program: PathBuf,
    folder: TempDir,
    process: Option<Counterpart>,
}

impl Nginx {
    /// Before three servers.
    pub(crate) fn start(servers: [SocketAddr; 3]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nginx/gmbot.conf");
        let mut text = fs::read_to_string(file).expect("deploy/ has it");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        for (port, real) in (8080..).zip([address].into_iter().chain(servers)) {
            let written = format!("127.0.0.1:{port}");
            assert!(text.contains(&written), "it names {written}");
            text = text.replace(&written, &real.to_string());
        }
        fs::write(folder.path().join("gmbot.included"), text).expect("a file");
        fs::write(folder.path().join("nginx.conf"), AROUND).expect("a file");
        let mut started = Self { address, program: program(), folder, process: None };
        started.run();
        started
    }

    /// Has it read some files of configuration.
    pub(crate) fn must_take(files: &[PathBuf]) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for file in files {
            let name = file.file_stem().expect("it has a name");
            let copy = folder.path().join(name).with_extension("included");
            fs::copy(file, copy).expect("deploy/ has it");
        }
        fs::write(folder.path().join("nginx.conf"), AROUND).expect("a file");
        let said = Command::new(program()).arg("-t").args(around(&folder)).output();
        let said = said.expect("nginx runs");
        assert!(said.status.success(), "{said:?}");
    }

    /// Starts it, and waits until it answers.
    pub(crate) fn run(&mut self) {
        until("an nginx that answers", || {
            let is_over = self.process.as_mut().is_none_or(Counterpart::has_ended);
            if is_over {
                self.process = Some(self.spawn());
            }
            Call::get("/healthz", "").send(self.address).ok()?.answer().ok()?.map(drop)
        });
    }

    fn spawn(&self) -> Counterpart {
        // Master and workers are a group of their own, so that all of it can be killed.
        Counterpart::start(
            Command::new(&self.program)
                .args(around(&self.folder))
                .process_group(0)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )
    }

    /// Kills all of it.
    pub(crate) fn kill(&mut self) {
        let Some(process) = &mut self.process else { return };
        if let Some(group) = i32::try_from(process.id()).ok().and_then(Pid::from_raw) {
            kill_process_group(group, Signal::KILL).ok();
        }
        process.wait();
    }
}

fn program() -> PathBuf {
    installed::debian("nginx").join("usr/sbin/nginx")
}

/// The words that have it stay in a folder.
fn around(folder: &TempDir) -> [OsString; 6] {
    let words = ["-p", ".", "-c", "nginx.conf", "-e", "error.log"];
    let folder = folder.path().as_os_str();
    words.map(|word| if word == "." { folder.to_owned() } else { word.into() })
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.kill();
    }
}
