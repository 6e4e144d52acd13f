//! What surrounds each page: its links, its style, its script.

use super::assets::{ICON, SCRIPT, STYLE};

/// The pages that each page links to.
const PAGES: [(&str, &str); 4] = [
    ("/challenges", "Challenges"),
    ("/leaderboard", "Leaderboard"),
    ("/commands", "Commands"),
    ("/api", "API"),
];

/// What surrounds a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The page's path; none for one that the frame does not link to.
    at: Option<&'static str>,
}

impl Frame {
    /// Around one of the pages that are linked.
    pub(super) fn at(path: &'static str) -> Self {
        Self { at: Some(path) }
    }

    /// Around any other.
    pub(super) fn elsewhere() -> Self {
        Self { at: None }
    }

    pub(super) fn pages(&self) -> [(&'static str, &'static str); 4] {
        PAGES
    }

    pub(super) fn is_at(&self, path: &str) -> bool {
        self.at == Some(path)
    }

    pub(super) fn style(&self) -> String {
        STYLE.path()
    }

    pub(super) fn script(&self) -> String {
        SCRIPT.path()
    }

    pub(super) fn icon(&self) -> String {
        ICON.path()
    }
}
