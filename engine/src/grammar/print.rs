//! The canonical printer: `parse(print(c)) == c` for every command.

use super::command::Command;

/// The one line that is written for a command, with `gmbot` before it.
pub fn print(command: &Command) -> String {
    format!("gmbot {}", command.name())
}
