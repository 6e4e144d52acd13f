//! What is printed reads as what it was: many commands of every row of the table.

use gmbot_engine::grammar::{CommandSpec, TABLE, kind_of, print, read};
use gmbot_engine::request::Input;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::{Place, command, generated};

/// How many commands of a row are tried.
const CASES: u32 = 250;

#[test]
fn what_is_printed_reads_as_what_it_was() {
    let place = Place::new();
    for row in TABLE {
        let config = Config { rng_seed: RngSeed::Fixed(7), ..Config::with_cases(CASES) };
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..config });
        let round = runner.run(&generated::command(row.name), |expect| {
            assert_eq!(expect.name(), row.name);
            let line = print(&expect);
            let found = command(read(&Input::Line(line.clone()), &place));
            assert_eq!(found, expect, "{line}");
            assert_eq!(print(&found), line);
            assert_eq!(kind_of(&Input::Line(line)), CommandSpec::of(&found).kind);
            Ok(())
        });
        if let Err(failure) = round {
            panic!("{failure}");
        }
    }
}
