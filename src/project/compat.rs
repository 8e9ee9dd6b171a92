//! Which kustomize a build equals where two of its versions give different output.
//!
//! Owns: the setting, and the name of each difference as a question, so that all of them can be found here. Must not:
//! know how a generator or transformer works.

/// The kustomize whose output a build equals. Where the older one refuses or crashes, builds do as the newer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compat {
    /// Kustomize 5.5, the engine of `kubectl` 1.32.
    V5_5,
    /// Kustomize 5.8.
    #[default]
    V5_8,
}

impl Compat {
    /// All, oldest first.
    pub const ALL: [Compat; 2] = [Compat::V5_5, Compat::V5_8];

    /// `5.5` or `5.8`.
    pub fn as_str(self) -> &'static str {
        match self {
            Compat::V5_5 => "5.5",
            Compat::V5_8 => "5.8",
        }
    }

    /// Takes what [`Compat::as_str`] gives.
    pub fn parse(text: &str) -> Option<Compat> {
        Compat::ALL.into_iter().find(|compat| compat.as_str() == text)
    }
}
