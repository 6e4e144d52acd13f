//! `GET /api/v1/…`: what everybody may see, in the shape of the engine's views.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query as Asked, State};
use gmbot_backend::Scope;
use gmbot_engine::event::Recorded;
use gmbot_engine::model::{ClanId, GameId, WarId};
use gmbot_engine::request::Onlooker;
use gmbot_engine::view::{Query, Stage, View, WarsAsked};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// How many rows there are unless somebody asks for another number.
const ROWS: u32 = 20;
/// The most events of the log at a time.
const MOST_EVENTS: usize = 1_000;

/// Where a query string can't be read, what is wrong with it.
type Params<T> = Result<Asked<T>, QueryRejection>;

/// Which wars.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarsParams {
    clan: Option<ClanId>,
    game: Option<u32>,
    stage: Option<Stage>,
    before: Option<WarId>,
    limit: Option<u32>,
}

/// Which ranks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RanksParams {
    game: Option<u32>,
    limit: Option<u32>,
}

/// Which events.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogParams {
    after: Option<i64>,
    limit: Option<usize>,
}

/// An event of the log.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    number: i64,
    #[serde(flatten)]
    recorded: Recorded,
}

/// `GET /api/v1/wars`: a page of wars.
pub(crate) async fn wars(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params<WarsParams>,
) -> Result<Json<View>, Problem> {
    let Asked(WarsParams { clan, game, stage, before, limit }) = params?;
    let (game, limit) = (game.map(GameId), limit.unwrap_or(ROWS));
    look(&app, &caller, Query::Wars(WarsAsked { clan, game, stage, before, limit })).await
}

/// `GET /api/v1/wars/{id}`: one war.
pub(crate) async fn war(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<WarId>, PathRejection>,
) -> Result<Json<View>, Problem> {
    look(&app, &caller, Query::War(found(id)?)).await
}

/// `GET /api/v1/clans/{id}`: what a clan tells of itself.
pub(crate) async fn clan(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<ClanId>, PathRejection>,
) -> Result<Json<View>, Problem> {
    look(&app, &caller, Query::Clan(found(id)?)).await
}

/// `GET /api/v1/leaderboard`: the clans with the most glory.
pub(crate) async fn leaderboard(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params<RanksParams>,
) -> Result<Json<View>, Problem> {
    let Asked(RanksParams { game, limit }) = params?;
    let (game, limit) = (game.map(GameId), limit.unwrap_or(ROWS));
    look(&app, &caller, Query::Leaderboard { game, limit }).await
}

/// `GET /api/v1/games`.
pub(crate) async fn games(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<View>, Problem> {
    look(&app, &caller, Query::Games).await
}

/// `GET /api/v1/formats`.
pub(crate) async fn formats(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<View>, Problem> {
    look(&app, &caller, Query::Formats).await
}

/// `GET /api/v1/log?after=N`: the raw log, for operators: it holds all secrets.
pub(crate) async fn log(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params<LogParams>,
) -> Result<Json<Vec<Entry>>, Problem> {
    caller.needs(Scope::Operator, "read the log")?;
    let Asked(LogParams { after, limit }) = params?;
    let limit = limit.unwrap_or(MOST_EVENTS).min(MOST_EVENTS);
    let events = app.ask(move |backend| backend.log(after.unwrap_or(0), limit)).await?;
    let entry = |(number, recorded)| Entry { number, recorded };
    Ok(Json(events.into_iter().map(entry).collect()))
}

/// Looks as a stranger does, or as the operator with their key.
async fn look(app: &Arc<App>, caller: &Caller, query: Query) -> Result<Json<View>, Problem> {
    let operator = caller.scope() >= Scope::Operator;
    let onlooker = Onlooker { operator, ..Onlooker::default() };
    let view = app.ask(move |backend| backend.view(&query, &onlooker)).await?;
    if view == View::Hidden { Err(nothing()) } else { Ok(Json(view)) }
}

/// An id in a path; what is none names nothing.
fn found<T>(id: Result<Path<T>, PathRejection>) -> Result<T, Problem> {
    id.map(|Path(id)| id).map_err(|_rejection| nothing())
}

fn nothing() -> Problem {
    Problem::NotFound("there is no such thing to see".to_owned())
}
