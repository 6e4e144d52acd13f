//! Replies as plain text: what a terminal without colour, a log and a transcript show.
