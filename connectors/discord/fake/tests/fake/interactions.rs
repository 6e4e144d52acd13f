//! Commands, buttons, menus and forms, answered as Discord wants it.

use std::time::Duration;

use gmbot_discord_fake::{Callback, Fake};
use serde_json::{Value, json};
use serenity::all::{Event, GuildId, Interaction, InteractionId, UserId};

use crate::bot::{Bot, INTENTS, refused};

struct Scene<'a> {
    fake: &'a Fake,
    bot: Bot<'a>,
    ann: UserId,
    guild: GuildId,
}

impl<'a> Scene<'a> {
    fn new(fake: &'a Fake) -> Self {
        let ann = fake.user("ann");
        let guild = fake.guild("Alpha", ann);
        let bot = Bot::connect(fake, INTENTS);
        let run = json!({
            "type": 3,
            "name": "line",
            "description": "A line",
            "required": true,
            "autocomplete": true,
        });
        let who = json!({ "type": 6, "name": "who", "description": "Somebody" });
        let proof = json!({ "type": 11, "name": "proof", "description": "An image" });
        let options = [run, who, proof];
        let command = json!([{ "name": "gmbot", "description": "Clan wars", "options": options }]);
        bot.does(bot.http.create_global_commands(&command)).expect("a command");
        Self { fake, bot, ann, guild }
    }

    fn command(&self, options: Value) -> Value {
        json!({ "name": "gmbot", "options": options })
    }

    fn slash(&self) -> InteractionId {
        let line = json!([{ "name": "line", "value": "help" }]);
        self.fake.slash(self.fake.general(self.guild), self.ann, &self.command(line))
    }

    fn hears(&self) -> Interaction {
        self.bot.hears(|event| {
            let Event::InteractionCreate(event) = event else { return None };
            Some(event.interaction)
        })
    }

    fn answers(&self, interaction: &Interaction, body: Value) -> serenity::Result<()> {
        let http = &self.bot.http;
        let (id, token) = (interaction.id(), interaction.token());
        self.bot.does(http.create_interaction_response(id, token, &body, Vec::new()))
    }

    fn follows(
        &self,
        interaction: &Interaction,
        body: Value,
    ) -> serenity::Result<serenity::all::Message> {
        let http = &self.bot.http;
        self.bot.does(http.create_followup_message(interaction.token(), &body, Vec::new()))
    }

    fn edits(
        &self,
        interaction: &Interaction,
        body: Value,
    ) -> serenity::Result<serenity::all::Message> {
        let http = &self.bot.http;
        let token = interaction.token();
        self.bot.does(http.edit_original_interaction_response(token, &body, Vec::new()))
    }
}

#[test]
fn a_command_is_answered_once_changed_and_followed() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    let id = scene.slash();
    let interaction = scene.hears();
    assert_eq!(refused(scene.follows(&interaction, json!({ "content": "early" }))).0, 10015);
    let answer = json!({ "type": 4, "data": { "content": "one" } });
    scene.answers(&interaction, answer.clone()).expect("answered");
    assert_eq!(refused(scene.answers(&interaction, answer)).0, 40060);
    scene.edits(&interaction, json!({ "content": "uno" })).expect("changed");
    let private = json!({ "content": "psst", "flags": 64 });
    scene.follows(&interaction, private).expect("followed");
    let seen = fake.responses(id);
    let texts: Vec<_> = seen.iter().map(|message| (message.text(), message.only_for)).collect();
    assert_eq!(texts, [("uno".to_owned(), None), ("psst".to_owned(), Some(scene.ann))]);
    assert_eq!(fake.messages(fake.general(scene.guild)).len(), 1);
    fake.advance(Duration::from_secs(15 * 60 + 1));
    assert_eq!(refused(scene.edits(&interaction, json!({ "content": "late" }))).0, 50027);
}

#[test]
fn an_answer_that_comes_late_is_refused() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    scene.slash();
    let interaction = scene.hears();
    fake.advance(Duration::from_secs(4));
    let answer = json!({ "type": 4, "data": { "content": "one" } });
    assert_eq!(refused(scene.answers(&interaction, answer)).0, 10062);
}

#[test]
fn what_follows_a_deferral_takes_its_place_and_is_as_private() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    let general = fake.general(scene.guild);
    let id = scene.slash();
    let interaction = scene.hears();
    scene.answers(&interaction, json!({ "type": 5 })).expect("deferred");
    assert!(fake.messages(general)[0].thinking);
    scene.follows(&interaction, json!({ "content": "done", "flags": 64 })).expect("followed");
    let seen = fake.responses(id);
    assert_eq!((seen.len(), seen[0].thinking, seen[0].only_for), (1, false, None));

    // A refusal after a public deferral: deleted, and told in private.
    scene.slash();
    let interaction = scene.hears();
    scene.answers(&interaction, json!({ "type": 5 })).expect("deferred");
    let deleted = scene.bot.http.delete_original_interaction_response(interaction.token());
    scene.bot.does(deleted).expect("deleted");
    scene.follows(&interaction, json!({ "content": "no", "flags": 64 })).expect("followed");
    assert_eq!(fake.messages(general).len(), 1);
    let private = fake.read(|state| state.messages_for(general, scene.ann).len());
    assert_eq!(private, 2);
}

#[test]
fn letters_are_completed() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    let general = fake.general(scene.guild);
    let options = json!([{ "name": "line", "value": "he", "focused": true }]);
    let id = fake.autocomplete(general, scene.ann, &scene.command(options));
    let interaction = scene.hears();
    let choices = |number: usize| -> Value {
        (0..number).map(|n| json!({ "name": format!("c{n}"), "value": "v" })).collect()
    };
    let answer = |number| json!({ "type": 8, "data": { "choices": choices(number) } });
    let wrong = json!({ "type": 4, "data": { "content": "x" } });
    assert_eq!(refused(scene.answers(&interaction, wrong)).0, 50035);
    assert_eq!(refused(scene.answers(&interaction, answer(26))).0, 50035);
    scene.answers(&interaction, answer(25)).expect("choices");
    let given = fake.read(|state| state.interaction(id).map(|found| found.choices.len()));
    assert_eq!(given, Some(25));
}

#[test]
fn a_button_opens_a_form_and_a_menu_names_people() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    let general = fake.general(scene.guild);
    let button = json!({ "type": 2, "style": 1, "custom_id": "say", "label": "Say" });
    let menu = json!({ "type": 5, "custom_id": "who", "min_values": 1, "max_values": 2 });
    let row = |part: Value| json!({ "type": 1, "components": [part] });
    let body = json!({ "content": "?", "components": [row(button), row(menu)] });
    let sent = scene.bot.does(scene.bot.http.send_message(general, Vec::new(), &body));
    let message = sent.expect("sent").id;

    let pressed = fake.press(message, scene.ann, "say");
    let interaction = scene.hears();
    let input = |label: &str| {
        row(json!({ "type": 4, "custom_id": "text", "style": 1, "label": label, "max_length": 5 }))
    };
    let form = |title: &str, label: &str| {
        let data = json!({ "custom_id": "f", "title": title, "components": [input(label)] });
        json!({ "type": 9, "data": data })
    };
    let title = "t".repeat(46);
    assert_eq!(refused(scene.answers(&interaction, form(&title, "l"))).1, ["data.title"]);
    scene.answers(&interaction, form("Say", "What")).expect("a form");
    let sent = fake.submit_modal(pressed, &[("text", "hello")]);
    let Interaction::Modal(modal) = scene.hears() else { panic!("a form") };
    assert_eq!(modal.data.custom_id, "f");
    let update = json!({ "type": 7, "data": { "content": "hello", "components": [] } });
    scene.answers(&Interaction::Modal(modal), update).expect("updated");
    let answer = fake.read(|state| state.interaction(sent).and_then(|found| found.answer));
    assert_eq!(answer, Some(Callback::Update));
    assert_eq!(fake.messages(general)[0].text(), "hello");
    assert_eq!(fake.messages(general)[0].custom_ids(), [""; 0]);
}

#[test]
fn a_menu_and_options_name_people_and_files() {
    let fake = Fake::start();
    let scene = Scene::new(&fake);
    let general = fake.general(scene.guild);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob);
    let menu = json!({ "type": 5, "custom_id": "who", "min_values": 1, "max_values": 2 });
    let body = json!({ "content": "?", "components": [{ "type": 1, "components": [menu] }] });
    let sent = scene.bot.does(scene.bot.http.send_message(general, Vec::new(), &body));
    fake.choose(sent.expect("sent").id, scene.ann, "who", &[bob.to_string()]);
    let Interaction::Component(chosen) = scene.hears() else { panic!("a menu") };
    assert!(chosen.data.resolved.members.contains_key(&bob));

    let file = fake.upload(general, "win.png", "image/png", b"pixels");
    let options = json!([
        { "name": "line", "value": "x" },
        { "name": "who", "value": bob },
        { "name": "proof", "value": file },
    ]);
    fake.slash(general, scene.ann, &scene.command(options));
    let Interaction::Command(command) = scene.hears() else { panic!("a command") };
    assert_eq!(command.data.resolved.users[&bob].name, "bob");
    assert_eq!(command.data.resolved.attachments[&file].filename, "win.png");
    assert_eq!(command.member.map(|member| member.user.id), Some(scene.ann));
}
