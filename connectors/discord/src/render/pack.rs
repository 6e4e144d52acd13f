//! Pieces in messages: as many embeds, or texts, as it takes, in reading order.

use super::Look;
use super::piece::{Piece, fenced};
use crate::payload::{Embed, Field, Footer, Message, length, limit};

/// The pieces in embeds.
pub(super) fn in_embeds(pieces: Vec<Piece>, look: Look) -> Vec<Message> {
    let mut packer = Packer { look, messages: Vec::new(), embeds: Vec::new(), embed: look.embed() };
    let last = pieces.len().saturating_sub(1);
    for (number, piece) in pieces.into_iter().enumerate() {
        packer.add(piece, number == last);
    }
    packer.finish()
}

/// The pieces as text.
pub(super) fn in_text(pieces: Vec<Piece>) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for piece in pieces {
        for text in texts(piece) {
            match messages.last_mut() {
                Some(Message { content, .. })
                    if length(content) + 1 + length(&text) <= limit::CONTENT =>
                {
                    content.push('\n');
                    content.push_str(&text);
                }
                Some(_) | None => {
                    messages.push(Message { content: text, ..Message::default() });
                }
            }
        }
    }
    messages
}

fn texts(piece: Piece) -> Vec<String> {
    match piece {
        Piece::Title(title) => vec![format!("**{title}**")],
        Piece::Line(line) => vec![line],
        Piece::Field { name, value } => vec![format!("**{name}:** {value}")],
        Piece::Rows(rows) => fenced(&rows, limit::CONTENT),
        Piece::Hint { rich, .. } => vec![format!("-# {rich}")],
    }
}

/// Fills embeds, and messages with them.
struct Packer {
    look: Look,
    messages: Vec<Message>,
    /// The embeds of the message that is being filled.
    embeds: Vec<Embed>,
    /// The embed that is being filled.
    embed: Embed,
}

impl Packer {
    fn add(&mut self, piece: Piece, last: bool) {
        match piece {
            Piece::Title(title) => {
                if !is_empty(&self.embed) {
                    self.next_embed();
                }
                self.make_room(length(&title));
                self.embed.title = Some(title);
            }
            Piece::Line(line) => self.line(&line),
            Piece::Rows(rows) => {
                for block in fenced(&rows, limit::DESCRIPTION) {
                    self.line(&block);
                }
            }
            Piece::Field { name, value } => {
                if self.embed.fields.len() == limit::FIELDS {
                    self.next_embed();
                }
                self.make_room(length(&name) + length(&value));
                let inline = length(&value) <= SHORT;
                self.embed.fields.push(Field { name, value, inline });
            }
            Piece::Hint { bare: Some(text), .. } if last => {
                self.make_room(length(&text));
                self.embed.footer = Some(Footer { text });
            }
            Piece::Hint { rich, .. } => self.line(&format!("-# {rich}")),
        }
    }

    /// Adds a line: to the description, or below the fields where there are some.
    fn line(&mut self, line: &str) {
        if self.embed.fields.is_empty() {
            self.describe(line);
        } else if length(line) > limit::FIELD_VALUE {
            self.next_embed();
            self.describe(line);
        } else {
            self.below_fields(line);
        }
    }

    /// Adds a line to the field without a name that is the last, which looks like running text.
    fn below_fields(&mut self, line: &str) {
        self.make_room(length(NAMELESS) + length(line) + 1);
        let full = self.embed.fields.len() == limit::FIELDS;
        match self.embed.fields.last_mut() {
            Some(field)
                if field.name == NAMELESS
                    && length(&field.value) + 1 + length(line) <= limit::FIELD_VALUE =>
            {
                field.value.push('\n');
                field.value.push_str(line);
            }
            Some(_) if !full => {
                let (name, value) = (NAMELESS.to_owned(), line.to_owned());
                self.embed.fields.push(Field { name, value, inline: false });
            }
            Some(_) => {
                self.next_embed();
                self.describe(line);
            }
            // There was no room: this is another message.
            None => self.describe(line),
        }
    }

    fn describe(&mut self, line: &str) {
        let before = self.embed.description.as_deref().map_or(0, |text| length(text) + 1);
        if before + length(line) > limit::DESCRIPTION {
            self.next_embed();
        }
        self.make_room(length(line) + 1);
        let description = self.embed.description.get_or_insert_default();
        if !description.is_empty() {
            description.push('\n');
        }
        description.push_str(line);
    }

    /// Begins another message if this one has no room for so much more text.
    fn make_room(&mut self, more: usize) {
        let used: usize = self.embeds.iter().map(Embed::length).sum();
        if used + self.embed.length() + more > limit::EMBEDDED {
            self.next_embed();
            self.next_message();
        }
    }

    fn next_embed(&mut self) {
        let embed = std::mem::replace(&mut self.embed, self.look.embed());
        if !is_empty(&embed) {
            self.embeds.push(embed);
        }
        if self.embeds.len() == limit::EMBEDS {
            self.next_message();
        }
    }

    fn next_message(&mut self) {
        let embeds = std::mem::take(&mut self.embeds);
        if !embeds.is_empty() {
            self.messages.push(Message { embeds, ..Message::default() });
        }
    }

    fn finish(mut self) -> Vec<Message> {
        self.next_embed();
        self.next_message();
        self.messages
    }
}

/// The name of a field that has none: Discord wants a character, and shows nothing for this one.
const NAMELESS: &str = "\u{200b}";

/// How long a value is that leaves room beside it, in UTF-16 code units.
const SHORT: usize = 40;

fn is_empty(embed: &Embed) -> bool {
    embed.title.is_none()
        && embed.description.is_none()
        && embed.fields.is_empty()
        && embed.footer.is_none()
}
