//! What goes over the wire for each kind of reply, as snapshots: the first of each that comes when
//! the transcripts are played.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use gmbot_discord::{Capabilities, render};
use gmbot_engine::Reply;
use gmbot_snapshots::{Engine, Face, Keep, Mode, run_files, transcripts_in};

/// Replies by the words of their codes.
type Replies = BTreeMap<String, Reply>;

/// The first reply of each kind.
fn replies() -> Replies {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/transcripts");
    let files = transcripts_in(&folder).expect("the folder of transcripts is there");
    let replies: Rc<RefCell<Replies>> = Rc::default();
    let mut face = || {
        let replies = Rc::clone(&replies);
        let engine = Engine::new(Keep::Memory).watched_by(move |reply| {
            let code = reply.code.to_string();
            replies.borrow_mut().entry(code).or_insert_with(|| reply.clone());
        });
        Ok(Box::new(engine) as Box<dyn Face>)
    };
    let report = run_files(&files, Mode::Check, &mut face, &|path| path.to_owned());
    assert!(report.is_good(), "{report}");
    replies.take()
}

#[test]
fn each_kind_of_reply_has_its_payload() {
    let replies = replies();
    insta::with_settings!({
        snapshot_path => "snapshots/payloads",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for (code, reply) in &replies {
            insta::assert_json_snapshot!(code.as_str(), render(reply, &Capabilities::default()));
        }
    });
    // A snapshot that nothing is compared with any more says nothing.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/payloads");
    let files = std::fs::read_dir(folder).expect("the folder of snapshots").flatten();
    for file in files
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|end| end == "snap"))
    {
        let code = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(replies.contains_key(&code), "no transcript has {code}: delete {}", file.display());
    }
}
