//! One thing said to the user.

use std::fmt;

use crate::resource::ResourceId;
use crate::source::{Event, FieldPath, Location, Node};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a mistake.
    Warning,
    /// It will not work.
    Error,
}

impl Severity {
    /// All, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// `error`, `warning` or `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// What to mark.
    pub at: Location,
    /// What to say beside it; may be empty for the primary label.
    pub text: String,
}

impl Label {
    /// Marks `at` and says `text`.
    pub fn new(at: Location, text: impl Into<String>) -> Self {
        Label { at, text: text.into() }
    }
}

/// A change of the user's file that would mend the finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The bytes to replace.
    pub at: Location,
    /// What to put there.
    pub text: String,
}

/// Words beyond this are left out: a name or a line of the user's can be as long as they like.
const MOST_WORDS: usize = 2_000;

/// Further places beyond this are left out.
const MOST_RELATED: usize = 1_000;

fn short(mut text: String) -> String {
    if text.len() > MOST_WORDS {
        let end = (0..=MOST_WORDS).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// One thing said to the user: what is wrong, where, and how to mend it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's name, `image-tag` or `build/patch-target`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no final period, the user's words in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place to edit. `None` only if there is no file to point at.
    pub primary: Option<Label>,
    /// Other places that matter: what the value overwrote, the other side of a mismatch.
    pub related: Vec<Label>,
    /// Further remarks, such as the layers that led here.
    pub notes: Vec<String>,
    /// The resource it is about, by its id in the build.
    pub resource: Option<ResourceId>,
    /// The field of the resource.
    pub path: Option<FieldPath>,
    /// The environments in which it was found, in the project's order.
    pub environments: Vec<String>,
    /// A change that would mend it.
    pub edit: Option<Edit>,
    /// Whether it is said once in a run, wherever it was seen first.
    pub once: bool,
    /// Places whose text is a secret: whoever shows a line of the user's file blanks them.
    pub secret: Vec<Location>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(rule: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Finding {
            rule,
            severity,
            message: short(message.into()),
            help: None,
            primary: None,
            related: Vec::new(),
            notes: Vec::new(),
            resource: None,
            path: None,
            environments: Vec::new(),
            edit: None,
            once: false,
            secret: Vec::new(),
        }
    }

    /// An error without a place.
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Finding::new(rule, Severity::Error, message)
    }

    /// A warning without a place.
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Finding::new(rule, Severity::Warning, message)
    }

    /// Marks the place to edit.
    #[must_use]
    pub fn at(mut self, at: Location, text: impl Into<String>) -> Self {
        self.primary = Some(Label::new(at, text));
        self
    }

    /// Marks the line that last set `node`, and what it overwrote.
    #[must_use]
    pub fn at_node(mut self, node: &Node, text: impl Into<String>) -> Self {
        let history = node.history();
        self.primary = Some(Label::new(node.location(), text));
        for Event { at, node, .. } in history.iter().rev().skip(1) {
            let words = match node.text() {
                Some(text) if !text.contains('\n') => format!("was `{text}` here"),
                _ => "was set here".to_owned(),
            };
            self = self.related(*at, words);
        }
        self
    }

    /// Marks another place that matters. A place marked before is not marked twice.
    #[must_use]
    pub fn related(mut self, at: Location, text: impl Into<String>) -> Self {
        let known = self.primary.iter().chain(&self.related).any(|label| label.at == at);
        if !known && self.related.len() < MOST_RELATED {
            self.related.push(Label::new(at, text));
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(short(help.into()));
        self
    }

    /// Adds a remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(short(note.into()));
        self
    }

    /// Names the resource.
    #[must_use]
    pub fn resource(mut self, id: ResourceId) -> Self {
        self.resource = Some(id);
        self
    }

    /// Names the field of the resource.
    #[must_use]
    pub fn path(mut self, path: FieldPath) -> Self {
        self.path = Some(path);
        self
    }

    /// Says that one such finding in a run is enough, wherever it was seen first.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Says that the text at `at` is a secret, which must not be shown.
    #[must_use]
    pub fn secret(mut self, at: Location) -> Self {
        self.secret.push(at);
        self
    }

    /// Offers an edit.
    #[must_use]
    pub fn edit(mut self, at: Location, text: impl Into<String>) -> Self {
        self.edit = Some(Edit { at, text: text.into() });
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
