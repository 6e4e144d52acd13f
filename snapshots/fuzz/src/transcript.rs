//! Any text as a transcript: it is refused with a line, or runs; and what blessing writes into it goes
//! as written.

use gmbot_snapshots::format::{Step, StepKind};
use gmbot_snapshots::{Engine, Keep, Mode, Report, Transcript, run as play};

/// The most steps of a transcript that is run, not just read.
const MOST_STEPS: usize = 40;
/// The most bytes of what is said in it, and of its files.
const MOST_BYTES: usize = 1 << 20;

/// Reads the bytes as a transcript, and plays it if it is small.
///
/// # Panics
/// When a promise is broken.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Transcript::parse("t.gmt", text) {
        Ok(transcript) if is_small(&transcript) => blessed(&transcript),
        Ok(_) => {}
        Err(error) => {
            assert!(!error.message.is_empty(), "a transcript is refused without a reason");
            let lines = 1..=text.lines().count().max(1);
            assert!(lines.contains(&error.line), "{error} is not in the file");
        }
    }
}

fn is_small(transcript: &Transcript) -> bool {
    let bytes = |step: &Step| {
        let StepKind::Say { files, text, .. } = &step.kind else { return 0 };
        text.len() + files.iter().filter_map(|file| file.size).sum::<usize>()
    };
    let steps = &transcript.steps;
    steps.len() <= MOST_STEPS && steps.iter().map(bytes).sum::<usize>() <= MOST_BYTES
}

/// What blessing makes of it can be read, goes as written, and is left alone by blessing it again.
fn blessed(transcript: &Transcript) {
    // Whatever it expects, it can be held to that.
    drop(played(transcript, Mode::Check));
    let (report, text) = played(transcript, Mode::Bless);
    let Some(text) = text.filter(|_| report.is_good()) else { return };
    let again = Transcript::parse("t.gmt", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (report, _) = played(&again, Mode::Check);
    assert!(report.is_good(), "{report}\n{text}");
    let (_, same) = played(&again, Mode::Bless);
    assert_eq!(same.as_ref(), Some(&text), "blessing again changes something");
}

fn played(transcript: &Transcript, mode: Mode) -> (Report, Option<String>) {
    play(transcript, &mut Engine::new(Keep::Memory), mode, "")
}
