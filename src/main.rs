//! The `kollate` program.

fn main() {}
