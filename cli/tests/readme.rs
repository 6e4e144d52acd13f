//! The README's sessions are run: what it shows is what the binary says. `…` stands for any lines,
//! and the README's war id for whatever id the war got.

use std::process::Command;

const README: &str = include_str!("../../README.md");

/// The war id that the README shows.
const SHOWN_ID: &str = "7kd2m";

#[test]
fn the_sessions_of_the_readme_are_true() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("readme.db");
    let mut commands = 0;
    for session in README.split("```console\n").skip(1) {
        let session = session.split("```").next().unwrap();
        let (command, expected) = session.split_once('\n').unwrap();
        let words = command.strip_prefix("$ cargo run -- ").expect("a session runs gmbot");
        let output = Command::new(env!("CARGO_BIN_EXE_gmbot"))
            .args(words.split_whitespace())
            .env_clear()
            .env("HOME", folder.path())
            .env("GMBOT_DB", &database)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        check(&String::from_utf8(said).unwrap(), expected, command);
        commands += 1;
    }
    assert!(commands >= 2, "the README shows a war and a mistake");
}

fn check(said: &str, expected: &str, command: &str) {
    let said = match said.strip_prefix("war ").and_then(|rest| rest.split(' ').next()) {
        Some(id) => said.replace(id, SHOWN_ID),
        None => said.to_owned(),
    };
    let mut rest = said.lines();
    let mut anything = false;
    for line in expected.lines() {
        if line == "…" {
            anything = true;
            continue;
        }
        let found = if anything { rest.any(|got| got == line) } else { rest.next() == Some(line) };
        assert!(found, "`{command}`: the README's line\n{line}\nis not in\n{said}");
        anything = false;
    }
    assert!(anything || rest.next().is_none(), "`{command}` says more than the README:\n{said}");
}

/// The repository's root.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn what_the_documentation_names_is_there() {
    let root = std::path::Path::new(ROOT);
    let mut pages = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    let docs = std::fs::read_dir(root.join("docs")).unwrap();
    pages.extend(docs.map(|page| page.unwrap().path()).filter(|page| is_page(page)));
    for page in &pages {
        let text = std::fs::read_to_string(page).unwrap();
        let here = page.parent().unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            let named = file.is_empty() || file.contains("://") || here.join(file).exists();
            assert!(named, "{} links to {link}, which is not there", page.display());
        }
        for path in text.split('`').skip(1).step_by(2).filter(|path| is_source(path)) {
            assert!(is_there(root, path), "{} names `{path}`", page.display());
        }
    }
}

/// Whether there is such a file or folder, or in `FILE::TEST` such a test in the file.
fn is_there(root: &std::path::Path, path: &str) -> bool {
    let Some((file, test)) = path.split_once("::") else { return root.join(path).exists() };
    std::fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(&format!("fn {test}(")))
}

fn is_page(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// Whether something in backticks names a file or folder of this repository by its whole path.
fn is_source(path: &str) -> bool {
    let folders = ["engine/", "cli/", "snapshots/", "docs/", "connectors/"];
    folders.iter().any(|folder| path.starts_with(folder)) && !path.contains([' ', '*', '…', '<'])
}
