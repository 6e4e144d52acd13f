//! `gmbot completions SHELL`: a script that asks `gmbot complete` for what may come next.

use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// The shells that there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// `eval "$(gmbot completions bash)"` in ~/.bashrc
    Bash,
    /// `gmbot completions zsh > "${fpath[1]}/_gmbot"`
    Zsh,
    /// `gmbot completions fish > ~/.config/fish/completions/gmbot.fish`
    Fish,
}

pub(crate) fn run(shell: Shell, output: &Output) -> Result<Exit, Failure> {
    let script = match shell {
        Shell::Bash => include_str!("../../completions/gmbot.bash"),
        Shell::Zsh => include_str!("../../completions/gmbot.zsh"),
        Shell::Fish => include_str!("../../completions/gmbot.fish"),
    };
    output.line(script.trim_end())?;
    Ok(Exit::Done)
}
