//! Messages: what is refused, who is told, what is read back.

use std::time::Duration;

use gmbot_discord_fake::Fake;
use serde_json::{Value, json};
use serenity::all::{
    ChannelId, CreateAttachment, CreateMessage, Event, GetMessages, MessageId, Permissions,
    ReactionType,
};

use crate::bot::{Bot, INTENTS, refused};

fn send(
    bot: &Bot<'_>,
    channel: ChannelId,
    body: &Value,
) -> serenity::Result<serenity::all::Message> {
    bot.does(bot.http.send_message(channel, Vec::new(), body))
}

/// A body at a limit, the same beyond it, the code of the refusal and its place.
fn limits() -> Vec<(Value, Value, &'static str)> {
    let text = |length: usize| "x".repeat(length);
    let embed = |embed: Value| json!({ "embeds": [embed] });
    let field = |name: usize, value: usize| {
        embed(json!({ "fields": [{ "name": text(name), "value": text(value) }] }))
    };
    let fields = |number: usize| {
        embed(json!({ "fields": vec![json!({ "name": "n", "value": "v" }); number] }))
    };
    let embeds = |number: usize, length: usize| json!({ "embeds": vec![json!({ "description": text(length) }); number] });
    let button = |n: usize, label: usize| json!({ "type": 2, "style": 1, "custom_id": format!("{n}"), "label": text(label) });
    let row = |buttons: usize, from: usize| json!({ "type": 1, "components": (from..from + buttons).map(|n| button(n, 1)).collect::<Vec<_>>() });
    let rows = |rows: usize, buttons: usize| json!({ "components": (0..rows).map(|n| row(buttons, n * 10)).collect::<Vec<_>>() });
    let one = |part: Value| json!({ "components": [{ "type": 1, "components": [part] }] });
    let menu = |options: usize| {
        let options: Vec<_> =
            (0..options).map(|n| json!({ "label": "l", "value": n.to_string() })).collect();
        one(json!({ "type": 3, "custom_id": "menu", "options": options }))
    };
    let id = |length: usize| {
        one(json!({ "type": 2, "style": 2, "custom_id": text(length), "label": "l" }))
    };
    vec![
        (json!({ "content": text(2_000) }), json!({ "content": text(2_001) }), "content"),
        (
            embed(json!({ "title": text(256) })),
            embed(json!({ "title": text(257) })),
            "embeds.0.title",
        ),
        (embeds(1, 4_096), embeds(1, 4_097), "embeds.0.description"),
        (embeds(10, 600), embeds(10, 601), "embeds"),
        (embeds(10, 1), embeds(11, 1), "embeds"),
        (fields(25), fields(26), "embeds.0.fields"),
        (field(256, 1), field(257, 1), "embeds.0.fields.0.name"),
        (field(1, 1_024), field(1, 1_025), "embeds.0.fields.0.value"),
        (field(1, 1), field(1, 0), "embeds.0.fields.0.value"),
        (field(1, 1), field(0, 1), "embeds.0.fields.0.name"),
        (
            embed(json!({ "footer": { "text": text(2_048) } })),
            embed(json!({ "footer": { "text": text(2_049) } })),
            "embeds.0.footer.text",
        ),
        (rows(5, 5), rows(6, 1), "components"),
        (rows(1, 5), rows(1, 6), "components.0.components"),
        (one(button(1, 80)), one(button(1, 81)), "components.0.components.0.label"),
        (id(100), id(101), "components.0.components.0.custom_id"),
        (menu(25), menu(26), "components.0.components.0.options"),
        (json!({ "content": "x" }), json!({ "content": "x", "colour": 1 }), "colour"),
        (
            json!({ "content": "x", "allowed_mentions": { "parse": [], "users": ["1"] } }),
            json!({ "content": "x", "allowed_mentions": { "parse": ["users"], "users": ["1"] } }),
            "allowed_mentions.users",
        ),
        (json!({ "content": "x", "flags": 4 }), json!({ "content": "x", "flags": 64 }), "flags"),
        (
            json!({ "content": "x", "nonce": text(25) }),
            json!({ "content": "x", "nonce": text(26) }),
            "nonce",
        ),
    ]
}

#[test]
fn what_is_just_short_enough_is_taken_and_more_is_refused() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    for (fits, exceeds, place) in limits() {
        let sent = send(&bot, general, &fits);
        assert!(sent.is_ok(), "{place}: {sent:?}");
        assert_eq!(refused(send(&bot, general, &exceeds)), (50035, vec![place.to_owned()]));
    }
    assert_eq!(refused(send(&bot, general, &json!({ "content": " " }))).0, 50006);
    assert_eq!(fake.messages(general).len(), limits().len());
}

#[test]
fn what_is_not_permitted_is_refused() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let guild = fake.guild("Alpha", ann);
    let general = fake.general(guild);
    let bot = Bot::connect(&fake, INTENTS);
    let text = json!({ "content": "x" });
    let embed = json!({ "embeds": [{ "title": "x" }] });
    let code = |channel, body| refused(send(&bot, channel, body)).0;

    fake.deny(general, Permissions::EMBED_LINKS);
    assert_eq!(code(general, &embed), 50013);
    let message = send(&bot, general, &text).expect("text is permitted").id;
    fake.deny(general, Permissions::ADD_REACTIONS);
    let one = ReactionType::Unicode("1️⃣".to_owned());
    assert_eq!(refused(bot.does(bot.http.create_reaction(general, message, &one))).0, 50013);
    fake.allow(general, Permissions::ADD_REACTIONS | Permissions::EMBED_LINKS);
    bot.does(bot.http.create_reaction(general, message, &one)).expect("a reaction");
    send(&bot, general, &embed).expect("an embed");
    fake.deny(general, Permissions::SEND_MESSAGES);
    assert_eq!(code(general, &text), 50013);
    fake.deny(general, Permissions::VIEW_CHANNEL);
    assert_eq!(code(general, &text), 50001);
    fake.delete_channel(general);
    assert_eq!(code(general, &text), 10003);

    let direct = fake.direct(ann);
    fake.take_direct_messages(ann, false);
    assert_eq!(code(direct, &text), 50007);
    let new = json!({ "name": "War Requests" });
    let made = bot.does(bot.http.create_channel(guild, &new, None)).expect("a channel");
    let seen = fake.read(|state| state.channel_named(guild, "war-requests").map(|found| found.id));
    assert_eq!(seen, Some(made.id));
    fake.permit_bot(guild, Permissions::empty());
    assert_eq!(refused(bot.does(bot.http.create_channel(guild, &new, None))).0, 50013);
}

#[test]
fn a_message_is_sent_once_for_a_nonce() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    let body = json!({ "content": "once", "nonce": "n1", "enforce_nonce": true });
    let sent = || send(&bot, general, &body).expect("sent").id;
    assert_eq!(sent(), sent());
    assert_eq!(fake.messages(general).len(), 1);
    // The nonce is remembered for a few minutes, and counts only where it is to be unique.
    fake.advance(Duration::from_secs(600));
    sent();
    send(&bot, general, &json!({ "content": "once", "nonce": "n1" })).expect("sent");
    assert_eq!(fake.messages(general).len(), 3);
}

#[test]
fn only_those_are_told_who_may_be() {
    let fake = Fake::start();
    let (ann, bob) = (fake.user("ann"), fake.user("bob"));
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    let content = format!("<@{ann}> <@{bob}> @everyone");
    send(&bot, general, &json!({ "content": content })).expect("sent");
    let allowed = json!({ "parse": [], "users": [bob] });
    send(&bot, general, &json!({ "content": content, "allowed_mentions": allowed })).expect("sent");
    let told = fake.messages(general).into_iter().map(|message| message.told);
    assert_eq!(told.collect::<Vec<_>>(), [[ann, bob].into(), [bob].into()]);
    assert!(!fake.messages(general)[0].told_everyone, "the bot may not");
}

#[test]
fn messages_are_read_back_changed_and_deleted() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    let me = format!("<@{}>", fake.me());
    let ids: Vec<MessageId> = (0..5)
        .map(|n| fake.said(general, ann, &format!("{me} {n}"), Duration::from_secs(60 - n)))
        .collect();
    let read = |wanted: GetMessages| {
        let found = bot.does(general.messages(&bot.http, wanted)).expect("messages");
        found.iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(read(GetMessages::new().after(ids[1]).limit(2)), [ids[3], ids[2]]);
    assert_eq!(read(GetMessages::new().before(ids[3]).limit(2)), [ids[2], ids[1]]);
    assert_eq!(read(GetMessages::new().limit(1)), [ids[4]]);

    let sent = send(&bot, general, &json!({ "content": "one" })).expect("sent").id;
    let body = json!({ "content": "two" });
    bot.does(bot.http.edit_message(general, sent, &body, Vec::new())).expect("changed");
    let seen = fake.messages(general).pop().expect("a message");
    assert_eq!((seen.text().as_str(), seen.edits), ("two", 1));
    assert_eq!(
        refused(bot.does(bot.http.edit_message(general, ids[0], &body, Vec::new()))).0,
        50005
    );
    assert_eq!(refused(bot.does(bot.http.delete_message(general, ids[0], None))).0, 50013);
    bot.does(bot.http.delete_message(general, sent, None)).expect("deleted");
    assert_eq!(refused(bot.does(bot.http.delete_message(general, sent, None))).0, 10008);
    fake.deny(general, Permissions::READ_MESSAGE_HISTORY);
    assert!(read(GetMessages::new()).is_empty());
}

#[test]
fn people_change_and_delete_what_they_said() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    let said = fake.say(direct, ann, "hepl");
    fake.edit(said, "help");
    let changed = bot.hears(|event| {
        let Event::MessageUpdate(event) = event else { return None };
        event.content
    });
    assert_eq!(changed, "help");
    fake.delete(said);
    let deleted = bot.hears(|event| {
        let Event::MessageDelete(event) = event else { return None };
        Some(event.message_id)
    });
    assert_eq!(deleted, said);
    assert!(fake.messages(direct).is_empty());
}

#[test]
fn files_go_both_ways() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    fake.say_with(direct, ann, "proof", &[("win.png", "image/png", b"pixels")]);
    let message = bot.hears(|event| {
        let Event::MessageCreate(event) = event else { return None };
        Some(event.message)
    });
    let fetched = bot.does(message.attachments[0].download()).expect("a file");
    assert_eq!(fetched, b"pixels");

    let file = CreateAttachment::bytes(b"text".as_slice(), "log.txt");
    let message = CreateMessage::new().content("a log").add_file(file);
    bot.does(direct.send_message(&bot.http, message)).expect("sent");
    let seen = fake.messages(direct).pop().expect("a message");
    assert_eq!((seen.attachments[0].name.as_str(), seen.attachments[0].size), ("log.txt", 4));
}

#[test]
fn reactions_are_told_and_counted() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let general = fake.general(fake.guild("Alpha", ann));
    let bot = Bot::connect(&fake, INTENTS);
    let message = send(&bot, general, &json!({ "content": "who won?" })).expect("sent").id;
    let one = ReactionType::Unicode("1️⃣".to_owned());
    bot.does(bot.http.create_reaction(general, message, &one)).expect("a reaction");
    fake.react(message, ann, "1️⃣");
    let users =
        bot.does(bot.http.get_reaction_users(general, message, &one, 100, None)).expect("users");
    assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [fake.me(), ann]);
    fake.unreact(message, ann, "1️⃣");
    bot.hears_of("MESSAGE_REACTION_REMOVE");
    assert_eq!(fake.messages(general)[0].reactions, [("1️⃣".to_owned(), [fake.me()].into())]);
}
