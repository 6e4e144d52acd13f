//! A server that is killed again and again while many requests are in flight: what was answered is
//! in the log once, what is asked for again is not done again, and no notice is lost.
//!
//! `GMBOT_KILLS` says how often; 20 times unless it does.

use std::collections::VecDeque;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::Extent;
use crate::client::Client;
use crate::ledger::{Ledger, Step};
use crate::program::Program;
use crate::report::Report;
use crate::serving::{Call, Sent, Serving};

/// When the database's own clock begins. It stands where the last event left it, and is moved past
/// all leases between two lives of the server, so that nobody waits for them.
const BEGIN: Timestamp = Timestamp::constant(1_767_636_000, 0);
const LEASE: SignedDuration = SignedDuration::from_secs(61);
/// A kill comes at most so many milliseconds after the answer that it waited for.
const DELAY_MS: u32 = 20;
/// How long all that is left may take at the end, and how long a look rests that found nothing.
const PATIENCE: Duration = Duration::from_secs(120);
const REST: Duration = Duration::from_millis(50);

pub(crate) fn run(extent: Extent, report: &Report) {
    let (kills, in_flight) = size(extent);
    let begun = Instant::now();
    let mut victim = Victim::new();
    let mut ledger = Ledger::default();
    let subscribed = victim.start().call(&Ledger::subscription(&victim.client));
    assert_eq!(subscribed.code(), "SUBSCRIBED");
    for _ in 0..kills {
        victim.live_and_die(&mut ledger, in_flight);
    }
    victim.live_to_the_end(&mut ledger, in_flight);
    ledger.must_agree_with(&victim.program.done("log"));
    assert!(victim.program.done("verify").starts_with("sound"));
    assert!(ledger.cut_off > 0, "no kill cut a request off");

    let add = |what, value| report.add("kills", what, value);
    add("kills × requests in flight", format!("{kills} × {in_flight}"));
    add("requests sent, of which cut off", format!("{}, {}", ledger.sent, ledger.cut_off));
    add("wars created and accepted, each once", ledger.challenges().to_string());
    let (notices, again) = ledger.notices();
    add("notices, none lost; of which handed out again", format!("{notices}, {again}"));
    add("took", format!("{} s", begun.elapsed().as_secs()));
}

/// How many kills, among how many requests.
fn size(extent: Extent) -> (u32, u32) {
    match extent {
        Extent::Little => (3, 100),
        Extent::Whole => {
            let kills = std::env::var("GMBOT_KILLS");
            (kills.map_or(20, |kills| kills.parse().expect("a number")), 1_000)
        }
    }
}

/// A server that is killed, and started again at the same database.
struct Victim {
    program: Program,
    client: Client,
    now: Timestamp,
}

impl Victim {
    fn new() -> Self {
        let (program, now) = (Program::new(), BEGIN);
        program.done(&event(now));
        let client = Client::new(&program);
        Self { program, client, now }
    }

    /// Another life, after all leases of the last one.
    fn start(&mut self) -> Serving {
        self.now += LEASE;
        self.program.done(&event(self.now));
        self.program.serve("--set http.calls_per_key=1000000 serve --listen 127.0.0.1:0")
    }

    /// Keeps so many requests in flight until some number of them is answered, and kills the server
    /// then or a moment later.
    fn live_and_die(&mut self, ledger: &mut Ledger, in_flight: u32) {
        let serving = self.start();
        let mut flight = VecDeque::new();
        let ask = |ledger: &mut Ledger| {
            let step = ledger.next();
            let sent = send(&serving, &ledger.call(&step, &self.client));
            (step, sent)
        };
        flight.extend((0..in_flight).map(|_| ask(ledger)));
        for _ in 0..chance(in_flight / 2) {
            let (step, sent) = flight.pop_front().expect("there is always one in flight");
            enter(ledger, step, sent);
            flight.push_back(ask(ledger));
        }
        thread::sleep(Duration::from_millis(chance(DELAY_MS).into()));
        drop(serving);
        for (step, sent) in flight {
            enter(ledger, step, sent);
        }
    }

    /// Asks for all that was not answered, for all challenges again, and for notices until there are
    /// no more.
    fn live_to_the_end(&mut self, ledger: &mut Ledger, in_flight: u32) {
        let serving = self.start();
        let (begun, mut steps) = (Instant::now(), ledger.again());
        while begun.elapsed() < PATIENCE {
            for some in steps.chunks(in_flight as usize) {
                let ask = |step: &Step| send(&serving, &ledger.call(step, &self.client));
                let sent: Vec<Sent> = some.iter().map(ask).collect();
                for (step, sent) in some.iter().zip(sent) {
                    enter(ledger, step.clone(), sent);
                }
            }
            if ledger.is_complete() {
                break;
            }
            steps = ledger.rest();
            if steps.len() == 1 {
                // Challenges to everybody are handed on in pages, after their commit.
                thread::sleep(REST);
            }
        }
    }
}

/// A line that sets the clock, and leaves an event at that time.
fn event(at: Timestamp) -> String {
    format!("--at {at} --in clock-{} subscribe CS:GO", at.as_second())
}

fn send(to: &Serving, call: &Call) -> Sent {
    call.send(to.address).expect("the server listens")
}

fn enter(ledger: &mut Ledger, step: Step, sent: Sent) {
    ledger.enter(step, sent.answer().expect("an answer in time, or a broken connection"));
}

/// Some number below `end`.
fn chance(end: u32) -> u32 {
    getrandom::u32().expect("the system gives random bytes") % end
}
