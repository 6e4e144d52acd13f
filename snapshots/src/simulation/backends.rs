//! The backends of a simulation on their one database, which fail and crash when they are told to.

use gmbot_backend::{Address, BackendError, Clock, Fault, Faults, Local, Options, Point};
use gmbot_engine::model::AtMs;
use tempfile::TempDir;

use super::{Keep, Trouble};
use crate::face::SEED;

/// All backends: two on a file, of which either takes a step; one on a database in memory.
pub(super) struct Backends {
    // Declared first, so dropped first: they have to let go of the file before it goes.
    locals: Vec<Local>,
    place: Place,
    faults: Faults,
    turn: usize,
    now: AtMs,
    /// How often one of them crashed.
    pub(super) crashes: u64,
    /// How often one of them failed and went on.
    pub(super) failures: u64,
}

/// Where the database lies.
enum Place {
    Folder(TempDir),
    Server(Address),
    /// In memory, for as long as this backend is there, which does nothing else.
    Memory(Box<Local>),
}

/// What became of something that was tried.
pub(super) enum Tried<T> {
    /// It was done, and this is the answer.
    Done(T),
    /// A fault cut it off before an answer left.
    Cut {
        /// Whether what it did had been committed.
        durable: bool,
    },
}

impl Backends {
    /// Opens an empty database.
    ///
    /// # Errors
    /// When that fails.
    pub(super) fn open(keep: Keep, address: Option<Address>, now: AtMs) -> Result<Self, Trouble> {
        let (place, count) = match keep {
            Keep::Memory => {
                let keeper = Options::memory().with_new_clock(Clock::Manual).with_readers(1);
                (Place::Memory(Box::new(keeper.open()?)), 1)
            }
            Keep::File => {
                let folder = TempDir::new().map_err(|error| Trouble::NoFile(error.to_string()))?;
                (Place::Folder(folder), 2)
            }
            Keep::Server(count) => (Place::Server(address.ok_or(Trouble::NoServer)?), count),
        };
        let mut backends = Self {
            locals: Vec::new(),
            place,
            faults: Faults::default(),
            turn: 0,
            now,
            crashes: 0,
            failures: 0,
        };
        for _ in 0..count {
            let local = backends.another()?;
            if backends.locals.is_empty() {
                local.set_seed(SEED)?;
            }
            backends.locals.push(local);
        }
        Ok(backends)
    }

    /// One more backend on the database.
    fn another(&self) -> Result<Local, Trouble> {
        let options = match &self.place {
            Place::Folder(folder) => {
                Options::file(folder.path().join("gmbot.db")).with_new_clock(Clock::Manual)
            }
            Place::Server(address) => {
                Options::address(address.clone()).with_new_clock(Clock::Manual)
            }
            Place::Memory(keeper) => Options::beside(keeper),
        };
        let local = options.with_readers(1).with_faults(&self.faults).open()?;
        local.set_now(self.now)?;
        Ok(local)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.locals.len()
    }

    /// Says which of them does what comes next, and what its transactions meet.
    pub(super) fn begin_step(&mut self, turn: usize, fault: Option<Fault>) {
        self.turn = turn;
        self.faults.set(fault);
    }

    /// The backend whose turn it is.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn local(&self) -> Result<&Local, Trouble> {
        self.locals.get(self.turn).ok_or(Trouble::Backend(BackendError::Stopped))
    }

    /// Sets all clocks.
    ///
    /// # Errors
    /// When one can't be set.
    pub(super) fn set_now(&mut self, now: AtMs) -> Result<(), Trouble> {
        self.now = now;
        self.locals.iter().try_for_each(|local| Ok(local.set_now(now)?))
    }

    /// Has something done that a fault may cut off; a backend that crashed over it is replaced.
    ///
    /// # Errors
    /// When it fails by itself.
    pub(super) fn attempt<T>(
        &mut self,
        work: impl FnOnce(&Local) -> Result<T, BackendError>,
    ) -> Result<Tried<T>, Trouble> {
        let error = match work(self.local()?) {
            Ok(done) => return Ok(Tried::Done(done)),
            Err(error) => error,
        };
        let Some(fault) = self.faults.struck() else { return Err(error.into()) };
        self.faults.set(None);
        match fault {
            Fault::Crash(_) => {
                self.crashes += 1;
                self.replace(self.turn)?;
            }
            Fault::Failure(_) | Fault::Busy(_) => self.failures += 1,
        }
        Ok(Tried::Cut { durable: fault.point() == Point::Answer })
    }

    /// Runs what is due, again after each fault.
    ///
    /// # Errors
    /// When it fails by itself.
    pub(super) fn run_due(&mut self) -> Result<(), Trouble> {
        while let Tried::Cut { .. } = self.attempt(Local::run_due)? {}
        Ok(())
    }

    /// Ends all backends, and has others go on with their database.
    ///
    /// # Errors
    /// When it can't be opened again.
    pub(super) fn restart(&mut self) -> Result<(), Trouble> {
        (0..self.locals.len()).try_for_each(|turn| self.replace(turn))
    }

    fn replace(&mut self, turn: usize) -> Result<(), Trouble> {
        drop(self.locals.remove(turn));
        let local = self.another()?;
        self.locals.insert(turn, local);
        Ok(())
    }
}
