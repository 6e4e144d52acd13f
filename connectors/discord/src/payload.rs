//! What is sent to Discord, in the shape of its JSON, with the limits that Discord sets.
//!
//! These are types of our own, since what is checked and split has to be measured: the builders of
//! serenity can be written to, and not read.

use serde::Serialize;

/// The limits of messages, in UTF-16 code units where they are about text: that is never less than
/// what Discord counts.
pub mod limit {
    /// A message without embeds.
    pub const CONTENT: usize = 2000;
    /// The title of an embed.
    pub const TITLE: usize = 256;
    /// The description of an embed.
    pub const DESCRIPTION: usize = 4096;
    /// How many fields an embed has.
    pub const FIELDS: usize = 25;
    /// The name of a field.
    pub const FIELD_NAME: usize = 256;
    /// The value of a field.
    pub const FIELD_VALUE: usize = 1024;
    /// The footer of an embed.
    pub const FOOTER: usize = 2048;
    /// How many embeds a message has.
    pub const EMBEDS: usize = 10;
    /// All text of all embeds of a message.
    pub const EMBEDDED: usize = 6000;
    /// How many rows of buttons and selects a message has.
    pub const ROWS: usize = 5;
    /// How many buttons are in a row.
    pub const BUTTONS: usize = 5;
    /// What is written on a button.
    pub const LABEL: usize = 80;
    /// What stands in a select before anything is chosen.
    pub const PLACEHOLDER: usize = 150;
    /// What comes back when a button is pressed.
    pub const CUSTOM_ID: usize = 100;
    /// How many users a select lets choose.
    pub const CHOSEN: u32 = 25;
    /// The nonce of a message.
    pub const NONCE: usize = 25;
}

/// How long Discord takes a text to be, at most.
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A message, to be sent or to take the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Message {
    /// Text outside of embeds. Empty is said too: an edit has to clear what was there.
    pub content: String,
    /// Boxes with a colour.
    pub embeds: Vec<Embed>,
    /// Rows of buttons and selects.
    pub components: Vec<Row>,
    /// Nobody is pinged by what a message says.
    pub allowed_mentions: AllowedMentions,
}

/// Whom a message may ping: nobody, unless it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AllowedMentions {
    /// Kinds of mentions that all ping; always none.
    pub parse: [&'static str; 0],
    /// Whether the author of the answered message is pinged.
    pub replied_user: bool,
}

/// A box with a colour.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Embed {
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Labelled values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Small print.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footer: Option<Footer>,
    /// Its colour, as `0xRRGGBB`.
    pub color: u32,
}

impl Embed {
    /// How much of the limit of a message it takes.
    pub fn length(&self) -> usize {
        let text = |text: &Option<String>| text.as_deref().map_or(0, length);
        let fields = self.fields.iter().map(|field| length(&field.name) + length(&field.value));
        let footer = self.footer.as_ref().map_or(0, |footer| length(&footer.text));
        text(&self.title) + text(&self.description) + fields.sum::<usize>() + footer
    }
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The label.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether others may stand beside it.
    pub inline: bool,
}

/// Small print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footer {
    /// The text; Discord shows no markdown in it.
    pub text: String,
}

/// A row of buttons, or a select.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Always 1: an action row.
    #[serde(rename = "type")]
    kind: u8,
    /// What is in it.
    pub components: Vec<Component>,
}

impl Row {
    /// A row of these.
    pub fn of(components: Vec<Component>) -> Self {
        Self { kind: 1, components }
    }
}

/// Something to press, to choose, or to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Component {
    /// A button.
    Button(Button),
    /// A list of users to choose from.
    UserSelect(UserSelect),
    /// A line or a paragraph to write; in forms alone.
    TextInput(TextInput),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Always 2.
    #[serde(rename = "type")]
    kind: u8,
    /// How it looks.
    pub style: ButtonStyle,
    /// What is written on it.
    pub label: String,
    /// What comes back when it is pressed.
    pub custom_id: String,
}

impl Button {
    /// A button that says `label` and gives back `custom_id`.
    pub fn new(style: ButtonStyle, label: String, custom_id: String) -> Self {
        Self { kind: 2, style, label, custom_id }
    }
}

/// How a button looks, by Discord's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonStyle {
    /// What one most likely wants.
    Primary,
    /// Another way on.
    Secondary,
    /// What can't be undone.
    Danger,
}

impl Serialize for ButtonStyle {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::Primary => 1,
            Self::Secondary => 2,
            Self::Danger => 4,
        })
    }
}

/// A list of users to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserSelect {
    /// Always 5.
    #[serde(rename = "type")]
    kind: u8,
    /// What comes back with the chosen.
    pub custom_id: String,
    /// What stands there before anybody is chosen.
    pub placeholder: String,
    /// How many have to be chosen.
    pub min_values: u32,
    /// How many may be.
    pub max_values: u32,
}

impl UserSelect {
    /// A select of exactly so many users.
    pub fn exactly(count: u32, placeholder: String, custom_id: String) -> Self {
        Self { kind: 5, custom_id, placeholder, min_values: count, max_values: count }
    }
}

/// A line or a paragraph to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextInput {
    /// Always 4.
    #[serde(rename = "type")]
    kind: u8,
    /// What comes back with the text.
    pub custom_id: String,
    /// 1: a line; 2: a paragraph.
    style: u8,
    /// What it is, in at most 45 characters.
    pub label: String,
    /// Whether it has to be filled in.
    pub required: bool,
}

impl TextInput {
    /// Something to write.
    pub fn new(custom_id: &str, label: String, long: bool, required: bool) -> Self {
        let style = if long { 2 } else { 1 };
        Self { kind: 4, custom_id: custom_id.to_owned(), style, label, required }
    }
}
