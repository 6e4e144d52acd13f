//! `gmbot doctor`: looks whether all is well, a line a check, and says what to do where it is not.

mod check;
mod file;
mod inside;

use gmbot_engine::render::Role;
use gmbot_store::{Clock, Connection};

use check::Check;

use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::Output;
use crate::{clock, database};

pub(crate) fn run(
    options: &Options,
    settings: &Settings,
    output: &Output,
) -> Result<Exit, Failure> {
    let address = database::existing(settings)?;
    let health = Connection::connect(&address, Clock::System).and_then(|store| store.health());
    let mut checks = match health {
        Ok(health) => inside::checks(&health, clock::now()),
        Err(error) => vec![Check::attention(
            "database",
            error.message,
            "if it is damaged, `gmbot restore-backup FILE --replace` keeps it beside a backup",
        )],
    };
    checks.extend(address.path().map(file::checks).unwrap_or_default());
    for check in &checks {
        if options.json {
            output.json(check)?;
        } else {
            output.pieces(&pieces(check))?;
        }
    }
    Ok(if checks.iter().all(Check::is_fine) { Exit::Done } else { Exit::Refused })
}

/// How a check looks.
fn pieces(check: &Check) -> Vec<(Role, String)> {
    let (role, state) =
        if check.is_fine() { (Role::Label, "ok") } else { (Role::Error, "attention") };
    let mut pieces = vec![
        (role, format!("{state:<9}  ")),
        (Role::Title, format!("{:<11}  ", check.name)),
        (Role::Plain, gmbot_engine::render::visible(&check.found)),
    ];
    if let Some(next) = &check.next {
        pieces.push((Role::Hint, format!("; {next}")));
    }
    pieces
}
