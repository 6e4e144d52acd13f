//! Messages as a person reads them, from the JSON that Discord was sent: without markdown, moments
//! on the clocks of a zone, and under them what can be pressed.

use gmbot_engine::model::AtMs;
use serde_json::Value;

/// What a message says, in reading order; one line for each thing that can be pressed.
pub(crate) fn read_back(message: &Value, zone: &str) -> String {
    let mut read = Vec::new();
    let mut add = |text: &Value, marked: bool| {
        if let Some(text) = text.as_str().filter(|text| !text.is_empty()) {
            read.push(if marked { unmarked(text, zone) } else { text.to_owned() });
        }
    };
    add(&message["content"], true);
    for embed in list(&message["embeds"]) {
        add(&embed["title"], true);
        add(&embed["description"], true);
        for field in list(&embed["fields"]) {
            add(&field["name"], true);
            add(&field["value"], true);
        }
        add(&embed["footer"]["text"], false);
    }
    for component in list(&message["components"]).iter().flat_map(|row| list(&row["components"])) {
        let label = component["label"].as_str().or(component["placeholder"].as_str());
        let line = component["custom_id"].as_str().unwrap_or_default();
        read.push(format!("{}: {line}", label.unwrap_or_default()));
    }
    read.join("\n")
}

/// The elements of a list that may be missing.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Text without its markdown.
fn unmarked(text: &str, zone: &str) -> String {
    // Every second part stands between fences, letter for letter.
    let parts = text.split("```").enumerate();
    let plain = parts.map(|(number, part)| {
        if number % 2 == 1 { part.replace('\u{200b}', "") } else { outside_of_code(part, zone) }
    });
    plain.collect()
}

fn outside_of_code(text: &str, zone: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if letter == '\\' {
            let next = after.chars().next();
            plain.extend(next);
            rest = &after[next.map_or(0, char::len_utf8)..];
        } else if letter == '`' {
            let (code, behind) = in_code(rest);
            plain.push_str(code);
            rest = behind;
        } else if let Some((moment, behind)) = moment(rest, zone) {
            plain.push_str(&moment);
            rest = behind;
        } else {
            if letter != '*' {
                plain.push(letter);
            }
            rest = after;
        }
    }
    plain.replace("-# ", "")
}

/// The code that a text begins with, and what is behind it.
fn in_code(text: &str) -> (&str, &str) {
    text[1..].split_once('`').unwrap_or((&text[1..], ""))
}

/// The moment that a text begins with: `<t:1767636000:f> (<t:1767636000:R>)`.
fn moment<'t>(text: &'t str, zone: &str) -> Option<(String, &'t str)> {
    let (seconds, _) = text.strip_prefix("<t:")?.split_once(":f>")?;
    let at = AtMs(seconds.parse::<i64>().ok()?.checked_mul(1000)?);
    let behind = text.strip_prefix(&format!("<t:{seconds}:f> (<t:{seconds}:R>)"))?;
    Some((at.in_zone(zone), behind))
}
