//! A transcript's line as it is said on a platform, where people are called otherwise.

/// A part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'l> {
    /// Words that are the same on every platform.
    Words(&'l str),
    /// What somebody is called on the platform.
    Name(&'l str),
}

/// A line in parts, given what people are called on the platform, each beside the transcript's word,
/// in the order of the line.
pub fn parts<'l>(line: &'l str, names: &'l [(String, String)]) -> Vec<Part<'l>> {
    let mut parts = Vec::new();
    let mut rest = line;
    for (ours, theirs) in names {
        if let Some((before, after)) = rest.split_once(theirs.as_str()) {
            parts.extend([Part::Words(before), Part::Name(ours)]);
            rest = after;
        }
    }
    parts.push(Part::Words(rest));
    parts
}
