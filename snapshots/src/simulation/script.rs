//! A few steps of a simulation as a transcript, which `gmbot test` runs.
//!
//! Spaces become clans of the transcript, ids become names that it keeps. What a transcript can't say
//! (a fault inside a commit, which backend it was, what a connector does wrong) stands there as a
//! remark. What the engine answers is filled in as `just bless` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use gmbot_engine::model::{DurationMs, Platform};
use gmbot_engine::request::{Fact, Input, Request};

use super::act::{Act, Step, line};
use super::cast::{BOT, Cast, House};
use super::play::{BEGIN, Play};
use super::{Failure, Plan};
use crate::engine::{Engine, Keep};
use crate::format::Transcript;
use crate::run::{Mode, run};

/// What the transcript is called where it is read.
const NAME: &str = "simulation.gmt";

/// Writes the transcript of the steps that a failure needs.
pub(super) fn write(failure: &Failure, steps: &[Step]) -> String {
    let mut script = Script::default();
    let plan = Plan { steps: steps.len() as u64, ..failure.plan };
    let told = |step: &Step, play: &Play| script.step(step, play);
    let shorter = Play::new(plan).and_then(|play| play.replay(steps, told)).err();
    let text = script.text(shorter.as_deref().unwrap_or(failure), failure, steps.len());
    blessed(&text).unwrap_or(text)
}

/// The transcript with what the engine answers.
///
/// # Errors
/// Why it can't be read, or does not run.
fn blessed(text: &str) -> Result<String, String> {
    let transcript = Transcript::parse(NAME, text)
        .map_err(|error| format!("line {}: {}", error.line, error.message))?;
    let mut face = Engine::new(Keep::Memory);
    let (report, blessed) = run(&transcript, &mut face, Mode::Bless, "");
    blessed.ok_or_else(|| format!("{:?}", report.failures))
}

#[derive(Default)]
struct Script {
    lines: String,
    /// What wars' ids and codes for `link` are called in it.
    kept: BTreeMap<String, String>,
    /// The spaces that act as clans, by the clans' ids.
    clans: BTreeMap<String, usize>,
    /// The spaces that have to be there.
    houses: BTreeSet<usize>,
}

impl Script {
    /// Adds a step that was just taken.
    fn step(&mut self, step: &Step, play: &Play) {
        self.clans.extend(play.clans().map(|(clan, house)| (clan.to_string(), house)));
        self.line("");
        if let Some(fault) = step.fault {
            self.line(&format!("# the database meets {fault:?} here"));
        }
        match &step.act {
            Act::Say(request) => self.say(request, play),
            Act::Again { .. } => {
                self.line("# a request of before is sent again here, perhaps with another body");
            }
            Act::Wait { ms, sweep } => {
                self.line(&clock(*ms));
                if *sweep {
                    self.line("# old answers are swept away here");
                }
            }
            Act::Deliver { .. } => {
                self.line("# connectors deliver what is due here, with some failures");
            }
            Act::Look { .. } => {
                self.line("# somebody looks at what may be none of their business here");
            }
            Act::Outage { platform, hours } => {
                self.line(&format!("# {platform} is down for {hours} hours from here on"));
            }
            Act::Restart => self.line("!restart"),
        }
    }

    fn say(&mut self, request: &Request, play: &Play) {
        let Some((number, house)) = house(play.cast(), request) else { return };
        self.houses.insert(number);
        let (id, actor) = (&house.id, request.actor.as_ref().map_or("", |actor| &actor.name));
        if let Input::Fact(fact) = &request.input {
            return self.happens(id, fact);
        }
        let Some(line) = line(&request.input) else { return };
        if line.contains(&format!("@{BOT}")) {
            self.line(&format!("!bot @{BOT}"));
        }
        if request.age_ms >= 1000 {
            self.line(&format!("!late {}", length(request.age_ms)));
        }
        let operator = if request.authority.operator { "+operator" } else { "" };
        let line = self.translated(&line, play.cast());
        self.line(&format!("{id}/{actor}{operator}> {line}"));
        for war in play.created() {
            self.keep("WAR_CREATED", "war", &war.to_string());
        }
        if let Some(code) = play.new_code() {
            self.keep("LINK_CODE", "gmbot link", code);
        }
    }

    /// Keeps an id in the answer to the last line, where it stands behind some words.
    fn keep(&mut self, code: &str, behind: &str, id: &str) {
        let name = format!("id{}", self.kept.len() + 1);
        self.line(&format!("= {code}"));
        self.line("| …");
        self.line(&format!("let {name} = {behind} ([a-z0-9]+)"));
        self.kept.insert(id.to_owned(), format!("${name}"));
    }

    fn happens(&mut self, id: &str, fact: &Fact) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "platforms tell no others here")]
        match fact {
            Fact::SpaceGone => self.line(&format!("!gone {id}")),
            Fact::SpaceSeen { .. } => self.line(&format!("!back {id}")),
            Fact::MemberLeft { account, .. } => self.line(&format!("!left {id}/{}", account.name)),
            other => self.line(&format!("# at {id}: {other:?}")),
        }
    }

    /// A line with the transcript's names instead of the simulation's ids; the clans that it names
    /// have to be there.
    fn translated(&mut self, line: &str, cast: &Cast) -> String {
        let mut line = line.to_owned();
        for (id, name) in &self.kept {
            line = line.replace(id, name);
        }
        for (clan, number) in &self.clans {
            if let Some(house) = cast.houses.get(*number)
                && line.contains(clan)
            {
                self.houses.insert(*number);
                line = line.replace(clan, &format!("\"{}\"", house.name()));
            }
        }
        line
    }

    fn line(&mut self, line: &str) {
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    fn text(mut self, shorter: &Failure, failure: &Failure, steps: usize) -> String {
        let mut text = String::new();
        let cast = Cast::new();
        let broken = self.translated(&shorter.trouble.to_string(), &cast);
        // Writing to a string can't fail.
        writeln!(text, "# Found by a simulation: {}", broken.replace('\n', " ")).ok();
        writeln!(text, "# {steps} steps are left of {}.", failure.step).ok();
        for line in failure.to_string().lines().filter(|line| line.starts_with("again: ")) {
            writeln!(text, "# {line}").ok();
        }
        writeln!(text, "@clock {}", BEGIN.rfc3339()).ok();
        if shorter.step > shorter.plan.steps {
            self.line("\n>> 30h");
        }
        for house in self.houses.iter().filter_map(|house| cast.houses.get(*house)) {
            text.push_str(&declared(house));
        }
        text + &self.lines
    }
}

/// The line that declares a space and its people.
fn declared(house: &House) -> String {
    let (leader, members) = match house.people.split_first() {
        Some((leader, members)) => (leader.as_str(), members),
        None => ("", [].as_slice()),
    };
    let members: Vec<String> = members.iter().map(|name| format!("@{name}")).collect();
    let members = members.join(",");
    let owner = if house.platform == Platform::terminal() {
        format!(" owner=@{leader}")
    } else {
        String::new()
    };
    format!(
        "@clan {} \"{}\" leader=@{leader} members={members} on={}{owner}\n",
        house.id,
        house.name(),
        house.platform
    )
}

/// The space of a request, and its number.
fn house<'a>(cast: &'a Cast, request: &Request) -> Option<(usize, &'a House)> {
    let key = &request.space.as_ref()?.key;
    cast.houses.iter().enumerate().find(|(_, house)| house.key() == *key)
}

/// The line that moves the clock, by whole seconds.
fn clock(ms: i64) -> String {
    let sign = if ms < 0 { "<<" } else { ">>" };
    format!("{sign} {}", length(ms.abs()))
}

/// A length as transcripts write it, in whole seconds, and one at least.
fn length(ms: i64) -> DurationMs {
    DurationMs(ms.max(1000))
}

#[cfg(test)]
mod tests {
    use super::super::Keep as Place;
    use super::*;

    /// Most steps of any simulation can be said in a transcript, which runs.
    #[test]
    fn the_steps_of_a_simulation_run_as_a_transcript() {
        for seed in 1..9 {
            let plan = Plan::new(seed, 60, Place::Memory);
            let mut steps = Vec::new();
            let played = Play::new(plan).and_then(|play| play.run(|step| steps.push(step.clone())));
            assert!(played.is_ok(), "seed {seed}");
            let mut script = Script::default();
            let again = Play::new(plan)
                .and_then(|play| play.replay(&steps, |step, play| script.step(step, play)));
            assert!(again.is_ok(), "seed {seed}");
            let trouble = super::super::Trouble::Broken("nothing".to_owned());
            let failure = Failure::new(plan, 60, "nothing", trouble);
            let text = script.text(&failure, &failure, steps.len());
            let text = blessed(&text).unwrap_or_else(|why| panic!("seed {seed}: {why}\n{text}"));
            assert!(text.lines().filter(|line| line.starts_with("= ")).count() > 5, "{text}");
        }
    }

    #[test]
    fn lengths_are_written_in_whole_seconds() {
        assert_eq!(clock(90_061_500), ">> 1d1h1m1s");
        assert_eq!(clock(-300_000), "<< 5m");
        assert_eq!(clock(7), ">> 1s");
    }
}
