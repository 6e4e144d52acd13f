//! Programs of others, had from their package registries into folders of their own below `target/`.

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

/// The path of a program of the system; where it is not there, its package of the same name is
/// installed, which takes root.
pub(crate) fn system(program: &str) -> PathBuf {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let find =
        || std::env::split_paths(&paths).map(|path| path.join(program)).find(|path| path.is_file());
    find().unwrap_or_else(|| {
        run(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", program]));
        find().expect("a package has the program that it is called as")
    })
}

/// The folder with a package of Debian in it, unpacked and not installed: it takes no root.
pub(crate) fn debian(package: &str) -> PathBuf {
    once(package, |folder| {
        run(Command::new("apt-get").args(["download", package]).current_dir(folder));
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
        run(Command::new("python3").args(["-m", "venv"]).arg(folder));
        let pip = ["-m", "pip", "install", "--quiet", package];
        run(Command::new(folder.join("bin/python")).args(pip));
    })
}
