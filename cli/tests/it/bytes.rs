//! What a terminal receives, byte for byte, and what programs read.

use serde_json::Value;

use crate::Program;

/// When these conversations take place; a database with a clock of its own draws the same ids each
/// time.
const AT: &str = "--at 2026-01-05T18:00:00Z";

/// The text with escape characters that one can see.
fn seen(text: &str) -> String {
    text.replace('\u{1b}', "␛")
}

#[test]
fn meaning_has_a_colour() {
    let program = Program::new();
    let done = program.done(&format!("{AT} --color always --key k1 createwar @zucc -game 4"));
    insta::assert_snapshot!("created_in_colour", seen(&done));
    let mistake = program.line("--color always createwar @zucc -game 4 -durationn 0.2");
    assert_eq!(mistake.out, "");
    insta::assert_snapshot!("mistake_in_colour", seen(&mistake.err));
}

#[test]
fn colour_is_for_terminals_and_for_whoever_asks() {
    let program = Program::new();
    let colours = |words: &str, variables: &[(&str, &str)]| {
        let mut command = program.command(words.split(' '));
        let output = command.envs(variables.iter().copied()).output().expect("the binary runs");
        output.stdout.contains(&0x1b)
    };
    assert!(!colours("games", &[("TERM", "xterm")]));
    assert!(!colours("--color never games", &[("CLICOLOR_FORCE", "1")]));
    assert!(colours("--color always games", &[("NO_COLOR", "1")]));
    assert!(!colours("--color auto games", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
}

#[test]
fn nothing_that_was_typed_reaches_the_terminal_as_an_order() {
    let program = Program::new();
    let typed = "\u{1b}]0;title\u{7}\u{202e}";
    for words in [vec!["createwar", typed], vec!["--in", typed, "status"], vec![typed]] {
        let ended = program.run(&words);
        let shown = format!("{}{}", ended.out, ended.err);
        let orders = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{202e}');
        assert!(!shown.contains(orders), "{words:?}: {shown:?}");
    }
    let attached = program.run(["--attach", typed, "proof"]);
    assert!(!attached.err.contains('\u{1b}'), "{attached:?}");
}

/// What a line prints for programs, one value a line.
fn json(program: &Program, line: &str) -> Vec<Value> {
    let ended = program.line(line);
    assert_eq!(ended.err, "", "{line}");
    ended.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn programs_read_code_text_and_blocks() {
    let program = Program::new();
    program.done(&format!("{AT} --in f --as mara --key k0 subscribe 4"));
    let made = json(&program, &format!("{AT} --json --in hsk --key k1 createwar @zucc -game 4"));
    insta::assert_json_snapshot!("created", made);
    let notices = json(&program, &format!("{AT} --json --in f inbox"));
    insta::assert_json_snapshot!("inbox", notices);
    let mistake = json(&program, "--json --in hsk createwar @zucc -game 4 -durationn 0.2");
    insta::assert_json_snapshot!("mistake", mistake);
}

#[test]
fn the_demo_goes_from_challenge_to_glory() {
    let told = Program::new().done("demo");
    let wanted = [
        "f/mara> gmbot subscribe Mini Militia",
        "did you mean `-duration`?",
        "hsk/nikhil> gmbot createwar @zucc @cobra -game 4 -duration 12h",
        "f< a notice",
        "f/mara> gmbot accept ",
        "… 12h later",
        "who won?",
        "f/ben> gmbot vote",
        "Headshot Killers +20",
        "hsk/nikhil> gmbot explain ",
        "410 div 20 = 20",
        "f/mara> gmbot leaderboard",
    ];
    let mut rest = told.as_str();
    for part in wanted {
        let at = rest.find(part).unwrap_or_else(|| panic!("`{part}` is missing in {rest}"));
        rest = &rest[at..];
    }
    assert_eq!(Program::new().done("demo"), told);
}
