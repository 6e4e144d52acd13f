//! The screen as people run it: the real binary on a terminal, beside other processes.

#![cfg(all(unix, feature = "tui"))]

use emulator::Emulator;
use on_terminal::{command, leave};
use program::Program;

#[path = "../tui/tests/terminal/emulator.rs"]
mod emulator;
#[path = "support/on_terminal.rs"]
mod on_terminal;
#[path = "support/program.rs"]
mod program;

fn screen(program: &Program, words: &[&str]) -> Emulator {
    Emulator::start(command(program, words), 80, 24)
}

#[track_caller]
fn run(program: &Program, words: &[&str]) {
    let ended = program.run(words);
    assert_eq!(ended.status, Some(0), "{words:?}: {ended:?}");
}

#[test]
fn what_another_process_does_shows() {
    let program = Program::new();
    let db = program.db();
    let db = db.to_str().expect("a path");
    run(&program, &["--in", "foxes", "available"]);
    let mut terminal = screen(&program, &["--db", db, "--in", "foxes", "tui"]);
    terminal.until_shown("no war runs");
    run(&program, &["--in", "foxes", "createwar", "@nikhil", "-game", "5"]);
    terminal.until_shown("everybody  Fortnite ft3");
    run(&program, &["--in", "foxes", "--as", "zucc", "available"]);
    terminal.until_shown("@zucc joined the clan");
    leave(terminal);
    // The screen took nothing away from the inbox, and left no claim on it.
    run(&program, &["--in", "hens", "--as", "mara", "subscribe", "5"]);
    let mut terminal = screen(&program, &["--db", db, "--in", "hens", "--as", "mara", "tui"]);
    terminal.until_shown("Most glory");
    run(&program, &["--in", "foxes", "createwar", "@nikhil", "-game", "5", "-type", "ft5"]);
    terminal.until_shown("ft5");
    leave(terminal);
    let inbox = program.run(["--in", "hens", "--as", "mara", "inbox"]);
    assert!(inbox.out.contains("challenge"), "{inbox:?}");
}

#[test]
fn lines_are_remembered_from_run_to_run() {
    let program = Program::new();
    let mut terminal = screen(&program, &["tui"]);
    terminal.until_shown("Most glory");
    terminal.paste("formats");
    terminal.send(b"\r");
    terminal.until_shown("match formats");
    leave(terminal);
    let mut terminal = screen(&program, &["tui"]);
    terminal.until_shown("Most glory");
    terminal.send(b"f\x1b[A");
    terminal.until_shown("gmbot formats");
    leave(terminal);
}

#[test]
fn without_a_terminal_it_says_what_works() {
    let program = Program::new();
    let ended = program.run(["tui"]);
    assert_eq!((ended.status, ended.out.as_str()), (Some(2), ""));
    assert!(ended.err.contains("needs a terminal"), "{ended:?}");
}
