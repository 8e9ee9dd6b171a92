//! The tables of kustomize's unit tests, row by row through the code that does the same here, where the corpora lie
//! beside the project.

mod generators;
mod identity;
mod objects;
mod patches;
mod paths;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{corpus, in_memory, printed};

/// Where a table is looked after.
enum Place {
    /// In the tests of this folder.
    Here,
    /// In a test elsewhere.
    Test(&'static str),
    /// Nowhere, since kollate has nothing of the kind.
    Nothing(&'static str),
}

use Place::{Here, Nothing, Test};

const CODE: &str = "the input of its rows is code and not in the table";
const NODES: &str = "about kustomize's own type of nodes";
const LAYOUT: &str = "about the layout of files that kustomize's other programs write";

/// Every table: file, name, rows, place.
const TABLES: &[(&str, &str, usize, Place)] = &[
    ("api__filters__fieldspec__fieldspec", "TestFilter_FieldPaths", 2, Here),
    ("api__filters__fieldspec__fieldspec", "TestFilter_Filter", 21, Test("transform::tables::walking_field_specs")),
    ("api__filters__fsslice__fsslice", "var:tests", 2, Test("transform::tables::several_field_specs")),
    ("api__filters__nameref__nameref", "TestCandidatesWithDifferentPrefixSuffix", 9, Test("link: name_references")),
    ("api__filters__nameref__nameref", "TestNamerefFilter", 5, Test("link: name_references")),
    ("api__filters__nameref__nameref", "TestNamerefFilterUnhappy", 2, Test("link: name_references")),
    (
        "api__filters__refvar__expand",
        "TestMapReference",
        2,
        Nothing("one case torn in two: its values, and its counts"),
    ),
    ("api__filters__refvar__expand", "TestMapping", 38, Test("link: expansion")),
    ("api__filters__valueadd__valueadd", "TestValueAddFilter", 6, Here),
    ("api__hasher__hasher", "TestBasicHash", 2, Test("link: hashes")),
    ("api__hasher__hasher", "TestConfigMapHash", 7, Test("link: hashes")),
    ("api__hasher__hasher", "TestEncodeConfigMap", 7, Test("link: what_is_hashed")),
    ("api__hasher__hasher", "TestEncodeSecret", 5, Test("link: what_is_hashed")),
    ("api__hasher__hasher", "TestSecretHash", 5, Test("link: hashes")),
    ("api__internal__accumulator__loadconfigfromcrds", "TestLoadCRDs", 2, Nothing(CODE)),
    ("api__internal__accumulator__refvartransformer", "TestRefVarTransformer", 3, Nothing(CODE)),
    ("api__internal__generators__configmap", "TestMakeConfigMap", 5, Here),
    ("api__internal__generators__secret", "TestMakeSecret", 6, Here),
    ("api__internal__git__repospec", "TestNewRepoSpecFromUrlErrors", 15, Test("remote::spec")),
    ("api__internal__git__repospec", "TestNewRepoSpecFromUrl_Permute", 16, Test("remote::spec")),
    ("api__internal__image__image", "TestIsImageMatched", 10, Test("transform::tables::image_references")),
    ("api__internal__image__image", "TestSplit", 7, Test("transform::tables::image_references")),
    ("api__kv__kv", "TestKeyValuesFromFileSources", 1, Here),
    ("api__kv__kv", "TestKeyValuesFromLines", 5, Here),
    ("api__resource__factory", "TestDropLocalNodes", 5, Here),
    ("api__resource__factory", "TestMoreRNodesFromBytes", 13, Here),
    ("api__resource__factory", "TestRNodesFromBytes", 4, Here),
    ("api__resource__resource", "TestApplySmPatch", 14, Here),
    ("api__resource__resource", "TestApplySmPatchShouldOutputListItemsInCorrectOrder", 5, Here),
    ("api__resource__resource", "TestApplySmPatchShouldOutputPrimitiveListItemsInCorrectOrder", 5, Here),
    ("api__resource__resource", "TestResourceStorePreviousId", 3, Test("link: notes_on_earlier_ids")),
    ("api__resource__resource", "TestResource_PrevIds", 3, Test("link: notes_on_earlier_ids")),
    ("api__resource__resource", "TestSameEndingSubarray", 8, Test("link: equal_endings")),
    ("api__types__fieldspec", "TestFsSlice_DeepCopy", 3, Nothing("a copy cannot share in Rust")),
    ("api__types__fieldspec", "var:mergeTests", 3, Test("transform::tables::merging_field_specs")),
    ("api__types__generatoroptions", "TestMergeGlobalOptionsIntoLocal", 7, Here),
    ("api__types__kustomization", "TestUnmarshal_Failed", 1, Here),
    ("api__types__patch", "TestPatchEquals", 8, Nothing("patches are never compared")),
    ("api__types__selector", "TestSelectorRegexMatchGvk", 6, Test("patch::selector_vectors")),
    ("api__types__selector", "TestSelectorRegexMatchName", 4, Test("patch::selector_vectors")),
    ("api__types__selector", "TestSelectorRegexMatchNamespace", 4, Test("patch::selector_vectors")),
    ("api__types__var", "TestGVK", 3, Here),
    ("api__types__var", "TestVarSet", 3, Nothing("a set is a type of the standard library")),
    ("api__types__var", "TestVarSetCopy", 3, Nothing("a set is a type of the standard library")),
    ("kyaml__kio__filters__fmtr", "TestFormatFileOrDirectory_FmtAnnotation", 4, Nothing(LAYOUT)),
    ("kyaml__order__syncorder", "TestSyncOrder", 6, Nothing(LAYOUT)),
    ("kyaml__resid__gvk", "TestApiVersion", 8, Here),
    ("kyaml__resid__gvk", "TestParseGroupVersion", 6, Here),
    ("kyaml__resid__gvk", "TestSelectByGVK", 7, Here),
    ("kyaml__resid__gvk", "var:equalsTests", 3, Here),
    ("kyaml__resid__gvk", "var:stringTests", 9, Nothing("a kind is shown in other words")),
    ("kyaml__resid__resid", "TestResIdEquals", 10, Here),
    ("kyaml__resid__resid", "TestResIdIsSelected", 2, Here),
    ("kyaml__resid__resid", "var:ids", 9, Nothing("an id is never written as text and read back")),
    ("kyaml__resid__resid", "var:resIdStringTests", 7, Nothing("an id is shown in other words")),
    ("kyaml__utils__pathsplitter", "TestPathSplitter", 7, Test("transform::tables::splitting_paths")),
    ("kyaml__utils__pathsplitter", "TestSmarterPathSplitter", 8, Test("transform::tables::splitting_paths")),
    ("kyaml__yaml__compatibility", "TestIsYaml1_1NonString", 6, Here),
    ("kyaml__yaml__match", "TestPathMatcher_Filter", 14, Here),
    ("kyaml__yaml__match", "TestPathMatcher_Filter_Create", 18, Here),
    ("kyaml__yaml__match", "TestPathMatcher_StructuredDataInScalar", 10, Here),
    ("kyaml__yaml__rnode", "TestDeAnchorMerge", 15, Here),
    ("kyaml__yaml__rnode", "TestFieldRNodes", 2, Nothing(NODES)),
    ("kyaml__yaml__rnode", "TestRNodeFromMap", 6, Here),
    ("kyaml__yaml__rnode", "TestRNodeGetDataMap", 5, Here),
    ("kyaml__yaml__rnode", "TestRNodeGetValidatedDataMap", 4, Nothing("no caller names the keys that it allows")),
    ("kyaml__yaml__rnode", "TestRNodeGetValidatedMetadata", 7, Here),
    ("kyaml__yaml__rnode", "TestRNodeHasNilEntryInList", 4, Here),
    ("kyaml__yaml__rnode", "TestRNodeMatchesAnnotationSelector", 6, Here),
    ("kyaml__yaml__rnode", "TestRNodeMatchesLabelSelector", 6, Here),
    ("kyaml__yaml__rnode", "TestRNodeSetDataMap", 4, Here),
    ("kyaml__yaml__rnode", "TestRNode_MarshalJSON", 2, Nothing("nothing is printed as JSON")),
    ("kyaml__yaml__rnode", "TestRNode_UnmarshalJSON", 2, Here),
    ("kyaml__yaml__rnode", "TestRNode_nilSafety", 2, Nothing(NODES)),
    ("kyaml__yaml__util", "TestDeriveSeqIndentStyle", 15, Nothing(LAYOUT)),
];

fn file(name: &str) -> Option<Value> {
    let text = fs::read_to_string(corpus("tables")?.join(format!("{name}.json"))).unwrap();
    Some(serde_json::from_str::<Value>(&text).unwrap()["tables"].take())
}

/// The rows of a table, named; none where the corpora are not there.
fn rows(name: &str, table: &str) -> Vec<(String, Value)> {
    let Some(mut tables) = file(name) else { return Vec::new() };
    let rows = match tables[table].take() {
        Value::Object(rows) => rows.into_iter().collect(),
        Value::Array(rows) => rows.into_iter().enumerate().map(|(at, row)| (at.to_string(), row)).collect(),
        _ => Vec::new(),
    };
    let known = TABLES.iter().find(|known| (known.0, known.1) == (name, table)).expect("the table is listed");
    assert_eq!(rows.len(), known.2, "{table}");
    rows
}

#[test]
fn every_table_is_spoken_for() {
    let Some(folder) = corpus("tables") else { return };
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".json").to_owned();
        for (table, rows) in file(&name).unwrap().as_object().unwrap() {
            let count = rows.as_object().map_or_else(|| rows.as_array().unwrap().len(), serde_json::Map::len);
            found.insert((name.clone(), table.clone(), count));
        }
    }
    let known = TABLES.iter().map(|(file, table, rows, _)| ((*file).to_owned(), (*table).to_owned(), *rows)).collect();
    assert_eq!(found, known);
    let mut wired = 0;
    for (_, table, rows, place) in TABLES {
        match place {
            Here => eprintln!("{table}: {rows} of {rows}"),
            Test(name) => eprintln!("{table}: {rows} of {rows} in {name}"),
            Nothing(reason) => eprintln!("{table}: 0 of {rows}, {reason}"),
        }
        wired += if matches!(place, Nothing(_)) { 0 } else { *rows };
    }
    let all: usize = TABLES.iter().map(|table| table.2).sum();
    eprintln!("tables: {wired} of {all} rows");
    assert_eq!((wired, all), (418, 502));
}

fn word<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// Builds files whose root is `/`.
fn build(files: &[(&str, &str)]) -> Result<String, String> {
    let session = in_memory(files);
    let build = session.build("/".as_ref());
    printed(&session, &build)
}

/// YAML by what it says.
fn meaning(text: &str) -> Vec<Value> {
    crate::support::meaning(text)
}
