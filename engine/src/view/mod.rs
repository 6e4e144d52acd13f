//! What may be seen, by whom: every face reads through here, and secrecy is decided here once.

/// Who asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {}
/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {}
/// What is seen.
#[derive(Debug, Clone, PartialEq)]
pub enum View {}
