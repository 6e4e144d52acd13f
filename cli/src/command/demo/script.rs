//! Who types what in the demo.

use gmbot_engine::model::DurationMs;

/// A clan of the story.
pub(super) struct Cast {
    /// What stands before its people's lines.
    pub(super) space: &'static str,
    /// What it is called.
    pub(super) name: &'static str,
    pub(super) leader: &'static str,
    pub(super) members: &'static [&'static str],
}

/// Something that happens.
pub(super) enum Step {
    /// What the next steps are about.
    Heading(&'static str),
    /// Somebody of a clan (by its place in [`CLANS`]) types a line; `WAR` stands for the war's id.
    Says(usize, &'static str, &'static str),
    /// Time passes.
    Wait(DurationMs),
}

/// The two clans.
pub(super) const CLANS: [Cast; 2] = [
    Cast {
        space: "hsk",
        name: "Headshot Killers",
        leader: "nikhil",
        members: &["nikhil", "zucc", "cobra"],
    },
    Cast { space: "f", name: "Clan F", leader: "mara", members: &["mara", "ann", "ben"] },
];

const HOST: usize = 0;
const GUEST: usize = 1;

/// The war, from challenge to glory.
pub(super) const STORY: &[Step] = &[
    Step::Heading("A clan waits for challenges"),
    Step::Says(GUEST, "mara", "gmbot subscribe Mini Militia"),
    Step::Heading("Another clan challenges"),
    Step::Says(HOST, "nikhil", "gmbot createwar @zucc @cobra -game 4 -durationn 12h"),
    Step::Says(HOST, "nikhil", "gmbot createwar @zucc @cobra -game 4 -duration 12h"),
    Step::Heading("The first to accept plays"),
    Step::Says(GUEST, "mara", "gmbot accept WAR @ann @ben"),
    Step::Says(HOST, "zucc", "gmbot say rules: no sniper, no rpg, no \"shield\""),
    Step::Wait(DurationMs::hours(12)),
    Step::Heading("Time is up: who won?"),
    Step::Says(HOST, "zucc", "gmbot vote -winner us -score 3-1"),
    Step::Says(HOST, "cobra", "gmbot vote -winner us -score 3-1"),
    Step::Says(GUEST, "ann", "gmbot vote -winner them -score 3-1"),
    Step::Says(GUEST, "ben", "gmbot vote -winner them -score 3-1"),
    Step::Heading("What it came to"),
    Step::Says(HOST, "nikhil", "gmbot explain WAR"),
    Step::Says(GUEST, "mara", "gmbot leaderboard"),
];
