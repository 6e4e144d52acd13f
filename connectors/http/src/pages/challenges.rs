//! `GET /challenges?game=N&before=WAR`: challenges that can be accepted, in pages; and what of the
//! first one changes with them.

use std::sync::Arc;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as Asked, State};
use axum::response::Html;
use gmbot_engine::grammar::table;
use gmbot_engine::model::{GameId, WarId};
use gmbot_engine::view::{Stage, WarsAsked, WarsView};
use serde::Deserialize;

use super::Site;
use super::assets::mark;
use super::eyes::Eyes;
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use super::games::{self, Chip};
use super::rows::{self, WarRow};

/// How many challenges a page holds.
const ROWS: u32 = 20;

/// Which challenges.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Those at the game with this number.
    game: Option<u32>,
    /// Those that are older than this war.
    #[param(inline)]
    before: Option<WarId>,
}

#[derive(Template)]
#[template(path = "challenges.html")]
struct Page {
    frame: Frame,
    game: Option<String>,
    games: Vec<Chip>,
    list: List,
}

/// What changes with the challenges that are open.
#[derive(Template)]
#[template(path = "challenges_now.html")]
pub(super) struct List {
    /// Where changes are told; of the newest challenges only.
    pub(super) changes: Option<String>,
    wars: Vec<WarRow>,
    /// The next page.
    next: Option<String>,
    /// A line that makes a challenge.
    example: &'static str,
}

impl HtmlSafe for List {}

#[utoipa::path(
    get, path = "/challenges", tag = "pages", security(()), operation_id = "page_challenges",
    params(Params),
    responses(
        (status = 200, description = "open challenges", content_type = "text/html", body = String),
        NoPage
    )
)]
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    params: Result<Asked<Params>, QueryRejection>,
) -> Result<Html<String>, Failure> {
    let Ok(Asked(Params { game, before })) = params else { return Err(Failure::Nothing) };
    let game = game.map(GameId);
    let (games, seen) =
        site.read(move |eyes| Ok((eyes.games()?, open(eyes, game, before)?))).await?;
    let mut list = List::of(&seen, game);
    if before.is_some() {
        list.changes = None;
    }
    html(&Page {
        frame: Frame::at("/challenges"),
        game: games::name(&games, game)?,
        games: games::chips("/challenges", &games, game),
        list,
    })
}

/// A page of open challenges, the newest first.
pub(super) fn open(
    eyes: &Eyes<'_>,
    game: Option<GameId>,
    before: Option<WarId>,
) -> Result<WarsView, Failure> {
    let asked = WarsAsked { game, stage: Some(Stage::Open), before, clan: None, limit: ROWS };
    eyes.wars(asked)?.ok_or(Failure::Nothing)
}

impl List {
    /// What tells these challenges from others.
    pub(super) fn mark(seen: &WarsView) -> String {
        // What a stranger sees of them, whatever the page makes of that.
        mark(&serde_json::to_string(seen).unwrap_or_default())
    }

    pub(super) fn of(seen: &WarsView, game: Option<GameId>) -> Self {
        let of_game = game.map_or_else(String::new, |game| format!("game={game}&"));
        let older = |war: WarId| format!("/challenges?{of_game}before={war}");
        Self {
            changes: Some(format!("/challenges/changes?{of_game}seen={}", Self::mark(seen))),
            wars: rows::wars(&seen.wars),
            next: seen.next.map(older),
            example: table::find("createwar").and_then(|row| row.examples.first()).unwrap_or(&""),
        }
    }
}
