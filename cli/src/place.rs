//! How a file that takes long to write comes to its name: whole, or not at all. It is written
//! beside its place under another name, and moved when the disk has it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// What SQLite may keep beside a database, by what its name adds.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file in the making; gone with this value unless it was moved to its place. What a killed
/// program leaves of it has `.part` in its name and can be deleted.
#[derive(Debug)]
pub(crate) struct Draft {
    place: PathBuf,
    part: PathBuf,
}

/// How a file is begun that only its owner may read, unless somebody lets others.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Draft {
    /// Begins a file for a place where nothing may be yet.
    pub(crate) fn new(place: &Path) -> Result<Self, Failure> {
        must_be_free(place)?;
        Self::beside(place)
    }

    /// Begins a file for a place whatever is there.
    pub(crate) fn beside(place: &Path) -> Result<Self, Failure> {
        let part = with(place, &format!(".part-{}", std::process::id()));
        let draft = Self { place: place.to_owned(), part };
        draft.remove();
        private().open(&draft.part).map_err(|cause| draft.unwritable(cause))?;
        Ok(draft)
    }

    /// Where to write it.
    pub(crate) fn path(&self) -> &Path {
        &self.part
    }

    /// Lets the same people read it as another file; its owner may write it as well.
    #[cfg(unix)]
    pub(crate) fn guard_like(&self, other: &Path) -> Result<(), Failure> {
        use std::os::unix::fs::PermissionsExt as _;
        let alike = fs::metadata(other).and_then(|known| {
            let mode = known.permissions().mode() | 0o600;
            fs::set_permissions(&self.part, fs::Permissions::from_mode(mode))
        });
        alike.map_err(|cause| self.unwritable(cause))
    }

    /// Who may read a file is its folder's matter here.
    #[cfg(not(unix))]
    pub(crate) fn guard_like(&self, _other: &Path) -> Result<(), Failure> {
        Ok(())
    }

    /// Moves it to its place, where still nothing may be.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        must_be_free(&self.place)?;
        self.sync()?;
        // A link refuses to replace anything, in one step; a rename does not.
        match fs::hard_link(&self.part, &self.place) {
            Ok(()) => self.synced_folder(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Failure::Exists(self.place.clone()))
            }
            // Some file systems know no links: the next best is to look, then to rename.
            Err(_) if self.place.symlink_metadata().is_ok() => {
                Err(Failure::Exists(self.place.clone()))
            }
            Err(_) => self.rename(),
        }
    }

    /// Moves it to its place, and what was there to `kept`.
    pub(crate) fn replace(self, kept: &Path) -> Result<(), Failure> {
        self.sync()?;
        // The log of the old database must never lie beside the new one.
        for suffix in COMPANIONS {
            let companion = with(&self.place, suffix);
            if companion.exists() {
                let moved = fs::rename(&companion, with(kept, suffix));
                moved.map_err(|cause| self.unwritable(cause))?;
            }
        }
        // Linked before it is replaced, so that at no moment there is no database.
        let moved = match fs::hard_link(&self.place, kept) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                fs::rename(&self.place, kept)
            }
            linked => linked,
        };
        moved.map_err(|cause| self.unwritable(cause))?;
        self.rename()
    }

    fn rename(&self) -> Result<(), Failure> {
        fs::rename(&self.part, &self.place).map_err(|cause| self.unwritable(cause))?;
        self.synced_folder()
    }

    fn sync(&self) -> Result<(), Failure> {
        let synced = File::open(&self.part).and_then(|file| file.sync_all());
        synced.map_err(|cause| self.unwritable(cause))
    }

    /// Makes the name durable, where a folder can be opened like a file.
    fn synced_folder(&self) -> Result<(), Failure> {
        if cfg!(unix) {
            let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
            let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|f| f.sync_all());
            synced.map_err(|cause| self.unwritable(cause))?;
        }
        Ok(())
    }

    fn unwritable(&self, cause: io::Error) -> Failure {
        Failure::Unwritable { file: self.place.clone(), cause }
    }

    /// Removes what there is of it; what can't be removed is in nobody's way.
    fn remove(&self) {
        fs::remove_file(&self.part).ok();
        for suffix in COMPANIONS {
            fs::remove_file(with(&self.part, suffix)).ok();
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Refuses a place where something is, or where SQLite would take something beside it for a part
/// of what comes there: the log of a database that was deleted spoils the next one.
fn must_be_free(place: &Path) -> Result<(), Failure> {
    let beside = COMPANIONS.map(|suffix| with(place, suffix));
    let mut all = std::iter::once(place.to_owned()).chain(beside);
    let taken = all.find(|path| path.symlink_metadata().is_ok());
    taken.map_or(Ok(()), |taken| Err(Failure::Exists(taken)))
}

/// A name beside `path` for what was there before: one that is free.
pub(crate) fn kept_name(path: &Path) -> PathBuf {
    let numbered = (1..).map(|number| with(path, &format!(".replaced-{number}")));
    let mut free = numbered.filter(|name| name.symlink_metadata().is_err());
    free.next().unwrap_or_else(|| with(path, ".replaced"))
}

/// A path with something added to its last name.
pub(crate) fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
