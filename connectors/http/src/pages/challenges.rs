//! `GET /challenges?game=N&before=WAR`: challenges that can be accepted, in pages.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as Asked, State};
use axum::response::Html;
use gmbot_engine::grammar::table;
use gmbot_engine::model::{GameId, WarId};
use gmbot_engine::view::{Stage, WarsAsked};
use serde::Deserialize;

use super::Site;
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
    wars: Vec<WarRow>,
    /// The next page.
    next: Option<String>,
    /// A line that makes a challenge.
    example: &'static str,
}

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
    let asked = WarsAsked { game, stage: Some(Stage::Open), before, clan: None, limit: ROWS };
    let (games, seen) = site
        .read(move |eyes| Ok((eyes.games()?, eyes.wars(asked)?.ok_or(Failure::Nothing)?)))
        .await?;
    let older = |war: WarId| match game {
        Some(game) => format!("/challenges?game={game}&before={war}"),
        None => format!("/challenges?before={war}"),
    };
    html(&Page {
        frame: Frame::at("/challenges"),
        game: games::name(&games, game)?,
        games: games::chips("/challenges", &games, game),
        wars: rows::wars(&seen.wars),
        next: seen.next.map(older),
        example: table::find("createwar").and_then(|row| row.examples.first()).unwrap_or(&""),
    })
}
