//! A simulation that is held to a rule which the engine does not follow: that it fails, and that what
//! it writes is short, says what is wrong, and runs.

use gmbot_snapshots::simulation::{Keep, Plan, Rules, simulate};
use gmbot_snapshots::{Engine, Mode, Transcript, run};

/// What a simulation writes that is held to other rules.
fn held_to(rules: Rules) -> String {
    let broken = |seed| simulate(&Plan { rules, ..Plan::new(seed, 1500, Keep::Memory) }).err();
    let failure = (1..20).find_map(broken).expect("a seed under which it matters");
    failure.transcript.expect("the steps that matter")
}

/// A transcript says what the engine does, so that it runs on the engine as it stands.
fn assert_runs(text: &str) {
    let transcript = Transcript::parse("found.gmt", text).unwrap();
    let mut face = Engine::new(gmbot_snapshots::Keep::Memory);
    let (report, _) = run(&transcript, &mut face, Mode::Check, "");
    assert_eq!((report.ran, report.failures.len()), (1, 0), "{:?}\n{text}", report.failures);
}

#[test]
fn another_glory_of_draws_is_shown_by_a_short_transcript() {
    let text = held_to(Rules { drawn_glory: 6, ..Rules::default() });
    assert!(text.contains("it gave Sides { host: 5, guest: 5 }"), "{text}");
    let said = text.lines().filter(|line| line.contains("> gmbot")).count();
    assert!((2..=12).contains(&said), "{text}");
    assert_runs(&text);
}

#[test]
fn another_limit_of_challenges_is_shown_by_a_short_transcript() {
    let text = held_to(Rules { most_open: 2, ..Rules::default() });
    assert!(text.contains("has more than 2 open challenges"), "{text}");
    assert_eq!(text.matches("= WAR_CREATED").count(), 3, "{text}");
    assert_runs(&text);
}
