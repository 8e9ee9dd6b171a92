//! Whole kustomizations in memory, for the tests of compile.

use std::path::Path;
use std::sync::Arc;

use crate::compile::{Build, Options, Session};
use crate::finding::Finding;
use crate::source::{FieldPath, Memory, Node, SourceMap, Store, yaml};

/// A build and the session it was made in.
pub struct Run {
    pub session: Session,
    pub build: Build,
}

/// Builds the kustomization at the root of these files.
pub fn run(files: &[(&str, &[u8])]) -> Run {
    let memory = files.iter().fold(Memory::new(), |memory, (path, bytes)| memory.with(path, *bytes));
    let session = Session::new(Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/")), Options::default());
    let build = session.build(Path::new("/"));
    Run { session, build }
}

/// A run of one kustomization without further files.
pub fn kustomization(text: &str) -> Run {
    run(&[("kustomization.yaml", text.as_bytes())])
}

impl Run {
    pub fn printed(&self) -> String {
        let deprecated = |finding: &&Finding| finding.rule == "kustomization/deprecated";
        assert_eq!(self.build.findings.len(), self.build.findings.iter().filter(deprecated).count(), "{}", self.said());
        let mut out = String::new();
        yaml::print_documents(self.build.resources.iter().map(|it| &it.root), &mut out).expect("it can be printed");
        out
    }

    /// Rule, message, then each label as `place: text`, then the help.
    pub fn said(&self) -> String {
        let map = self.session.store().map();
        let mut text = String::new();
        for finding in &self.build.findings {
            text += &format!("{}: {}\n", finding.rule, finding.message);
            for label in finding.primary.iter().chain(&finding.related) {
                let place = map.place(label.at);
                text += &format!("  {}:{}:{}: {}\n", place.file, place.line, place.column, label.text);
            }
            text += &finding.help.as_ref().map(|help| format!("  help: {help}\n")).unwrap_or_default();
        }
        text
    }

    pub fn node(&self, path: &str) -> &Node {
        let path = FieldPath::parse(path).expect("a path");
        self.build.resources.iter().find_map(|it| it.root.at(&path)).expect("there is such a field")
    }

    /// File, line, columns and text of the place where the value at `path` was written.
    pub fn place(&self, path: &str) -> String {
        self.place_of(self.node(path))
    }

    pub fn place_of(&self, node: &Node) -> String {
        let map = self.session.store().map();
        let at = map.in_file(node.location());
        let place = map.place(at);
        let text = &map.get(at.file).text[at.span.range()];
        format!("{}:{}:{} {text}", place.file, place.line, place.column)
    }
}
