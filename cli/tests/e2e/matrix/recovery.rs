//! The bot's keys on a real homeserver: they are set up at the first start, a store that was lost comes
//! back with the recovery key, and without it nothing is done in silence.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use wait_timeout::ChildExt as _;

use crate::counterpart::until;
use crate::matrix::bot::Bot;
use crate::matrix::people::{Account, People, text};
use crate::matrix::room::Kind;
use crate::matrix::synapse::{Api, Synapse};
use crate::matrix::war::{ENCRYPTED, Side};
use crate::report::Report;

/// How long the bot may take until it refuses to start.
const REFUSES_WITHIN: Duration = Duration::from_mins(2);
/// The exit status of a program that can not do what it was told.
const FAILED: i32 = 3;

pub(crate) fn run(synapse: &Synapse, people: &People, bot: &mut Bot, report: &Report) {
    let witness = people.register("witness", false);
    let keys = Keys { api: synapse.api(), witness, bot: bot.user().to_owned() };
    let recovery = bot.program.path("recovery");
    until("a recovery key", || fs::read_to_string(&recovery).ok().filter(|key| !key.is_empty()));
    assert_eq!(keys.trusted().len(), 1, "the first device is signed by its owner");

    let kind = Kind { version: "12", encrypted: true };
    let side = Side::open(people, bot, kind, "Night Owls", ENCRYPTED[0]);
    side.room.ask(&side.leader, "gmbot setup -location Pune");
    bot.kill();
    let store = bot.program.path("matrix");
    let token = token(&fs::read(store.join("session.json")).expect("a session"));
    fs::remove_dir_all(&store).expect("a store");
    let while_away = side.room.say(&side.leader, &text("gmbot setup -location Goa"));

    // What is refused leaves nothing behind: no store, and no device.
    let before = keys.devices();
    let refused = refusal(bot, |command| {
        command.env_remove("GMBOT_MATRIX_RECOVERY_KEY_FILE");
    });
    assert!(refused.contains("has used encryption before"), "{refused}");
    let wrong = bot.program.path("wrong");
    fs::write(&wrong, "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d")
        .expect("a file");
    let refused = refusal(bot, |command| {
        command.env("GMBOT_MATRIX_RECOVERY_KEY_FILE", &wrong);
    });
    assert!(refused.contains("does not open the secret storage"), "{refused}");
    let refused = refusal(bot, |command| {
        command.env_remove("GMBOT_MATRIX_PASSWORD").env("GMBOT_MATRIX_TOKEN", &token);
    });
    assert!(refused.contains("which has been used"), "{refused}");
    assert_eq!(keys.devices(), before);

    bot.go_on();
    let trusted = until("another device", || Some(keys.trusted()).filter(|all| all.len() > 1));
    assert_eq!(trusted.len(), 2, "{trusted:?}");
    let profile = side.room.ask(&side.leader, "gmbot setup");
    assert!(profile.text().contains("Night Owls"), "{profile:?}");
    // It goes on with the same keys.
    bot.kill();
    bot.go_on();
    side.room.ask(&side.leader, "gmbot games");
    assert_eq!(keys.trusted(), trusted);
    // What was sent to keys that were lost stays unread, and is not answered twice.
    let answers = side.room.all().iter().filter(|event| event.answers(&while_away)).count();
    assert!(answers <= 1, "{answers}");

    let add = |what, value| report.add("matrix-recovery", what, value);
    add("starts refused where the store was lost", 3);
    add("devices that the account's owner has signed, before and after", trusted.len());
}

/// What everybody may know of the bot's keys.
struct Keys {
    api: Api,
    witness: Account,
    bot: String,
}

impl Keys {
    fn known(&self) -> Value {
        let wanted = json!({ "device_keys": { &self.bot: [] } }).to_string();
        let path = "/_matrix/client/v3/keys/query";
        let known = self.api.ask(&self.witness.token, "POST", path, wanted.as_bytes());
        known.unwrap_or_else(|refused| panic!("{path}: {refused}"))
    }

    /// The devices that have keys.
    fn devices(&self) -> Vec<String> {
        let known = self.known();
        let devices = known["device_keys"][&self.bot].as_object();
        devices.into_iter().flatten().map(|(id, _)| id.clone()).collect()
    }

    /// Those that the account's own key has signed.
    fn trusted(&self) -> Vec<String> {
        let known = self.known();
        let signing = known["self_signing_keys"][&self.bot]["keys"].as_object();
        let Some((key, _)) = signing.and_then(|keys| keys.iter().next()) else { return Vec::new() };
        let devices = known["device_keys"][&self.bot].as_object();
        let signed = |device: &Value| device["signatures"][&self.bot].get(key).is_some();
        devices
            .into_iter()
            .flatten()
            .filter(|(_, it)| signed(it))
            .map(|(id, _)| id.clone())
            .collect()
    }
}

/// The access token in a session.
fn token(session: &[u8]) -> String {
    let session: Value = serde_json::from_slice(session).expect("JSON");
    session["access_token"].as_str().expect("a token").to_owned()
}

/// Why the bot does not start with other settings.
#[track_caller]
fn refusal(bot: &Bot, change: impl FnOnce(&mut std::process::Command)) -> String {
    let mut command = bot.command(["matrix"]);
    change(&mut command);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary runs");
    if child.wait_timeout(REFUSES_WITHIN).expect("it can be waited for").is_none() {
        child.kill().ok();
    }
    let ended = child.wait_with_output().expect("it has ended");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(FAILED), "{said}");
    said
}
