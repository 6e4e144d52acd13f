//! A real PostgreSQL: every transcript on it, and two servers that share one database while its
//! connections are cut and one of them is killed.

use std::path::Path;
use std::slice::from_ref;
use std::time::{Duration, Instant};

use gmbot_backend::Address;
use gmbot_snapshots::simulation::simulate_on;
use gmbot_snapshots::{Engine, Face, Keep, Mode, name_of, run_files, transcripts_in};

use crate::Extent;
use crate::client::Client;
use crate::ledger::{Ledger, Step};
use crate::postgresql::PostgreSql;
use crate::program::Program;
use crate::report::Report;
use crate::serving::{Sent, Serving};

/// How many requests are made of two servers, and how many at a time.
const REQUESTS: usize = 600;
const IN_FLIGHT: usize = 24;
/// With how many backends simulations are played, and how long they are.
const BACKENDS: [usize; 2] = [2, 3];
const STEPS: u64 = 2_000;
/// How long the rest may take: a lease of what was cut off has to end by itself.
const PATIENCE: Duration = Duration::from_secs(240);
const REST: Duration = Duration::from_millis(200);

pub(crate) fn run(_extent: Extent, report: &Report) {
    let server = PostgreSql::start();
    play_all(&server, report);
    simulate(&server, report);
    share_one(&server, report);
}

/// Plays every transcript, each in a schema of its own.
fn play_all(server: &PostgreSql, report: &Report) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../snapshots/transcripts");
    let files = transcripts_in(&folder).expect("the folder of transcripts is there");
    let begun = Instant::now();
    for file in &files {
        let schema = name_of(file).replace('-', "_");
        let address = Address::postgres(&server.url, None);
        let address = address.in_schema(&schema).expect("a schema can be made");
        let mut face = || Ok(Box::new(Engine::new(Keep::At(address.clone()))) as Box<dyn Face>);
        let played =
            run_files(from_ref(file), Mode::Check, &mut face, &|_| "just e2e postgres".to_owned());
        assert!(played.is_good(), "{played}");
    }
    let took = begun.elapsed().as_secs();
    report.add("postgres", "transcripts played on it", format!("{}, in {took} s", files.len()));
}

/// Plays simulations with two and with three backends at one database.
fn simulate(server: &PostgreSql, report: &Report) {
    for (backends, seed) in BACKENDS.into_iter().zip(1..) {
        let address = Address::postgres(&server.url, None);
        let address = address.in_schema(&format!("simulation with {backends}"));
        let address = address.expect("a schema can be made");
        let begun = Instant::now();
        if let Err(failure) = simulate_on(address, backends, seed, STEPS) {
            panic!("{failure}");
        }
        let took = begun.elapsed().as_secs();
        report.add(
            "postgres",
            "simulated with so many backends at once",
            format!("{backends}: seed {seed}, {STEPS} steps in {took} s"),
        );
    }
}

/// Two servers at one database.
struct Pair {
    program: Program,
    client: Client,
    serving: [Serving; 2],
}

fn share_one(server: &PostgreSql, report: &Report) {
    let mut program = Program::new();
    program.database = Some(server.url.clone());
    let client = Client::new(&program);
    let serving = [serve(&program), serve(&program)];
    let mut pair = Pair { program, client, serving };
    let mut ledger = Ledger::default();
    let subscribed = pair.serving[0].call(&Ledger::subscription(&pair.client));
    assert_eq!(subscribed.code(), "SUBSCRIBED");

    let begun = Instant::now();
    for number in 0..REQUESTS / IN_FLIGHT {
        let steps: Vec<_> = (0..IN_FLIGHT).map(|_| ledger.next()).collect();
        let sent = pair.send(&ledger, &steps);
        match number % 8 {
            2 => server.cut_connections(),
            5 => pair.kill_one(number),
            _ => {}
        }
        enter(&mut ledger, steps, sent);
    }
    let rate =
        ledger.sent * 1000 / usize::try_from(begun.elapsed().as_millis()).unwrap_or(1).max(1);
    pair.finish(&mut ledger);

    ledger.must_agree_with(&pair.program.done("log"));
    assert!(pair.program.done("verify").starts_with("sound"));
    let add = |what, value| report.add("postgres", what, value);
    add(
        "two servers: requests sent, of which cut off",
        format!("{}, {}", ledger.sent, ledger.cut_off),
    );
    add("wars created and accepted, each once", ledger.challenges().to_string());
    let (notices, again) = ledger.notices();
    add("notices, none lost; of which handed out again", format!("{notices}, {again}"));
    add("requests a second, with all that", rate.to_string());
}

fn serve(program: &Program) -> Serving {
    let serve = "--set http.calls_per_key=1000000 serve --log-level error --listen 127.0.0.1:0";
    Serving::start(&mut program.command(serve.split(' ')))
}

impl Pair {
    /// Sends requests to one server and the other in turn. One that was just killed listens no more.
    fn send(&self, ledger: &Ledger, steps: &[Step]) -> Vec<Option<Sent>> {
        let servers = self.serving.iter().cycle();
        let send = |(step, server): (&Step, &Serving)| {
            ledger.call(step, &self.client).send(server.address).ok()
        };
        steps.iter().zip(servers).map(send).collect()
    }

    /// Kills one server and starts it again.
    fn kill_one(&mut self, number: usize) {
        let victim = &mut self.serving[number % 2];
        victim.child.kill().expect("it was there");
        victim.child.wait().expect("it is gone");
        *victim = serve(&self.program);
    }

    /// Asks for all that was not answered, and for notices until there are no more.
    fn finish(&self, ledger: &mut Ledger) {
        let (begun, mut steps) = (Instant::now(), ledger.again());
        while begun.elapsed() < PATIENCE {
            for some in steps.chunks(IN_FLIGHT) {
                let sent = self.send(ledger, some);
                enter(ledger, some.to_vec(), sent);
            }
            if ledger.is_complete() {
                break;
            }
            steps = ledger.rest();
            if steps.len() == 1 {
                std::thread::sleep(REST);
            }
        }
    }
}

/// Enters what became of requests; a broken connection is none.
fn enter(ledger: &mut Ledger, steps: Vec<Step>, sent: Vec<Option<Sent>>) {
    for (step, sent) in steps.into_iter().zip(sent) {
        let answer =
            sent.and_then(|sent| sent.answer().expect("an answer in time, or a broken connection"));
        ledger.enter(step, answer);
    }
}
