//! Programs of others: installed as packages of Debian by root or with sudo, or had from their
//! registries into folders of their own below `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where everything goes; it is kept for the next run.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e")
}

/// The folder of a package, filled once. What is half filled has another name.
fn once(name: &str, fill: impl FnOnce(&Path)) -> PathBuf {
    let whole = folder().join(name);
    if !whole.exists() {
        let part = folder().join(format!("{name}.part"));
        fs::remove_dir_all(&part).ok();
        fs::create_dir_all(&part).expect("a folder below `target/` can be made");
        fill(&part);
        fs::rename(&part, &whole).expect("a folder can be renamed");
    }
    whole
}

/// Runs a program that has to succeed.
fn run(command: &mut Command) {
    let ended = command.output();
    let ended = ended.unwrap_or_else(|cause| panic!("{command:?} can't be run: {cause}"));
    let said = || String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{command:?} failed: {}", said());
}

/// Has apt do something with packages. A machine that is new has no lists of them yet.
const APT: &str = r#"set -e
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
case $1 in
install) as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$2" ;;
download) apt-get download "$2" ;;
update) as_root apt-get update ;;
esac"#;

/// Does something with a package of Debian, if need be with new lists of them.
fn apt(what: &str, package: &str, folder: &Path) {
    let apt = |what| {
        let mut command = Command::new("sh");
        command.args(["-c", APT, "apt", what, package]).current_dir(folder);
        command
    };
    let at_once = apt(what).output();
    if !at_once.is_ok_and(|ended| ended.status.success()) {
        run(&mut apt("update"));
        run(&mut apt(what));
    }
}

/// Installs a package of Debian, which takes root or sudo.
pub(crate) fn install(package: &str) {
    apt("install", package, Path::new("/"));
}

/// The path of a program of the system; where it is not there, its package of the same name is
/// installed.
pub(crate) fn system(program: &str) -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let find =
        || std::env::split_paths(&paths).map(|path| path.join(program)).find(|path| path.is_file());
    find().unwrap_or_else(|| {
        install(program);
        find().expect("a package has the program that it is called as")
    })
}

/// The folder with a package of Debian in it, unpacked and not installed: nothing of it is started.
pub(crate) fn debian(package: &str) -> PathBuf {
    once(package, |folder| {
        apt("download", package, folder);
        let files = fs::read_dir(folder).expect("a folder that was made here");
        let files = files.map(|file| file.expect("a file").path());
        let archive = files.filter(|file| file.extension().is_some_and(|end| end == "deb")).last();
        run(Command::new("dpkg-deb").arg("-x").arg(archive.expect("an archive")).arg(folder));
    })
}

/// The folder of a package of Python's, with a Python of its own. Programs in `bin/` besides that
/// name a folder that has another name by now: they are run with `-m`.
pub(crate) fn python(package: &str) -> PathBuf {
    once(package, |folder| {
        let mut make = Command::new(system("python3"));
        make.args(["-m", "venv"]).arg(folder);
        if !make.output().is_ok_and(|ended| ended.status.success()) {
            // Debian has that in a package of its own.
            install("python3-venv");
            run(&mut make);
        }
        let pip = ["-m", "pip", "install", "--quiet", package];
        run(Command::new(folder.join("bin/python")).args(pip));
    })
}
