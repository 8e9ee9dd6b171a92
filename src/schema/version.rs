//! Kubernetes versions: the ones a user names, and the sets of embedded ones that have a field or a kind.

use std::fmt;
use std::str::FromStr;

use super::store;

/// A minor version of Kubernetes, such as 1.34. Patch releases do not change schemas, so they are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KubernetesVersion {
    minor: u16,
}

/// Why a text does not name a version of Kubernetes whose schemas are embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionError {
    /// It does not read as a version.
    Malformed(String),
    /// It is a version without embedded schemas.
    NotEmbedded(KubernetesVersion),
}

impl KubernetesVersion {
    /// The version 1.`minor`.
    pub const fn new(minor: u16) -> Self {
        KubernetesVersion { minor }
    }

    /// The newest embedded version.
    pub fn latest() -> Self {
        Self::new(store::minor_version(store::VERSION_COUNT - 1))
    }

    /// The embedded versions, oldest first.
    pub fn embedded() -> impl DoubleEndedIterator<Item = KubernetesVersion> {
        (0..store::VERSION_COUNT).map(|index| Self::new(store::minor_version(index)))
    }

    /// Whether schemas of this very version are embedded.
    pub fn is_embedded(self) -> bool {
        self.nearest() == self
    }

    /// The embedded version nearest to this one: itself, the oldest or the newest.
    pub fn nearest(self) -> Self {
        // Embedded versions have no gaps, so only the ends can differ.
        self.clamp(Self::new(store::minor_version(0)), Self::latest())
    }

    /// The minor version, 34 of 1.34.
    pub fn minor(self) -> u16 {
        self.minor
    }

    /// The bit of the nearest embedded version.
    fn bit(self) -> u32 {
        1 << (self.nearest().minor - store::minor_version(0))
    }

    /// Reads a version whose schemas must be embedded: `1.34`, `v1.34`, `1.34.2`, `latest`.
    pub fn parse_embedded(text: &str) -> Result<Self, VersionError> {
        let version: Self = text.parse()?;
        if version.is_embedded() { Ok(version) } else { Err(VersionError::NotEmbedded(version)) }
    }
}

impl FromStr for KubernetesVersion {
    type Err = VersionError;

    /// Reads `1.34`, `v1.34`, `1.34.2`, `v1.34.2-gke.100`, `1.34+`, or `latest`.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        if text == "latest" {
            return Ok(Self::latest());
        }
        let malformed = || VersionError::Malformed(text.to_owned());
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").ok_or_else(malformed)?;
        let (minor, patch) = rest.split_once('.').unwrap_or((rest, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        // Managed clusters append a build to the patch (`-gke.1`, `+k3s1`) and a plus to the minor.
        let patch = patch.split(['-', '+']).next().unwrap_or_default();
        let minor = minor.strip_suffix('+').unwrap_or(minor);
        if !digits(patch) || !digits(minor) {
            return Err(malformed());
        }
        minor.parse().map(Self::new).map_err(|_| malformed())
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VersionError::Malformed(text) => write!(f, "`{text}` is not a version of Kubernetes such as `1.34`"),
            VersionError::NotEmbedded(version) => {
                let all = Versions::all();
                write!(f, "no schemas of Kubernetes {version} are embedded; there are those of {all}")
            }
        }
    }
}

impl std::error::Error for VersionError {}

/// A set of embedded versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Versions(u32);

impl Versions {
    pub(super) fn from_bits(bits: u32) -> Self {
        Versions(bits)
    }

    /// `version` alone, or the embedded version nearest to it.
    pub fn only(version: KubernetesVersion) -> Self {
        Versions(version.bit())
    }

    /// Every embedded version.
    pub fn all() -> Self {
        Versions((1 << store::VERSION_COUNT) - 1)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `version`, or the embedded version nearest to it, is one of them.
    pub fn contains(self, version: KubernetesVersion) -> bool {
        self.0 & version.bit() != 0
    }

    /// Whether some version is in both.
    pub fn overlaps(self, other: Versions) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of either set.
    pub fn union(self, other: Versions) -> Self {
        Versions(self.0 | other.0)
    }

    /// The versions, oldest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = KubernetesVersion> {
        KubernetesVersion::embedded().filter(move |version| self.contains(*version))
    }

    /// The oldest, unless it is the oldest embedded one: what has it may be older than we know.
    pub fn added_in(self) -> Option<KubernetesVersion> {
        self.iter().next().filter(|&version| Some(version) != KubernetesVersion::embedded().next())
    }

    /// The version after the newest; `None` if the newest embedded version still has it.
    pub fn removed_in(self) -> Option<KubernetesVersion> {
        let last = self.iter().next_back()?;
        (last != KubernetesVersion::latest()).then(|| KubernetesVersion::new(last.minor + 1))
    }
}

impl fmt::Display for Versions {
    /// `1.25 to 1.28, 1.31`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut versions = self.iter().peekable();
        let mut separator = "";
        while let Some(first) = versions.next() {
            let mut last = first;
            while let Some(next) = versions.next_if(|next| next.minor == last.minor + 1) {
                last = next;
            }
            write!(f, "{separator}{first}")?;
            if last != first {
                write!(f, " to {last}")?;
            }
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions_as_people_write_them() {
        for text in ["1.34", "v1.34", "1.34.2", "v1.34.2-gke.100", "1.34+", "1.34.1+k3s1"] {
            assert_eq!(text.parse(), Ok(KubernetesVersion::new(34)), "{text}");
        }
        for text in ["", "34", "2.1", "1.", "1.x", "v1.34-rc", "1.99999999", "1.34.x"] {
            assert!(text.parse::<KubernetesVersion>().is_err(), "{text}");
        }
        assert!("latest".parse::<KubernetesVersion>().is_ok_and(KubernetesVersion::is_embedded));
    }

    #[test]
    fn says_what_is_embedded() {
        let error = KubernetesVersion::parse_embedded("1.12").expect_err("1.12 is older than the store");
        assert_eq!(error.to_string(), "no schemas of Kubernetes 1.12 are embedded; there are those of 1.25 to 1.37");
        assert_eq!(KubernetesVersion::new(12).nearest(), KubernetesVersion::new(25));
        assert_eq!(KubernetesVersion::new(99).nearest(), KubernetesVersion::latest());
    }
}
