//! `just mutants`: breaks one rule at a time in a copy of the project, and looks who notices.
//!
//! Each bug is a patch in `patches/`. It is applied to a copy, which is built, and the transcripts and
//! simulations of the ordinary tests run on it; where they notice nothing, so do the tests below them.
//! A bug that nobody notices is a missing test.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::copy::Copy;
use crate::mutant::Mutant;
use crate::table::{Row, Table};
use crate::trouble::Trouble;

mod copy;
mod hunt;
mod mutant;
mod table;
mod trouble;

/// Breaks one rule at a time in a copy of the project, and looks who notices.
#[derive(Parser)]
struct Arguments {
    /// The patches to try, by name; all of them if none is named.
    names: Vec<String>,
    /// Writes what was found into docs/reliability.md, instead of comparing it.
    #[arg(long)]
    write: bool,
}

fn main() -> ExitCode {
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    let ended = run(&Arguments::parse(), &mut out).and_then(|failures| {
        for failure in &failures {
            writeln!(err, "{failure}").map_err(Trouble::NoTerminal)?;
        }
        Ok(failures.is_empty())
    });
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            // Where standard error is gone, nobody can be told.
            writeln!(err, "{trouble}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Tries the patches one after the other; returns what is wrong with them or with the table.
///
/// # Errors
/// When nothing can be tried at all.
fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Vec<Trouble>, Trouble> {
    let project = project();
    let all = Mutant::all(project)?;
    let chosen = choose(&all, &arguments.names)?;
    let copy = Copy::of(project)?;
    let mut table = Table::read(project)?;
    table.keep(&all);
    let mut failures = Vec::new();
    for mutant in chosen {
        match try_out(&copy, mutant) {
            Ok(row) => {
                writeln!(out, "{}", row.line(&mutant.name)).map_err(Trouble::NoTerminal)?;
                if !row.is_noticed() {
                    failures.push(Trouble::Survivor(mutant.name.clone()));
                } else if arguments.write {
                    table.put(&mutant.name, row);
                    table.write(project)?;
                } else if table.row(&mutant.name) != Some(&row) {
                    failures.push(Trouble::TableDiffers(mutant.name.clone()));
                }
            }
            Err(trouble) => failures.push(trouble),
        }
    }
    Ok(failures)
}

/// The root of the project.
fn project() -> &'static Path {
    // Two folders up; without `..` in it, so that messages name plain paths.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

fn choose<'m>(all: &'m [Mutant], names: &[String]) -> Result<Vec<&'m Mutant>, Trouble> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| all.iter().find(|mutant| mutant.name == *name);
    names.iter().map(|name| find(name).ok_or_else(|| Trouble::Unknown(name.clone()))).collect()
}

/// Plants a bug in the copy, has the tests look for it, and takes it out again.
fn try_out(copy: &Copy, mutant: &Mutant) -> Result<Row, Trouble> {
    let (sound, broken) = (copy.read(&mutant.file)?, mutant.applied(&copy.tree)?);
    copy.put(&mutant.file, broken.as_bytes())?;
    let noticed = hunt::hunt(copy, &mutant.name);
    copy.put(&mutant.file, &sound)?;
    Ok(Row::new(&mutant.breaks, &noticed?))
}
