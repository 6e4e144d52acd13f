//! A real homeserver, and people who use a client of others.

use crate::Extent;
use crate::matrix::people::People;
use crate::matrix::synapse::Synapse;
use crate::report::Report;

mod people;
mod room;
mod synapse;
mod talk;

pub(crate) fn run(_extent: Extent, report: &Report) {
    let mut synapse = Synapse::start();
    let people = People::start(&synapse);
    let administrator = people.register("root", true);
    talk::run(&mut synapse, &people, &administrator, report);
}
