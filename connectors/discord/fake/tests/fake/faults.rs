//! What goes wrong on demand, and what can't.

use std::time::Duration;

use gmbot_discord_fake::Fake;
use gmbot_discord_fake::Fault;
use serde_json::json;
use serenity::all::{ChannelId, HttpBuilder};
use serenity::http::HttpError;
use tokio::runtime::Runtime;

use crate::bot::{Bot, INTENTS, refused};

const SEND: &str = "POST /channels/{channel_id}/messages";

fn send(bot: &Bot<'_>, channel: ChannelId) -> serenity::Result<serenity::all::Message> {
    bot.does(bot.http.send_message(channel, Vec::new(), &json!({ "content": "x" })))
}

#[test]
fn requests_are_refused_lost_and_broken() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    let sent = |number: usize| assert_eq!(fake.messages(direct).len(), number);

    fake.inject(Fault::rate_limit(Duration::from_millis(1)).on(SEND).every(2).times(1));
    send(&bot, direct).expect("sent");
    let limited = send(&bot, direct);
    let Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(response))) = limited else {
        panic!("not refused: {limited:?}")
    };
    assert_eq!(response.status_code.as_u16(), 429);
    sent(1);
    fake.inject(Fault::status(503).times(1));
    assert_eq!(refused(send(&bot, direct)).0, 0);
    sent(1);
    fake.inject(Fault::broken().times(1));
    send(&bot, direct).expect_err("the connection ended");
    sent(1);
    fake.inject(Fault::lost().times(1));
    send(&bot, direct).expect_err("no answer came");
    sent(2);
    fake.inject(Fault::late(Duration::from_millis(1)).times(1));
    send(&bot, direct).expect("sent");
    sent(3);
    fake.inject(Fault::slow(Duration::from_millis(1)).times(1));
    send(&bot, direct).expect("sent");
    sent(4);
    let last = fake.requests().pop().expect("a request");
    assert_eq!(
        (last.route.as_str(), last.status, last.json()),
        (SEND, Some(200), json!({ "content": "x" }))
    );
}

#[test]
fn a_wrong_token_and_an_unknown_route_are_refused() {
    let fake = Fake::start();
    let bot = Bot::connect(&fake, INTENTS);
    let other = HttpBuilder::new("wrong").proxy(fake.url()).ratelimiter_disabled(true).build();
    assert_eq!(refused(bot.does(other.get_current_user())).0, 0);
    assert_eq!(refused(bot.does(bot.http.get_voice_regions())).0, 0);
    let last = fake.requests().pop().expect("a request");
    assert_eq!((last.route.as_str(), last.status), ("GET /api/v10/voice/regions", Some(404)));
}

#[test]
fn a_limiter_waits_and_sends_again() {
    let fake = Fake::start();
    let ann = fake.user("ann");
    let direct = fake.direct(ann);
    let bot = Bot::connect(&fake, INTENTS);
    let limited = fake.limited_http().build();
    let wait = Duration::from_millis(20);
    let sends = || {
        let body = json!({ "content": "x" });
        bot.does(limited.send_message(direct, Vec::new(), &body)).expect("sent");
    };
    fake.inject(Fault::rate_limit(wait).on(SEND).every(2).times(2));
    (0..3).for_each(|_| sends());
    fake.heal();
    fake.inject(Fault::global_rate_limit(wait).times(1));
    sends();
    assert_eq!(fake.messages(direct).len(), 4);
    let statuses: Vec<_> = fake
        .requests()
        .iter()
        .filter(|request| request.route == SEND)
        .filter_map(|request| request.status)
        .collect();
    assert_eq!(statuses, [200, 429, 200, 429, 200, 429, 200]);
}

#[test]
fn whatever_would_leave_this_machine_is_caught() {
    let fake = Fake::start();
    let runtime = Runtime::new().expect("threads");
    let astray = fake.http().proxy("https://example.com").build();
    runtime.block_on(astray.get_current_user()).expect_err("nothing gets out");
    let astray = fake.http().proxy("http://example.com").build();
    runtime.block_on(astray.get_current_user()).expect_err("nothing gets out");
    let wanted = ["CONNECT example.com:443", "GET http://example.com/api/v10/users/@me"];
    assert_eq!(fake.foreign(), wanted);
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fake.assert_local()));
    assert!(told.is_err(), "a test that went elsewhere fails");
}
