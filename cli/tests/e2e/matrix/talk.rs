//! That the counterparts do among themselves what the bot is tried with: rooms of each kind, images,
//! reactions, a restart of the homeserver, and its refusal of what comes too fast.

use serde_json::json;

use crate::matrix::people::{People, answering, decoded, text};
use crate::matrix::room::{Kind, Room, Who};
use crate::matrix::synapse::Synapse;
use crate::report::Report;

/// How many messages meet the limit.
const HASTY: usize = 6;

pub(crate) fn run(synapse: &mut Synapse, people: &People, report: &Report) {
    let administrator = people.register("root", true);
    let (uma, vic) = (people.arrive("uma"), people.arrive("vic"));
    let who = Who { owner: &uma, readers: &[&vic], bot: None };
    let open = |kind| Room::open(people, kind, "Headshot Killers", who);
    let rooms: Vec<_> = Kind::all().map(open).collect();
    for room in &rooms {
        let said = room.say(&vic, &text(&format!("good morning {uma}")));
        let heard = room.event("a greeting", |event| event.id == said);
        assert_eq!(heard.content["m.mentions"]["user_ids"], json!([uma]));
        let thumb = room.react(&vic, &said, "👍");
        room.event("a reaction", |event| event.id == thumb);
        room.redact(&vic, &thumb);
        room.event("its end", |event| event.kind == "m.room.redaction");
        let shown = room.show(&vic, &said, b"not an image");
        let shown = room.event("an image", |event| event.id == shown);
        let got = people.ask(json!({"do": "download", "who": uma, "content": shown.content}));
        assert_eq!(decoded(&got), b"not an image");
    }
    synapse.kill();
    synapse.go_on();
    synapse.limit(&vic, &administrator);
    for room in &rooms {
        let answer = answering(&room.all()[0].id, "hello");
        let hasty = people.ask_all(vec![room.saying(&vic, &answer); HASTY]);
        for sent in hasty {
            room.event("what was said hastily", |event| event.id == sent["event"]);
        }
    }
    synapse.unlimit(&vic, &administrator);
    let refused = synapse.answered(&vic, 429);
    assert!(refused > 0, "nobody was too fast");
    let add = |what, value| report.add("matrix", what, value);
    add("kinds of rooms in which two people understand each other", rooms.len().to_string());
    add("refusals of what came too fast, and nothing lost", refused.to_string());
}
