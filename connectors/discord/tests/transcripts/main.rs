//! Every transcript on the face of Discord: the connector against a fake of Discord's REST and gateway.

use std::path::Path;
use std::process::ExitCode;

use gmbot_chat_testing::{transcripts, trial};
use gmbot_snapshots::{Face, name_of};
use libtest_mimic::{Arguments, Trial};

use face::{OnDiscord, Way};
use mixed::Mixed;
use weather::Weather;

#[path = "../../../http/tests/support/clients.rs"]
mod clients;
mod command;
mod face;
mod mixed;
mod place;
#[path = "../support/read_back.rs"]
mod read_back;
mod reading;
mod speaking;
mod weather;

/// Whose face it is.
const PACKAGE: &str = env!("CARGO_PKG_NAME");
/// How many transcripts play at a time, unless somebody says otherwise: they wait more than they work.
const AT_A_TIME: usize = 8;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_A_TIME);
    let trials = transcripts().into_iter().flat_map(|file| {
        let ways = [Way::Text, Way::Command].into_iter();
        let cases = ways.flat_map(|way| Weather::ALL.map(|weather| (way, weather)));
        let alone = cases.map(|(way, weather)| on_discord(&file, way, weather));
        let apart = !mixed::TOGETHER.contains(&name_of(&file).as_str());
        alone.chain(apart.then(|| on_several(&file))).collect::<Vec<_>>()
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn on_discord(file: &Path, way: Way, weather: Weather) -> Trial {
    let words = format!("discord {}{}", way.words(), weather.words());
    trial(PACKAGE, file, &words, move |operators| {
        Ok(Box::new(OnDiscord::new(operators, way, weather)?) as Box<dyn Face>)
    })
}

/// Some clans on Discord, who use commands, and the others at an HTTP server.
fn on_several(file: &Path) -> Trial {
    trial(PACKAGE, file, "mixed", |operators| {
        let discord = OnDiscord::new(operators, Way::Command, Weather::Calm)?;
        Ok(Box::new(Mixed::with(discord)) as Box<dyn Face>)
    })
}
