//! Trees that others wrote, with a few mistakes in them: lines that are lost, doubled, moved or indented, values and keys
//! that are others, and fields that a kustomization did not have.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::random::Random;
use super::tree::Files;
use crate::support::corpus;

/// The largest tree, in bytes: a mistake should have a chance to be met.
const MOST: usize = 60_000;

const VALUES: [&str; 46] = [
    "1",
    "\"1\"",
    "'on'",
    "yes",
    "null",
    "~",
    "\"\"",
    "0x1F",
    "1e3",
    "1.0",
    "0123",
    "true",
    "\"true\"",
    "2020-01-01",
    "a: b",
    "[]",
    "{}",
    "[a, b]",
    "{a: b}",
    "é",
    "\"a\\tb\"",
    "*x",
    "&x 1",
    "!!str 5",
    "- x",
    "|\n",
    ">-\n",
    " ",
    "#c",
    "1_000",
    "-1",
    "10000000",
    "99999999999999999999",
    "web",
    "default",
    "v1",
    "apps/v1",
    "Deployment",
    "ConfigMap",
    "a/b:c@sha256:00",
    "nginx:1.2",
    "$(VAR)",
    "x.y.z",
    "x/y",
    "''",
    "<<",
];

const KEYS: [&str; 58] = [
    "name",
    "namespace",
    "kind",
    "apiVersion",
    "labels",
    "annotations",
    "spec",
    "data",
    "metadata",
    "image",
    "replicas",
    "value",
    "key",
    "path",
    "selector",
    "matchLabels",
    "template",
    "containers",
    "env",
    "volumes",
    "items",
    "$patch",
    "stringData",
    "type",
    "target",
    "patch",
    "op",
    "from",
    "resources",
    "bases",
    "components",
    "patches",
    "configMapGenerator",
    "secretGenerator",
    "literals",
    "files",
    "envs",
    "behavior",
    "options",
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "commonAnnotations",
    "images",
    "newName",
    "newTag",
    "digest",
    "vars",
    "replacements",
    "source",
    "targets",
    "fieldPath",
    "select",
    "generatorOptions",
    "pairs",
    "transformers",
    "configurations",
    "create",
];

/// Fields for a kustomization. `NAME` and `KIND` stand for those of the tree.
const FIELDS: [&str; 26] = [
    "namePrefix: pre-",
    "nameSuffix: -suf",
    "namePrefix: \"1\"\nnameSuffix: \"2\"",
    "namespace: mutant",
    "commonLabels:\n  mut: \"1\"",
    "commonAnnotations:\n  mut: \"yes\"",
    "labels:\n- pairs: {mut: x}\n  includeSelectors: true",
    "labels:\n- pairs: {mut: y}\n  includeTemplates: true",
    "images:\n- {name: nginx, newTag: \"9\", newName: mynginx}",
    "replicas:\n- {name: NAME, count: 7}",
    "configMapGenerator:\n- {name: NAME, behavior: merge, literals: [mutant=1]}",
    "configMapGenerator:\n- {name: mut, literals: [a=1, b=x y]}",
    "secretGenerator:\n- {name: muts, literals: [a=1]}",
    "generatorOptions:\n  disableNameSuffixHash: true\n  labels: {gen: x}",
    "sortOptions:\n  order: fifo",
    "buildMetadata: [originAnnotations]",
    "buildMetadata: [managedByLabel, transformerAnnotations]",
    "patches:\n- target: {kind: KIND}\n  patch: |-\n    - {op: add, path: /metadata/annotations, value: {a: b}}",
    "patches:\n- target: {kind: KIND}\n  patch: |-\n    - {op: add, path: /metadata/labels/mut, value: 1}",
    "patches:\n- target: {name: NAME}\n  patch: |-\n    kind: x\n    metadata: {name: x}\n    spec: {mut: [1, 2]}",
    "patches:\n- target: {kind: KIND}\n  patch: |-\n    kind: x\n    metadata: {name: x, labels: {a: null, m: \"5\"}}",
    "patches:\n- target: {name: NAME}\n  patch: |-\n    $patch: delete\n    kind: KIND\n    metadata: {name: x}",
    "replacements:\n- source: {kind: KIND, fieldPath: metadata.name}\n  targets:\n  - select: {kind: Deployment}\n    fieldPaths: [metadata.annotations.mut]\n    options: {create: true}",
    "vars:\n- name: MUT\n  objref: {kind: KIND, name: NAME, apiVersion: v1}",
    "transformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n  metadata: {name: m}\n  prefix: m-\n  fieldSpecs: [{path: metadata/name}]",
    "transformers:\n- |-\n  apiVersion: builtin\n  kind: LabelTransformer\n  metadata: {name: m}\n  labels: {a: b}\n  fieldSpecs: [{path: metadata/labels, create: true}]",
];

/// The tree of a seed.
pub fn tree_with_mistakes(seed: u64) -> Files {
    static TREES: OnceLock<Vec<Files>> = OnceLock::new();
    let trees = TREES.get_or_init(trees);
    let mut random = Random::new(seed);
    let mut files = trees[random.below(trees.len())].clone();
    let words = Words::of(&files);
    for _ in 0..random.pick(&[1, 1, 1, 2, 3]) {
        let file = random.below(files.len());
        let (path, text) = &mut files[file];
        *text = if is_kustomization(path) && random.chance(50) {
            with_field(text, &words, &mut random)
        } else {
            with_mistake(text, &mut random)
        };
    }
    files
}

/// Our fixtures, and those of the corpus if it is there.
fn trees() -> Vec<Files> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/build");
    let mut all: Vec<Files> = subfolders(&fixtures).iter().filter_map(|folder| read(folder, "")).collect();
    for folder in ["kustomize", "kustomize-probes"].iter().filter_map(|name| corpus(name)) {
        for case in subfolders(&folder) {
            let text = fs::read_to_string(case.join("case.json")).unwrap_or_default();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let target = json["target"].as_str().unwrap_or(".");
            if let Some(mut files) = read(&case.join("input"), "case/") {
                let root = format!("resources: [../case/{}]\n", target.trim_start_matches('/'));
                files.push(("root/kustomization.yaml".to_owned(), root));
                all.push(files);
            }
        }
    }
    all
}

fn subfolders(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The files of a tree of texts; `None` if it is too large, or holds something else.
fn read(folder: &Path, prefix: &str) -> Option<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder_now) = open.pop() {
        for entry in fs::read_dir(folder_now).ok()?.filter_map(Result::ok) {
            let path = entry.path();
            if entry.file_type().ok()?.is_dir() {
                open.push(path);
            } else if path.file_name()? != "want.yaml" {
                let name = path.strip_prefix(folder).ok()?.to_str()?;
                files.push((format!("{prefix}{name}"), fs::read_to_string(&path).ok()?));
            }
        }
    }
    files.sort();
    // Nothing is to be fetched.
    let is_remote = |text: &str| text.contains("://") || text.contains("github.com") || text.contains("git@");
    if files.iter().any(|(path, text)| is_kustomization(path) && is_remote(text)) {
        return None;
    }
    let size: usize = files.iter().map(|(_, text)| text.len()).sum();
    (!files.is_empty() && size < MOST).then_some(files)
}

fn is_kustomization(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().starts_with("kustomization"))
}

/// Names and kinds of the objects of a tree.
struct Words {
    names: Vec<String>,
    kinds: Vec<String>,
}

impl Words {
    fn of(files: &Files) -> Self {
        let objects = files.iter().filter(|(path, _)| !is_kustomization(path));
        let lines: Vec<&str> = objects.flat_map(|(_, text)| text.lines()).map(str::trim).collect();
        let after = |key: &str| {
            let found = lines.iter().filter_map(|line| line.strip_prefix(key));
            found.filter(|word| !word.contains([' ', '"'])).map(str::to_owned).collect()
        };
        Words { names: after("name: "), kinds: after("kind: ") }
    }
}

/// A kustomization with one field more; into a list that is there the items are put.
fn with_field(text: &str, words: &Words, random: &mut Random) -> String {
    let pick = |words: &[String], random: &mut Random, or: &str| match words.is_empty() {
        true => or.to_owned(),
        false => words[random.below(words.len())].clone(),
    };
    let field = random.pick(&FIELDS);
    let field = field.replace("NAME", &pick(&words.names, random, "x"));
    let field = field.replace("KIND", &pick(&words.kinds, random, "ConfigMap"));
    let (key, items) = field.split_once('\n').unwrap_or((&field, ""));
    let known = format!("{key}\n");
    match items.starts_with("- ") && (text.starts_with(&known) || text.contains(&format!("\n{known}"))) {
        true => text.replacen(&known, &format!("{field}\n"), 1),
        false => format!("{}\n{field}\n", text.trim_end_matches('\n')),
    }
}

/// A line `key: value`: where the value begins, and what stands before the key.
fn value_at(line: &str) -> Option<(usize, usize)> {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    let colon = start
        + line[start..].find(": ").or_else(|| line[start..].find(':').filter(|at| start + at + 1 == line.len()))?;
    (colon > start && !line[start..].starts_with('#')).then_some((start, (colon + 2).min(line.len())))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// How many lines belong to the first.
fn block(lines: &[String]) -> usize {
    let level = indent(&lines[0]);
    let below = lines[1..].iter().take_while(|line| line.trim().is_empty() || indent(line) > level);
    1 + below.count()
}

fn with_mistake(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut at = random.below(lines.len());
    let pairs: Vec<usize> = (0..lines.len()).filter(|&at| value_at(&lines[at]).is_some()).collect();
    let mistake = random.below(15);
    if (3..8).contains(&mistake) {
        if pairs.is_empty() {
            return text.to_owned();
        }
        at = random.pick(&pairs);
    }
    let (start, value) = value_at(&lines[at]).unwrap_or_default();
    match mistake {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 if at + 1 < lines.len() => lines.swap(at, at + 1),
        3 | 4 => {
            let known = lines[at][..value].trim_end().to_owned();
            lines[at] = format!("{known} {}", random.pick(&VALUES));
        }
        5 => {
            let rest = lines[at][start..].split_once(':').map_or(String::new(), |(_, rest)| rest.to_owned());
            lines[at] = format!("{}{}:{rest}", &lines[at][..start], random.pick(&KEYS));
        }
        6 => {
            let word = lines[at][value..].trim().trim_matches(['"', '\'']).to_owned();
            let known = lines[at][..value].trim_end().to_owned();
            let form = random.pick(&["\"W\"", "'W'", "W", "!!str W", "W # c"]);
            lines[at] = format!("{known} {}", form.replace('W', &word));
        }
        7 => {
            let known = lines[at][..value].trim_end().to_owned();
            let end = at + block(&lines[at..]);
            lines.splice(at..end, [format!("{known}{}", random.pick(&["", " null", " {}", " []", " \"\""]))]);
        }
        8 => {
            let end = at + block(&lines[at..]);
            let deeper = random.chance(50);
            for line in &mut lines[at..end] {
                match deeper {
                    true => line.insert_str(0, "  "),
                    false => *line = line.strip_prefix("  ").unwrap_or(line).to_owned(),
                }
            }
        }
        9 | 10 => {
            let end = at + block(&lines[at..]);
            let moved = lines[at..end].to_vec();
            if mistake == 10 {
                lines.drain(at..end);
            }
            let place = random.below(lines.len() + 1);
            lines.splice(place..place, moved);
        }
        11 => drop(lines.drain(at..at + block(&lines[at..]))),
        12 => lines[at] += random.pick(&[" ", "\t", " # note", "\r", " #"]),
        13 => {
            let level = " ".repeat(indent(&lines[at]));
            let item = if random.chance(50) { "- ".to_owned() } else { format!("{}: ", random.pick(&KEYS)) };
            lines.insert(at, format!("{level}{item}{}", random.pick(&VALUES)));
        }
        _ => {}
    }
    lines.join("\n")
}
