//! What a message may hold: text, embeds, mentions, files.

use serde_json::Value;

use crate::components;
use crate::form::Form;
use crate::refusal::{EMPTY_MESSAGE, Errors, Refusal};

/// Who writes a message and how: each has fields of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A new message in a channel.
    New,
    /// A message in a channel is changed.
    Edit,
    /// The answer to an interaction, in the body's `data`.
    Callback,
    /// The message with the button is changed, in the body's `data`.
    Update,
    /// A message that follows the answer to an interaction.
    FollowUp,
    /// An answer to an interaction is changed.
    FollowUpEdit,
}

impl Way {
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::New => &[
                "content",
                "nonce",
                "tts",
                "embeds",
                "allowed_mentions",
                "message_reference",
                "components",
                "sticker_ids",
                "attachments",
                "flags",
                "enforce_nonce",
            ],
            Self::Edit => {
                &["content", "embeds", "flags", "allowed_mentions", "components", "attachments"]
            }
            Self::Callback | Self::Update => &[
                "tts",
                "content",
                "embeds",
                "allowed_mentions",
                "flags",
                "components",
                "attachments",
            ],
            Self::FollowUp => &[
                "content",
                "tts",
                "embeds",
                "allowed_mentions",
                "components",
                "attachments",
                "flags",
            ],
            Self::FollowUpEdit => {
                &["content", "embeds", "flags", "allowed_mentions", "components", "attachments"]
            }
        }
    }

    /// The bits of `flags` that may be set: no embeds, ephemeral, no push.
    fn flags(self) -> i64 {
        match self {
            Self::New => 1 << 2 | 1 << 12,
            Self::Edit | Self::FollowUpEdit => 1 << 2,
            Self::Callback | Self::Update | Self::FollowUp => 1 << 2 | 1 << 6 | 1 << 12,
        }
    }

    /// Whether what is absent stays as it was.
    fn changes(self) -> bool {
        matches!(self, Self::Edit | Self::Update | Self::FollowUpEdit)
    }
}

/// Checks a message against everything that Discord documents.
///
/// # Errors
/// 50035 with each mistake, or 50006 for a message without anything to see.
pub(crate) fn check(body: &Value, at: &str, way: Way, files: usize) -> Result<(), Refusal> {
    let mut errors = Errors::default();
    let form = Form::read(body, at, way.fields(), &mut errors);
    let content = form.text("content", 0..=2_000, &mut errors);
    form.truth("tts", &mut errors);
    form.truth("enforce_nonce", &mut errors);
    if let Some(flags) = form.number("flags", 0..=i64::from(u32::MAX), &mut errors)
        && flags & !way.flags() != 0
    {
        errors.add(&form.at("flags"), "MESSAGE_FLAGS_INVALID", "These flags may not be set.");
    }
    if let Some(nonce) = form.get("nonce") {
        let fits =
            nonce.as_i64().is_some() || nonce.as_str().is_some_and(|nonce| nonce.len() <= 25);
        if !fits {
            errors.add(&form.at("nonce"), "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.");
        }
    }
    let embeds = check_embeds(&form, &mut errors);
    check_mentions(&form, &mut errors);
    check_attachments(&form, files, &mut errors);
    form.list("sticker_ids", 0..=3, &mut errors);
    let rows = components::check_rows(&form, &mut errors);
    if let Some(reference) = form.get("message_reference") {
        check_reference(reference, &form.at("message_reference"), &mut errors);
    }
    errors.into_result()?;
    let nothing = content.is_none_or(str::is_empty) && embeds == 0 && files == 0 && rows == 0;
    if nothing && !way.changes() {
        return Err(EMPTY_MESSAGE);
    }
    Ok(())
}

/// Checks the embeds, and counts them.
fn check_embeds(form: &Form<'_>, errors: &mut Errors) -> usize {
    let embeds = form.list("embeds", 0..=10, errors);
    let all: usize = embeds.iter().map(|(at, embed)| check_embed(embed, at, errors)).sum();
    if all > 6_000 {
        let words = "Embed size exceeds maximum size of 6000";
        errors.add(&form.at("embeds"), "MAX_EMBED_SIZE_EXCEEDED", words);
    }
    embeds.len()
}

/// Checks an embed, and gives the characters that count for the sum of 6,000.
fn check_embed(embed: &Value, at: &str, errors: &mut Errors) -> usize {
    let known = [
        "title",
        "type",
        "description",
        "url",
        "timestamp",
        "color",
        "footer",
        "image",
        "thumbnail",
        "author",
        "fields",
    ];
    let form = Form::read(embed, at, &known, errors);
    let mut sum = 0;
    let mut count = |text: Option<&str>| sum += text.map_or(0, |text| text.chars().count());
    count(form.text("title", 0..=256, errors));
    count(form.text("description", 0..=4_096, errors));
    form.number("color", 0..=0xff_ffff, errors);
    check_url(&form, "url", &["http", "https"], errors);
    if let Some(moment) = form.text("timestamp", 1..=40, errors)
        && serenity::model::Timestamp::parse(moment).is_err()
    {
        errors.add(&form.at("timestamp"), "DATE_TIME_TYPE_PARSE", "Could not parse as ISO8601.");
    }
    if let Some(footer) = form.get("footer") {
        let footer = Form::read(footer, &form.at("footer"), &["text", "icon_url"], errors);
        footer.require("text", errors);
        count(footer.text("text", 1..=2_048, errors));
        check_url(&footer, "icon_url", &["http", "https", "attachment"], errors);
    }
    if let Some(author) = form.get("author") {
        let author = Form::read(author, &form.at("author"), &["name", "url", "icon_url"], errors);
        author.require("name", errors);
        count(author.text("name", 1..=256, errors));
        check_url(&author, "url", &["http", "https"], errors);
        check_url(&author, "icon_url", &["http", "https", "attachment"], errors);
    }
    for name in ["image", "thumbnail"] {
        if let Some(image) = form.get(name) {
            let image = Form::read(image, &form.at(name), &["url"], errors);
            image.require("url", errors);
            check_url(&image, "url", &["http", "https", "attachment"], errors);
        }
    }
    for (at, field) in form.list("fields", 0..=25, errors) {
        let field = Form::read(field, &at, &["name", "value", "inline"], errors);
        field.require("name", errors);
        field.require("value", errors);
        count(field.text("name", 1..=256, errors));
        count(field.text("value", 1..=1_024, errors));
        field.truth("inline", errors);
    }
    sum
}

pub(crate) fn check_url(form: &Form<'_>, name: &str, schemes: &[&str], errors: &mut Errors) {
    let Some(url) = form.text(name, 1..=2_048, errors) else { return };
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    if !scheme.is_some_and(|scheme| schemes.contains(&scheme)) {
        let words = format!("Scheme \"{}\" is not supported.", scheme.unwrap_or_default());
        errors.add(&form.at(name), "URL_TYPE_INVALID_SCHEME", words);
    }
}

fn check_mentions(form: &Form<'_>, errors: &mut Errors) {
    let Some(mentions) = form.get("allowed_mentions") else { return };
    let known = ["parse", "roles", "users", "replied_user"];
    let mentions = Form::read(mentions, &form.at("allowed_mentions"), &known, errors);
    let parsed = mentions.list("parse", 0..=3, errors);
    for (at, kind) in &parsed {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            let words = "Value must be one of ('users', 'roles', 'everyone').";
            errors.add(at, "BASE_TYPE_CHOICES", words);
        }
    }
    for name in ["users", "roles"] {
        let listed = mentions.list(name, 0..=100, errors);
        let parsed = parsed.iter().any(|(_, kind)| kind.as_str() == Some(name));
        if parsed && !listed.is_empty() {
            let words = format!("parse:[\"{name}\"] and {name}: [ids...] are mutually exclusive.");
            errors.add(&mentions.at(name), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words);
        }
    }
    mentions.truth("replied_user", errors);
}

fn check_attachments(form: &Form<'_>, files: usize, errors: &mut Errors) {
    let listed = form.list("attachments", 0..=10, errors);
    for (at, attachment) in &listed {
        let known = ["id", "filename", "description"];
        let attachment = Form::read(attachment, at, &known, errors);
        attachment.require("id", errors);
        attachment.text("filename", 1..=1_024, errors);
        attachment.text("description", 0..=1_024, errors);
    }
    if files > 10 {
        let words = "Must be 10 or fewer in length.";
        errors.add(&form.at("attachments"), "BASE_TYPE_MAX_LENGTH", words);
    }
}

fn check_reference(reference: &Value, at: &str, errors: &mut Errors) {
    let known = ["type", "message_id", "channel_id", "guild_id", "fail_if_not_exists"];
    let reference = Form::read(reference, at, &known, errors);
    reference.require("message_id", errors);
    reference.number("type", 0..=0, errors);
    reference.id("message_id", errors);
    reference.id("channel_id", errors);
    reference.id("guild_id", errors);
    reference.truth("fail_if_not_exists", errors);
}
