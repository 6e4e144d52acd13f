//! The load: commands at a fixed rate whether or not the answers come, half as text and half as
//! application commands, and how long each took.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use gmbot_bench::{Failure, progress};
use gmbot_discord_fake::{Fake, Request};
use serde_json::json;

use crate::Arguments;
use crate::bots::Bot;
use crate::process::Process;
use crate::servers::{self, Server};

/// How long a bot may take to connect and to settle, and to give the last answers.
const PATIENCE: Duration = Duration::from_secs(600);
/// After how long without any request no further answer is waited for: what Discord does not take,
/// since it comes later than 3 seconds, is not sent again.
const SILENCE: Duration = Duration::from_secs(20);
/// How long it has to be quiet until it has settled.
const QUIET: Duration = Duration::from_secs(2);
/// How much of the processor it may use while it is quiet.
const BREATH: Duration = Duration::from_millis(60);

/// How a bot did.
#[derive(Debug)]
pub(crate) struct Measured {
    /// How long each answer took, in seconds, the shortest first; infinitely long where Discord got
    /// none that it takes.
    latencies: Vec<f64>,
    /// From the first command to the last answer.
    took: Duration,
    processor: Duration,
    pub(crate) rest: Rest,
    pub(crate) peak_bytes: f64,
}

/// A bot that has met all of its servers and is quiet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    servers: usize,
    /// How long it took from the start until it was quiet.
    pub(crate) start: Duration,
    /// How much of the processor's time that took.
    processor: Duration,
    /// How much memory it has then.
    bytes: f64,
}

impl Rest {
    /// Memory in bytes, and the processor's time in seconds until it was quiet, for each thousand
    /// servers more than in a smaller one.
    pub(crate) fn per_thousand(&self, smaller: &Self) -> (f64, f64) {
        let thousands = (self.servers - smaller.servers) as f64 / 1e3;
        let processor = self.processor.saturating_sub(smaller.processor).as_secs_f64();
        ((self.bytes - smaller.bytes) / thousands, processor / thousands)
    }
}

impl Measured {
    /// The time within which a share of the answers came, in seconds.
    pub(crate) fn latency(&self, share: f64) -> f64 {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(place.min(self.latencies.len() - 1)).copied().unwrap_or(f64::NAN)
    }

    /// Answers a second, those after the first command's turn.
    pub(crate) fn rate(&self) -> f64 {
        (self.latencies.len() - 1 - self.unanswered()) as f64 / self.took.as_secs_f64()
    }

    /// How many commands were not answered in time.
    pub(crate) fn unanswered(&self) -> usize {
        self.latencies.iter().filter(|latency| latency.is_infinite()).count()
    }

    pub(crate) fn processor_per_command(&self) -> f64 {
        self.processor.as_secs_f64() / self.latencies.len() as f64
    }
}

/// Lets a bot connect to so many servers and settle, and ends it.
pub(crate) fn measure_at_rest(bot: Bot, servers: usize) -> Result<Rest, Failure> {
    let fake = Fake::start();
    servers::make(&fake, servers);
    let folder = tempfile::tempdir()?;
    Ok(connect(bot, &fake, servers, folder.path())?.1)
}

/// Lets a bot connect and settle, sends the commands, and waits for the answers.
pub(crate) fn measure(bot: Bot, arguments: &Arguments) -> Result<Measured, Failure> {
    let fake = Fake::start();
    let servers = servers::make(&fake, arguments.servers);
    let folder = tempfile::tempdir()?;
    let (process, rest) = connect(bot, &fake, servers.len(), folder.path())?;
    fake.forget_requests();
    progress(&format!("`{}` answers", bot.name()));
    let before = process.processor()?;
    let sent = send(&fake, &servers, arguments);
    let answers = answers(&fake, &sent);
    let processor = process.processor()?.saturating_sub(before);
    fake.assert_local();
    let first = sent.first().map(|sent| sent.at).ok_or("no command was sent")?;
    let last = answers.iter().flatten().max().copied().ok_or("no answer came")?;
    let latency = |(sent, at): (&Sent, &Option<Instant>)| {
        at.map_or(f64::INFINITY, |at| at.duration_since(sent.at).as_secs_f64())
    };
    let mut latencies: Vec<f64> = sent.iter().zip(&answers).map(latency).collect();
    latencies.sort_by(f64::total_cmp);
    let took = last.duration_since(first);
    Ok(Measured { latencies, took, processor, rest, peak_bytes: process.peak_bytes()? })
}

fn connect(
    bot: Bot,
    fake: &Fake,
    servers: usize,
    folder: &Path,
) -> Result<(Process, Rest), Failure> {
    progress(&format!("`{}` meets {servers} servers", bot.name()));
    let begun = Instant::now();
    let process = Process::start(bot, fake, folder)?;
    let connected = |state: &gmbot_discord_fake::State| {
        let ready = !state.connected().is_empty() && !state.commands(None).is_empty();
        ready.then_some(())
    };
    fake.wait_at_most(PATIENCE, connected).ok_or("the bot does not connect")?;
    let start = settle(fake, &process)?.duration_since(begun);
    let (processor, bytes) = (process.processor()?, process.resident_bytes()?);
    Ok((process, Rest { servers, start, processor, bytes }))
}

/// Waits until a bot asks nothing and does nothing, and says since when.
fn settle(fake: &Fake, process: &Process) -> Result<Instant, Failure> {
    let begun = Instant::now();
    loop {
        let since = Instant::now();
        let (asked, spent) = (fake.requested(), process.processor()?);
        thread::sleep(QUIET);
        if fake.requested() == asked && process.processor()? <= spent + BREATH {
            return Ok(since);
        }
        if begun.elapsed() > PATIENCE {
            return Err("the bot does not settle".into());
        }
    }
}

/// A command: when it was given, and the channel or the token by which it is answered.
struct Sent {
    at: Instant,
    answer: String,
}

fn send(fake: &Fake, servers: &[Server], arguments: &Arguments) -> Vec<Sent> {
    let pause = Duration::from_secs(1) / arguments.rate;
    let begun = Instant::now();
    let mut due = begun;
    let mut sent = Vec::new();
    for n in 0..(arguments.rate * arguments.seconds) as usize {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        due += pause;
        let server = &servers[n % servers.len()];
        // As many lines as there are go by both ways.
        sent.push(give(fake, *server, &server.line(n / 2), n % 2 == 0));
    }
    sent
}

fn give(fake: &Fake, server: Server, line: &str, as_text: bool) -> Sent {
    let Server { channel, owner, .. } = server;
    let at = Instant::now();
    let answer = if as_text {
        fake.say(channel, owner, &format!("<@{}> {line}", fake.me()));
        channel.to_string()
    } else {
        let line = json!({ "name": "line", "value": line });
        let run = json!({ "name": "run", "options": [line] });
        let id = fake.slash(channel, owner, &json!({ "name": "gmbot", "options": [run] }));
        format!("token-{id}")
    };
    Sent { at, answer }
}

/// When the answer to each command came: the first request since that answers there, and was taken.
fn answers(fake: &Fake, sent: &[Sent]) -> Vec<Option<Instant>> {
    let (mut asked, mut since) = (fake.requested(), Instant::now());
    loop {
        let found = match_up(&fake.requests(), sent);
        if found.iter().all(Option::is_some) || since.elapsed() > SILENCE {
            return found;
        }
        thread::sleep(QUIET);
        if fake.requested() != asked {
            (asked, since) = (fake.requested(), Instant::now());
        }
    }
}

fn match_up(requests: &[Request], sent: &[Sent]) -> Vec<Option<Instant>> {
    let mut answers: BTreeMap<&str, VecDeque<Instant>> = BTreeMap::new();
    for request in
        requests.iter().filter(|request| request.status.is_some_and(|status| status < 300))
    {
        if let Some(key) = answered(request) {
            answers.entry(key).or_default().push_back(request.at);
        }
    }
    let mut first = |sent: &Sent| {
        let answers = answers.get_mut(sent.answer.as_str())?;
        std::iter::from_fn(|| answers.pop_front()).find(|at| *at >= sent.at)
    };
    sent.iter().map(&mut first).collect()
}

/// What a request answers, if it does: a channel, or an interaction by its token. A deferral only
/// says that the answer comes later.
fn answered(request: &Request) -> Option<&str> {
    let part = |n| request.path.split(['/', '?']).nth(n);
    match request.route.as_str() {
        "POST /channels/{channel_id}/messages" => part(4),
        "POST /interactions/{interaction_id}/{interaction_token}/callback" => {
            (request.json()["type"] != 5).then(|| part(5)).flatten()
        }
        "POST /webhooks/{webhook_id}/{webhook_token}"
        | "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original" => part(5),
        _ => None,
    }
}
