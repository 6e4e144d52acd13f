//! What no transcript can reach at a terminal, and why; nothing else may be missed.

use gmbot_engine::reply::Code;
use gmbot_snapshots::coverage::Coverage;

/// Codes that no line at a terminal leads to.
const CODES: &[(Code, &str)] = &[
    (Code::FactNoted, "a terminal tells no facts"),
    (Code::NameChanged, "a space is never renamed"),
    (Code::NoActor, "there is always somebody who types"),
    (Code::NoClan, "there are no direct messages"),
    (Code::NoSpace, "there are no direct messages"),
    (Code::TooLate, "a process has no delay"),
    (Code::IsABot, "a name says nothing of bots"),
];

/// Codes that no words of a command line lead to, while a line does.
const CODES_OF_LINES: &[(Code, &str)] = &[(Code::UnclosedQuote, "the shell reads the quotes")];

/// What was missed though it is not listed, and what is listed though it was reached.
pub(crate) fn compare(face: &str, reached: &Coverage) -> Vec<String> {
    let of_lines = if face == "cli" { CODES_OF_LINES } else { &[] };
    let listed_codes = || CODES.iter().chain(of_lines);
    let missing = reached.missing_codes();
    let listed = |code: &Code| listed_codes().any(|(known, _)| known == code);
    let missed = missing.iter().filter(|code| !listed(code));
    let mut wrong: Vec<String> =
        missed.map(|code| format!("no transcript reaches the code {code} on {face}")).collect();
    let needless = listed_codes().filter(|(code, _)| !missing.contains(code));
    wrong.extend(
        needless.map(|(code, why)| format!("{code} is reached on {face}, though listed as: {why}")),
    );
    for arrow in reached.missing_arrows() {
        wrong.push(format!("no transcript goes along the arrow {arrow} on {face}"));
    }
    wrong
}
