//! Keys are shown once, found by their whole text alone, and end when they are revoked.

use gmbot_backend::{Operations as _, Scope};
use gmbot_engine::request::Origin;

use crate::people::{START, rehearsal};

#[test]
fn a_key_is_found_by_its_text_and_by_nothing_else() {
    let local = rehearsal();
    let origin = Origin::new("DISCORD-BFF", "discord").unwrap();
    let (key, text) = local.add_key(&origin, Scope::Trusted).unwrap();
    let (other, other_text) = local.add_key(&origin, Scope::Read).unwrap();
    assert_ne!((&key.id, text.expose()), (&other.id, other_text.expose()));
    assert_eq!(key.created_at, START);
    assert_eq!(local.authenticate(text.expose()).unwrap(), Some(key.clone()));
    assert_eq!(local.keys().unwrap().len(), 2);

    let (first, last) = text.expose().split_at(text.expose().len() - 1);
    let changed = format!("{first}{}", if last == "0" { "1" } else { "0" });
    let mixed = format!("gmbot_{}_{}", other.id, text.expose().rsplit('_').next().unwrap());
    for wrong in ["", "_", "gmbot__", "gmbot_x_y", &key.id, first, &changed, &mixed] {
        assert_eq!(local.authenticate(wrong).unwrap(), None, "{wrong}");
    }
}

#[test]
fn a_revoked_key_says_so_for_good() {
    let local = rehearsal();
    let origin = Origin::new("app", "rest").unwrap();
    let (key, text) = local.add_key(&origin, Scope::Act).unwrap();
    assert!(local.revoke_key(&key.id).unwrap());
    assert!(!local.revoke_key(&key.id).unwrap());
    assert!(!local.revoke_key("nothing").unwrap());
    let found = local.authenticate(text.expose()).unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(START));
}

#[test]
fn no_secret_is_shown_by_accident() {
    let (_, text) = rehearsal().add_key(&Origin::new("app", "rest").unwrap(), Scope::Act).unwrap();
    assert_eq!(format!("{text:?}"), "Secret(…)");
}
