//! `gmbot move`.

use std::fs;

use super::world::World;

#[test]
fn a_database_moves_whole_and_the_old_one_stays() {
    let world = World::with_war();
    let before = fs::read(world.path("war.db")).unwrap();
    let said = world.done("move --from sqlite:war.db --to sqlite:new.db");
    assert!(said.contains("were compared and are the same"), "{said}");
    assert!(said.contains("use `sqlite:new.db` from now on"), "{said}");
    assert_eq!(world.done("--db new.db export"), world.done("--db war.db export"));
    assert!(world.done("--db new.db verify").starts_with("sound: "));
    assert_eq!(fs::read(world.path("war.db")).unwrap(), before);
}

#[test]
fn what_cannot_be_moved_is_said() {
    let world = World::with_war();
    let said = world.run("move --from sqlite:none.db --to sqlite:new.db");
    assert!(said.exit == 3 && said.err.contains("no database at `none.db`"), "{said:?}");
    assert!(!world.path("new.db").exists());
    let said = world.run("move --from sqlite:war.db --to sqlite:war.db");
    assert!(said.exit == 2 && said.err.contains("is named twice"), "{said:?}");
    for place in ["war.db", "sqlite:", "mysql://db/gmbot", "postgres://gm:hunter2@db/gmbot"] {
        let said = world.run(&format!("move --from sqlite:war.db --to {place}"));
        assert!(said.exit == 2 && said.err.contains("write `sqlite:FILE`"), "{said:?}");
    }
    world.done("move --from sqlite:war.db --to sqlite:new.db");
    let said = world.run("move --from sqlite:war.db --to sqlite:new.db");
    assert!(said.exit == 3 && said.err.contains("`new.db` is not empty"), "{said:?}");
}
