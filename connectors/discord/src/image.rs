//! Images that come with a message: fetched while Discord still has them, and no more of them than
//! anybody needs to see that they are too large. What they are, their content says, to the engine.

use std::time::Duration;

use gmbot_engine::request::Attachment;
use serenity::all::Attachment as Linked;

use crate::rest::Trouble;

/// How many files are looked at; Discord itself takes no more with a message.
const MOST: usize = 10;
/// How long a file may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Fetches files.
pub(crate) async fn fetch(
    client: &reqwest::Client,
    linked: &[Linked],
) -> Result<Vec<Attachment>, Trouble> {
    let mut files = Vec::new();
    for file in linked.iter().take(MOST) {
        let bytes = tokio::time::timeout(PATIENCE, bytes(client, &file.url)).await;
        let late = || Trouble::Outside("a file did not come in time".to_owned());
        let bytes = bytes.map_err(|_elapsed| late())??;
        let mut attachment = Attachment { name: file.filename.clone(), bytes };
        attachment.cut();
        files.push(attachment);
    }
    Ok(files)
}

/// The file at an address, as far as it may matter.
async fn bytes(client: &reqwest::Client, url: &str) -> Result<Vec<u8>, Trouble> {
    let failed = |error: reqwest::Error| Trouble::Outside(error.without_url().to_string());
    let response = client.get(url).send().await;
    let mut response = response.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > Attachment::LARGEST_IMAGE {
            break;
        }
    }
    Ok(bytes)
}
