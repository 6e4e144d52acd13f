//! The lines that were sent, kept in a file between runs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gmbot_engine::grammar::table;

use crate::line::{NAME, addressed};

/// How many lines are kept.
const MOST: usize = 1000;

/// The file.
pub(crate) struct Memory {
    file: PathBuf,
}

impl Memory {
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// The lines of earlier runs, the oldest first; none where there is no file. A file that grew
    /// long is cut.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Ok(text) = fs::read_to_string(&self.file) else { return Vec::new() };
        let lines: Vec<&str> = text.lines().collect();
        let kept = lines.get(lines.len().saturating_sub(MOST)..).unwrap_or_default();
        if lines.len() > 2 * MOST {
            // What can't be cut stays long.
            fs::write(&self.file, kept.join("\n") + "\n").ok();
        }
        kept.iter().map(|line| unescaped(line)).collect()
    }

    /// Keeps a line, unless it holds a secret.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(crate) fn keep(&self, line: &str) -> io::Result<()> {
        if is_secret(line) {
            return Ok(());
        }
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = open(&self.file)?;
        file.write_all(format!("{}\n", escaped(line)).as_bytes())
    }
}

/// For its owner alone: lines may say what is nobody else's business.
fn open(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Whether a line holds a code that opens something.
fn is_secret(line: &str) -> bool {
    let line = addressed(line);
    let rest = line.get(NAME.len()..).unwrap_or_default();
    let mut words = rest.trim_start_matches([':', ',']).split_whitespace();
    let command = words.next().and_then(table::find);
    command.is_some_and(|command| command.name == "link") && words.next().is_some()
}

fn escaped(line: &str) -> String {
    line.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                other => other.unwrap_or('\\'),
            },
            letter => letter,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(folder.path().join("deep/lines"));
        assert_eq!(memory.lines(), Vec::<String>::new());
        let lines = ["status", "say a\nb", r"say \n is no line end", "gmbot link"];
        for line in lines {
            memory.keep(line).unwrap();
        }
        for secret in ["link k3xp2abc9d", "gmbot: LINK k3xp2abc9d"] {
            memory.keep(secret).unwrap();
        }
        assert_eq!(memory.lines(), lines);
    }
}
