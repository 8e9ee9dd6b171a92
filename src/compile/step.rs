//! The one place where writes to nodes are signed.

use crate::source::{Cause, Location, Signature};

/// One act of compile. Whatever it writes is signed with its cause and with the place in the user's files that asked
/// for it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    cause: Cause,
}

impl Step {
    /// A transformer field at work.
    pub fn transform(field: &'static str) -> Self {
        Step { cause: Cause::Transformed(field) }
    }

    /// A generator at work.
    pub fn generate(field: &'static str) -> Self {
        Step { cause: Cause::Generated(field) }
    }

    /// A patch at work.
    pub fn patch() -> Self {
        Step { cause: Cause::Patched }
    }

    /// The link step at work: `what` names it, `name reference` or `hash suffix`.
    pub fn link(what: &'static str) -> Self {
        Step { cause: Cause::Linked(what) }
    }

    /// A signature for what the text at `at` asks for.
    pub fn sign(self, at: Location) -> Signature {
        Signature::new(at, self.cause)
    }
}
