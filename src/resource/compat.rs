//! Which kustomize a build equals where two of its versions give different output.
//!
//! Owns: the setting, and the name of each difference as a question, so that all of them can be found here
//! (`docs/compat.md` tells them to the user). Must not: know how a generator or transformer works.
//!
//! Source: kustomize 5.5.0 (api 0.18.0, kyaml 0.18.1) read against 5.8.2 (api and kyaml 0.21.2).

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

    /// Who has built a resource, as the label `app.kubernetes.io/managed-by` says it. `kubectl` 1.32 knows no version
    /// of its kustomize.
    pub fn managed_by(self) -> &'static str {
        match self {
            Compat::V5_5 => "kustomize-(devel)",
            Compat::V5_8 => "kustomize-v5.8.2",
        }
    }

    /// Whether `select` and `reject` of a replacement's targets are regular expressions, and namespaces are compared
    /// in them as they are written.
    pub fn targets_are_patterns(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether `images` meets references with a digest of any algorithm, not of `sha256` alone.
    pub fn knows_any_digest(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether `images` also changes the images of volumes.
    pub fn knows_image_volumes(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether `includeTemplates` of `labels` also reaches the volume claim templates of a `StatefulSet`.
    pub fn takes_claims_for_templates(self) -> bool {
        self < Compat::V5_8
    }

    /// Whether a `ValidatingAdmissionPolicy` and its binding stay out of namespaces.
    pub fn knows_admission_policies(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether a generator that merges into a `Secret` takes over its `stringData`, as data.
    pub fn merges_string_data(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether a base is refused whose path has a name with two dots in it, which two list entries that ran into each
    /// other leave behind.
    pub fn refuses_dots_in_names(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether an unknown option of a patch is refused.
    pub fn knows_all_patch_options(self) -> bool {
        self >= Compat::V5_8
    }

    /// Whether Helm charts are told the kustomization's namespace, and what they make is left out of `namespace`.
    pub fn tells_charts_the_namespace(self) -> bool {
        self >= Compat::V5_8
    }
}
