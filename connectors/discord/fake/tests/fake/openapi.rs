//! The comparison with a description, on a small one of its own.

use std::fs;

use gmbot_discord_fake::{Description, Fake};
use serde_json::json;

use crate::bot::{Bot, INTENTS, last_body};

const SEND: &str = "POST /channels/{channel_id}/messages";

#[test]
fn bodies_are_compared_with_a_description_and_counted() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    let send = |body| {
        bot.does(bot.http.send_message(direct, Vec::new(), &body)).expect("sent");
    };
    let schema = json!({
        "type": "object",
        "properties": { "content": { "$ref": "#/components/schemas/Text" } },
    });
    let body = json!({ "content": { "application/json": { "schema": schema } } });
    let document = json!({
        "paths": { "/channels/{channel_id}/messages": { "post": { "requestBody": body } } },
        "components": { "schemas": { "Text": { "type": "string", "maxLength": 3 } } },
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("discord.json");
    fs::write(&path, document.to_string()).expect("written");
    let description = Description::read(&path).expect("a description");

    send(json!({ "content": "abc" }));
    let checked = description.check(&fake.requests());
    checked.assert_fits();
    assert_eq!(checked.report(), format!("     1  {SEND}\n"));
    send(json!({ "content": "abcd" }));
    assert_eq!(last_body(&fake, SEND), json!({ "content": "abcd" }));
    let wrong = description.check(&fake.requests()).wrong;
    assert_eq!(wrong.len(), 1);
    assert!(wrong.first().is_some_and(|wrong| wrong.contains("/content")), "{wrong:?}");
}
