//! `seeds TARGET FOLDER`: writes a target's seeds as files, and the language's words as libFuzzer's
//! dictionary beside the folder.

use std::path::Path;
use std::{env, fs, io};

use gmbot_fuzz::{TARGETS, Target, seeds};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(name), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: seeds TARGET FOLDER"));
    };
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        return Err(io::Error::other(format!(
            "no target `{name}`; there are {}",
            names.join(", ")
        )));
    };
    write(target, Path::new(&folder))
}

fn write(target: &Target, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, seed) in (target.seeds)().iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:04}")), seed)?;
    }
    let word = |word: &String| format!("\"{}\"\n", word.bytes().map(escaped).collect::<String>());
    let words: String = seeds::dictionary().iter().map(word).collect();
    fs::write(folder.with_extension("dict"), words)
}

/// A byte as libFuzzer's dictionaries write it.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || byte == b' ' {
        char::from(byte).to_string()
    } else {
        format!("\\x{byte:02X}")
    }
}
