//! Who says a line: `clan/actor`, with what is vouched for (`+operator`) and files (`[shot.png]`).

use std::sync::LazyLock;

use gmbot_engine::model::Role;
use regex::Regex;

use super::{File, Speaker};

/// `clan/actor+operator[shot.png]> line`, or with `!` for a press.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)^
        (?<clan>[A-Za-z0-9-]+) / (?<actor>[^\s>!\[+]*)
        (?<marks>(?:\+[a-z-]+)*)
        (?:\[(?<files>[^\]]*)\])?
        (?<sign>[>!]) [\ ]? (?<text>.*)$";
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("the pattern is fixed: {error}"))
});

/// A line that somebody says, or an action that somebody presses.
#[derive(Debug)]
pub(super) struct Spoken<'a> {
    pub(super) speaker: Speaker,
    pub(super) files: Vec<File>,
    pub(super) presses: bool,
    pub(super) text: &'a str,
}

/// Reads such a line; `None` if it does not look like one.
pub(super) fn read(line: &str) -> Option<Result<Spoken<'_>, String>> {
    let parts = LINE.captures(line)?;
    let part = |name| parts.name(name).map_or("", |part| part.as_str());
    let actor = Some(part("actor")).filter(|actor| !actor.is_empty()).map(str::to_owned);
    let mut speaker =
        Speaker { clan: part("clan").to_owned(), actor, operator: false, stated_role: None };
    for mark in part("marks").split('+').filter(|mark| !mark.is_empty()) {
        if let Err(message) = vouch(&mut speaker, mark) {
            return Some(Err(message));
        }
    }
    let text = parts.name("text").map_or("", |text| &line[text.range()]);
    let presses = part("sign") == "!";
    Some(files(part("files")).map(|files| Spoken { speaker, files, presses, text }))
}

fn vouch(speaker: &mut Speaker, mark: &str) -> Result<(), String> {
    match mark {
        "operator" => speaker.operator = true,
        "co-leader" => speaker.stated_role = Some(Role::CoLeader),
        "member" => speaker.stated_role = Some(Role::Member),
        "leader" => speaker.stated_role = Some(Role::Leader),
        _ => {
            return Err(format!(
                "unknown `+{mark}`; expected `+operator`, `+leader`, `+co-leader` or `+member`"
            ));
        }
    }
    Ok(())
}

/// The largest file, in MiB: files are made anew each time they are sent.
const LARGEST: usize = 64;

/// `shot.png, large.jpg 9MiB`.
fn files(list: &str) -> Result<Vec<File>, String> {
    list.split(',').map(str::trim).filter(|file| !file.is_empty()).map(file).collect()
}

fn file(text: &str) -> Result<File, String> {
    let Some((name, size)) = text.split_once(char::is_whitespace) else {
        return Ok(File { name: text.to_owned(), size: None });
    };
    let mebibytes: Option<usize> = size.trim().strip_suffix("MiB").and_then(|n| n.parse().ok());
    let bytes = mebibytes.filter(|n| *n <= LARGEST).map(|n| n << 20).ok_or_else(|| {
        format!(
            "can't read the size `{size}` of the file `{name}`; \
             write it like `9MiB`, at most {LARGEST}"
        )
    })?;
    Ok(File { name: name.to_owned(), size: Some(bytes) })
}

const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90\x77\x53\xde";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\
    \xff\xc0\0\x11\x08\0\x01\0\x01\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
const WEBP: &[u8] =
    b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";

impl File {
    /// What is in it: the header of an image of one pixel by the name's ending, then the name, then
    /// zeros.
    pub fn content(&self) -> Vec<u8> {
        let ending = self.name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        let mut bytes: Vec<u8> = match ending.as_str() {
            "png" => PNG.to_vec(),
            "jpg" | "jpeg" => JPEG.to_vec(),
            "webp" => WEBP.to_vec(),
            _ => Vec::new(),
        };
        bytes.extend(self.name.bytes());
        if let Some(size) = self.size {
            bytes.resize(size, 0);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_may_bring_marks_and_files() {
        let spoken =
            read("f/mara+operator[a.png, b.jpg 9MiB]> gmbot proof k3xp2").unwrap().unwrap();
        assert_eq!((spoken.speaker.clan.as_str(), spoken.speaker.operator), ("f", true));
        assert_eq!(spoken.files[1], File { name: "b.jpg".to_owned(), size: Some(9 << 20) });
        assert_eq!(spoken.text, "gmbot proof k3xp2");
        assert_eq!(spoken.files[1].content().len(), 9 << 20);
    }

    #[test]
    fn a_client_may_speak_for_itself_and_a_press_is_no_line() {
        assert_eq!(read("api/> gmbot games").unwrap().unwrap().speaker.actor, None);
        assert!(read("f/mara! Accept").unwrap().unwrap().presses);
        assert!(read("f< CHALLENGE").is_none());
        assert!(read("f/mara+boss> gmbot games").unwrap().is_err());
        assert!(read("f/mara[a.png 65MiB]> gmbot proof").unwrap().is_err());
    }
}
