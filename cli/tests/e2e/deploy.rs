//! What `deploy/` holds, read by the programs that it is for: nginx, systemd, and Docker Compose.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Extent;
use crate::installed;
use crate::nginx::Nginx;
use crate::report::Report;

/// The services of `compose.yaml`.
const SERVICES: [&str; 5] = ["database", "nginx", "server-1", "server-2", "server-3"];
/// Where the units expect the program.
const INSTALLED: &str = "/usr/local/bin/gmbot";

pub(crate) fn run(_extent: Extent, report: &Report) {
    let add = |what, value: String| report.add("deploy", what, value);
    Nginx::must_take(&["gmbot.conf", "outside.conf"].map(|name| folder().join("nginx").join(name)));
    add("nginx takes its configuration", "gmbot.conf, outside.conf".to_owned());
    add("systemd takes the units", units().join(", "));
    add("Docker Compose takes compose.yaml", compose().join(", "));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

/// Has systemd verify each unit, with the program where it was built.
fn units() -> Vec<String> {
    let place = tempfile::tempdir().expect("a folder");
    let units = fs::read_dir(folder().join("systemd")).expect("deploy/ has it");
    let mut names = Vec::new();
    for unit in units.map(|unit| unit.expect("a file")) {
        let text = fs::read_to_string(unit.path()).expect("a text");
        assert!(text.contains(INSTALLED), "it runs {INSTALLED}");
        let copy = place.path().join(unit.file_name());
        fs::write(&copy, text.replace(INSTALLED, env!("CARGO_BIN_EXE_gmbot"))).expect("a file");
        let said = done(Command::new("systemd-analyze").arg("verify").arg(&copy));
        // It succeeds although it passes over what it does not know.
        assert!(!said.contains("gmbot"), "{said}");
        names.push(unit.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    names
}

/// Has Docker Compose read its file, and gives the services.
fn compose() -> Vec<String> {
    let place = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(folder().join("compose.yaml")).expect("deploy/ has it");
    // Debian's Compose is one that no name can be given to yet.
    let text = text.replace("name: gmbot\n", "");
    fs::write(place.path().join("compose.yaml"), text).expect("a file");
    let compose = installed::system("docker-compose");
    let said = done(Command::new(compose).args(["config", "--services"]).current_dir(&place));
    let mut services: Vec<_> = said.lines().map(str::to_owned).collect();
    services.sort();
    assert_eq!(services, SERVICES);
    services
}

/// Runs a program that has to succeed, and gives all that it said.
fn done(command: &mut Command) -> String {
    let ended = command.output();
    let ended = ended.unwrap_or_else(|cause| panic!("{command:?} can't be run: {cause}"));
    let said = [ended.stdout, ended.stderr].concat();
    let said = String::from_utf8(said).expect("a text");
    assert!(ended.status.success(), "{command:?}: {said}");
    said
}
