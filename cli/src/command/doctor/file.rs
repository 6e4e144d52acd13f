//! What a look at the database's file, its folder and its disk tells.

use std::fs::{self, Metadata};
use std::path::Path;

use super::check::Check;
use crate::place::{Draft, with};

/// How large a write-ahead log is before something seems to keep it from being emptied, in bytes.
const LARGE_LOG: u64 = 64 << 20;

/// How much room a disk has to have at least, in bytes, however small the database is.
const LITTLE_ROOM: u64 = 64 << 20;

/// All checks of the file at `path`.
pub(super) fn checks(path: &Path) -> Vec<Check> {
    vec![size(path), disk(path), permissions(path), folder(path)]
}

fn size(path: &Path) -> Check {
    let (file, log) = (bytes_in(path), bytes_in(&with(path, "-wal")));
    let found = format!("{} KiB, and {} KiB of write-ahead log", file >> 10, log >> 10);
    if log > LARGE_LOG {
        let next = "end programs that have read the database for long; the next command empties it";
        return Check::attention("size", found, next);
    }
    Check::ok("size", found)
}

/// Whether the disk has room for the database to grow, and for a backup beside it.
fn disk(path: &Path) -> Check {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match fs4::available_space(folder.unwrap_or(Path::new("."))) {
        Err(error) => Check::attention(
            "disk",
            format!("how much room it has can't be told: {error}"),
            "look with the system's own tools",
        ),
        Ok(free) => room(free, bytes_in(path)),
    }
}

/// What `free` bytes mean for a database of `size` bytes.
fn room(free: u64, size: u64) -> Check {
    let found = format!("{} MiB free", free >> 20);
    if free < LITTLE_ROOM.max(size.saturating_mul(2)) {
        let next =
            "make room: a full disk stops all commands, and a backup needs the database's size";
        return Check::attention("disk", found, next);
    }
    Check::ok("disk", found)
}

/// How large a file is; one that is not there has nothing in it.
fn bytes_in(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
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
    if mode & 0o004 != 0 {
        let told = format!(
            "{told}: everybody on this computer can read it, also private wars and sealed ballots"
        );
        return Check::attention("permissions", told, "take that right away with `chmod o-r`");
    }
    Check::ok("permissions", told)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_needs_room_for_twice_the_database() {
        const MIB: u64 = 1 << 20;
        for (free, size, fine) in [
            (63 * MIB, 0, false),
            (64 * MIB, 0, true),
            (64 * MIB, 32 * MIB, true),
            (199 * MIB, 100 * MIB, false),
            (200 * MIB, 100 * MIB, true),
            (u64::MAX, u64::MAX / 2, true),
            (u64::MAX - 1, u64::MAX, false),
        ] {
            assert_eq!(room(free, size).is_fine(), fine, "{free} free for {size}");
        }
        assert_eq!(room(5 * MIB, 0).found, "5 MiB free");
    }
}
