//! Transcripts as files: which there are in a folder, and what they are called.

use std::io;
use std::path::{Path, PathBuf};

/// What the files' names end in.
const EXTENSION: &str = "gmt";

/// All transcripts in a folder, in order of name.
///
/// # Errors
/// When the folder can't be listed.
pub fn transcripts_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a transcript is called: its file's name without the ending.
pub fn name_of(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
