//! Every transcript on the face of Matrix: the connector against a homeserver in memory.

use std::path::Path;
use std::process::ExitCode;

use gmbot_chat_testing::{transcripts, trial};
use gmbot_snapshots::{Face, name_of};
use libtest_mimic::{Arguments, Trial};

use face::OnMatrix;
use homeserver::Homeserver;

mod face;
#[path = "../support/homeserver.rs"]
#[expect(dead_code, reason = "scenes need more of it")]
mod homeserver;
mod place;
#[path = "../support/read_back.rs"]
mod read_back;

/// The transcripts that play while things go wrong as well: whole wars, with what is told in private.
const IN_STORMS: [&str; 3] = ["dispute-proof", "first-war", "two-spaces"];
/// How many transcripts play at a time, unless somebody says otherwise: they wait more than they work.
const AT_A_TIME: usize = 4;

/// What goes wrong on the way, all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// Nothing.
    Calm,
    /// Everything that is sent is sent away with 429 when it comes for the first time.
    Limited,
    /// Syncs tell twice what happened.
    Doubled,
}

impl Weather {
    fn words(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Limited => ", with 429 everywhere",
            Self::Doubled => ", with every event twice",
        }
    }

    /// A homeserver without rooms in this weather.
    fn town(self) -> Homeserver {
        let town = Homeserver::start();
        town.change(|state| {
            state.limits = self == Self::Limited;
            state.doubled = self == Self::Doubled;
        });
        town
    }
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(AT_A_TIME);
    let trials = transcripts().into_iter().flat_map(|file| {
        let stormy = IN_STORMS.contains(&name_of(&file).as_str());
        let storms: &[_] = if stormy { &[Weather::Limited, Weather::Doubled] } else { &[] };
        let weathers = [Weather::Calm].into_iter().chain(storms.iter().copied());
        weathers.map(|weather| on_matrix(&file, weather)).collect::<Vec<_>>()
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn on_matrix(file: &Path, weather: Weather) -> Trial {
    let on = format!("matrix{}", weather.words());
    trial(env!("CARGO_PKG_NAME"), file, &on, move |operators| {
        Ok(Box::new(OnMatrix::on(weather.town(), operators)?) as Box<dyn Face>)
    })
}
