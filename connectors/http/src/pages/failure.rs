//! Pages that say why there is none.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use gmbot_backend::BackendError;
use utoipa::openapi::response::{Response as Described, ResponseBuilder};
use utoipa::openapi::{Content, RefOr};
use utoipa::{IntoResponses, PartialSchema as _};

use super::frame::Frame;
use crate::problem::Problem;

/// Why a page is not shown.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no such page, or nothing on it that a stranger may see: which of the two is not said.
    Nothing,
    /// The server can't answer.
    Problem(Problem),
}

#[derive(Template)]
#[template(path = "failure.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    words: String,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        Self::Problem(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Nothing => {
                let words = "There is nothing here that can be shown. It may be private, or never \
                             have been.";
                (StatusCode::NOT_FOUND, show("Not found", words.to_owned())).into_response()
            }
            Self::Problem(problem) => {
                let page = show("This did not work", problem.text());
                // Status and headers are the same as for programs.
                let (head, _json) = problem.into_response().into_parts();
                let mut response = page.into_response();
                *response.status_mut() = head.status;
                if let Some(pause) = head.headers.get(axum::http::header::RETRY_AFTER) {
                    let name = axum::http::header::RETRY_AFTER;
                    response.headers_mut().insert(name, pause.clone());
                }
                response
            }
        }
    }
}

/// What pages answer where they can't be shown, for the API document.
pub(super) struct NoPage;

impl IntoResponses for NoPage {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let page = |(status, words): (StatusCode, &str)| {
            let text = Content::new(Some(String::schema()));
            let page = ResponseBuilder::new().description(words).content("text/html", text);
            (status.as_str().to_owned(), RefOr::T(page.build()))
        };
        BTreeMap::from(
            [
                (StatusCode::NOT_FOUND, "there is nothing that can be shown"),
                (StatusCode::INTERNAL_SERVER_ERROR, "gmbot failed inside"),
                (StatusCode::SERVICE_UNAVAILABLE, "not now"),
            ]
            .map(page),
        )
    }
}

fn show(title: &'static str, words: String) -> Html<String> {
    let page = Page { frame: Frame::elsewhere(), title, words };
    // Rendering into memory fails only where a template's own code does, and this one has none.
    Html(page.render().unwrap_or_default())
}

/// A page as a response.
pub(super) fn html(page: &impl Template) -> Result<Html<String>, Failure> {
    page.render().map(Html).map_err(|_error| Failure::Problem(Problem::Broken))
}
