//! Three servers at one PostgreSQL behind nginx, and a client that asks again until it is answered.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Client;
use crate::ledger::{Ledger, Step};
use crate::nginx::Nginx;
use crate::postgresql::PostgreSql;
use crate::program::Program;
use crate::serving::{Answer, Serving};

/// How many requests are in flight at a time.
pub(crate) const IN_FLIGHT: usize = 24;
/// How often the client asks for the same in a row, and how long it rests between.
const TRIES: u32 = 60;
const REST: Duration = Duration::from_millis(500);
/// How long the rest may take: a lease of what was cut off has to end by itself.
const PATIENCE: Duration = Duration::from_secs(300);

/// All of it.
pub(crate) struct Cluster {
    pub(crate) database: PostgreSql,
    pub(crate) nginx: Nginx,
    pub(crate) servers: [Serving; 3],
    pub(crate) program: Program,
    client: Client,
    pub(crate) ledger: Ledger,
    /// How often a request was asked for again.
    pub(crate) retries: usize,
    /// What the servers' surroundings say besides.
    surroundings: Vec<(String, String)>,
}

impl Cluster {
    pub(crate) fn start(database: PostgreSql, surroundings: &[(String, String)]) -> Self {
        let mut program = Program::new();
        program.database = Some(database.url.clone());
        let client = Client::new(&program);
        let servers = [0; 3].map(|_| serve(&program, surroundings, "127.0.0.1:0"));
        let nginx = Nginx::start(servers.each_ref().map(|server| server.address));
        let surroundings = surroundings.to_vec();
        let (ledger, retries) = (Ledger::default(), 0);
        let mut cluster =
            Self { database, nginx, servers, program, client, ledger, retries, surroundings };
        let subscription = Ledger::subscription(&cluster.client);
        let subscribed = cluster.until_answered(|| subscription.clone());
        assert_eq!(subscribed.code(), "SUBSCRIBED");
        cluster
    }

    /// Sends a number of requests together, does something to them or to others, and asks again for
    /// what was not answered.
    pub(crate) fn round(&mut self, meanwhile: impl FnOnce(&mut Self)) {
        let steps: Vec<_> = (0..IN_FLIGHT).map(|_| self.ledger.next()).collect();
        self.ask_for(steps, meanwhile);
    }

    fn ask_for(&mut self, steps: Vec<Step>, meanwhile: impl FnOnce(&mut Self)) {
        let send = |step: &Step| self.ledger.call(step, &self.client).send(self.nginx.address).ok();
        let sent: Vec<_> = steps.iter().map(send).collect();
        meanwhile(self);
        for (step, sent) in steps.into_iter().zip(sent) {
            let first = sent.and_then(|sent| sent.answer().ok().flatten()).filter(is_final);
            let answer = first.unwrap_or_else(|| {
                let call = self.ledger.call(&step, &self.client);
                self.until_answered(|| call.clone())
            });
            self.ledger.enter(step, Some(answer));
        }
    }

    /// Asks for something until there is an answer that is the server's own.
    fn until_answered(&mut self, call: impl Fn() -> crate::serving::Call) -> Answer {
        for _ in 0..TRIES {
            self.retries += 1;
            let sent = call().send(self.nginx.address).ok();
            let answer = sent.and_then(|sent| sent.answer().ok().flatten());
            if let Some(answer) = answer.filter(is_final) {
                return answer;
            }
            thread::sleep(REST);
        }
        panic!("not answered after {TRIES} tries: {:?}", call());
    }

    /// Kills a server and starts it again at its address.
    pub(crate) fn kill_server(&mut self, number: usize) {
        let victim = &mut self.servers[number];
        victim.child.kill().expect("it was there");
        victim.child.wait().expect("it is gone");
        self.start_server(number);
    }

    /// Has a server end in order, and starts it again.
    pub(crate) fn restart_server(&mut self, number: usize) {
        self.signal(number, Signal::TERM);
        self.servers[number].child.wait().expect("it ends");
        self.start_server(number);
    }

    fn start_server(&mut self, number: usize) {
        let address = self.servers[number].address.to_string();
        self.servers[number] = serve(&self.program, &self.surroundings, &address);
    }

    pub(crate) fn signal(&self, number: usize, signal: Signal) {
        let pid = i32::try_from(self.servers[number].child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process"), signal).expect("it is there");
    }

    /// Asks for all that is left, and holds the client's book against the log.
    pub(crate) fn must_agree(&mut self) {
        let (begun, mut steps) = (Instant::now(), self.ledger.again());
        while begun.elapsed() < PATIENCE {
            while !steps.is_empty() {
                let some = steps.split_off(steps.len().saturating_sub(IN_FLIGHT));
                self.ask_for(some, |_| ());
            }
            if self.ledger.is_complete() {
                break;
            }
            steps = self.ledger.rest();
            if steps.len() == 1 {
                thread::sleep(REST);
            }
        }
        self.ledger.must_agree_with(&self.program.done("log"));
        assert!(self.program.done("verify").starts_with("sound"));
    }
}

/// Whether an answer is a server's own, rather than that it can't be had now.
fn is_final(answer: &Answer) -> bool {
    !(502..=504).contains(&answer.status)
}

fn serve(program: &Program, surroundings: &[(String, String)], address: &str) -> Serving {
    let words = "--set http.calls_per_key=1000000 --set http.calls_per_person=1000000 serve \
                 --log-level error --listen";
    let mut command: Command = program.command(words.split_whitespace().chain([address]));
    command.envs(surroundings.iter().map(|(name, value)| (name, value)));
    Serving::start(&mut command)
}

/// Waits for a moment, at most so many milliseconds.
pub(crate) fn a_moment(at_most_ms: u32) {
    let chance = getrandom::u32().expect("the system gives random bytes") % (at_most_ms + 1);
    thread::sleep(Duration::from_millis(chance.into()));
}
