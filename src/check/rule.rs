//! What a rule is, and the frame in which each is declared.

use super::Context;
use crate::finding::{Finding, Findings, Severity};
use crate::resource::{Container, Resource};

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// It has not the shape of its kind.
    Schema,
    /// The API server would refuse it.
    ApiServer,
    /// Something refers to what is not there.
    References,
    /// It can be broken into, or leaks.
    Security,
    /// It may fail in operation.
    Reliability,
}

impl Category {
    /// The category's name, as in `--help` and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Schema => "schema",
            Category::ApiServer => "api server",
            Category::References => "references",
            Category::Security => "security",
            Category::Reliability => "reliability",
        }
    }
}

/// What a rule looks at. The driver walks the build; a rule sees one thing at a time, the smallest that will do.
#[derive(Clone, Copy)]
pub enum Scope {
    /// Every container of every pod.
    Container(fn(&Context<'_>, &Container<'_>, &mut Findings)),
    /// Every resource.
    Resource(fn(&Context<'_>, &Resource, &mut Findings)),
    /// The build as a whole.
    Build(fn(&Context<'_>, &mut Findings)),
    /// Every field of every resource, beside its schema; the walk is one for all rules of this scope.
    Schema,
}

impl Scope {
    /// The scope's name, as in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Container(_) => "container",
            Scope::Resource(_) => "resource",
            Scope::Build(_) => "build",
            Scope::Schema => "every field",
        }
    }
}

/// A rule: what it says, how bad that is, and the function that looks.
pub struct Rule {
    /// Its name, as findings carry it: `image-tag`, `ref/service-selector`.
    pub name: &'static str,
    /// Markdown: the first line is the summary, then why, then examples marked `bad` and `good`.
    pub docs: &'static str,
    /// What it is about.
    pub category: Category,
    /// How bad it is unless the project says otherwise.
    pub severity: Severity,
    /// The version of kollate that brought it.
    pub since: &'static str,
    /// What it looks at, and how.
    pub scope: Scope,
    /// The file that declares it.
    pub file: &'static str,
}

impl Rule {
    /// The first line of the docs.
    pub fn summary(&self) -> &'static str {
        self.docs.trim_start().lines().next().unwrap_or_default().trim()
    }

    /// A finding of this rule, without a place yet.
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.name, self.severity, message)
    }
}

/// Declares a rule: its docs as doc comments, then name, category, severity, version and scope.
macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ $name:literal: $category:ident, $severity:ident, since $since:literal, $scope:ident($check:ident)) => {
        $(#[doc = $doc])+
        pub static RULE: $crate::check::Rule = $crate::check::Rule {
            name: $name,
            docs: concat!($($doc, "\n"),+),
            category: $crate::check::Category::$category,
            severity: $crate::finding::Severity::$severity,
            since: $since,
            scope: $crate::check::Scope::$scope($check),
            file: file!(),
        };
    };
}
pub(super) use declare_rule;
