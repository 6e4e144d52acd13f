//! How the screen ends, and what it leaves.

use std::os::unix::process::ExitStatusExt as _;

use libtest_mimic::{Failed, Trial};
use pty_process::blocking::Command;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::termios::{LocalModes, tcgetattr};

use crate::emulator::{Emulator, size};
use crate::program::{HOW, PANIC_WHERE_IT_DRAWS, PANIC_WHERE_IT_SPEAKS, PLANTED, WELL};

/// What ends a program that does not handle it; nobody can do anything about the one that kills, and
/// those of faults in memory can't be handled safely.
const ENDS: [Signal; 14] = [
    Signal::HUP,
    Signal::INT,
    Signal::QUIT,
    Signal::TRAP,
    Signal::ABORT,
    Signal::USR1,
    Signal::USR2,
    Signal::ALARM,
    Signal::TERM,
    Signal::XCPU,
    Signal::XFSZ,
    Signal::VTALARM,
    Signal::PROF,
    Signal::SYS,
];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, run: fn()| {
        Trial::test(name.to_owned(), move || {
            run();
            Ok::<(), Failed>(())
        })
    };
    let mut trials = vec![
        trial("a key ends it", a_key_ends_it),
        trial("a panic where it draws is told on the terminal as it was", drawing_panics),
        trial("a panic where it speaks is told on the terminal as it was", speaking_panics),
        trial("it can be stopped and goes on", it_can_be_stopped),
        trial("it follows the terminal's size", it_follows_the_size),
        trial("what is typed and pasted arrives", typed_and_pasted),
    ];
    trials.extend(ENDS.map(|signal| {
        Trial::test(format!("{signal:?} ends it"), move || {
            a_signal_ends_it(signal);
            Ok(())
        })
    }));
    trials
}

impl Emulator {
    /// The process.
    fn id(&self) -> Pid {
        Pid::from_child(&self.program)
    }

    /// Gives the terminal another size.
    fn resize(&mut self, columns: u16, rows: u16) {
        self.pty.resize(pty_process::Size::new(rows, columns)).expect("another size");
        self.parser.screen_mut().set_size(size(rows), size(columns));
    }

    /// Whether keys arrive as they are typed, without a line of their own.
    fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.line).expect("the terminal's modes");
        !modes.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO)
    }
}

fn shown(how: &str) -> Emulator {
    let itself = std::env::current_exe().expect("this test");
    let command = Command::new(itself).env(HOW, how).env("TERM", "xterm-256color");
    let mut terminal = Emulator::start(command, 80, 24);
    terminal.until_shown("Most glory");
    terminal.until_shown("› gmbot");
    assert!(terminal.is_raw() && terminal.screen().alternate_screen());
    terminal
}

#[track_caller]
fn all_is_given_back(terminal: &Emulator) {
    let left = terminal.left_behind();
    assert!(left.is_empty(), "it leaves {left:?}:\n{}", terminal.rows().join("\n"));
}

fn a_key_ends_it() {
    let mut terminal = shown(WELL);
    terminal.send(b"\x11");
    assert_eq!(terminal.ended().code(), Some(0));
    all_is_given_back(&terminal);
    assert!(terminal.rows().iter().all(String::is_empty), "{:?}", terminal.rows());
}

fn a_signal_ends_it(signal: Signal) {
    let mut terminal = shown(WELL);
    kill_process(terminal.id(), signal).expect("it is there");
    assert_eq!(terminal.ended().signal(), Some(signal.as_raw()), "{signal:?}");
    all_is_given_back(&terminal);
}

fn drawing_panics() {
    let mut terminal = shown(PANIC_WHERE_IT_DRAWS);
    terminal.send(b"games\r");
    assert_eq!(terminal.ended().code(), Some(101));
    all_is_given_back(&terminal);
    assert!(terminal.screen().contents().contains(PLANTED), "{:?}", terminal.rows());
}

fn speaking_panics() {
    let mut terminal = shown(PANIC_WHERE_IT_SPEAKS);
    terminal.send(b"games\r");
    assert_eq!(terminal.ended().code(), Some(1));
    all_is_given_back(&terminal);
    assert!(terminal.screen().contents().contains(PLANTED), "{:?}", terminal.rows());
}

fn it_can_be_stopped() {
    let mut terminal = shown(WELL);
    kill_process(terminal.id(), Signal::TSTP).expect("it is there");
    terminal.until("terminal as it was", |rows| rows.iter().all(String::is_empty));
    while terminal.is_raw() {
        std::thread::yield_now();
    }
    all_is_given_back(&terminal);
    // Only what has stopped can be told to go on: it gives the terminal back before.
    waitpid(Some(terminal.id()), WaitOptions::UNTRACED).expect("it stops");
    kill_process(terminal.id(), Signal::CONT).expect("it is there");
    terminal.until_shown("Most glory");
    terminal.send(b"games\r");
    terminal.until_shown("Mini Militia");
    terminal.send(b"\x11");
    assert_eq!(terminal.ended().code(), Some(0));
    all_is_given_back(&terminal);
}

fn it_follows_the_size() {
    let mut terminal = shown(WELL);
    terminal.resize(160, 48);
    terminal.until("wide screen", |rows| {
        rows.len() == 48 && rows.iter().any(|row| row.contains("Our glory"))
    });
    terminal.resize(30, 10);
    terminal.until("narrow screen", |rows| {
        rows.len() == 10 && rows.iter().any(|row| row.starts_with("Wars Open Feed"))
    });
    terminal.resize(80, 24);
    terminal.until_shown("Most glory");
}

fn typed_and_pasted() {
    let mut terminal = shown(WELL);
    terminal.send(b"available\r");
    terminal.until_shown("@nikhil, leader");
    terminal.paste("formats\n  ");
    terminal.until_shown("formats⏎");
    terminal.send(b"\r");
    terminal.until_shown("match formats");
}
