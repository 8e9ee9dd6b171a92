//! Which files and which entries made a resource: what the root's `buildMetadata` asks to be written on it.

use std::sync::Arc;

/// Who made a resource, and who changed it since. Kept only while a build tracks it.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Who made it.
    pub origin: Option<Arc<Maker>>,
    /// Who transformed it, in order.
    pub transformations: Vec<Arc<Maker>>,
}

/// A file of resources, or something that a kustomization configures. Paths are relative to the root's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// A file that holds the resource.
    File(String),
    /// A generator or transformer.
    Configured {
        /// The file that configures it.
        file: String,
        /// `builtin`.
        api_version: String,
        /// The kind of plugin.
        kind: String,
        /// The name of its configuration object; empty for a field of a kustomization.
        name: String,
        /// The namespace of its configuration object.
        namespace: String,
    },
}

impl Maker {
    /// A field of the kustomization `file`.
    pub fn field(file: &str, kind: &str) -> Arc<Self> {
        Arc::new(Maker::Configured {
            file: file.to_owned(),
            api_version: "builtin".to_owned(),
            kind: kind.to_owned(),
            name: String::new(),
            namespace: String::new(),
        })
    }

    /// The file that holds or configures it.
    pub fn file(&self) -> &str {
        match self {
            Maker::File(file) | Maker::Configured { file, .. } => file,
        }
    }
}
