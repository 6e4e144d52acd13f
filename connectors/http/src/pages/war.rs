//! `GET /wars/{id}`: a war as it stands, and what of its page changes with it.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Html;
use gmbot_engine::model::{Phase, Side, WarId};
use gmbot_engine::view::{WarLine, WarView};

use super::Site;
use super::assets::mark;
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use super::piece::{Piece, Pieces};

#[derive(Template)]
#[template(path = "war.html")]
struct Page {
    frame: Frame,
    war: War,
}

/// What changes with a war.
#[derive(Template)]
#[template(path = "war_now.html")]
pub(super) struct War {
    id: String,
    kind: &'static str,
    /// Where changes are told, while there may be some.
    pub(super) changes: Option<String>,
    host: Piece,
    guest: Option<Piece>,
    named: Option<Piece>,
    /// Where it stands, or how it ended.
    state: Pieces,
    /// Why it ended so, and what that gave.
    story: Vec<Pieces>,
    /// What accepts it.
    accept: Option<String>,
    game: Piece,
    format: String,
    players: usize,
    duration: String,
    start: Option<Piece>,
    end: Option<Piece>,
    appeals_until: Option<Piece>,
    sides: Vec<SideNow>,
    proofs: Vec<Proof>,
}

impl HtmlSafe for War {}

/// A side of a war.
struct SideNow {
    clan: Piece,
    players: Vec<Piece>,
    /// Empty as long as they are sealed.
    ballots: Vec<Said>,
}

/// A ballot.
struct Said {
    by: Piece,
    says: Pieces,
}

/// That proof was filed.
struct Proof {
    at: Piece,
    by: Piece,
    clan: Piece,
}

#[utoipa::path(
    get, path = "/wars/{id}", tag = "pages", security(()), operation_id = "page_war",
    params(("id" = String, Path, description = "the war")),
    responses(
        (status = 200, description = "a public war", content_type = "text/html", body = String),
        NoPage
    )
)]
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    id: Result<Path<WarId>, PathRejection>,
) -> Result<Html<String>, Failure> {
    let Ok(Path(id)) = id else { return Err(Failure::Nothing) };
    let seen = site.read(move |eyes| eyes.war(id)?.ok_or(Failure::Nothing)).await?;
    html(&Page { frame: Frame::elsewhere(), war: War::from(&seen) })
}

impl War {
    /// What tells this state of the war from others.
    pub(super) fn mark(seen: &WarView) -> String {
        // What a stranger sees of it, whatever the page makes of that.
        mark(&serde_json::to_string(seen).unwrap_or_default())
    }
}

impl From<&WarView> for War {
    fn from(seen: &WarView) -> Self {
        let WarView { line, legend, .. } = seen;
        let words = |text: &_| Pieces::of(text, line, legend);
        let mut story = line.story().into_iter().map(|text| words(&text));
        let state = story.next().unwrap_or_else(|| words(&line.state()));
        let changes = || format!("/wars/{}/changes?seen={}", line.id, Self::mark(seen));
        Self {
            id: line.id.to_string(),
            kind: if line.guest.is_some() { "War" } else { "Challenge" },
            changes: (!line.phase.is_ended()).then(changes),
            host: Piece::clan(&line.host),
            guest: line.guest.as_ref().map(Piece::clan),
            named: line.named.as_ref().map(Piece::clan),
            state,
            story: story.collect(),
            accept: accept(line),
            game: Piece::name(&line.game.name),
            format: line.format.words(),
            players: line.players,
            duration: line.duration.to_string(),
            start: line.begins_at.or(line.start_at).map(Piece::moment),
            end: line.ends_at.map(Piece::moment),
            appeals_until: seen.appeals_until.map(Piece::moment),
            sides: Side::BOTH.into_iter().filter_map(|side| SideNow::of(seen, side)).collect(),
            proofs: proofs(seen),
        }
    }
}

/// The line that accepts an open challenge.
fn accept(line: &WarLine) -> Option<String> {
    (line.phase == Phase::Open).then(|| format!("gmbot accept {} @player", line.id))
}

impl SideNow {
    fn of(seen: &WarView, side: Side) -> Option<Self> {
        let clan = seen.line.clan(side)?;
        let person = |person| Piece::person(person, &seen.legend);
        let cast = seen.ballots.of(side).iter();
        let cast = cast.flat_map(|cast| cast.players.iter().chain(&cast.officers));
        let said = cast.map(|(by, ballot)| Said {
            by: person(*by),
            says: Pieces::of(&seen.line.ballot(ballot), &seen.line, &seen.legend),
        });
        Some(Self {
            clan: Piece::clan(clan),
            players: seen.line_ups.of(side).iter().copied().map(person).collect(),
            ballots: said.collect(),
        })
    }
}

fn proofs(seen: &WarView) -> Vec<Proof> {
    let filed = |proof: &gmbot_engine::view::ProofSeen| {
        Some(Proof {
            at: Piece::moment(proof.at),
            by: Piece::person(proof.by, &seen.legend),
            clan: Piece::clan(seen.line.clan(proof.side)?),
        })
    };
    seen.proofs.iter().filter_map(filed).collect()
}
