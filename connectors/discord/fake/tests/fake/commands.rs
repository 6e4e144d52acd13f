//! Application commands: what may be registered.

use gmbot_discord_fake::Fake;
use serde_json::{Value, json};

use crate::bot::{Bot, INTENTS, refused};

fn command(change: impl FnOnce(&mut Value)) -> Value {
    let mut command = json!({ "name": "gmbot", "description": "Clan wars", "options": [] });
    change(&mut command);
    json!([command])
}

fn option(name: &str, required: bool) -> Value {
    json!({ "type": 3, "name": name, "description": "d", "required": required })
}

/// A list of commands that Discord takes, one that it doesn't, and where the mistake is.
fn limits() -> Vec<(Value, Value, &'static str)> {
    let named = |name: String| command(|command| command["name"] = json!(name));
    let described =
        |length: usize| command(|command| command["description"] = json!("d".repeat(length)));
    let options = |options: Vec<Value>| command(|command| command["options"] = json!(options));
    let many =
        |number: usize| options((0..number).map(|n| option(&format!("o{n}"), false)).collect());
    let choices = |number: usize| {
        let mut choosing = option("o", false);
        choosing["choices"] =
            (0..number).map(|n| json!({ "name": n.to_string(), "value": "v" })).collect();
        options(vec![choosing])
    };
    let completing = |choices: Value| {
        let mut completing = option("o", false);
        completing["autocomplete"] = json!(true);
        completing["choices"] = choices;
        options(vec![completing])
    };
    let group = |inner: Value| {
        options(vec![json!({ "type": 2, "name": "war", "description": "d", "options": [inner] })])
    };
    let subcommand =
        json!({ "type": 1, "name": "list", "description": "d", "options": [option("o", true)] });
    let sized = |last: usize| {
        let mut all: Vec<Value> = (0..25)
            .map(|n| {
                let choices = (0..3).map(
                    |c| json!({ "name": format!("{c}{}", "c".repeat(97)), "value": "vvvvvvv" }),
                );
                let mut option = option(&format!("o{n:02}"), false);
                option["choices"] = choices.collect();
                option
            })
            .collect();
        all[0]["description"] = json!("d".repeat(last));
        options(all)
    };
    vec![
        (named("n".repeat(32)), named("n".repeat(33)), "0.name"),
        (named("krieg-ä_1".into()), named("Krieg".into()), "0.name"),
        (named("war".into()), named("war list".into()), "0.name"),
        (described(100), described(101), "0.description"),
        (many(25), many(26), "0.options"),
        (choices(25), choices(26), "0.options.0.choices"),
        (
            options(vec![option("a", true), option("b", false)]),
            options(vec![option("a", false), option("b", true)]),
            "0.options.1",
        ),
        (
            completing(json!([])),
            completing(json!([{ "name": "n", "value": "v" }])),
            "0.options.0.choices",
        ),
        (group(subcommand.clone()), group(option("o", true)), "0.options.0.options.0"),
        (
            json!([command(|_| ())[0], command(|command| command["name"] = json!("b"))[0]]),
            json!([command(|_| ())[0], command(|_| ())[0]]),
            "1",
        ),
        (sized(12), sized(13), "0"),
        (command(|_| ()), command(|command| command["colour"] = json!(1)), "0.colour"),
    ]
}

#[test]
fn what_is_just_small_enough_is_registered_and_more_is_refused() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let guild = fake.guild("Alpha", ann);
    let bot = Bot::connect(&fake, INTENTS);
    for (fits, exceeds, place) in limits() {
        let taken = bot.does(bot.http.create_global_commands(&fits));
        assert!(taken.is_ok(), "{place}: {taken:?}");
        let (code, places) = refused(bot.does(bot.http.create_guild_commands(guild, &exceeds)));
        assert_eq!(code, 50035, "{place}");
        assert!(places.iter().any(|found| found == place), "{place} in {places:?}");
    }
    let many = |number: usize| -> Value {
        (0..number).map(|n| json!({ "name": format!("c{n}"), "description": "d" })).collect()
    };
    bot.does(bot.http.create_global_commands(&many(100))).expect("a hundred commands");
    assert_eq!(refused(bot.does(bot.http.create_global_commands(&many(101)))).0, 30032);
    assert_eq!(fake.read(|state| state.commands(None).len()), 100);
    bot.does(bot.http.create_global_commands(&json!([]))).expect("none");
    assert!(bot.does(bot.http.get_global_commands()).expect("commands").is_empty());
}
