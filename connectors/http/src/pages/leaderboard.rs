//! `GET /leaderboard?game=N`: the clans with the most glory, and how the first ones came to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as Asked, State};
use axum::response::Html;
use gmbot_engine::model::GameId;
use serde::Deserialize;

use super::Site;
use super::chart::{Chart, DAYS};
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use super::games::{self, Chip};
use super::rows::{self, LeaderRow};

/// How many ranks are shown.
const ROWS: u32 = 100;
/// How many of them are in the chart.
const LINES: usize = 5;

/// Which ranks.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// At the game with this number alone.
    game: Option<u32>,
}

#[derive(Template)]
#[template(path = "leaderboard.html")]
struct Page {
    frame: Frame,
    game: Option<String>,
    games: Vec<Chip>,
    leaders: Vec<LeaderRow>,
    chart: Option<Chart>,
}

#[utoipa::path(
    get, path = "/leaderboard", tag = "pages", security(()), operation_id = "page_leaderboard",
    params(Params),
    responses(
        (status = 200, description = "the clans with the most glory", content_type = "text/html", body = String),
        NoPage
    )
)]
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    params: Result<Asked<Params>, QueryRejection>,
) -> Result<Html<String>, Failure> {
    let Ok(Asked(Params { game })) = params else { return Err(Failure::Nothing) };
    let game = game.map(GameId);
    let (games, leaders, courses) = site
        .read(move |eyes| {
            let leaders = eyes.leaders(game, ROWS)?.map(|seen| seen.rows).unwrap_or_default();
            let mut courses = Vec::new();
            for leader in leaders.iter().take(LINES) {
                courses.extend(eyes.course(leader.clan.id, game, DAYS)?);
            }
            Ok((eyes.games()?, leaders, courses))
        })
        .await?;
    html(&Page {
        frame: Frame::at("/leaderboard"),
        game: games::name(&games, game)?,
        games: games::chips("/leaderboard", &games, game),
        leaders: rows::leaders(&leaders),
        chart: Chart::of(courses),
    })
}
