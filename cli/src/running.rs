//! Faces that run together in one process, over one backend, until the system asks them to stop.

use std::sync::Arc;
use std::thread;

use gmbot_backend::{Backend, Local, Options as Opening};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::config::Settings;
use crate::database;
use crate::exit::Exit;
use crate::face::Face;
use crate::failure::Failure;
use crate::logging;
use crate::output::Output;

/// How many queries are answered at a time.
const READERS: usize = 8;

/// A face that has what it needs, and waits for a backend.
pub(crate) trait Ready: Send {
    /// What it does, for whoever started it.
    fn told(&self) -> String;

    /// Runs until it is asked to stop, and then finishes what it accepted.
    fn run(self: Box<Self>, backend: Over, stop: Stop) -> Result<(), Failure>;
}

/// The backend that faces run over.
#[derive(Clone)]
pub(crate) enum Over {
    /// A database here.
    Here(Arc<Local>),
    /// A server elsewhere, at this address.
    #[cfg(feature = "remote")]
    Elsewhere(Arc<dyn Backend>, String),
}

impl Over {
    /// The database here, for a face that needs one.
    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "the server alone needs one"))]
    pub(crate) fn into_here(self) -> Result<Arc<Local>, Failure> {
        match self {
            Self::Here(local) => Ok(local),
            #[cfg(feature = "remote")]
            Self::Elsewhere(_, url) => Err(Failure::ServersOwn(url)),
        }
    }

    /// Whichever it is.
    #[cfg_attr(
        not(any(feature = "discord", feature = "matrix")),
        expect(dead_code, reason = "connectors alone take any")
    )]
    pub(crate) fn into_any(self) -> Arc<dyn Backend> {
        match self {
            Self::Here(local) => local,
            #[cfg(feature = "remote")]
            Self::Elsewhere(remote, _) => remote,
        }
    }
}

/// Hears when it is time to stop.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits until it is time to stop.
    pub(crate) async fn asked(&mut self) {
        // Nobody left to ask: that is a reason to stop as well.
        self.0.wait_for(|stop| *stop).await.ok();
    }
}

/// Runs faces until the system asks the program to end, or one of them ends by itself. What one
/// face can't have (an address, a key) is told before any of them begins.
pub(crate) fn run(faces: &[Face], settings: &Settings, output: &Output) -> Result<Exit, Failure> {
    let needs_database = faces.iter().any(|face| face.needs_database());
    let faces: Vec<_> =
        faces.iter().map(|face| face.ready(settings)).collect::<Result<_, Failure>>()?;
    let backend = over(needs_database, settings)?;
    let _logging = logging::start(settings)?;
    let (signals, runtime) = Signals::catch().map_err(Failure::NoSignals)?;
    for face in &faces {
        output.line(&face.told())?;
    }
    #[cfg(feature = "http")]
    let sender = match &backend {
        Over::Here(local) => Some(gmbot_webhooks::Sender::start(Arc::clone(local))?),
        // Whoever keeps the database tells others of it.
        #[cfg(feature = "remote")]
        Over::Elsewhere(..) => None,
    };
    together(faces, &backend, signals, &runtime)?;
    #[cfg(feature = "http")]
    drop(sender);
    Ok(Exit::Done)
}

/// The backend that the settings name, for whatever runs until it is told to stop.
fn over(needs_database: bool, settings: &Settings) -> Result<Over, Failure> {
    #[cfg(feature = "remote")]
    if let Some(url) = settings.backend.as_ref().filter(|_| !needs_database) {
        let remote = crate::backend::remote(settings, url)?;
        return Ok(Over::Elsewhere(Arc::new(remote), url.clone()));
    }
    let address = database::address(settings)?;
    let opening = Opening::address(address).with_readers(READERS).with_scheduler().with_metrics();
    Ok(Over::Here(Arc::new(opening.open()?)))
}

fn together(
    faces: Vec<Box<dyn Ready>>,
    backend: &Over,
    mut signals: Signals,
    runtime: &Runtime,
) -> Result<(), Failure> {
    let (ask, asked) = watch::channel(false);
    thread::scope(|scope| {
        let run = |face: Box<dyn Ready>| {
            let (ask, stop) = (Asking(ask.clone()), Stop(asked.clone()));
            scope.spawn(move || {
                let ended = face.run(backend.clone(), stop);
                // With one face gone the others end too: whoever looks after the process starts
                // it anew.
                drop(ask);
                ended
            })
        };
        let running: Vec<_> = faces.into_iter().map(run).collect();
        let mut stop = Stop(asked.clone());
        runtime.block_on(async {
            tokio::select! {
                () = signals.any() => {}
                () = stop.asked() => {}
            }
        });
        ask.send_replace(true);
        let ended = running.into_iter().map(|face| match face.join() {
            Ok(ended) => ended,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // All of them are waited for, also after one that failed.
        ended.collect::<Vec<_>>().into_iter().collect()
    })
}

/// Asks all faces to stop when it goes, even by a panic.
struct Asking(watch::Sender<bool>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// The system's requests to end: Ctrl-C and SIGTERM, caught from the moment this is there.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn catch() -> std::io::Result<(Self, Runtime)> {
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let caught = runtime.block_on(async {
            let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
            Ok::<_, std::io::Error>((signal(interrupt)?, signal(terminate)?))
        });
        let (interrupt, terminate) = caught?;
        Ok((Self { interrupt, terminate }, runtime))
    }

    /// Waits for one of them.
    async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The system's requests to end: Ctrl-C.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn catch() -> std::io::Result<(Self, Runtime)> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let caught = runtime.block_on(async { tokio::signal::windows::ctrl_c() })?;
        Ok((Self(caught), runtime))
    }

    /// Waits for one of them.
    async fn any(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// A face that fails at once.
    struct Failing;

    impl Ready for Failing {
        fn told(&self) -> String {
            String::new()
        }

        fn run(self: Box<Self>, _backend: Over, _stop: Stop) -> Result<(), Failure> {
            Err(Failure::NoFace)
        }
    }

    /// A face that runs until it is asked to stop, and notes that it was.
    struct Lasting(Arc<AtomicBool>);

    impl Ready for Lasting {
        fn told(&self) -> String {
            String::new()
        }

        fn run(self: Box<Self>, _backend: Over, mut stop: Stop) -> Result<(), Failure> {
            let runtime = Builder::new_current_thread().build().expect("threads");
            runtime.block_on(stop.asked());
            self.0.store(true, Ordering::Relaxed);
            Ok(())
        }
    }

    #[test]
    fn one_face_that_fails_ends_the_others_in_order() {
        let stopped = Arc::new(AtomicBool::new(false));
        let backend = Over::Here(Arc::new(Opening::memory().open().expect("a database")));
        let (signals, runtime) = Signals::catch().expect("signals");
        let faces: Vec<Box<dyn Ready>> =
            vec![Box::new(Lasting(Arc::clone(&stopped))), Box::new(Failing)];
        let ended = together(faces, &backend, signals, &runtime);
        assert!(matches!(ended, Err(Failure::NoFace)), "{ended:?}");
        assert!(stopped.load(Ordering::Relaxed));
    }
}
