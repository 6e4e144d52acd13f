//! All settings, as the program uses them. What one means and may be stands in the table of keys.

use std::path::PathBuf;

use gmbot_backend::Secret;

use crate::face::Face;

/// All settings, as the program uses them.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The database; none for the one in the user's data folder.
    pub(crate) db: Option<PathBuf>,
    /// A server to use instead of a database.
    pub(crate) backend: Option<String>,
    /// The name by which a server knows this program.
    pub(crate) client: String,
    /// The file that holds the key to a server.
    pub(crate) key_file: Option<PathBuf>,
    /// The key itself.
    pub(crate) api_key: Option<Secret>,
    /// Who speaks at the terminal; none for the login name.
    pub(crate) user: Option<String>,
    /// For which clan.
    pub(crate) clan: String,
    /// What `gmbot run` starts.
    pub(crate) faces: Vec<Face>,
    /// The server.
    #[cfg(feature = "http")]
    pub(crate) http: gmbot_http::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            db: None,
            backend: None,
            client: "terminal".to_owned(),
            key_file: None,
            api_key: None,
            user: None,
            clan: "local".to_owned(),
            faces: Vec::new(),
            #[cfg(feature = "http")]
            http: gmbot_http::Settings::at(([127, 0, 0, 1], 8080).into()),
        }
    }
}
