//! The vectors of `kustomize edit fix`. It writes the whole file anew in its own order; kollate edits the text and keeps
//! its layout. So each vector is judged twice: by meaning (the same fields with the same values, lists in the same
//! order), and by bytes. The proof by builds is left out: most vectors name files that do not exist.

use std::path::Path;

use kollate::project::fix::{FixOptions, Manner, rewrite};
use kollate::source::{FileId, Memory, SourceMap, Store, yaml};
use serde_json::Value;

use crate::support::corpus;

/// Equal in meaning, and not in bytes: upstream's order of fields and indentation are not those of the file.
const ONLY_BY_MEANING: [(&str, &str); 6] = [
    ("TestFixVarsWithPatch", "the file indents its lists, and upstream does not"),
    ("TestFixVarsWithPatchNameChange", "upstream sorts the fields of a patch that it does not change"),
    (
        "TestFixVarsWithPatchMultipleResourcesAndKindChange",
        "upstream sorts the fields of a patch that it does not change",
    ),
    ("TestFixCommand/TestRenameAndKeepOutdatedPatchesField", "upstream puts `apiVersion` and `kind` at the end"),
    (
        "TestFixCommand/TestFixAndMergeOutdatedPatchesStrategicMergeFieldTitle",
        "upstream puts `apiVersion` and `kind` at the end",
    ),
    ("TestFixCommand/TestFixOutdatedCommonLabels", "upstream puts `apiVersion` and `kind` at the end"),
];

fn same_meaning(ours: &str, theirs: &str) -> bool {
    let (ours, theirs) = (yaml::parse(ours, FileId::default()), yaml::parse(theirs, FileId::default()));
    let roots =
        |parsed: &kollate::source::Parsed| parsed.documents.iter().filter_map(|it| it.root.clone()).collect::<Vec<_>>();
    let (a, b) = (roots(&ours), roots(&theirs));
    ours.errors.is_empty() && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.same_value(b))
}

/// The files of a vector after the rewrite, in the order of the expected ones.
fn fixed(case: &Value) -> Vec<(String, String, String)> {
    let files = case["files"].as_object().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let memory = files.iter().fold(Memory::new(), |memory, (name, value)| memory.with(name, text(value)));
    let store = Store::new(Box::new(memory), SourceMap::new(), "/");
    let options = FixOptions { manner: Manner::Upstream, vars: case["flags"].get("vars").is_some(), only: None };
    let done = rewrite(&store, Path::new("/kustomization.yaml"), options);
    let done = done.unwrap_or_else(|finding| panic!("{}: {finding}", case["name"])).unwrap();
    let expected = case["expected"].as_object().unwrap();
    let ours = |name: &String| {
        let path = Path::new("/").join(name);
        match done.others.get(&path) {
            _ if path == done.path => done.text.clone(),
            Some(edits) => edits.apply(&text(&files[name])).unwrap(),
            None => text(&files[name]),
        }
    };
    expected.iter().map(|(name, value)| (name.clone(), ours(name), text(value))).collect()
}

#[test]
fn vectors_of_kustomize_edit_fix() {
    let Some(folder) = corpus("fix") else { return };
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder.join("fix.json")).unwrap()).unwrap();
    let (mut meaning, mut bytes, mut wrong) = (0, 0, Vec::new());
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let files = fixed(case);
        let same = files.iter().all(|(_, ours, theirs)| same_meaning(ours, theirs));
        let equal = files.iter().all(|(_, ours, theirs)| ours == theirs);
        meaning += usize::from(same);
        bytes += usize::from(equal);
        let by_meaning = ONLY_BY_MEANING.iter().find(|(known, _)| *known == name);
        let reason = by_meaning.map_or("", |(_, reason)| reason);
        eprintln!(
            "{}{} {name} {reason}",
            if same { "meaning " } else { "-       " },
            if equal { "bytes" } else { "-    " }
        );
        if (same, equal) != (true, by_meaning.is_none()) {
            let shown = files.iter().map(|(file, ours, theirs)| format!("{file}\n{ours}---- expected\n{theirs}"));
            wrong.push(format!("{name}: {same} {equal}\n{}", shown.collect::<String>()));
        }
    }
    eprintln!("fix: {meaning}/{} by meaning, {bytes}/{} byte for byte", cases.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((cases.len(), meaning, bytes), (22, 22, 16));
}
