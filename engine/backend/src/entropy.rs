//! Where chance comes from: the operating system, or a seed that makes a rehearsal repeatable.

use std::sync::{Mutex, PoisonError};

use gmbot_engine::request::{Input, Request};
use sha2::{Digest, Sha256};

use crate::BackendError;

/// The stream that people's commands draw from.
const SAID: &[u8; 4] = b"said";
/// The stream that facts and ticks draw from. How many of them there are differs from face to face:
/// none of them may shift what a person's command draws.
const FACT: &[u8; 4] = b"fact";

/// A source of the 32 bytes that each request gets.
#[derive(Debug)]
pub(crate) enum Entropy {
    /// The operating system's.
    System,
    /// A hash of this seed and the request's key, so that the same requests draw the same ids on
    /// every face.
    Seeded(Mutex<[u8; 32]>),
}

impl Entropy {
    /// A source that depends on nothing but this seed.
    pub(crate) fn seeded(seed: [u8; 32]) -> Self {
        Self::Seeded(Mutex::new(seed))
    }

    /// The bytes for a request. Draw them once: each retry of the request has to get the same.
    pub(crate) fn draw(&self, request: &Request) -> Result<[u8; 32], BackendError> {
        match request.input {
            Input::Fact(_) => self.draw_for_fact(&request.key),
            Input::Line(_) | Input::Words(_) | Input::Command(_) | Input::Form(_) => {
                self.draw_from(SAID, &request.key)
            }
        }
    }

    /// The bytes for a fact with this key.
    pub(crate) fn draw_for_fact(&self, key: &str) -> Result<[u8; 32], BackendError> {
        self.draw_from(FACT, key)
    }

    fn draw_from(&self, stream: &[u8; 4], key: &str) -> Result<[u8; 32], BackendError> {
        let seed = match self {
            Self::System => return system_bytes(),
            Self::Seeded(seed) => *seed.lock().unwrap_or_else(PoisonError::into_inner),
        };
        let hash = Sha256::new().chain_update(seed).chain_update(stream).chain_update(key);
        Ok(hash.finalize().into())
    }

    /// Goes on with another seed.
    pub(crate) fn reseed(&self, new: [u8; 32]) -> Result<(), BackendError> {
        match self {
            Self::System => Err(BackendError::SystemClock),
            Self::Seeded(seed) => {
                *seed.lock().unwrap_or_else(PoisonError::into_inner) = new;
                Ok(())
            }
        }
    }
}

/// Fresh bytes from the operating system.
pub(crate) fn system_bytes<const N: usize>() -> Result<[u8; N], BackendError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| BackendError::NoEntropy(error.to_string()))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use gmbot_engine::model::WarId;
    use gmbot_engine::request::Fact;

    use super::*;
    use crate::submission::fact;

    fn line(key: &str) -> Request {
        let war: WarId = "k3xp2".parse().unwrap();
        Request {
            input: Input::Line("gmbot".to_owned()),
            ..fact(key.to_owned(), Fact::Tick { war })
        }
    }

    #[test]
    fn a_seed_gives_each_key_and_each_stream_its_own_bytes_again_and_again() {
        let (one, other) = (Entropy::seeded([1; 32]), Entropy::seeded([2; 32]));
        let war: WarId = "k3xp2".parse().unwrap();
        let tick = fact("a".to_owned(), Fact::Tick { war });
        let drawn = one.draw(&line("a"));
        assert_eq!(one.draw(&line("a")), drawn);
        assert_ne!(one.draw(&line("b")), drawn);
        assert_ne!(one.draw(&tick), drawn);
        assert_ne!(other.draw(&line("a")), drawn);
        assert_eq!(other.reseed([1; 32]), Ok(()));
        assert_eq!(other.draw(&line("a")), drawn);
    }

    #[test]
    fn the_operating_system_never_says_the_same_twice() {
        let source = Entropy::System;
        assert_ne!(source.draw(&line("a")), source.draw(&line("a")));
        assert_eq!(source.reseed([0; 32]), Err(BackendError::SystemClock));
    }
}
