//! Files, texts and documents: reading, printing, and where every value came from.
//!
//! Owns: files (on disk, in memory, in a git revision), source texts and spans, YAML to [`Node`] and back, and the
//! [`Origin`] of every node. Must not: know Kubernetes. It alone touches the disk, git and other programs.
//!
//! In: paths. Out: [`Parsed`] documents of [`Node`]s, shared through a [`Store`].

mod collection;
pub mod edit;
mod files;
pub mod git;
mod map;
mod node;
mod origin;
mod output;
mod overlay;
mod parallel;
mod path;
pub mod program;
pub mod remote;
mod scratch;
mod span;
mod store;
mod symbol;
pub mod yaml;

pub use collection::{Entry, Key, Lookup, Mapping, Sequence};
pub use files::{Disk, EntryKind, Files, MAX_BYTES, Memory, ReadError, normalize};
pub use git::{GitError, GitRevision};
pub use map::{Asked, Place, Source, SourceMap};
pub use node::{Node, ScalarKind, Style, View};
pub use origin::{Cause, Event, Origin, Removal, Signature};
pub use output::{LIST_NAME, OutputError, Written, write_file, write_folder};
pub use parallel::{alongside, each_in_parallel, in_parallel};
pub use path::{FieldPath, PathStep};
pub use program::{Environment, Finished, Limits, Program, ProgramError};
pub use scratch::Scratch;
pub use span::{FileId, Location, Span};
pub(crate) use store::relative;
pub use store::{Loaded, Store};
pub use symbol::{Symbol, Wanted, Word};
pub use yaml::{Document, Parsed, Problem};
