//! Pieces in messages: as few as it takes, in reading order.

use gmbot_engine::render::Role;

use super::{Message, Piece, html};

/// How many letters of a line stay together at most, where the line alone is too long for a message.
const LETTERS: usize = 1_000;
/// More bytes than what stands around a line, or around a piece.
const AROUND: usize = 32;

/// The pieces in messages, none of which is larger than `largest`.
pub(super) fn messages(pieces: Vec<Piece>, largest: usize) -> Vec<Message> {
    let mut packer = Packer { largest, messages: Vec::new(), used: 0 };
    for piece in pieces {
        let whole = cost(&piece.lines);
        if packer.used + whole <= largest || whole > largest {
            packer.add(&piece);
        } else {
            packer.begin();
            packer.add(&piece);
        }
    }
    packer.messages
}

/// What lines add to a message at most, in bytes of JSON.
fn cost(lines: &[Vec<(Role, String)>]) -> usize {
    lines.iter().map(|line| AROUND + line_cost(line)).sum::<usize>() + AROUND
}

fn line_cost(line: &[(Role, String)]) -> usize {
    let plain: usize = line.iter().map(|(_, text)| in_json(text)).sum();
    let rich = html::line(line);
    // Neither look is longer than the one with marks and the escaped one together.
    plain + in_json(&rich)
}

/// How many bytes a text takes in JSON, without its quotes.
fn in_json(text: &str) -> usize {
    let escaped = |letter: char| match letter {
        '"' | '\\' => 2,
        '\u{0}'..='\u{1f}' | '\u{7f}' => 6,
        _ => letter.len_utf8(),
    };
    text.chars().map(escaped).sum()
}

struct Packer {
    largest: usize,
    messages: Vec<Message>,
    /// How much of the last message is used at most.
    used: usize,
}

impl Packer {
    fn begin(&mut self) {
        self.messages.push(Message::default());
        self.used = 0;
    }

    /// Adds a piece to the last message, and where that is full to another.
    fn add(&mut self, piece: &Piece) {
        let mut open: Vec<&[(Role, String)]> = Vec::new();
        let parted: Vec<_> =
            piece.lines.iter().flat_map(|line| parted(line, self.largest)).collect();
        for line in &parted {
            let more = AROUND + line_cost(line);
            if self.messages.is_empty() || self.used + AROUND + more > self.largest {
                self.close(piece.aligned, &mut open);
                self.begin();
            }
            self.used += more;
            open.push(line);
        }
        self.close(piece.aligned, &mut open);
    }

    /// Writes lines that belong together to the last message.
    fn close(&mut self, aligned: bool, open: &mut Vec<&[(Role, String)]>) {
        let lines = std::mem::take(open);
        let Some(message) = self.messages.last_mut().filter(|_| !lines.is_empty()) else { return };
        self.used += AROUND;
        for line in &lines {
            if !message.body.is_empty() {
                message.body.push('\n');
            }
            message.body.extend(line.iter().map(|(_, text)| text.as_str()));
        }
        let lines = lines.into_iter();
        let html = if aligned {
            let inner = lines.map(html::aligned).collect::<Vec<_>>().join("\n");
            format!("<pre><code>{inner}\n</code></pre>")
        } else {
            let inner = lines.map(html::line).collect::<Vec<_>>().join("<br>");
            format!("<p>{inner}</p>")
        };
        message.html.push_str(&html);
    }
}

/// A line in as many parts as it takes for each to fit into a message.
fn parted(line: &[(Role, String)], largest: usize) -> Vec<Vec<(Role, String)>> {
    if AROUND * 2 + line_cost(line) <= largest {
        return vec![line.to_vec()];
    }
    let mut parts = Vec::new();
    for (role, text) in line {
        let letters: Vec<char> = text.chars().collect();
        let chunks = letters.chunks(LETTERS).map(|chunk| vec![(*role, chunk.iter().collect())]);
        parts.extend(chunks);
    }
    parts
}
