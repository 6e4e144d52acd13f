//! A real homeserver with the bot in it, and people who use a client of others.

use crate::Extent;
use crate::matrix::bot::Bot;
use crate::matrix::people::People;
use crate::matrix::synapse::Synapse;
use crate::report::Report;

mod across;
mod bot;
mod kills;
mod load;
mod people;
mod recovery;
mod room;
mod synapse;
mod talk;
mod war;

/// That people understand each other, and fight wars.
pub(crate) fn wars(_extent: Extent, report: &Report) {
    let mut synapse = Synapse::start();
    let people = People::start(&synapse);
    talk::run(&mut synapse, &people, report);
    war::everybody(&people);
    let bot = Bot::start(&synapse, &people);
    war::run(&people, &bot, report);
    across::run(&people, &bot, report);
}

/// That nothing is lost, and nothing done twice.
pub(crate) fn kills(_extent: Extent, report: &Report) {
    let mut synapse = Synapse::start();
    let people = People::start(&synapse);
    war::everybody(&people);
    let mut bot = Bot::start(&synapse, &people);
    kills::run(&mut synapse, &people, &mut bot, report);
}

/// That the bot's keys are there, and come back.
pub(crate) fn recovery(_extent: Extent, report: &Report) {
    let synapse = Synapse::start();
    let people = People::start(&synapse);
    war::everybody(&people);
    let mut bot = Bot::start(&synapse, &people);
    recovery::run(&synapse, &people, &mut bot, report);
}

/// How much, and how soon.
pub(crate) fn load(_extent: Extent, report: &Report) {
    let synapse = Synapse::start();
    let people = People::start(&synapse);
    let bot = Bot::start(&synapse, &people);
    load::run(&people, &bot, report);
}
