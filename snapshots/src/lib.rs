//! Transcripts: golden files that test every face.
