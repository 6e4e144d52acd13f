//! Whole requests by several people in several clans, on a database in memory.
//!
//! An input is a script, a step a line: a letter for who, a sign for what, and a text.
//!
//! | sign | the step |
//! | --- | --- |
//! | (a space) | says the text; `$0` in it is the newest war, `$1` the one before |
//! | `%` | types the words of the text at a terminal |
//! | `{` | sends the text, with its brace, as a form or a command in JSON |
//! | `!` | presses the action of this number, counted from the newest |
//! | `+` | says the text, and sends an image with it |
//! | `~` | sends the last request again |
//! | `>` | moves the clock by so many minutes, also back |
//! | `<` | takes notices; `f` refuses them for now, `u` for good |
//! | `=` | tells what a platform says happened: a digit for what, and a name |
//! | `?` | completes the text |
//!
//! Anything else is read as some of these, so that no bytes are wasted.

use std::str::FromStr;

use gmbot_engine::request::Input;
use gmbot_snapshots::format::{Happening, Speaker};

use stage::Stage;

mod stage;

/// The most steps of a script.
const MOST_STEPS: usize = 48;

/// Who speaks: by letter, the clan, the person, and whether they operate the bot.
const CAST: [(&str, Option<&str>, bool); 12] = [
    ("red", Some("ann"), false),
    ("red", Some("ben"), false),
    ("red", Some("cat"), false),
    ("blue", Some("mia"), false),
    ("blue", Some("noa"), false),
    ("blue", Some("oli"), false),
    ("oak", Some("eve"), false),
    ("oak", Some("mia"), false),
    ("dm", Some("mia"), false),
    ("dm", Some("eve"), false),
    ("red", Some("ann"), true),
    ("blue", None, false),
];

/// The letter of somebody in the cast, for those who write scripts.
pub(crate) fn letter(number: usize) -> char {
    char::from(b'a'.saturating_add(u8::try_from(number % CAST.len()).unwrap_or(0)))
}

/// Plays a script.
///
/// # Panics
/// When a promise is broken.
pub fn run(data: &[u8]) {
    play(data);
}

/// Plays a script, and gives back the stage as it is then.
pub(crate) fn play(data: &[u8]) -> Stage {
    let text = String::from_utf8_lossy(data);
    let mut stage = Stage::new();
    for line in text.split('\n').take(MOST_STEPS) {
        let mut letters = line.chars();
        if let (Some(who), Some(what)) = (letters.next(), letters.next()) {
            step(&mut stage, &speaker(who), what, letters.as_str());
        }
    }
    stage.end();
    stage
}

fn speaker(letter: char) -> Speaker {
    let place = u32::from(letter).wrapping_sub(u32::from('a'));
    let place = usize::try_from(place).unwrap_or(0) % CAST.len();
    let (clan, actor, operator) = CAST.get(place).copied().unwrap_or(("red", None, false));
    Speaker { clan: clan.to_owned(), actor: actor.map(str::to_owned), operator, stated_role: None }
}

fn step(stage: &mut Stage, speaker: &Speaker, what: char, text: &str) {
    match what {
        '%' => {
            let words = stage.filled_in(text).split(' ').map(str::to_owned).collect();
            stage.submit(speaker, Input::Words(words), false);
        }
        '{' => {
            let text = format!("{{{}", stage.filled_in(text));
            let form = serde_json::from_str(&text).map(Input::Form);
            if let Ok(input) = form.or_else(|_| serde_json::from_str(&text).map(Input::Command)) {
                stage.submit(speaker, input, false);
            }
        }
        '!' => stage.press(speaker, number(text)),
        '+' => stage.submit(speaker, Input::Line(stage.filled_in(text)), true),
        '~' => stage.again(),
        '>' => stage.advance(number(text)),
        '<' => stage.deliver(text.chars().next()),
        '=' => stage.happen(&happening(speaker, text)),
        '?' => stage.complete(speaker, &stage.filled_in(text)),
        _ => stage.submit(speaker, Input::Line(stage.filled_in(text)), false),
    }
}

/// The number that a text begins with, or 0.
fn number<N: FromStr + Default>(text: &str) -> N {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    text.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// What a platform tells of a speaker's clan.
fn happening(speaker: &Speaker, text: &str) -> Happening {
    let clan = speaker.clan.clone();
    let mut letters = text.chars();
    let kind = letters.next().unwrap_or('0');
    let name = Some(letters.as_str().trim()).filter(|name| !name.is_empty());
    let person = name.or(speaker.actor.as_deref()).unwrap_or("mia").to_owned();
    match kind {
        '1' => Happening::Back(clan),
        '2' => Happening::Left(clan, person),
        '3' => Happening::Joined(clan, person),
        '4' => Happening::Renamed(clan, person),
        '5' => Happening::Moved(clan, person),
        '6' => Happening::Owner(clan, person),
        _ => Happening::Gone(clan),
    }
}
