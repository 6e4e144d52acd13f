//! How the binary ends, and on which stream it says why.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::{Program, war_in};

/// Runs a line on a database with one open war, and checks its exit status and what it says.
#[track_caller]
fn check(line: &str, status: i32, says: &str) {
    let program = Program::new();
    program.done("createwar @zucc -game 4");
    let ended = program.line(line);
    assert_eq!(ended.status, Some(status), "{line}: {ended:?}");
    let (said, silent) =
        if status == 0 { (&ended.out, &ended.err) } else { (&ended.err, &ended.out) };
    assert!(said.contains(says), "{line}: {ended:?}");
    assert_eq!(silent, "", "{line}");
}

#[test]
fn what_is_done_ends_with_0_on_standard_output() {
    check("games", 0, "Mini Militia");
    check("createwar -players @zucc -game 4 -type bo5", 0, "best of 5");
    check("status", 0, "wars of local");
}

#[test]
fn the_first_command_needs_no_preparation() {
    let program = Program::new();
    let shown = program.done("createwar -players @Player1 @Player2 -game 4 -type ft3");
    assert!(shown.contains("@Player1, @Player2"), "{shown}");
    assert_eq!(war_in(&shown).len(), 5, "{shown}");
}

#[test]
fn what_a_rule_refuses_ends_with_1_on_standard_error() {
    check("accept k3xp2", 1, "no war `k3xp2`");
    check("--as stranger createwar @zucc -game 4", 1, "leader");
    check("createwar @everyone -game 4", 1, "@everyone");
}

#[test]
fn what_is_not_understood_ends_with_2_on_standard_error() {
    check("createwar @zucc -game 4 -durationn 0.2", 2, "did you mean `-duration`?");
    check("is great", 2, "unknown command `is`");
    check("--at yesterday games", 2, "--at");
    check("--at 2026-01-05T18:00:00Z games", 2, "computer's clock");
    check("--attach nothing.png proof", 2, "can't read `nothing.png`");
}

#[test]
fn what_the_world_refuses_ends_with_3_on_standard_error() {
    let program = Program::new();
    for line in ["verify", "log", "status", "show k3xp2", "inbox", "tick"] {
        let ended = program.line(&format!("--db away/gmbot.db {line}"));
        assert_eq!(ended.status, Some(3), "{line}: {ended:?}");
        assert!(ended.err.contains("no database at"), "{line}: {ended:?}");
    }
    for (line, status) in [("help", 0), ("games", 0), ("statsu", 2)] {
        let ended = program.line(&format!("--db away/gmbot.db {line}"));
        assert_eq!(ended.status, Some(status), "{line}: {ended:?}");
    }
    assert!(!program.path("away").exists(), "a question makes nothing");
    fs::write(program.path("file"), "").expect("a file can be written");
    let ended = program.line("--db file/gmbot.db createwar @zucc -game 4");
    assert_eq!(ended.status, Some(3), "{ended:?}");
}

#[test]
fn a_file_that_is_no_database_stays_as_it_is() {
    let program = Program::new();
    let letters = "these are letters, and no database".repeat(50);
    for content in [letters.as_bytes(), &[0; 5000], b"SQLite format 3\0 and then nothing"] {
        fs::write(program.db(), content).expect("a file can be written");
        for line in ["games", "createwar @zucc -game 4", "inbox", "tick", "verify", "log"] {
            let ended = program.line(line);
            assert_eq!(ended.status, Some(3), "{line}: {ended:?}");
            assert!(ended.err.starts_with("error: "), "{line}: {ended:?}");
        }
        assert!(fs::read(program.db()).expect("it is still there") == content);
    }
}

#[test]
fn a_folder_is_no_database() {
    let program = Program::new();
    fs::create_dir(program.db()).expect("a folder can be made");
    assert_eq!(program.line("games").status, Some(3));
}

#[test]
fn without_words_there_is_help() {
    let ended = Program::new().run([""; 0]);
    assert_eq!(ended.status, Some(0));
    assert!(ended.out.contains("gmbot demo"), "{}", ended.out);
}

#[test]
fn the_same_key_is_carried_out_once() {
    let program = Program::new();
    let first = program.done("--key k1 createwar @zucc -game 4");
    assert_eq!(program.done("--key k1 createwar @zucc -game 4"), first);
    let other = program.line("--key k1 createwar @zucc -game 5");
    assert_eq!(other.status, Some(1), "{other:?}");
    assert_ne!(war_in(&program.done("--key k2 createwar @zucc -game 4")), war_in(&first));
}

#[test]
fn a_clock_of_its_own_goes_on_where_it_stood() {
    let program = Program::new();
    program.done("--at 2026-01-05T18:00:00Z createwar @zucc -game 4");
    let shown = program.done("status");
    assert!(shown.contains("open until 2026-01-06 18:00"), "{shown}");
    let later = program.done("--at 2026-01-07T18:00:00Z status");
    assert!(!later.contains("open until"), "{later}");
}

#[test]
fn a_slip_of_a_place_founds_no_clan() {
    let program = Program::new();
    let founded = program.run(["--in", "Headshot Killers", "createwar", "@zucc", "-game", "4"]);
    assert!(founded.out.contains("it founded the clan Headshot Killers"), "{founded:?}");
    let slip = program.run(["--in", "Hedshot Killers", "available"]);
    assert_eq!(slip.status, Some(1), "{slip:?}");
    assert!(slip.err.contains("gmbot --in 'Headshot Killers' COMMAND"), "{slip:?}");
    let meant = "gmbot --in 'Hedshot Killers' setup -name 'Hedshot Killers'";
    assert!(slip.err.contains(meant), "{slip:?}");
    let setup = ["--in", "Hedshot Killers", "setup", "-name", "Hedshot Killers"];
    assert_eq!(program.run(setup).status, Some(0));
    // A clan's own name is no place beside the one where it has spoken so far.
    program.run(["--in", "Headshot Killers", "setup", "-name", "Killers of Heads"]);
    let renamed = program.run(["--in", "Killers of Heads", "available"]);
    assert_eq!(renamed.status, Some(1), "{renamed:?}");
    assert!(renamed.err.contains("gmbot --in 'Headshot Killers' COMMAND"), "{renamed:?}");
}

#[test]
fn a_challenge_that_is_over_is_no_offer() {
    let program = Program::new();
    program.done("--in f --as mara subscribe 4");
    let war = war_in(&program.done("--in hsk createwar @zucc -game 4"));
    program.done("tick");
    program.done(&format!("--in hsk removewar {war}"));
    let inbox = program.done("--in f inbox");
    assert!(inbox.contains("nobody can accept it any more"), "{inbox}");
    assert!(!inbox.contains(&format!("accept {war}")), "{inbox}");
}

#[test]
fn a_name_with_a_space_is_found_with_and_without_the_sign() {
    let program = Program::new();
    program.done("--as me subscribe 4");
    assert_eq!(program.run(["--as", "Ann Smith", "available"]).status, Some(0));
    for name in ["Ann Smith", "@Ann Smith"] {
        let said = program.run(["--as", "me", "createwar", "-players", name, "-game", "4"]);
        assert!(said.out.contains("Ann Smith"), "{said:?}");
    }
}

#[test]
fn each_kind_of_help_names_the_other() {
    let program = Program::new();
    assert!(program.done("help inbox").contains("marks it as seen"));
    assert_eq!(program.done("createwar -h"), program.done("help createwar"));
    let own = program.done("--help");
    assert!(own.contains("createwar") && own.contains("privatewar"), "{own}");
}

#[test]
fn what_others_sent_is_shown_once() {
    let program = Program::new();
    program.done("--in f --as mara subscribe 4");
    let war = war_in(&program.done("--in hsk createwar @zucc -game 4"));
    let inbox = program.done("--in f inbox");
    assert!(inbox.contains(&format!("gmbot --in f accept {war}")), "{inbox}");
    assert_eq!(program.done("--in f inbox"), "");
}

#[cfg(unix)]
#[test]
fn a_word_that_is_not_text_is_not_understood() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let ended = Program::new().run([OsStr::new("games"), OsStr::from_bytes(b"\xff")]);
    assert_eq!(ended.status, Some(2), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn an_answer_that_nobody_reads_is_no_failure() {
    let program = Program::new();
    program.done("createwar @zucc -game 4");
    for line in ["games", "log"] {
        let mut child = program
            .command([line])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        drop(child.stdout.take());
        let mut err = String::new();
        let mut stream = child.stderr.take().expect("a stream");
        stream.read_to_string(&mut err).expect("the binary writes UTF-8");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{line}: {err}");
        assert_eq!(err, "", "{line}");
    }
}
