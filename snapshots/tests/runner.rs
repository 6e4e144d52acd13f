//! That the runner notices what does not go as written, and that blessing writes it down.

use gmbot_snapshots::{Engine, Keep, Mode, Report, Transcript, run};

const HEAD: &str = "\
@clock 2026-01-05T18:00:00Z
@clan hsk \"Headshot Killers\" leader=@ann members=@ben
@clan f \"Clan F\" leader=@mia

";

/// Runs the lines below [`HEAD`] on the engine's face.
fn run_lines(lines: &str, mode: Mode) -> (Report, Option<String>) {
    let text = format!("{HEAD}{lines}");
    let transcript = Transcript::parse("t.gmt", &text).expect("the test's transcript can be read");
    let mut face = Engine::new(Keep::Memory);
    run(&transcript, &mut face, mode, "run it so")
}

/// What fails, as it is shown.
fn failures(lines: &str) -> Vec<String> {
    let (report, _) = run_lines(lines, Mode::Check);
    report.failures.iter().map(ToString::to_string).collect()
}

/// The text that blessing makes of some lines, without [`HEAD`].
fn blessed(lines: &str) -> String {
    let (report, text) = run_lines(lines, Mode::Bless);
    assert!(report.is_good(), "{report}");
    text.expect("blessing gives a text").split_off(HEAD.len())
}

#[test]
fn the_example_in_the_documentation_goes_as_written() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/transcripts.md");
    let page = std::fs::read_to_string(path).expect("the documentation is there");
    let example = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let example = example.expect("the documentation has an example");
    let transcript = Transcript::parse("docs", example).expect("the example can be read");
    let (report, _) = run(&transcript, &mut Engine::new(Keep::Memory), Mode::Check, "");
    assert!(report.is_good(), "{report}");
}

#[test]
fn what_goes_as_written_does_not_fail() {
    let good = "hsk/ann> hello\n= -\n\nhsk/ann> gmbot subscribe 4\n= SUBSCRIBED\n| …\n";
    assert_eq!(failures(good), Vec::<String>::new());
}

#[test]
fn a_difference_is_shown_with_its_place_and_how_to_run_it_again() {
    let failures = failures("hsk/ann> gmbot subscribe 4\n= SUBSCRIPTIONS\n| nothing\n");
    let [failure] = failures.as_slice() else { panic!("{failures:?}") };
    assert!(failure.starts_with("t.gmt:6: something else came than expected\n"), "{failure}");
    assert!(failure.contains("    -= SUBSCRIPTIONS\n"), "{failure}");
    assert!(failure.contains("    += SUBSCRIBED\n"), "{failure}");
    assert!(failure.contains("    run it again: run it so\n"), "{failure}");
}

#[test]
fn whatever_comes_has_to_be_read() {
    let cases = [
        // An answer, and that there is none.
        ("hsk/ann> gmbot subscribe 4\n", "+= SUBSCRIBED"),
        ("hsk/ann> hello\n", "+= -"),
        // A notice, also where the answer is read.
        (
            "hsk/ann> gmbot createwar @ann -game 4 -clan \"Clan F\"\n= WAR_CREATED\n| …\n",
            "+f< CHALLENGE",
        ),
    ];
    for (lines, left) in cases {
        let failures = failures(lines);
        let [failure] = failures.as_slice() else { panic!("{failures:?}") };
        assert!(failure.contains(left), "{failure}");
    }
}

#[test]
fn what_does_not_come_fails() {
    let cases = [
        ("hsk/ann> hello\n= GAMES\n", "t.gmt:6: expected GAMES, but the line got no answer"),
        ("= GAMES\n", "t.gmt:5: expected GAMES, but no answer is left to read"),
        ("f< CHALLENGE\n", "t.gmt:5: expected CHALLENGE at `f`, but no notice is left"),
        ("f/mia! Accept\n", "t.gmt:5: `Accept` can't be pressed: `f` saw no action yet"),
        ("!dup\n", "t.gmt:5: `!dup` needs a line before it"),
        ("let war = War ([a-z]+)\n", "t.gmt:5: `War ([a-z]+)` is not in the text"),
    ];
    for (lines, start) in cases {
        let failures = failures(lines);
        let [failure] = failures.as_slice() else { panic!("{failures:?}") };
        assert!(failure.starts_with(start), "{failure}");
    }
}

#[test]
fn what_a_face_leaves_out_is_told() {
    let lines = "@only discord\nhsk/ann> gmbot games\n@end\n\n!restart\n";
    let (report, _) = run_lines(lines, Mode::Check);
    assert!(report.is_good(), "{report}");
    assert_eq!(
        report.left_out,
        [
            "t.gmt:5 on engine (only discord)",
            "t.gmt:9 on engine (its database is gone with the backend)"
        ]
    );
}

#[test]
fn a_part_that_is_left_out_changes_no_id() {
    let war = |before: &str| {
        let lines = format!("{before}hsk/ann> gmbot createwar @ann -game 4\n");
        let blessed = blessed(&lines);
        blessed.lines().last().map(str::to_owned)
    };
    let left_out = "@only discord\nhsk/ann> gmbot games\n@end\n";
    let said = "hsk/ann> gmbot games\n= GAMES\n| …\n";
    assert_eq!(war(left_out), war(said));
    assert_ne!(war(left_out), war(""));
}

#[test]
fn blessing_writes_what_is_missing_and_what_differs() {
    let lines = "\
hsk/ann> hello
hsk/ann> gmbot subscribe 4
= BALLOT_CAST
| nonsense
f< CHALLENGE
| …
# A remark stays.
hsk/ann> gmbot subscribe 4
= BALLOT_CAST
| …
";
    let expected = "\
hsk/ann> hello
= -
hsk/ann> gmbot subscribe 4
= SUBSCRIBED
| Headshot Killers hears of challenges at Mini Militia
# A remark stays.
hsk/ann> gmbot subscribe 4
= SUBSCRIBED
| …
";
    assert_eq!(blessed(lines), expected);
}

#[test]
fn a_blessed_transcript_runs_and_blessing_it_again_changes_nothing() {
    let lines = "\
f/mia> gmbot subscribe 4
hsk/ann> gmbot createwar @ann -game 4
let war = (?i)war ([a-z0-9]+)
f/mia> gmbot accept $war
>> 25h
";
    let once = blessed(lines);
    assert!(once.contains("\nf< CHALLENGE\n"), "{once}");
    assert_eq!(failures(&once), Vec::<String>::new());
    assert_eq!(blessed(&once), once);
}
