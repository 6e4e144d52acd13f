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
use crate::caller::{Caller, Presented};
use crate::document::NotFound;
use crate::observe::note_client;
use crate::problem::Problem;

/// How many rows there are unless somebody asks for another number.
const ROWS: u32 = 20;
/// The most events of the log at a time.
const MOST_EVENTS: u32 = 1_000;

/// Where a query string can't be read, what is wrong with it.
type Params<T> = Result<Asked<T>, QueryRejection>;

/// Which wars.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarsParams {
    /// Those in which this clan is host or guest, or is named.
    #[param(inline)]
    clan: Option<ClanId>,
    /// Those at the game with this number.
    game: Option<u32>,
    /// Those at this stage.
    #[param(inline)]
    stage: Option<Stage>,
    /// Those that are older than this one: `next` of the page before.
    #[param(inline)]
    before: Option<WarId>,
    /// At most how many; 20 unless given, and at most 100.
    limit: Option<u32>,
}

/// Which ranks.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RanksParams {
    /// At the game with this number alone.
    game: Option<u32>,
    /// Those behind this clan: `next` of the page before.
    #[param(inline)]
    after: Option<ClanId>,
    /// At most how many; 20 unless given, and at most 100.
    limit: Option<u32>,
}

/// Which events.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogParams {
    /// Those after the one with this number; all unless given.
    after: Option<i64>,
    /// At most how many; 1,000 unless given, and at most as many.
    limit: Option<u32>,
}

/// An event of the log.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Entry {
    /// Its place, counted from 1.
    number: i64,
    #[serde(flatten)]
    recorded: Recorded,
}

/// `GET /api/v1/wars`: a page of wars.
#[utoipa::path(
    get, path = "/api/v1/wars", tag = "reads", params(WarsParams),
    responses((status = 200, description = "what everybody may see", body = View), NotFound)
)]
pub(crate) async fn wars(
    State(app): State<Arc<App>>,
    key: Presented,
    params: Params<WarsParams>,
) -> Result<Json<View>, Problem> {
    let Asked(WarsParams { clan, game, stage, before, limit }) = params?;
    let (game, limit) = (game.map(GameId), limit.unwrap_or(ROWS));
    look(app, key, Query::Wars(WarsAsked { clan, game, stage, before, limit })).await
}

/// `GET /api/v1/wars/{id}`: one war.
#[utoipa::path(
    get, path = "/api/v1/wars/{id}", tag = "reads", params(("id" = WarId, Path, description = "whose")),
    responses((status = 200, description = "what everybody may see", body = View), NotFound)
)]
pub(crate) async fn war(
    State(app): State<Arc<App>>,
    key: Presented,
    id: Result<Path<WarId>, PathRejection>,
) -> Result<Json<View>, Problem> {
    look(app, key, Query::War(named(id)?)).await
}

/// `GET /api/v1/clans/{id}`: what a clan tells of itself.
#[utoipa::path(
    get, path = "/api/v1/clans/{id}", tag = "reads", params(("id" = ClanId, Path, description = "whose")),
    responses((status = 200, description = "what everybody may see", body = View), NotFound)
)]
pub(crate) async fn clan(
    State(app): State<Arc<App>>,
    key: Presented,
    id: Result<Path<ClanId>, PathRejection>,
) -> Result<Json<View>, Problem> {
    look(app, key, Query::Clan(named(id)?)).await
}

/// `GET /api/v1/leaderboard`: the clans with the most glory.
#[utoipa::path(
    get, path = "/api/v1/leaderboard", tag = "reads", params(RanksParams),
    responses((status = 200, description = "what everybody may see", body = View), NotFound)
)]
pub(crate) async fn leaderboard(
    State(app): State<Arc<App>>,
    key: Presented,
    params: Params<RanksParams>,
) -> Result<Json<View>, Problem> {
    let Asked(RanksParams { game, after, limit }) = params?;
    let (game, limit) = (game.map(GameId), limit.unwrap_or(ROWS));
    look(app, key, Query::Leaderboard { game, after, limit }).await
}

/// `GET /api/v1/games`.
#[utoipa::path(
    get, path = "/api/v1/games", tag = "reads",
    responses((status = 200, description = "what everybody may see", body = View))
)]
pub(crate) async fn games(
    State(app): State<Arc<App>>,
    key: Presented,
) -> Result<Json<View>, Problem> {
    look(app, key, Query::Games).await
}

/// `GET /api/v1/formats`.
#[utoipa::path(
    get, path = "/api/v1/formats", tag = "reads",
    responses((status = 200, description = "what everybody may see", body = View))
)]
pub(crate) async fn formats(
    State(app): State<Arc<App>>,
    key: Presented,
) -> Result<Json<View>, Problem> {
    look(app, key, Query::Formats).await
}

/// `GET /api/v1/log?after=N`: the raw log, for operators: it holds all secrets.
#[utoipa::path(
    get, path = "/api/v1/log", tag = "operation", params(LogParams),
    responses((status = 200, description = "events in order", body = Vec<Entry>))
)]
pub(crate) async fn log(
    State(app): State<Arc<App>>,
    caller: Caller,
    params: Params<LogParams>,
) -> Result<Json<Vec<Entry>>, Problem> {
    caller.needs(Scope::Operator, "read the log")?;
    let Asked(LogParams { after, limit }) = params?;
    let limit = limit.unwrap_or(MOST_EVENTS).min(MOST_EVENTS);
    let events = app.ask(move |backend| backend.log(after.unwrap_or(0), limit as usize)).await?;
    let entry = |(number, recorded)| Entry { number, recorded };
    Ok(Json(events.into_iter().map(entry).collect()))
}

/// Looks as a stranger does, or as the operator with their key.
async fn look(app: Arc<App>, key: Presented, query: Query) -> Result<Json<View>, Problem> {
    let limits = Arc::clone(&app);
    let (caller, counted, seen) = app
        .ask(move |backend| {
            let (mut caller, mut counted) = (Err(Problem::UnknownKey), Ok(()));
            let mut admit = |found| {
                caller = key.check(found);
                let caller = caller.as_ref().ok()?;
                counted = limits.per_key.count(caller.key_id());
                let operator = caller.scope() >= Scope::Operator;
                counted.is_ok().then(|| Onlooker { operator, ..Onlooker::default() })
            };
            let seen = backend.view_by_key(key.text(), &mut admit, &query)?;
            Ok((caller, counted, seen))
        })
        .await?;
    note_client(caller?.origin().client());
    counted?;
    match seen {
        None | Some(View::Hidden) => Err(nothing()),
        Some(view) => Ok(Json(view)),
    }
}

/// What a path names; what can't be read names nothing.
pub(super) fn named<T>(id: Result<Path<T>, PathRejection>) -> Result<T, Problem> {
    id.map(|Path(id)| id).map_err(|_rejection| nothing())
}

/// Where there is nothing, or nothing that this caller may see.
pub(super) fn nothing() -> Problem {
    Problem::NotFound("there is no such thing to see".to_owned())
}
