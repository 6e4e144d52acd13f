//! `gmbot doctor`.

use super::world::World;

/// The checks that want attention, of what it says as JSON.
fn attention(out: &str) -> Vec<String> {
    let checks = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let wanting = checks.filter(|check| check["state"] == "attention");
    wanting.map(|check| check["check"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_sound_database_needs_no_attention() {
    let world = World::with_war();
    let out = world.done("--db war.db doctor");
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), 12, "{out}");
    assert!(lines.iter().all(|line| line.starts_with("ok ")), "{out}");
    assert_eq!(attention(&world.done("--db war.db --json doctor")), [""; 0]);
    assert_eq!(world.files(), ["war.db"]);
}

#[test]
fn damage_is_told_and_ends_with_1() {
    let world = World::with_war();
    world.spoil("war.db", "war.db", |bytes| bytes[4096..].fill(0xa5));
    let said = world.run("--db war.db --json doctor");
    assert_eq!((said.exit, attention(&said.out)), (1, vec!["database".to_owned()]));
    assert!(said.out.contains("`war.db` is damaged"), "{said:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_all_may_change_or_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::with_war();
    for mode in [0o666, 0o644] {
        let anybody = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(world.path("war.db"), anybody).unwrap();
        let said = world.run("--db war.db --json doctor");
        assert_eq!((said.exit, attention(&said.out)), (1, vec!["permissions".to_owned()]));
    }
}
