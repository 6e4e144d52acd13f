//! Replies of each kind, for snapshots of what platforms are sent.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use gmbot_engine::Reply;
use gmbot_snapshots::{Engine, Face, Keep, Mode, run_files};

use crate::trials::transcripts;

/// Replies by the words of their codes: the first of each that comes when the transcripts are played.
///
/// # Panics
/// When a transcript fails.
pub fn replies() -> BTreeMap<String, Reply> {
    let replies = Rc::<RefCell<BTreeMap<String, Reply>>>::default();
    let mut face = || {
        let replies = Rc::clone(&replies);
        let engine = Engine::new(Keep::Memory).watched_by(move |reply| {
            let code = reply.code.to_string();
            replies.borrow_mut().entry(code).or_insert_with(|| reply.clone());
        });
        Ok(Box::new(engine) as Box<dyn Face>)
    };
    let report = run_files(&transcripts(), Mode::Check, &mut face, &|path| path.to_owned());
    assert!(report.is_good(), "{report}");
    replies.take()
}

/// A snapshot that nothing is compared with any more says nothing.
///
/// # Panics
/// When a folder holds the snapshot of a kind of reply that there is not.
pub fn must_all_be_compared(folder: &Path, replies: &BTreeMap<String, Reply>) {
    let files = std::fs::read_dir(folder).expect("the folder of snapshots").flatten();
    for file in files
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|end| end == "snap"))
    {
        let code = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(replies.contains_key(&code), "no transcript has {code}: delete {}", file.display());
    }
}
