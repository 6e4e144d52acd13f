//! Secrets that lie in files.

use std::fs;
use std::path::Path;

use gmbot_backend::Secret;

use crate::failure::Failure;

/// The secret that a file holds and nothing else; white space around it does not count.
pub(crate) fn in_file(file: &Path) -> Result<Secret, Failure> {
    let unreadable = |cause| Failure::Unreadable { file: file.to_owned(), cause };
    let text = fs::read_to_string(file).map_err(unreadable)?;
    Ok(text.trim().to_owned().into())
}
