//! `gmbot run`: the faces that the settings name, in one process over one database.

use crate::config::Settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
#[cfg(feature = "faces")]
use crate::running;

#[cfg(feature = "faces")]
pub(crate) fn run(settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    if settings.faces.is_empty() {
        return Err(Failure::NoFace);
    }
    running::run(&settings.faces, settings, output)
}

/// A build without any face can only say what it lacks.
#[cfg(not(feature = "faces"))]
pub(crate) fn run(settings: &Settings, _output: &Output) -> Result<Exit, Failure> {
    Err(settings.faces.first().map_or(Failure::NoFace, |face| Failure::NotBuilt(*face)))
}
