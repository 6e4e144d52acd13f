//! `gmbot complete WORDS…`: what may come next, for completion scripts: a word a line, and what it
//! means behind a tab.

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser as _};
use gmbot_backend::Options as Opening;
use gmbot_engine::grammar::complete::{Candidate, Completion, complete_words};
use gmbot_engine::render::visible;

#[cfg(feature = "remote")]
use crate::backend;
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Cli;
use crate::output::Output;
use crate::{database, person};

pub(crate) fn run(words: Vec<OsString>, output: &Output) -> Result<Exit, Failure> {
    let words: Vec<String> =
        words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    for choice in choices(&words) {
        // A shell reads lines and tabs: nothing in a name may look like one.
        output.line(&format!("{}\t{}", visible(&choice.text), visible(&choice.help)))?;
    }
    Ok(Exit::Done)
}

/// What the last word can become. Whatever goes wrong on the way, the shell gets no message in the
/// middle of its line: there is just nothing to choose.
fn choices(words: &[String]) -> Vec<Candidate> {
    let program = Cli::command();
    let typed = words.last().map_or("", String::as_str);
    match place(&program, words) {
        Place::Value(option) => values(option, typed),
        Place::Start if typed.starts_with('-') => options(&program, typed),
        Place::Start => {
            let mut found = subcommands(&program, typed);
            found.extend(complete_words(&[typed.to_owned()]).options);
            found
        }
        Place::Inside { options, command } => match program.find_subcommand(&command[0]) {
            Some(own) => own.get_positionals().flat_map(|shell| values(shell, typed)).collect(),
            None => language(options, command, typed),
        },
    }
}

/// Where the last word stands.
enum Place<'a> {
    /// It is the value of an option of the program.
    Value(&'a clap::Arg),
    /// It is an option, or the command.
    Start,
    /// It belongs to a command; the program's options come before.
    Inside { options: &'a [String], command: &'a [String] },
}

fn place<'a>(program: &'a clap::Command, words: &'a [String]) -> Place<'a> {
    let finished = words.len().saturating_sub(1);
    let mut at = 0;
    while at < finished {
        let Some(long) = words[at].strip_prefix("--") else {
            return Place::Inside { options: &words[..at], command: &words[at..] };
        };
        let option = program.get_arguments().find(|option| option.get_long() == Some(long));
        at += 1;
        if let Some(option) = option.filter(|option| option.get_action().takes_values()) {
            if at == finished {
                return Place::Value(option);
            }
            at += 1;
        }
    }
    Place::Start
}

/// What a word of the command language can become, with what only the database knows.
fn language(options: &[String], command: &[String], typed: &str) -> Vec<Candidate> {
    let found = live(options, command).unwrap_or_else(|| complete_words(command));
    let before = typed.get(..found.replace.start).unwrap_or(typed);
    // The shell replaces the whole word: `@ann,@b` becomes `@ann,@ben`.
    let whole =
        |choice: Candidate| Candidate { text: format!("{before}{}", choice.text), ..choice };
    found.options.into_iter().map(whole).collect()
}

/// Asks the server that the options name, or their database if there is one: none is made for it, and
/// nothing that is due is run.
fn live(options: &[String], command: &[String]) -> Option<Completion> {
    let words = ["gmbot"].into_iter().chain(options.iter().map(String::as_str));
    let options = Cli::try_parse_from(words).ok()?.options;
    let settings = Config::load(&options.flags, Vec::new()).ok()?.settings;
    let onlooker = person::onlooker(&settings, options.operator);
    #[cfg(feature = "remote")]
    if let Some(url) = &settings.backend {
        return backend::remote(&settings, url).ok()?.complete_words(command, &onlooker).ok();
    }
    let address = database::existing(&settings).ok()?;
    let backend = Opening::address(address).with_readers(1).open().ok()?;
    let viewer = backend.viewer(&onlooker).ok()?;
    backend.complete_words(command, &viewer).ok()
}

/// The program's options that begin with what was typed.
fn options(program: &clap::Command, typed: &str) -> Vec<Candidate> {
    let option = |option: &clap::Arg| {
        let text = format!("--{}", option.get_long()?);
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        text.starts_with(typed).then_some(Candidate { text, help })
    };
    program.get_arguments().filter_map(option).collect()
}

/// The program's own subcommands that begin with what was typed.
fn subcommands(program: &clap::Command, typed: &str) -> Vec<Candidate> {
    let own = program.get_subcommands().filter(|own| !own.is_hide_set());
    let candidate = |own: &clap::Command| Candidate {
        text: own.get_name().to_owned(),
        help: own.get_about().map(ToString::to_string).unwrap_or_default(),
    };
    own.map(candidate).filter(|choice| choice.text.starts_with(typed)).collect()
}

/// The values that an argument can have, where they are a few words.
fn values(argument: &clap::Arg, typed: &str) -> Vec<Candidate> {
    let possible = argument.get_possible_values();
    let candidate = |value: &clap::builder::PossibleValue| Candidate {
        text: value.get_name().to_owned(),
        help: value.get_help().map(ToString::to_string).unwrap_or_default(),
    };
    possible.iter().map(candidate).filter(|choice| choice.text.starts_with(typed)).collect()
}
