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
    for line in ["verify", "log"] {
        let ended = program.line(line);
        assert_eq!(ended.status, Some(3), "{ended:?}");
        assert!(ended.err.contains("no database at"), "{ended:?}");
    }
    fs::write(program.path("file"), "").expect("a file can be written");
    let ended = program.line("--db file/gmbot.db games");
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
