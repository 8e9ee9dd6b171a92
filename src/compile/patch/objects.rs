//! The objects of a strategic-merge patch, and what to say of a text that is no patch at all.

use crate::compile::{doubles, resources};
use crate::finding::{Finding, Findings};
use crate::resource::Resource;
use crate::source::Document;

const WHAT_A_PATCH_IS: &str = "write the `apiVersion`, `kind` and `metadata.name` of the resource above what changes, or a list of operations such as `- {op: remove, path: /spec/replicas}`";

/// The patches in these documents. Kustomize asks for a kind and a name even where a `target` makes them idle.
pub fn objects(documents: &[Document], findings: &mut Findings) -> Vec<Resource> {
    let start = findings.len();
    let doubled = documents.iter().any(|document| document.doubled);
    let patches = match doubled {
        true => resources::of_documents(doubles::kept(documents.iter().cloned()), findings),
        false => resources::from_documents(documents, findings),
    };
    findings.change_since(start, |finding| of_a_patch(finding, documents));
    patches
}

/// What is said of a resource, in the words of patches.
fn of_a_patch(mut finding: Finding, documents: &[Document]) -> Finding {
    let (message, help) = match finding.rule {
        "resource/missing-kind" if finding.edit.is_none() => ("this patch has no `kind`", WHAT_A_PATCH_IS.to_owned()),
        "resource/missing-name" => (
            "this patch has no `metadata.name`",
            "add the name of the resource; beside a `target` any name will do".to_owned(),
        ),
        "resource/not-an-object" => ("this is neither a strategic-merge patch nor a JSON patch", mend(documents)),
        _ => return finding,
    };
    finding.message = message.to_owned();
    finding.help(help)
}

/// How the text probably becomes a patch.
fn mend(documents: &[Document]) -> String {
    let mut roots = documents.iter().filter_map(|document| document.root.as_ref());
    match roots.next() {
        Some(root) if root.get("op").is_some() => "a JSON patch is a list: write `- ` before each operation".to_owned(),
        Some(root) if root.text().is_some_and(is_path) => {
            format!("to name a file, write `path: {}`", root.text().unwrap_or_default())
        }
        _ => WHAT_A_PATCH_IS.to_owned(),
    }
}

fn is_path(text: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end)) && !text.contains(char::is_whitespace)
}
