//! How a backend is opened: where its database is, whose clock a new one goes by, which threads run.

use std::path::PathBuf;

use gmbot_store::{Address, Clock, Connection};

use crate::BackendError;
use crate::faults::Faults;
use crate::local::Local;

/// How a backend is opened.
///
/// ```no_run
/// # use gmbot_backend::Options;
/// let backend = Options::file("gmbot.db").with_scheduler().open()?;
/// # Ok::<(), gmbot_backend::BackendError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    place: Place,
    new_clock: Clock,
    pub(crate) readers: usize,
    pub(crate) writers: usize,
    pub(crate) scheduler: bool,
    pub(crate) metrics: bool,
    pub(crate) faults: Option<Faults>,
}

/// Where a database is.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Memory,
    At(Address),
}

impl Options {
    /// A database file, made if it is not there yet.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::at(Place::File(path.into()))
    }

    /// A database in memory that is gone with the backend.
    pub fn memory() -> Self {
        Self::at(Place::Memory)
    }

    /// The database of another backend, which has to live until this one is opened if it is in memory.
    pub fn beside(other: &Local) -> Self {
        Self::at(Place::At(other.inner.address.clone()))
    }

    /// A database wherever it is.
    pub fn address(address: Address) -> Self {
        Self::at(Place::At(address))
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            new_clock: Clock::System,
            readers: 4,
            writers: 8,
            scheduler: false,
            metrics: false,
            faults: None,
        }
    }

    /// Whose clock a new database goes by, for good; an old one keeps its own.
    #[must_use]
    pub fn with_new_clock(mut self, clock: Clock) -> Self {
        self.new_clock = clock;
        self
    }

    /// How many queries can be answered at a time; 4 unless said otherwise, at least 1.
    #[must_use]
    pub fn with_readers(mut self, readers: usize) -> Self {
        self.readers = readers;
        self
    }

    /// How many requests can be carried out at a time where the database lets several write
    /// (PostgreSQL); 8 unless said otherwise. SQLite lets one.
    #[must_use]
    pub fn with_writers(mut self, writers: usize) -> Self {
        self.writers = writers;
        self
    }

    /// Runs what is due in a thread of its own, for as long as the backend lives. Without this,
    /// call [`Local::run_due`].
    #[must_use]
    pub fn with_scheduler(mut self) -> Self {
        self.scheduler = true;
        self
    }

    /// Counts and measures what is done, down to the statement, for
    /// [`Operations::metrics`](crate::Operations::metrics) and [`timed`](crate::timed).
    #[must_use]
    pub fn with_metrics(mut self) -> Self {
        self.metrics = true;
        self
    }

    /// Has the writer's transactions fail where `faults` say so: for trying out what a crash leaves.
    #[must_use]
    pub fn with_faults(mut self, faults: &Faults) -> Self {
        self.faults = Some(faults.clone());
        self
    }

    /// Opens the database and starts the threads.
    ///
    /// # Errors
    /// When the database can't be opened, or the system gives no threads.
    pub fn open(self) -> Result<Local, BackendError> {
        let db = match &self.place {
            Place::File(path) => Connection::open(path, self.new_clock)?,
            Place::Memory => Connection::in_memory(self.new_clock)?,
            Place::At(address) => Connection::connect(address, self.new_clock)?,
        };
        Local::start(db, self)
    }
}
