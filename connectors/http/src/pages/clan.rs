//! `GET /clans/{id}?before=WAR`: a public clan, and its wars.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query as Asked, State};
use axum::response::Html;
use gmbot_engine::model::{ClanId, WarId};
use gmbot_engine::render::visible;
use gmbot_engine::view::{
    ClanListing, GloryCourseView, Stage, StatsView, StatusView, WarsAsked, WarsView,
};
use serde::Deserialize;

use super::Site;
use super::chart::{Chart, DAYS};
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use super::rows::{self, WarRow};

/// How many past wars a page holds.
const ROWS: u32 = 20;

/// Which past wars.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Past wars that are older than this one.
    #[param(inline)]
    before: Option<WarId>,
}

/// What is to be seen of a clan.
struct Seen {
    listing: ClanListing,
    record: StatsView,
    status: StatusView,
    course: GloryCourseView,
    past: WarsView,
}

#[derive(Template)]
#[template(path = "clan.html")]
struct Page {
    frame: Frame,
    name: String,
    suspended: bool,
    location: String,
    languages: String,
    timezone: String,
    games: String,
    contact: Option<String>,
    record: StatsView,
    chart: Option<Chart>,
    sections: [(&'static str, Vec<WarRow>); 3],
    past: Vec<WarRow>,
    /// The next page of past wars.
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/clans/{id}", tag = "pages", security(()), operation_id = "page_clan",
    params(("id" = String, Path, description = "the clan"), Params),
    responses(
        (status = 200, description = "a public clan", content_type = "text/html", body = String),
        NoPage
    )
)]
pub(super) async fn page(
    State(site): State<Arc<Site>>,
    id: Result<Path<ClanId>, PathRejection>,
    params: Result<Asked<Params>, QueryRejection>,
) -> Result<Html<String>, Failure> {
    let (Ok(Path(id)), Ok(Asked(Params { before }))) = (id, params) else {
        return Err(Failure::Nothing);
    };
    let seen = site.read(move |eyes| Seen::of(eyes, id, before)).await?;
    html(&Page::from(seen))
}

impl Seen {
    fn of(
        eyes: &super::eyes::Eyes<'_>,
        clan: ClanId,
        before: Option<WarId>,
    ) -> Result<Self, Failure> {
        let stage = Some(Stage::Ended);
        let past = WarsAsked { clan: Some(clan), stage, before, limit: ROWS, game: None };
        Ok(Self {
            listing: eyes.clan(clan)?.ok_or(Failure::Nothing)?,
            record: eyes.stats(clan)?.ok_or(Failure::Nothing)?,
            status: eyes.status(clan)?.ok_or(Failure::Nothing)?,
            course: eyes.course(clan, None, DAYS)?.ok_or(Failure::Nothing)?,
            past: eyes.wars(past)?.ok_or(Failure::Nothing)?,
        })
    }
}

impl From<Seen> for Page {
    fn from(seen: Seen) -> Self {
        let Seen {
            listing: ClanListing { clan, profile, games, .. },
            record,
            status,
            course,
            past,
        } = seen;
        let names = |names: Vec<String>| visible(&names.join(", "));
        let is_link = |link: &String| link.starts_with("https://") || link.starts_with("http://");
        Self {
            frame: Frame::elsewhere(),
            name: visible(&clan.name),
            suspended: status.suspended.is_some(),
            location: visible(&profile.location),
            languages: names(profile.languages),
            timezone: profile.timezone,
            games: names(games.into_iter().map(|game| game.name).collect()),
            contact: profile.contact.filter(is_link),
            record,
            chart: Chart::of(vec![course]),
            sections: [
                ("Running", rows::wars(&status.running)),
                ("Scheduled", rows::wars(&status.scheduled)),
                ("Open challenges", rows::wars(&status.open)),
            ],
            past: rows::wars(&past.wars),
            next: past.next.map(|war| format!("/clans/{}?before={war}#past", clan.id)),
        }
    }
}
