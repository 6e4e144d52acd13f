//! The `gmbot` binary.

fn main() {}
