//! Files that never change: each has a hash of its content in its name, so that browsers keep it for
//! good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gmbot_engine::model::ids::hex;
use sha2::{Digest as _, Sha256};

use super::failure::{Failure, NoPage};

/// How many bytes of a hash mark a content.
const MARK: usize = 8;

/// A file.
pub(super) struct Asset {
    name: String,
    kind: &'static str,
    content: &'static str,
}

pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("css", "text/css; charset=utf-8", include_str!("../../assets/pages.css"))
});
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("js", "text/javascript; charset=utf-8", include_str!("../../assets/pages.js"))
});
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("svg", "image/svg+xml", include_str!("../../assets/icon.svg")));

impl Asset {
    fn new(extension: &str, kind: &'static str, content: &'static str) -> Self {
        Self { name: format!("{}.{extension}", mark(content)), kind, content }
    }

    /// Where it is.
    pub(super) fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// What tells a content from others: the first characters of its hash.
pub(super) fn mark(content: &str) -> String {
    hex(&Sha256::digest(content).into_iter().take(MARK).collect::<Vec<_>>())
}

/// `GET /assets/{name}`.
#[utoipa::path(
    get, path = "/assets/{name}", tag = "pages", security(()), operation_id = "page_assets",
    params(("name" = String, Path, description = "as pages name it")),
    responses(
        (status = 200, description = "styles, scripts, images", content_type = "*/*", body = String),
        NoPage
    )
)]
pub(super) async fn file(Path(name): Path<String>) -> Result<Response, Failure> {
    const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut assets = [&STYLE, &SCRIPT, &ICON].into_iter();
    let asset = assets.find(|asset| asset.name == name).ok_or(Failure::Nothing)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(asset.kind)), (CACHE_CONTROL, FOR_GOOD)];
    Ok((headers, asset.content).into_response())
}
