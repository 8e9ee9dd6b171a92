//! Generators: their sources, their options.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kollate::compile::{Options, Session};
use kollate::source::{Memory, SourceMap, Store};
use serde_json::{Map, Value, json};

use super::{meaning, rows};
use crate::support::printed;

type Files = Vec<(String, Vec<u8>)>;

fn build(kustomization: &Value, files: &Files) -> Result<String, String> {
    let memory = Memory::new().with("/kustomization.yaml", kustomization.to_string());
    let memory = files.iter().fold(memory, |memory, (path, bytes)| memory.with(path, bytes.clone()));
    let session = Session::new(Store::new(Box::new(memory), SourceMap::new(), "/").into(), Options::default());
    let build = session.build("/".as_ref());
    printed(&session, &build)
}

/// A Go struct's fields as those of a kustomization.
fn generator(arguments: &Value) -> Value {
    let common = &arguments["GeneratorArgs"];
    let mut made = Map::from_iter([("name".to_owned(), common["Name"].clone())]);
    for (theirs, ours) in [("EnvSources", "envs"), ("FileSources", "files"), ("LiteralSources", "literals")] {
        made.insert(ours.to_owned(), common["KvPairSources"][theirs].clone());
    }
    made.insert("type".to_owned(), arguments["Type"].clone());
    made.insert("options".to_owned(), options(&common["Options"]));
    made.retain(|_, value| !value.is_null());
    Value::Object(made)
}

fn options(theirs: &Value) -> Value {
    let given = |key: &str| theirs[key].clone();
    json!({
        "labels": given("Labels"), "annotations": given("Annotations"), "immutable": given("Immutable"),
        "disableNameSuffixHash": given("DisableNameSuffixHash"),
    })
}

/// The files that the expected object was made from.
fn sources(folder: &str, expected: &Value) -> Files {
    let bytes = |value: &Value| STANDARD.decode(value.as_str().unwrap().replace('\n', "")).unwrap();
    let binary = ["binaryData", "data"].iter().find_map(|field| expected[field].get("app.bin"));
    let named = [
        ("app.env", b"DB_USERNAME=admin\nDB_PASSWORD=qwerty\n".to_vec()),
        ("app-init.ini", b"FOO=bar\nBAR=baz\n".to_vec()),
        ("app.bin", binary.map(bytes).unwrap_or_default()),
    ];
    named.map(|(name, bytes)| (format!("/{folder}/{name}"), bytes)).to_vec()
}

fn check(file: &str, table: &str, folder: &str) {
    for (name, row) in rows(file, table) {
        let expected = meaning(row["exp"]["out"].as_str().unwrap());
        let kustomization = json!({
            format!("{folder}Generator").replace("configmap", "configMap"): [generator(&row["args"])],
            "generatorOptions": {"disableNameSuffixHash": true},
        });
        let found = build(&kustomization, &sources(folder, &expected[0])).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(meaning(&found), expected, "{name}");
    }
}

#[test]
fn config_maps() {
    check("api__internal__generators__configmap", "TestMakeConfigMap", "configmap");
}

#[test]
fn secrets() {
    check("api__internal__generators__secret", "TestMakeSecret", "secret");
}

fn data(pairs: &Value) -> Value {
    let pairs = pairs.as_array().into_iter().flatten();
    pairs.map(|pair| (pair["Key"].as_str().unwrap().to_owned(), pair["Value"].clone())).collect::<Map<_, _>>().into()
}

#[test]
fn lines_of_env_files() {
    for (name, row) in rows("api__kv__kv", "TestKeyValuesFromLines") {
        let bytes = match &row["content"] {
            Value::String(text) => text.clone().into_bytes(),
            packed => STANDARD.decode(packed["__base64__"].as_str().unwrap()).unwrap(),
        };
        let files = vec![("/a.env".to_owned(), bytes)];
        let found = build(&json!({"configMapGenerator": [{"name": "a", "envs": ["a.env"]}]}), &files);
        assert_eq!(found.is_err(), row["expectedErr"] == true, "{name}: {found:?}");
        if let Ok(found) = found {
            assert_eq!(meaning(&found)[0]["data"], data(&row["expectedPairs"]), "{name}");
        }
    }
    for (name, row) in rows("api__kv__kv", "TestKeyValuesFromFileSources") {
        let content = row["expected"][0]["Value"].as_str().unwrap();
        let files = vec![(format!("/{}", row["sources"][0].as_str().unwrap()), content.into())];
        let found = build(&json!({"configMapGenerator": [{"name": "a", "files": row["sources"]}]}), &files);
        assert_eq!(meaning(&found.unwrap())[0]["data"], data(&row["expected"]), "{name}");
    }
}

#[test]
fn options_for_all_and_for_one() {
    for (name, row) in rows("api__types__generatoroptions", "TestMergeGlobalOptionsIntoLocal") {
        let mut generator = json!({"name": "a"});
        let mut kustomization = json!({});
        if !row["local"].is_null() {
            generator["options"] = options(&row["local"]);
        }
        if !row["global"].is_null() {
            kustomization["generatorOptions"] = options(&row["global"]);
        }
        kustomization["configMapGenerator"] = json!([generator]);
        let found = &meaning(&build(&kustomization, &Vec::new()).unwrap())[0];
        let (metadata, expected) = (&found["metadata"], &row["expected"]);
        assert_eq!(metadata["labels"], expected["Labels"], "{name}");
        assert_eq!(metadata["annotations"], expected["Annotations"], "{name}");
        assert_eq!(metadata["name"] == "a", expected["DisableNameSuffixHash"] == true, "{name}");
        assert_eq!(found["immutable"] == true, expected["Immutable"] == true, "{name}");
    }
}

/// Objects whose data a generator reads and replaces. A map that is no object cannot be in a build, so what it lacks is
/// added.
#[test]
fn data_of_what_is_merged_and_replaced() {
    let object = |map: &Value| {
        let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "winnie"}});
        object["data"] = map["data"].clone();
        object.to_string().into_bytes()
    };
    let made = |map: &Value, behavior: &str, literals: Vec<String>| {
        let files = vec![("/a.yaml".to_owned(), object(map))];
        let generator = json!([{"name": "winnie", "behavior": behavior, "literals": literals}]);
        let found = build(&json!({"resources": ["a.yaml"], "configMapGenerator": generator}), &files).unwrap();
        let data = meaning(&found)[0]["data"].take();
        if data.is_null() { json!({}) } else { data }
    };
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNodeGetDataMap") {
        assert_eq!(made(&row["theMap"], "merge", Vec::new()), row["expected"], "{name}");
    }
    for (name, row) in rows("kyaml__yaml__rnode", "TestRNodeSetDataMap") {
        let input = row["input"].as_object().into_iter().flatten();
        let literals = input.map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect();
        assert_eq!(made(&row["theMap"], "replace", literals), row["expected"], "{name}");
    }
}
