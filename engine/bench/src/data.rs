//! Where databases lie while they are measured: beside what cargo builds, never in the source.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Failure;

/// The folder for what is kept between runs.
pub fn folder() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("this program lies nowhere")?;
    let folder = target.join("bench");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A folder that is gone with this value.
#[derive(Debug)]
pub struct Scratch(TempDir);

impl Scratch {
    /// On the disk.
    pub fn on_disk() -> Result<Self, Failure> {
        Ok(Self(TempDir::new_in(folder()?)?))
    }

    /// In memory, where the system has such a place.
    pub fn in_memory() -> Result<Self, Failure> {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Ok(Self(TempDir::new_in(memory)?)) } else { Self::on_disk() }
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
