//! The copy of the project in which bugs are planted. It always lies in the same place and is only
//! changed where it differs, so that each bug costs no more than an incremental build.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::trouble::Trouble;

/// A copy of the project, and where it is built.
pub(crate) struct Copy {
    /// Its root.
    pub(crate) tree: PathBuf,
    /// What is built of it.
    pub(crate) build: PathBuf,
}

impl Copy {
    /// Copies the project as it is now into the folder in which this program was built; what changes
    /// in it from then on does not matter.
    ///
    /// # Errors
    /// When a file can't be read, written or removed.
    pub(crate) fn of(project: &Path) -> Result<Self, Trouble> {
        let program = std::env::current_exe().map_err(Trouble::with(Path::new("this program")))?;
        // It lies in `target/debug/`.
        let folder = program.ancestors().nth(2).unwrap_or(&program).join("mutants");
        let copy = Self { tree: folder.join("tree"), build: folder.join("build") };
        fs::create_dir_all(&copy.tree).map_err(Trouble::with(&copy.tree))?;
        let wanted = files(project)?;
        for surplus in files(&copy.tree)?.difference(&wanted) {
            let path = copy.tree.join(surplus);
            fs::remove_file(&path).map_err(Trouble::with(&path))?;
        }
        for file in &wanted {
            let path = project.join(file);
            copy.put(file, &fs::read(&path).map_err(Trouble::with(&path))?)?;
        }
        Ok(copy)
    }

    /// A file of the copy.
    ///
    /// # Errors
    /// When it can't be read.
    pub(crate) fn read(&self, file: &Path) -> Result<Vec<u8>, Trouble> {
        let path = self.tree.join(file);
        fs::read(&path).map_err(Trouble::with(&path))
    }

    /// Writes a file of the copy unless it is that already: cargo builds anew what was written.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn put(&self, file: &Path, bytes: &[u8]) -> Result<(), Trouble> {
        let path = self.tree.join(file);
        if fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&path);
        fs::create_dir_all(folder).map_err(Trouble::with(folder))?;
        fs::write(&path, bytes).map_err(Trouble::with(&path))
    }
}

/// The files below a folder, by their paths in it, without what `.gitignore` names.
fn files(root: &Path) -> Result<BTreeSet<PathBuf>, Trouble> {
    let mut files = BTreeSet::new();
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file())
            && let Ok(file) = entry.path().strip_prefix(root)
        {
            files.insert(file.to_owned());
        }
    }
    Ok(files)
}
