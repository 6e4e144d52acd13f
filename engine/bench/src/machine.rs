//! What the figures were measured on.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use crate::Failure;
use crate::data::folder;
use crate::page::time;
use crate::sample::Series;

/// How often a write is made durable to learn what that costs.
const SYNCS: usize = 101;

/// The machine, the system and SQLite, in a few lines.
pub fn describe() -> Result<String, Failure> {
    let folder = folder()?;
    let (cpu, memory) = (field("/proc/cpuinfo", "model name"), field("/proc/meminfo", "MemTotal"));
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Ok(format!(
        "{cpu}, {cores} cores, {memory} of memory; Linux {kernel}; files on {}, where making 4 KiB \
         durable takes {}; SQLite {}",
        file_system(&folder),
        time(sync_time(&folder)?),
        rusqlite::version(),
        kernel = kernel.trim(),
    ))
}

/// The value of the first `name: value` line of a file.
fn field(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let value =
        text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':'));
    value.unwrap_or("unknown").trim().to_owned()
}

/// The type of the file system on which a folder lies: that of the longest mount point above it.
fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let fields = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let above = fields.filter(|fields| fields.get(1).is_some_and(|at| folder.starts_with(at)));
    let closest = above.max_by_key(|fields| fields.get(1).map_or(0, |at| at.len()));
    closest.and_then(|fields| fields.get(2).map(|kind| (*kind).to_owned())).unwrap_or_default()
}

/// The median time that appending a page and making it durable takes, in seconds.
fn sync_time(folder: &Path) -> Result<f64, Failure> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let mut times = Series::default();
    for _ in 0..SYNCS {
        file.write_all(&[7; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        times.time(begun.elapsed());
    }
    fs::remove_file(path)?;
    Ok(times.median())
}
