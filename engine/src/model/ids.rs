//! Names for things: short ids drawn from entropy, and the keys that platforms give.

use std::fmt;
use std::str::FromStr;

use rand_core::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The letters and digits of an id: none that is mistaken for another (no `0`/`o`, `1`/`l`/`i`).
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// Whether a byte is of the alphabet: ids are read by the million, so it is not searched.
fn is_in_alphabet(byte: u8) -> bool {
    matches!(byte, b'2'..=b'9' | b'a'..=b'z') && !matches!(byte, b'i' | b'l' | b'o')
}

/// The longest id, in characters.
const LONGEST: usize = 12;

/// The shortest id, in characters.
const SHORTEST: usize = 5;

/// An id of 5 to 12 characters with at least one letter and one digit, so that it can be told from
/// a number and from most names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortId {
    bytes: [u8; LONGEST],
}

/// A text that can't be a short id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: ids are 5 to 12 letters and digits, with at least one of each")]
pub struct NotAnId;

impl ShortId {
    /// Draws an id of `length` characters (5 to 12; others are brought into that range).
    pub fn draw(rng: &mut impl Rng, length: usize) -> Self {
        let length = length.clamp(SHORTEST, LONGEST);
        loop {
            let mut bytes = [0; LONGEST];
            for place in bytes.iter_mut().take(length) {
                *place = Self::draw_letter(rng);
            }
            if let Ok(id) = Self::checked(bytes) {
                return id;
            }
        }
    }

    /// One letter of the alphabet, each equally likely: bytes past the last multiple are redrawn.
    fn draw_letter(rng: &mut impl Rng) -> u8 {
        loop {
            let draw = rng.next_u32() as usize & 31;
            if let Some(letter) = ALPHABET.get(draw) {
                return *letter;
            }
        }
    }

    /// Whether a text has the shape of an id, in any case.
    pub fn is_shape(text: &str) -> bool {
        text.parse::<Self>().is_ok()
    }

    /// The id as text, lower case.
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|b| *b == 0).unwrap_or(LONGEST);
        self.bytes.get(..end).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("")
    }

    fn checked(bytes: [u8; LONGEST]) -> Result<Self, NotAnId> {
        let letter = bytes.iter().any(u8::is_ascii_lowercase);
        let digit = bytes.iter().any(u8::is_ascii_digit);
        if letter && digit { Ok(Self { bytes }) } else { Err(NotAnId) }
    }
}

impl FromStr for ShortId {
    type Err = NotAnId;

    /// Reads an id in any case, with or without a leading `#`.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let text = text.strip_prefix('#').unwrap_or(text);
        if !(SHORTEST..=LONGEST).contains(&text.len()) {
            return Err(NotAnId);
        }
        let mut bytes = [0; LONGEST];
        for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
            let byte = byte.to_ascii_lowercase();
            if !is_in_alphabet(byte) {
                return Err(NotAnId);
            }
            *place = byte;
        }
        Self::checked(bytes)
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ShortId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ShortId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! short_ids {
    ($($(#[$doc:meta])* $name:ident: $length:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        // A digit and a letter are somewhere beside each other.
        #[cfg_attr(feature = "schema", schema(
            value_type = String,
            min_length = 5,
            max_length = 12,
            pattern = "^[2-9a-hjkmnp-z]*([2-9][a-hjkmnp-z]|[a-hjkmnp-z][2-9])[2-9a-hjkmnp-z]*$"
        ))]
        #[serde(transparent)]
        pub struct $name(ShortId);

        impl $name {
            /// The length of a freshly drawn id, in characters.
            pub const LENGTH: usize = $length;

            /// Draws an id that is `extra` characters longer than usual (after collisions).
            pub fn draw(rng: &mut impl Rng, extra: usize) -> Self {
                Self(ShortId::draw(rng, Self::LENGTH + extra))
            }

            /// The id as text, lower case.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

short_ids! {
    /// A war, as people type it: `k3xp2`.
    WarId: 5;
    /// A clan, whatever its name is at the moment.
    ClanId: 7;
    /// A person, whatever their accounts are.
    PersonId: 9;
    /// A text in a side table: a message, a note, a link.
    TextId: 10;
}

/// A game's number, as people type it: `4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct GameId(pub u32);

impl fmt::Display for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A chat platform, or the name space of a client: `terminal`, `discord`, `matrix`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Platform(pub String);

impl Platform {
    /// The terminal's own platform.
    pub fn terminal() -> Self {
        Self("terminal".to_owned())
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A chat space (a Discord server, a Matrix room, a terminal profile) by its platform's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SpaceKey {
    /// Where the space is.
    pub platform: Platform,
    /// The platform's id of it.
    pub id: String,
}

/// A person's account on a platform, as a SHA-256 of platform and id: the log holds no platform id
/// of a person, so that `forget` need not touch it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct AccountKey(String);

impl AccountKey {
    /// The key of the account `id` on `platform`.
    pub fn new(platform: &Platform, id: &str) -> Self {
        let digest = Sha256::new().chain_update(&platform.0).chain_update([0]).chain_update(id);
        Self(hex(&digest.finalize()))
    }

    /// The key as 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    #[test]
    fn drawn_ids_read_back_and_hold_a_letter_and_a_digit() {
        let mut rng = rand_chacha::ChaCha8Rng::from_seed([7; 32]);
        for extra in 0..200 {
            let id = WarId::draw(&mut rng, extra % 4);
            assert_eq!(id.as_str().len(), WarId::LENGTH + extra % 4);
            assert_eq!(id.as_str().to_uppercase().parse(), Ok(id));
            assert_eq!(format!("#{id}").parse(), Ok(id));
        }
    }

    #[test]
    fn a_letter_of_an_id_is_one_of_the_alphabet() {
        for byte in 0..=u8::MAX {
            assert_eq!(is_in_alphabet(byte), ALPHABET.contains(&byte), "{byte}");
        }
    }

    #[test]
    fn numbers_words_and_look_alikes_are_no_ids() {
        for text in
            ["12345", "abcde", "k3x", "k3xp0", "k3xpl", "k3xp2k3xp2k3x", "", "k3 p2", "é3xp2"]
        {
            assert!(!ShortId::is_shape(text), "{text}");
        }
    }

    #[test]
    fn an_account_key_tells_platforms_apart() {
        let (a, b) = (Platform("a".into()), Platform("ab".into()));
        assert_ne!(AccountKey::new(&a, "bc"), AccountKey::new(&b, "c"));
        assert_eq!(AccountKey::new(&a, "x").as_str().len(), 64);
    }
}
