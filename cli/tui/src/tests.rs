//! The screen driven by keys, over a real backend in memory.

mod acting;
mod board;
mod line;
mod readme;
mod stage;
