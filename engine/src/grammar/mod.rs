//! The command language: one table, and everything derived from it. Words come in, a typed
//! [`Command`] goes out, or a list of [`Problem`]s that leaves no word unaccounted for.

mod bind;
mod build;
pub mod command;
pub mod complete;
mod form;
pub mod lexer;
pub mod offer;
pub mod parser;
pub mod print;
pub mod problem;
pub mod reference;
mod say;
mod source;
mod suggest;
pub mod table;
mod value;
pub mod values;

pub use command::Command;
pub use form::Shape;
pub use parser::{Games, Reading, Vocabulary, kind_of, read};
pub use print::print;
pub use problem::{Problem, Span};
pub use suggest::{is_slip, nearest, same_digits};
pub use table::{Access, CommandSpec, Kind, ParamSpec, TABLE, ValueKind};
pub use values::{ClanRef, PlayerRef, TimeSpec, WarRef, Winner};
