//! What a client knows of all that it asked for: its book beside the server's.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

use crate::client::{Client, PLATFORM, person, server};
use crate::serving::{Answer, Call};

/// Every so many challenges are told to everybody who hears of the game; the others are private.
const TOLD: usize = 50;
/// The space of a clan that hears of all of them from the beginning. Hosts do once they have told
/// of one; which of them hear of which others is nothing that a client can know.
const HEARER: &str = "hearer";
/// Every so many requests ask for notices.
const CLAIMS: usize = 40;

/// Something that the client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A clan challenges; each challenge is another clan's.
    Create(usize),
    /// Another clan accepts that challenge.
    Accept(usize),
    /// The client takes notices.
    Claim,
    /// The client has delivered one.
    Acknowledge { token: String, notice: Notice },
}

/// A notice by what it is: to which space, what kind, about which war.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Notice {
    space: String,
    code: String,
    war: String,
}

/// What became of a challenge, as far as the client was told.
#[derive(Debug, Clone, Default)]
struct Challenge {
    /// The answer, and the war that it names.
    created: Option<(Answer, String)>,
    accepted: bool,
}

/// The client's book.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    challenges: Vec<Challenge>,
    /// What was not answered, and what answers made possible.
    todo: VecDeque<Step>,
    /// How many requests were made.
    pub(crate) sent: usize,
    /// How often each notice was handed out.
    seen: BTreeMap<Notice, usize>,
    /// The notices whose acknowledgement was answered.
    done: BTreeSet<Notice>,
    /// Whether the last look for notices found none.
    nothing_due: bool,
    /// How many requests got no answer.
    pub(crate) cut_off: usize,
}

impl Ledger {
    /// What to ask for next: what waits, or a new challenge.
    pub(crate) fn next(&mut self) -> Step {
        self.sent += 1;
        if self.sent.is_multiple_of(CLAIMS) {
            return Step::Claim;
        }
        self.todo.pop_front().unwrap_or_else(|| {
            self.challenges.push(Challenge::default());
            Step::Create(self.challenges.len() - 1)
        })
    }

    /// All that waits, a look for notices, and nothing new.
    pub(crate) fn rest(&mut self) -> Vec<Step> {
        let steps: Vec<_> = self.todo.drain(..).chain([Step::Claim]).collect();
        self.sent += steps.len();
        steps
    }

    /// All that waits, and every challenge that was answered once more.
    pub(crate) fn again(&mut self) -> Vec<Step> {
        let answered = (0..self.challenges.len()).filter(|n| self.challenges[*n].created.is_some());
        self.todo.extend(answered.map(Step::Create));
        self.rest()
    }

    /// Whether all was answered, and every notice handed out and acknowledged.
    pub(crate) fn is_complete(&self) -> bool {
        self.todo.is_empty() && self.nothing_due && self.expected().is_subset(&self.seen())
    }

    /// How many challenges were made.
    pub(crate) fn challenges(&self) -> usize {
        self.challenges.len()
    }

    /// How many notices were handed out, and how many more than once.
    pub(crate) fn notices(&self) -> (usize, usize) {
        (self.seen.len(), self.seen.values().filter(|times| **times > 1).count())
    }

    /// The request for a step.
    pub(crate) fn call(&self, step: &Step, client: &Client) -> Call {
        match step {
            Step::Create(n) => {
                let told = n.is_multiple_of(TOLD);
                let (path, game) = if told { ("/createwar", 5) } else { ("/privatewar", 4) };
                let host = host(*n);
                let body =
                    json!({"server": server(&host), "players": [person(&host)], "game": game});
                client.post(path, Some(&format!("create-{n}")), &body)
            }
            Step::Accept(n) => {
                let (guest, war) = (format!("guest-{n}"), self.war(*n));
                let body =
                    json!({"server": server(&guest), "war": war, "players": [person(&guest)]});
                client.post("/accept", Some(&format!("accept-{n}")), &body)
            }
            Step::Claim => {
                let body = json!({"platform": PLATFORM, "space": null, "limit": 100});
                client.post("/api/v1/outbox/claim", None, &body)
            }
            Step::Acknowledge { token, .. } => {
                let body = json!({"token": token, "fate": "delivered"});
                client.post("/api/v1/outbox/acknowledge", None, &body)
            }
        }
    }

    /// The request that makes a clan hear of some challenges.
    pub(crate) fn subscription(client: &Client) -> Call {
        client.post("/subscribe", None, &json!({"server": server(HEARER), "games": [5]}))
    }

    fn war(&self, n: usize) -> &str {
        let created = self.challenges[n].created.as_ref();
        &created.expect("only what was created is accepted").1
    }

    /// Enters what became of a step.
    pub(crate) fn enter(&mut self, step: Step, answer: Option<Answer>) {
        let Some(answer) = answer.filter(|answer| answer.status != 503) else {
            self.cut_off += 1;
            match step {
                // What it would have handed out comes again after the lease.
                Step::Claim => {}
                Step::Create(_) | Step::Accept(_) | Step::Acknowledge { .. } => {
                    self.todo.push_back(step);
                }
            }
            return;
        };
        match step {
            Step::Create(n) => self.created(n, answer),
            Step::Accept(n) => {
                assert_eq!(answer.code(), "WAR_ACCEPTED", "{answer:?}");
                self.challenges[n].accepted = true;
            }
            Step::Claim => self.claimed(&answer),
            Step::Acknowledge { notice, .. } => match answer.status {
                200 => assert!(self.done.insert(notice), "acknowledged twice"),
                // An answer was lost, or the lease was over when it came.
                status => assert_eq!((status, answer.code().as_str()), (409, "E_UNKNOWN_TOKEN")),
            },
        }
    }

    fn created(&mut self, n: usize, answer: Answer) {
        assert_eq!((answer.status, answer.code().as_str()), (201, "WAR_CREATED"), "{answer:?}");
        let text = answer.json()["text"].as_str().expect("a text").to_owned();
        let war = text.split(' ').nth(1).expect("`war ID is open`").to_owned();
        match &self.challenges[n].created {
            None => {
                // Others hear of a challenge only while it is open: it waits until they have, which may
                // be before it is known here, if the first answer was lost.
                if !n.is_multiple_of(TOLD) || self.was_told(&war) {
                    self.todo.push_back(Step::Accept(n));
                }
                self.challenges[n].created = Some((answer, war));
            }
            Some((before, _)) => assert_eq!(*before, answer, "the same key, another answer"),
        }
    }

    fn claimed(&mut self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{answer:?}");
        let deliveries = answer.json();
        let deliveries = deliveries.as_array().expect("a list");
        self.nothing_due = deliveries.is_empty();
        for delivery in deliveries {
            let notice = Notice::of(&delivery["post"]);
            assert!(!self.done.contains(&notice), "delivered, and handed out again: {notice:?}");
            *self.seen.entry(notice.clone()).or_default() += 1;
            self.todo.extend(self.heard_of(&notice).map(Step::Accept));
            let token = text(&delivery["token"]);
            self.todo.push_back(Step::Acknowledge { token, notice });
        }
    }

    /// Whether the hearer has heard of a war.
    fn was_told(&self, war: &str) -> bool {
        let told = |notice: &Notice| notice.space == HEARER && notice.code == "CHALLENGE";
        self.seen.keys().any(|notice| told(notice) && notice.war == war)
    }

    /// The challenge that a notice tells the hearer of, if it was not accepted yet.
    fn heard_of(&self, notice: &Notice) -> Option<usize> {
        let told = notice.space == HEARER && notice.code == "CHALLENGE";
        let created = |n: &usize| {
            let created = self.challenges[*n].created.as_ref();
            created.is_some_and(|(_, war)| *war == notice.war)
        };
        let n = (0..self.challenges.len()).step_by(TOLD).filter(|_| told).find(created)?;
        Some(n).filter(|n| !self.challenges[*n].accepted)
    }

    /// The notices that there must be.
    fn expected(&self) -> BTreeSet<Notice> {
        let wars = || (0..self.challenges.len()).map(|n| (n, self.war(n).to_owned()));
        let notice = |space, code: &str, war| Notice { space, code: code.to_owned(), war };
        let accepted = wars().map(|(n, war)| notice(host(n), "CHALLENGE_ACCEPTED", war));
        let told = wars().filter(|(n, _)| n.is_multiple_of(TOLD));
        let told = told.map(|(_, war)| notice(HEARER.to_owned(), "CHALLENGE", war));
        accepted.chain(told).collect()
    }

    /// The notices that were handed out, without those that only the server can know of.
    fn seen(&self) -> BTreeSet<Notice> {
        let known = |notice: &&Notice| notice.code != "CHALLENGE" || notice.space == HEARER;
        self.seen.keys().filter(known).cloned().collect()
    }

    /// Holds the book against the server's log, both ways.
    pub(crate) fn must_agree_with(&self, log: &str) {
        let mut wars = BTreeMap::<&str, Vec<String>>::new();
        let events: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["event"].clone())
            .collect();
        for event in &events {
            if let Some(kind @ ("war_created" | "war_accepted")) = event["type"].as_str() {
                wars.entry(kind).or_default().push(text(&event["war"]));
            }
        }
        let mut mine: Vec<_> = (0..self.challenges.len()).map(|n| self.war(n).to_owned()).collect();
        mine.sort();
        for (kind, logged) in &mut wars {
            // As lists: one that is there twice is one too many.
            logged.sort();
            assert_eq!(*logged, mine, "{kind}");
        }
        assert_eq!(wars.len(), 2);
        assert!(self.challenges.iter().all(|challenge| challenge.accepted));
        let (seen, expected) = (self.seen(), self.expected());
        let wrong: Vec<_> = seen.symmetric_difference(&expected).collect();
        assert!(wrong.is_empty(), "lost, or of nothing that happened: {wrong:?}");
        assert!(self.nothing_due, "notices were left");
    }
}

impl Notice {
    fn of(post: &Value) -> Self {
        let space = text(&post["to"]["clan"]["space"]["id"]);
        Self { space, code: text(&post["reply"]["code"]), war: text(&post["war"]) }
    }
}

fn host(n: usize) -> String {
    format!("host-{n}")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
