//! One file a command.

pub mod build;
pub mod check;
pub mod completions;
pub mod diff;
pub mod environments;
pub mod explain;
pub mod fix;
pub mod init;
pub mod lock;
pub mod rules;
pub mod schemas;
