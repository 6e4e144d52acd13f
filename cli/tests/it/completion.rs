//! What the completion scripts are told, and that they ask for it.

use crate::{Program, war_in};

/// The choices for the words of a line; a space at its end begins a new word.
fn choices(program: &Program, line: &str) -> Vec<String> {
    let words = ["complete", "--"].into_iter().chain(line.split(' '));
    let ended = program.run(words);
    assert_eq!((ended.status, ended.err.as_str()), (Some(0), ""), "{line}");
    let text = |choice: &str| choice.split('\t').next().unwrap_or_default().to_owned();
    ended.out.lines().map(text).collect()
}

#[track_caller]
fn check(program: &Program, line: &str, expected: &[&str]) {
    assert_eq!(choices(program, line), expected, "{line}");
}

#[test]
fn commands_of_both_kinds_are_offered_first() {
    let program = Program::new();
    check(&program, "crea", &["createwar"]);
    check(&program, "ver", &["verify"]);
    let all = choices(&program, "");
    for name in ["inbox", "createwar", "help"] {
        assert!(all.iter().any(|choice| choice == name), "{name} in {all:?}");
    }
    assert!(!all.iter().any(|choice| choice == "complete"), "{all:?}");
}

#[test]
fn options_of_the_program_stand_before_the_command() {
    let program = Program::new();
    check(&program, "--op", &["--operator"]);
    check(&program, "--color ", &["auto", "always", "never"]);
    check(&program, "--in f --color n", &["never"]);
    check(&program, "--in ", &[]);
    check(&program, "--operator --in f crea", &["createwar"]);
    check(&program, "completions z", &["zsh"]);
}

#[test]
fn flags_and_live_values_are_offered_behind_it() {
    let program = Program::new();
    program.done("--in f --as mara subscribe 4");
    let war = war_in(&program.done("--in hsk createwar @zucc @cobra -game 4"));
    check(&program, "createwar -dur", &["-duration"]);
    check(&program, "createwar @zucc -game ", &["4", "5", "7", "8"]);
    check(&program, "createwar -game F", &["Fortnite"]);
    check(&program, "--in hsk createwar @z", &["@zucc"]);
    check(&program, "--in f accept ", &[&war, "-war", "-players"]);
    check(&program, "--in hsk show ", &[&war, "-war"]);
    check(&program, "--in hsk block -clan ", &["f", "hsk"]);
    let formats = choices(&program, "createwar -type ft");
    assert!(formats.contains(&"ft3".to_owned()), "{formats:?}");
}

#[test]
fn asking_makes_no_database() {
    let program = Program::new();
    check(&program, "accept -war ", &[]);
    assert!(!program.db().exists());
}

#[test]
fn each_shell_has_a_script_that_asks_the_binary() {
    for shell in ["bash", "zsh", "fish"] {
        let script = Program::new().done(&format!("completions {shell}"));
        assert!(script.contains(" complete -- "), "{shell}: {script}");
    }
}

/// What bash gets in the place of the word at the cursor; `@` begins a word there and is a part of it.
#[cfg(unix)]
#[test]
fn bash_keeps_the_sign_of_a_name() {
    let program = Program::new();
    program.done("--in local createwar @zucc @cobra -game 4");
    let script = program.path("gmbot.bash");
    std::fs::write(&script, program.done("completions bash")).expect("a file can be written");
    let completed = |line: &str| {
        let line =
            format!("{} --db {} {line}", env!("CARGO_BIN_EXE_gmbot"), program.db().display());
        let ended = std::process::Command::new("bash")
            .args([
                "-c",
                "source \"$0\"; COMP_LINE=$1 COMP_POINT=${#1}; _gmbot; echo \"${COMPREPLY[*]}\"",
            ])
            .args([script.as_os_str(), line.as_ref()])
            .env("COMP_WORDBREAKS", " \t\n\"'><=;|&(:@")
            .output();
        String::from_utf8(ended.expect("bash").stdout).expect("text").trim_end().to_owned()
    };
    assert_eq!(completed("createwar @z"), "@zucc");
    assert_eq!(completed("createwar -players=@z"), "@zucc");
    assert_eq!(completed("createwar -dur"), "-duration");
}
