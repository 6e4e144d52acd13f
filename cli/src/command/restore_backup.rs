//! `gmbot restore-backup FILE`: puts a backup in the database's place, once all of it was checked.
//! (`restore` is a command of the language: the operator gives a clan back with it.)

use std::path::{Path, PathBuf};

use gmbot_engine::store::StoreErrorKind;
use gmbot_store::{Clock, Connection};

use crate::command::verify;
use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::{Draft, kept_name};
use crate::progress::Progress;

pub(crate) fn run(
    settings: &Settings,
    file: &Path,
    replace: bool,
    output: &Output,
) -> Result<Exit, Failure> {
    if !file.is_file() {
        return Err(Failure::NoBackup(file.to_owned()));
    }
    let place = database::place(settings)?;
    let draft = Draft::beside(&place)?;
    draft.guard_like(file)?;
    let mut progress = Progress::new("copying");
    let restored = Connection::from_backup(file, draft.path(), |done, all| progress.at(done, all))?;
    drop(progress);
    let found = verify::with_progress(&restored)?;
    if !found.is_sound() {
        return Err(Failure::NotSound(file.to_owned()));
    }
    // With its last connection a database has everything in its one file.
    drop(restored);
    match put(draft, &place, replace)? {
        Some(kept) => output.line(&format!(
            "restored {} events to `{}`; what was there before is in `{}`",
            found.events,
            place.display(),
            kept.display()
        ))?,
        None => {
            output.line(&format!("restored {} events to `{}`", found.events, place.display()))?;
        }
    }
    Ok(Exit::Done)
}

/// Puts the database in its place; says under which name one that was there is kept.
fn put(draft: Draft, place: &Path, replace: bool) -> Result<Option<PathBuf>, Failure> {
    if !place.exists() {
        draft.publish()?;
        return Ok(None);
    }
    let old = match Connection::open(place, Clock::System) {
        Ok(old) if !replace && !old.is_untouched()? => {
            return Err(Failure::NotEmpty(place.to_owned()));
        }
        // Nobody may write to it while it is moved, and its log must not stay behind.
        Ok(old) => Some(old.alone()?),
        // A damaged database is what backups are for; it is kept as it is.
        Err(error) if replace && error.kind == StoreErrorKind::NotADatabase => None,
        Err(error) => return Err(error.into()),
    };
    let kept = kept_name(place);
    draft.replace(&kept)?;
    drop(old);
    Ok(Some(kept))
}
