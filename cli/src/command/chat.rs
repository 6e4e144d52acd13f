//! A command of the language: `gmbot createwar …`, as typed in a chat.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use clap::CommandFactory as _;
use gmbot_backend::BackendError;
use gmbot_engine::Request;
use gmbot_engine::grammar::ValueKind;
use gmbot_engine::grammar::table;
use gmbot_engine::model::ids::hex;
use gmbot_engine::request::{Attachment, Authority, Input};

use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Cli, Options};
use crate::output::Output;
use crate::{backend, mentions, person};

/// The name under which terminals send requests.
const CLIENT: &str = "terminal";

/// How much of an attached file is read: one byte more than an image may have, so that the engine
/// can tell that it is too large.
const MOST_BYTES: u64 = Attachment::LARGEST_IMAGE as u64 + 1;

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    words: Vec<OsString>,
    output: &Output,
) -> Result<Exit, Failure> {
    let words = with_help_asked(texts(words)?);
    if let [help, own] = words.as_slice()
        && let Some(page) = page_of(help, own)
    {
        output.line(page.trim_end())?;
        return Ok(Exit::Done);
    }
    let request = request(options, settings, words)?;
    let typed = typed(&request.input);
    let backend = backend::open_for(&request.input, settings, options.at)?;
    let Some(reply) = backend.submit(request)? else {
        return Err(Failure::NoCommand(typed));
    };
    let exit = Exit::from(reply.code);
    unless_closed(output.answer(&reply))?;
    if exit == Exit::NotUnderstood {
        misplaced_option(&typed, output)?;
    }
    if exit == Exit::Done && is_help(&typed) {
        output
            .hint(&format!("`gmbot --help` tells of what this program does besides: {}", own()))?;
    }
    if backend.waiting_for(&person::space(&settings.clan).key)? > 0 {
        output.hint("others wrote to this clan: `gmbot inbox` shows it")?;
    }
    Ok(exit)
}

/// `createwar --help` asks what `help createwar` tells; what is said to others is taken as it stands.
fn with_help_asked(words: Vec<String>) -> Vec<String> {
    let says = |command: &str| {
        let params = table::find(command).map_or(&[][..], |row| row.params);
        params.iter().any(|param| param.value == ValueKind::Rest)
    };
    match words.as_slice() {
        [command, flag] if matches!(flag.as_str(), "-h" | "--help") && !says(command) => {
            vec!["help".to_owned(), command.clone()]
        }
        _ => words,
    }
}

/// Whether somebody asks for the list of commands.
fn is_help(word: &str) -> bool {
    table::find(word).is_some_and(|row| row.name == "help")
}

/// What the program says of a command of its own, where `help` is asked for one.
fn page_of(help: &str, own: &str) -> Option<String> {
    if !is_help(help) {
        return None;
    }
    let mut program = Cli::command();
    program.build();
    let command = program.find_subcommand_mut(own).filter(|command| !command.is_hide_set())?;
    Some(command.render_help().to_string())
}

/// The names of the program's own commands.
fn own() -> String {
    let program = Cli::command();
    let shown = program.get_subcommands().filter(|command| !command.is_hide_set());
    shown.map(clap::Command::get_name).collect::<Vec<_>>().join(", ")
}

/// The words as text. They stay apart: a shell has taken the quotes already.
fn texts(words: Vec<OsString>) -> Result<Vec<String>, Failure> {
    let text = |(number, word): (usize, OsString)| {
        word.into_string().map_err(|_word| Failure::NotText(number + 1))
    };
    words.into_iter().enumerate().map(text).collect()
}

fn request(options: &Options, settings: &Settings, words: Vec<String>) -> Result<Request, Failure> {
    let key = options.key.clone().map_or_else(random_key, Ok)?;
    let attachments = attachments(options)?;
    Ok(Request { attachments, ..spoken(options, settings, key, Input::Words(words)) })
}

/// What the settings' user says in their clan's place.
pub(super) fn spoken(options: &Options, settings: &Settings, key: String, input: Input) -> Request {
    let mentions = match &input {
        Input::Words(words) => mentions::find(words.iter().map(String::as_str)),
        Input::Line(line) => mentions::find([line.as_str()]),
        Input::Command(_) | Input::Form(_) | Input::Fact(_) => Vec::new(),
    };
    Request {
        // Whoever can run this can write the file: the first one to do so leads the clan.
        authority: Authority { founder: true, operator: options.operator, ..Authority::default() },
        space: Some(person::space(&settings.clan)),
        actor: Some(person::account(settings)),
        mentions,
        ..Request::new(CLIENT, key, input)
    }
}

/// A key that nobody else has.
pub(super) fn random_key() -> Result<String, BackendError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| BackendError::NoEntropy(error.to_string()))?;
    Ok(hex(&bytes))
}

/// The files that the options name.
pub(super) fn attachments(options: &Options) -> Result<Vec<Attachment>, Failure> {
    options.attach.iter().map(|file| attachment(file)).collect()
}

fn attachment(file: &Path) -> Result<Attachment, Failure> {
    let unreadable = |cause| Failure::Unreadable { file: file.to_owned(), cause };
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    opened.take(MOST_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    Ok(Attachment { name, bytes })
}

/// What was typed, for showing it.
fn typed(input: &Input) -> String {
    match input {
        Input::Words(words) => words.join(" "),
        Input::Line(line) => line.clone(),
        Input::Command(_) | Input::Form(_) | Input::Fact(_) => String::new(),
    }
}

/// An answer that nobody reads any more is no failure: the exit status tells what was done.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Ok(()) | Err(_) => written,
    }
}

/// An option of the program that stands behind the command is read as a flag of the language, which
/// knows none of them: say where it belongs.
fn misplaced_option(words: &str, output: &Output) -> io::Result<()> {
    let program = Cli::command();
    let known = |word: &&str| {
        let name = word.strip_prefix("--").map(|rest| rest.split('=').next().unwrap_or(rest));
        program.get_arguments().any(|option| name.is_some() && option.get_long() == name)
    };
    match words.split_whitespace().find(known) {
        Some(word) => {
            output.hint(&format!("`{word}` is for the program: write it before the command"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_asked_for_in_several_ways() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (typed, expected) in [
            ("createwar -h", "help createwar"),
            ("vote --help", "help vote"),
            ("say --help", "say --help"),
            ("say k3xp2 -h", "say k3xp2 -h"),
            ("help inbox", "help inbox"),
        ] {
            assert_eq!(with_help_asked(words(typed)), words(expected));
        }
        assert!(page_of("help", "inbox").is_some_and(|page| page.contains("marks it as seen")));
        assert_eq!(page_of("help", "createwar"), None);
        assert_eq!(page_of("help", "complete"), None, "it is not for people");
        assert_eq!(page_of("status", "inbox"), None);
    }
}
