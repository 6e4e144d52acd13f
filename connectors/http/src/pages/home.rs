//! `GET /`: what this is, and how to start.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use gmbot_engine::grammar::table;
use gmbot_engine::view::{Stage, WarsAsked};

use super::Site;
use super::failure::{Failure, NoPage, html};
use super::frame::Frame;
use super::rows::{self, LeaderRow, WarRow};
use crate::settings::MatrixUser;

/// How many challenges and clans are shown.
const ROWS: u32 = 5;

/// What to do after the bot is there: the command whose example shows it, and what it does.
const STEPS: [(&str, &str); 4] = [
    ("subscribe", "Say which games you play, so that challenges reach you."),
    ("createwar", "Challenge every clan that plays the game, or one of them."),
    ("accept", "Or accept somebody's challenge with a line-up of the same size."),
    (
        "vote",
        "Play. Then each player says who won; when both sides say the same, the winner gets glory.",
    ),
];

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    frame: Frame,
    invite: Option<String>,
    matrix: Option<MatrixUser>,
    steps: Vec<Step>,
    wars: Vec<WarRow>,
    leaders: Vec<LeaderRow>,
}

/// Something to do, with a line to type.
struct Step {
    what: &'static str,
    example: &'static str,
}

#[utoipa::path(
    get, path = "/", tag = "pages", security(()), operation_id = "page_home",
    responses((status = 200, description = "how to begin", content_type = "text/html", body = String), NoPage)
)]
pub(super) async fn page(State(site): State<Arc<Site>>) -> Result<Html<String>, Failure> {
    let (wars, leaders) = site
        .read(|eyes| {
            let open = WarsAsked { stage: Some(Stage::Open), limit: ROWS, ..WarsAsked::default() };
            Ok((eyes.wars(open)?, eyes.leaders(None, ROWS)?))
        })
        .await?;
    let pages = &site.app.settings.pages;
    html(&Page {
        frame: Frame::at("/"),
        invite: pages.discord_invite.as_ref().map(ToString::to_string),
        matrix: pages.matrix_user.clone(),
        steps: STEPS.into_iter().filter_map(step).collect(),
        wars: wars.map(|seen| rows::wars(&seen.wars)).unwrap_or_default(),
        leaders: leaders.map(|seen| rows::leaders(&seen.rows)).unwrap_or_default(),
    })
}

fn step((command, what): (&str, &'static str)) -> Option<Step> {
    let example = table::find(command)?.examples.first()?;
    Some(Step { what, example })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_an_example_in_the_table() {
        assert_eq!(STEPS.into_iter().filter_map(step).count(), STEPS.len());
    }
}
