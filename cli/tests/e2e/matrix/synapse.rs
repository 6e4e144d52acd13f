//! A homeserver: Synapse on a port of this machine, which can be restarted and told to limit somebody.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::counterpart::{Counterpart, free_port, until};
use crate::installed;
use crate::matrix::people::Account;
use crate::serving::Call;

/// Its version on PyPI.
const PACKAGE: &str = "matrix-synapse==1.163.2";
/// The part of an account's name that says where it is.
pub(crate) const DOMAIN: &str = "clans.test";
/// By which secret accounts are made.
pub(crate) const SECRET: &str = "whoever knows this may register";
/// A rate that nobody reaches.
const ENDLESS: u32 = 10_000;

/// What clients ask a homeserver for, request by request.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    agent: Agent,
}

impl Api {
    /// Asks for something in the name of whoever has a token.
    ///
    /// # Errors
    /// What the homeserver says where it does not do it.
    pub(crate) fn ask(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Result<Value, String> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let request = request.body(body).map_err(|error| error.to_string())?;
        let mut answer = self.agent.run(request).map_err(|error| error.to_string())?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("{} {text}", answer.status()));
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}

/// A homeserver with a folder of its own, ended with this.
pub(crate) struct Synapse {
    folder: TempDir,
    python: PathBuf,
    pub(crate) address: SocketAddr,
    process: Option<Counterpart>,
}

impl Synapse {
    /// Starts one without accounts, and waits until it answers.
    pub(crate) fn start() -> Self {
        let python = installed::python(PACKAGE).join("bin/python");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let address = (Ipv4Addr::LOCALHOST, free_port()).into();
        let mut synapse = Self { folder, python, address, process: None };
        fs::write(synapse.path("log.yaml"), synapse.logging().to_string()).expect("a file");
        fs::write(synapse.path("synapse.yaml"), synapse.settings().to_string()).expect("a file");
        let made = synapse.command().arg("--generate-keys").output().expect("Python runs");
        assert!(made.status.success(), "{made:?}");
        synapse.go_on();
        synapse
    }

    /// How clients reach it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it where it stands.
    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it on what it knew, and waits until it answers.
    pub(crate) fn go_on(&mut self) {
        let log = File::options().create(true).append(true).open(self.path("errors"));
        let mut command = self.command();
        command.stdout(Stdio::null()).stderr(log.expect("a file"));
        self.process = Some(Counterpart::start(&mut command));
        until("a homeserver that answers", || {
            let asked = Call::get("/health", "").send(self.address).ok()?;
            asked.answer().ok()?.filter(|answer| answer.status == 200)
        });
    }

    /// Lets an account do no more than one thing a second, after a few at once.
    pub(crate) fn limit(&self, user: &str, administrator: &Account) {
        let most = json!({"messages_per_second": 1, "burst_count": 2});
        self.set_limit(user, administrator, "POST", &most.to_string());
    }

    /// Lets an account do what it likes again.
    pub(crate) fn unlimit(&self, user: &str, administrator: &Account) {
        self.set_limit(user, administrator, "DELETE", "");
    }

    fn set_limit(&self, user: &str, administrator: &Account, method: &str, body: &str) {
        let path = format!("/_synapse/admin/v1/users/{user}/override_ratelimit");
        let set = self.api().ask(&administrator.token, method, &path, body.as_bytes());
        assert!(set.is_ok(), "{set:?}");
    }

    /// Its API.
    pub(crate) fn api(&self) -> Api {
        let agent = Agent::config_builder().http_status_as_error(false).proxy(None).build();
        Api { url: self.url(), agent: agent.into() }
    }

    /// How many requests of an account it has answered with a status, by its own log.
    pub(crate) fn answered(&self, user: &str, status: u16) -> usize {
        let log = fs::read_to_string(self.path("log")).expect("it writes a log");
        let (user, status) = (format!("{{{user}}}"), format!("B {status} \""));
        log.lines().filter(|line| line.contains(&user) && line.contains(&status)).count()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.python);
        command.env_clear().current_dir(self.folder.path()).args([
            "-m",
            "synapse.app.homeserver",
            "-c",
            "synapse.yaml",
        ]);
        command
    }

    /// What it is told; JSON is YAML, too.
    fn settings(&self) -> Value {
        let rate = json!({"per_second": ENDLESS, "burst_count": ENDLESS});
        let mut settings = json!({
            "server_name": DOMAIN,
            "listeners": [{
                "port": self.address.port(),
                "bind_addresses": [self.address.ip().to_string()],
                "type": "http",
                "tls": false,
                "resources": [{"names": ["client"]}],
            }],
            "database": {"name": "sqlite3", "args": {"database": self.path("synapse.db")}},
            "log_config": self.path("log.yaml"),
            "media_store_path": self.path("media"),
            "signing_key_path": self.path("signing.key"),
            "pid_file": self.path("pid"),
            "registration_shared_secret": SECRET,
            "macaroon_secret_key": "of no meaning here",
            "form_secret": "of no meaning here",
            "report_stats": false,
            "trusted_key_servers": [],
            "suppress_key_server_warning": true,
            "federation_domain_whitelist": [],
            "presence": {"enabled": false},
            "url_preview_enabled": false,
            "bcrypt_rounds": 4,
            "rc_login": {"address": rate, "account": rate, "failed_attempts": rate},
            "rc_joins": {"local": rate, "remote": rate},
            "rc_invites": {"per_room": rate, "per_user": rate, "per_issuer": rate},
        });
        for limit in [
            "rc_message",
            "rc_registration",
            "rc_joins_per_room",
            "rc_room_creation",
            "rc_admin_redaction",
            "rc_key_requests",
        ] {
            settings[limit] = rate.clone();
        }
        settings
    }

    /// It writes what goes wrong, and how it answered what.
    fn logging(&self) -> Value {
        json!({
            "version": 1,
            "handlers": {"file": {"class": "logging.FileHandler", "filename": self.path("log")}},
            "root": {"level": "WARNING", "handlers": ["file"]},
            "loggers": {"synapse.access": {"level": "INFO"}},
        })
    }
}
