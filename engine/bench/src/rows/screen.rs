//! The screen: how soon it stands, how soon a key shows while much happens, what it costs to leave it
//! open.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gmbot_backend::{Backend as _, Options};

use crate::history::{self, Regular};
use crate::terminal::Terminal;
use gmbot_bench::Failure;
use gmbot_bench::data::Scratch;
use gmbot_bench::page::{Goal, Line, figure, time};
use gmbot_bench::sample::Series;

/// How many wars there are.
const WARS: usize = 100_000;
/// How often the screen and its yardstick take their turns.
const ROUNDS: usize = 21;
/// How often something changes while keys are pressed.
const APART: Duration = Duration::from_millis(10);
/// How many keys are pressed, and how far apart at least; not a multiple of the above, so that they
/// fall everywhere between two changes.
const KEYS: usize = 1_000;
const KEYS_APART: Duration = Duration::from_micros(23_700);
/// How much is written before the line is cleared.
const LETTERS: usize = 40;
/// What one may notice: a picture of sixty a second.
const FRAME: Duration = Duration::from_millis(16);
/// How long it is left alone, and what of a core it may take.
const IDLE: Duration = Duration::from_secs(60);
const IDLE_SHARE: f64 = 0.001;

pub(crate) fn measure() -> Result<Vec<Line>, Failure> {
    let history = history::of(WARS)?;
    let folder = Scratch::on_disk()?;
    let db = folder.path("screen.db");
    fs::copy(&history.path, &db)?;
    let regular = *history.regulars.first().ok_or("nobody fights there")?;
    let first = first_screen(&db, regular)?;
    let [echo, copy] = echo(&db, regular)?;
    let idle = idle(&db, regular)?;
    Ok(vec![first, echo, copy, idle])
}

/// From the start of the process to a screen that shows the clan's wars.
fn first_screen(db: &Path, regular: Regular) -> Result<Line, Failure> {
    let (mut screen, mut status) = (Series::default(), Series::default());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let mut command = Command::new(gmbot()?);
        command.arg("--db").arg(db).args(["--in", &regular.space(), "status"]);
        let ended = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        if !ended.success() {
            return Err(format!("{command:?} failed: {ended}").into());
        }
        status.time(begun.elapsed());
        let begun = Instant::now();
        let mut terminal = open(db, regular)?;
        terminal.until("● live")?;
        screen.time(begun.elapsed());
    }
    Ok(Line {
        work: "`gmbot tui` to its first screen, 10⁵ wars".to_owned(),
        took: time(screen.median()),
        yardstick: format!("`gmbot status` as a process: {}", time(status.median())),
        ratio: screen.per(&status),
        goal: Goal::AtMost(3.0),
    })
}

/// From a key to its letter on the screen, while a hundred things a second happen to the clan; and
/// on a terminal where a program does no more than to write what it reads.
fn echo(db: &Path, regular: Regular) -> Result<[Line; 2], Failure> {
    let (mut screen, mut copy) = (open(db, regular)?, copy()?);
    screen.until("● live")?;
    let ended = Arc::new(AtomicBool::new(false));
    let feed = {
        let (db, ended) = (db.to_owned(), Arc::clone(&ended));
        thread::spawn(move || feed(&db, regular, &ended))
    };
    let (mut on_screen, mut copied) = (Vec::new(), Vec::new());
    let mut line = String::new();
    for number in 0..KEYS {
        if line.len() == LETTERS {
            screen.press(b"\x15")?;
            copy.press(b"\r\n")?;
            line.clear();
            screen.settle(Duration::from_millis(50))?;
        }
        let letter = b'a' + u8::try_from(number % 26)?;
        line.push(char::from(letter));
        on_screen.push(pressed(&mut screen, letter, &format!("gmbot {line}"))?);
        copied.push(pressed(&mut copy, letter, &line)?);
        screen.settle(KEYS_APART)?;
    }
    ended.store(true, Ordering::SeqCst);
    let changes = feed.join().map_err(|_panicked| "the feed panicked")??;
    let work =
        format!("a key to its letter on the screen, {} changes a second, p99", figure(changes));
    let (most, half) = (share(&mut on_screen, 99), share(&mut on_screen, 50));
    let (copied_most, copied_half) = (share(&mut copied, 99), share(&mut copied, 50));
    let said = |most, half| format!("{} (half within {})", time(most), time(half));
    let line = |yardstick, ratio, goal| Line {
        work: work.clone(),
        took: said(most, half),
        yardstick,
        ratio,
        goal,
    };
    let frame = FRAME.as_secs_f64();
    Ok([
        line(format!("a picture of 60 a second: {}", time(frame)), most / frame, Goal::AtMost(1.0)),
        line(
            format!("`cat` on such a terminal: {}", said(copied_most, copied_half)),
            most / copied_most,
            Goal::None,
        ),
    ])
}

/// How long it took from a key to a text on the screen, in seconds.
fn pressed(terminal: &mut Terminal, letter: u8, text: &str) -> Result<f64, Failure> {
    let begun = Instant::now();
    terminal.press(&[letter])?;
    terminal.until(text)?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Below what so many in a hundred came out.
fn share(took: &mut [f64], hundredths: usize) -> f64 {
    took.sort_by(f64::total_cmp);
    took.get(took.len() * hundredths / 100).copied().unwrap_or(f64::NAN)
}

/// A program that writes what it reads, on a terminal that hands keys on as they are.
fn copy() -> Result<Terminal, Failure> {
    let command = pty_process::blocking::Command::new("sh");
    let mut terminal =
        Terminal::start(command.args(["-c", "stty raw -echo; echo ready; exec cat"]))?;
    terminal.until("ready")?;
    Ok(terminal)
}

/// Changes something of the clan a hundred times a second until it is told to end, and says how often
/// a second that was.
fn feed(db: &Path, regular: Regular, ended: &AtomicBool) -> Result<f64, Failure> {
    let backend = Options::file(db).open()?;
    let begun = Instant::now();
    let mut changes = 0_u32;
    while !ended.load(Ordering::SeqCst) {
        let line = if changes.is_multiple_of(2) { "gmbot unavailable" } else { "gmbot available" };
        backend.submit(regular.says(format!("change-{changes}-{begun:?}"), line))?;
        changes += 1;
        thread::sleep((APART * changes).saturating_sub(begun.elapsed()));
    }
    Ok(f64::from(changes) / begun.elapsed().as_secs_f64())
}

/// What of a core it takes while nothing happens.
fn idle(db: &Path, regular: Regular) -> Result<Line, Failure> {
    let mut terminal = open(db, regular)?;
    terminal.until("● live")?;
    terminal.settle(Duration::from_secs(2))?;
    let before = spent(terminal.program())?;
    terminal.settle(IDLE)?;
    let spent = spent(terminal.program())? - before;
    let share = spent / IDLE.as_secs_f64();
    Ok(Line {
        work: "`gmbot tui` left alone for a minute: processor time".to_owned(),
        took: time(spent),
        yardstick: format!("0.1 % of a core: {}", time(IDLE.as_secs_f64() * IDLE_SHARE)),
        ratio: share / IDLE_SHARE,
        goal: Goal::AtMost(1.0),
    })
}

/// The processor time of all threads of a process so far, in seconds. Linux counts it in
/// nanoseconds, in the first word of each thread's file.
fn spent(program: &Child) -> Result<f64, Failure> {
    let mut nanoseconds = 0_u64;
    for thread in fs::read_dir(format!("/proc/{}/task", program.id()))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let word = text.split_whitespace().next().ok_or("an empty file")?;
        nanoseconds += word.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds).as_secs_f64())
}

/// The screen of a clan that fights often, as its leader sees it.
fn open(db: &Path, regular: Regular) -> Result<Terminal, Failure> {
    let command = pty_process::blocking::Command::new(gmbot()?);
    let leader = format!("leader-of-{}", regular.space());
    let command = command
        .arg("--db")
        .arg(db)
        .args(["--as", &leader, "--in", &regular.space(), "tui"])
        .env("TERM", "xterm-256color");
    Terminal::start(command)
}

/// The binary that cargo built beside this one.
fn gmbot() -> Result<std::path::PathBuf, Failure> {
    Ok(std::env::current_exe()?.with_file_name("gmbot"))
}
