//! What to say of a strategic-merge patch that does not fit its resource.

use super::{Form, Merger, directive};
use crate::finding::Finding;
use crate::source::{Key, Node};

impl Merger<'_> {
    pub(super) fn conflict(&mut self, base: &Node, said: &Node) {
        let words = |node| Form::of(node).map_or("null", Form::words);
        let message =
            format!("`{}` of `{}` is {}, and the patch makes it {}", self.path, self.id, words(base), words(said));
        self.findings.push(
            Finding::error("patch/conflict", message)
                .at(said.location(), format!("{} here", words(said)))
                .related(base.location(), format!("{} here", words(base)))
                .help("write the patch in the shape of the resource, or put `$patch: replace` into the mapping above")
                .resource(self.id.clone())
                .path(self.path.clone()),
        );
    }

    /// An empty key stands for the mapping itself in kustomize's merge, which then fails.
    pub(super) fn empty_key(&mut self, key: Key) {
        self.findings.push(
            Finding::error("patch/conflict", format!("`{}` of `{}` has an empty key", self.path, self.id))
                .at(key.location, "kustomize cannot merge this")
                .help("give the key a name, or use a JSON patch")
                .resource(self.id.clone())
                .path(self.path.clone()),
        );
    }

    pub(super) fn unknown_directive(&mut self, value: &Node) {
        let text = value.text().unwrap_or_default();
        let finding = Finding::error("patch/unknown-directive", format!("`$patch: {text}` is no directive"))
            .at(value.location(), "")
            .resource(self.id.clone())
            .path(self.path.clone());
        let near = crate::finding::nearest(text, ["merge", "replace", "delete"]);
        self.findings.push(match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("a directive is `merge`, `replace` or `delete`"),
        });
    }

    pub(super) fn no_effect(&mut self, said: &Node, what: &str) {
        let at = said.get(directive::KEY).unwrap_or(said).location();
        self.findings.push(
            Finding::warning("patch/no-effect", format!("`$patch: replace` has no effect on {what}"))
                .at(at, "kustomize keeps what is there")
                .help("delete it by one patch and add it by another, or use a JSON patch")
                .resource(self.id.clone())
                .path(self.path.clone()),
        );
    }
}
