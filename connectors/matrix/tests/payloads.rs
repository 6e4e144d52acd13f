//! What goes over the wire for each kind of reply, as snapshots: the first of each that comes when
//! the transcripts are played.

use std::path::Path;

use gmbot_chat_testing::{must_all_be_compared, replies};
use gmbot_matrix::payloads;

#[test]
fn each_kind_of_reply_has_its_payload() {
    let replies = replies();
    insta::with_settings!({
        snapshot_path => "snapshots/payloads",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for (code, reply) in &replies {
            insta::assert_json_snapshot!(code.as_str(), payloads(reply, "o1"));
        }
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/payloads");
    must_all_be_compared(&folder, &replies);
}
