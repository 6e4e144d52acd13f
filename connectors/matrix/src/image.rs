//! Files that come with a message: fetched from the homeserver, decrypted where they are encrypted.
//! What they are, their content says, to the engine.

use std::time::Duration;

use gmbot_engine::request::Attachment;
use matrix_sdk::media::{MediaFormat, MediaRequestParameters};

use crate::bot::Bot;
use crate::line::File;
use crate::trouble::Trouble;

/// How long a file may take.
const PATIENCE: Duration = Duration::from_secs(20);

impl Bot {
    /// Fetches a file; nothing where the homeserver has it no more.
    pub(crate) async fn fetch(&self, file: &File) -> Result<Vec<Attachment>, Trouble> {
        let wanted =
            MediaRequestParameters { source: file.source.clone(), format: MediaFormat::File };
        let media = self.client.media();
        let fetched = tokio::time::timeout(PATIENCE, media.get_media_content(&wanted, false)).await;
        let late = |_elapsed| Trouble::Outside("a file did not come in time".to_owned());
        match fetched.map_err(late)?.map_err(Trouble::from) {
            Ok(bytes) => {
                let mut attachment = Attachment { name: file.name.clone(), bytes };
                attachment.cut();
                Ok(vec![attachment])
            }
            Err(trouble) if trouble.passes() => Err(trouble),
            Err(trouble) => {
                tracing::info!("a file is not there: {trouble}");
                Ok(Vec::new())
            }
        }
    }
}
