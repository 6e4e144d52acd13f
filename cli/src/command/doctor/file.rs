//! What a look at the database's file and its folder tells. How much room the disk has is not
//! among it: the standard library does not say.

use std::fs::{self, Metadata};
use std::path::Path;

use super::check::Check;
use crate::place::{Draft, with};

/// How large a write-ahead log is before something seems to keep it from being emptied, in bytes.
const LARGE_LOG: u64 = 64 << 20;

/// All checks of the file at `path`.
pub(super) fn checks(path: &Path) -> Vec<Check> {
    vec![size(path), permissions(path), folder(path)]
}

fn size(path: &Path) -> Check {
    let size = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    let (file, log) = (size(path), size(&with(path, "-wal")));
    let found = format!("{} KiB, and {} KiB of write-ahead log", file >> 10, log >> 10);
    if log > LARGE_LOG {
        let next = "end programs that have read the database for long; the next command empties it";
        return Check::attention("size", found, next);
    }
    Check::ok("size", found)
}

fn permissions(path: &Path) -> Check {
    let found = fs::metadata(path);
    match found {
        Err(error) => Check::attention(
            "permissions",
            format!("they can't be read: {error}"),
            "give this user the file",
        ),
        Ok(found) if found.permissions().readonly() => Check::attention(
            "permissions",
            "nobody may write to the file",
            "give its owner back the right to write",
        ),
        Ok(found) => for_others(&found),
    }
}

/// What people may do who are not the owner.
#[cfg(unix)]
fn for_others(found: &Metadata) -> Check {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = found.permissions().mode() & 0o777;
    let told = format!("mode {mode:03o}");
    if mode & 0o002 != 0 {
        let told = format!("{told}: everybody on this computer can change it");
        return Check::attention("permissions", told, "take that right away with `chmod o-w`");
    }
    let read = if mode & 0o004 != 0 { ", everybody on this computer can read it" } else { "" };
    Check::ok("permissions", format!("{told}{read}"))
}

/// What people may do who are not the owner is the folder's matter here.
#[cfg(not(unix))]
fn for_others(_found: &Metadata) -> Check {
    Check::ok("permissions", "the file can be written to")
}

/// SQLite needs to make files beside the database, and so do backups.
fn folder(path: &Path) -> Check {
    match Draft::beside(path) {
        Ok(_gone_again) => Check::ok("folder", "files can be made in it"),
        Err(error) => Check::attention(
            "folder",
            error.to_string(),
            "give this user the right to write there, and see that the disk is not full",
        ),
    }
}
