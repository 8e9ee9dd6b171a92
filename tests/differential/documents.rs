//! Small trees whose files are odd: documents in every notation, separators, lists of objects, JSON.

use super::merging;
use super::notation::Notation;
use super::operations;
use super::random::Random;
use super::tree::{Files, indented};

/// The tree of a seed: one layer with odd documents, and perhaps patches of them.
pub fn document_tree(seed: u64) -> Files {
    let mut random = Random::new(seed ^ 0x00d0_c5ee_d000);
    let mut files = match random.below(10) {
        0..=3 => documents(&mut random),
        4..=7 => merging::tree(&mut random),
        _ => operations::tree(&mut random),
    };
    for (path, text) in &mut files {
        if random.chance(3) {
            *text = text.replace('\n', "\r\n");
        }
        if random.chance(2) && !path.ends_with("kustomization.yaml") {
            text.insert(0, '\u{feff}');
        }
        if random.chance(3) {
            text.truncate(text.trim_end_matches('\n').len());
        }
    }
    files
}

fn documents(random: &mut Random) -> Files {
    let mut text = random
        .pick(&["", "", "", "---\n", "# head\n", "# head\n---\n", "\n", "---\n---\n", "--- # c\n", "%YAML 1.2\n---\n"])
        .to_owned();
    if random.chance(80) {
        text = text.replace('%', "# ");
    }
    for number in 0..=random.below(3) {
        if number > 0 && keeps_lines(&text) {
            text += "---\n";
        } else if number > 0 {
            text += random.pick(&[
                "---\n",
                "---\n",
                "---\n",
                "--- # c\n",
                "---   \n",
                "\n---\n\n",
                "---\n# between\n---\n",
                "---\n---\n",
                "---\t\n",
                "---\n\n---\n",
                "---\nnull\n---\n",
                "---\n{}\n---\n",
                "---\n~\n---\n",
                "  # far\n---\n",
                "---\n--- # two\n",
                "...\n---\n",
                "---\n''\n---\n",
            ]);
        }
        text += &document(random, number);
    }
    if !keeps_lines(&text) {
        text += random.pick(&["", "", "", "", "---\n", "---", "...\n", "\n\n", "# end\n", "---\n# end"]);
    }
    let kustomization = kustomization(random);
    vec![("root/r.yaml".to_owned(), text), ("root/kustomization.yaml".to_owned(), kustomization)]
}

/// Whether there is a block that keeps its last lines: kustomize writes comments behind it into them.
fn keeps_lines(text: &str) -> bool {
    text.lines().any(|line| line.contains(['|', '>']) && line.contains('+'))
}

/// Mostly the resources alone; sometimes a transformer, so that annotations or the whole object are written anew.
fn kustomization(random: &mut Random) -> String {
    let more = random.pick(&[
        "",
        "",
        "",
        "namePrefix: p-\n",
        "commonAnnotations: {added: x}\n",
        "labels:\n- pairs: {l: \"1\"}\n",
        "namespace: ns\n",
        "buildMetadata: [originAnnotations]\n",
        "patches:\n- target: {kind: .*}\n  patch: '[{\"op\": \"test\", \"path\": \"/kind\", \"value\": \"ConfigMap\"}]'\n",
        "patches:\n- target: {kind: .*}\n  patch: '{apiVersion: v1, kind: x, metadata: {name: x, labels: {n: m}}}'\n",
        "patches:\n- target: {kind: .*}\n  patch: '[{\"op\": \"add\", \"path\": \"/extra\", \"value\": {}}]'\n",
        "sortOptions: {order: fifo}\n",
    ]);
    format!("resources: [r.yaml]\n{more}")
}

fn document(random: &mut Random, number: usize) -> String {
    match random.below(20) {
        0 | 1 => list(random, number),
        2 => {
            let pretty = random.chance(50);
            json(random, number, pretty)
        }
        _ => object(random, number),
    }
}

fn object(random: &mut Random, number: usize) -> String {
    let name = format!("n{number}");
    let kind = random.pick(&["ConfigMap", "ConfigMap", "Gadget", "Secret", "\"ConfigMap\"", "!!str Gadget"]);
    let mut notation = Notation::new(random);
    let mut out = match notation.random.below(8) {
        0 => format!("kind: {kind}\napiVersion: v1\nmetadata: {{name: {name}}}\n"),
        1 => format!("'apiVersion': v1\n\"kind\": {kind}\nmetadata:\n  'name': '{name}'\n"),
        2 => format!(
            "apiVersion: v1\nkind: {kind}\nmetadata:\n    name:\n      {name}\n    annotations:\n{}",
            annotations(&mut notation)
        ),
        3 => {
            format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  labels:\n{}", notation.entries(4, 0, 2))
        }
        4 => format!(
            "apiVersion: v1 # c\nkind: {kind}\nmetadata: # m\n  # n\n  name: &name {name}\n  annotations: {{x: *name}}\n"
        ),
        _ => format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n"),
    };
    let (depth, count) = (notation.random.below(4), 1 + notation.random.below(5));
    // No comment here: kustomize writes it into a mapping that a patch has emptied.
    let head = notation.random.pick(&["data:\n", "data:\n", "spec:\n", "spec: &all\n"]);
    out += &format!("{head}{}", notation.entries(2, depth, count));
    let feet: &[&str] = if notation.quiet { &[""] } else { &FEET };
    out + notation.random.pick(feet)
}

const FEET: [&str; 8] = ["", "", "", "", "# foot\n", "  # foot\n", "x: y\n", "\"1\": one\n"];

fn annotations(notation: &mut Notation<'_>) -> String {
    notation.in_annotations = true;
    let text = notation.entries(6, 0, 3);
    notation.in_annotations = false;
    text
}

/// A list of objects, as `kubectl get` gives it, or one of the ways in which it is not quite that.
fn list(random: &mut Random, number: usize) -> String {
    let kind = random.pick(&["List", "List", "ConfigMapList", "GadgetList"]);
    let head = format!(
        "apiVersion: v1\nkind: {kind}\n{}",
        random.pick(&["", "metadata: {}\n", "metadata:\n  name: l\n", "metadata: {resourceVersion: \"\"}\n"])
    );
    match random.below(10) {
        0 => head + "items: []\n",
        1 => head + "items:\n",
        2 => head + "items: null\n",
        3 => head,
        4 => head + "items: [null]\n",
        5 => head + "items: {a: b}\n",
        6 => {
            let inner = list(random, number + 10);
            head + "items:\n" + &indented(&inner, "- ", "  ")
        }
        _ => {
            let mut out = head + "items:\n";
            for item in 0..=random.below(2) {
                let text = object(random, number * 10 + item + 100);
                let pad = random.pick(&["", "  "]);
                out += &indented(&text, &format!("{pad}- "), &format!("{pad}  "));
                if !pad.is_empty() {
                    return out;
                }
            }
            out
        }
    }
}

fn json(random: &mut Random, number: usize, pretty: bool) -> String {
    let mut entries = Vec::new();
    for index in 0..random.below(5) {
        let value = random.pick(&[
            "1",
            "1.0",
            "1e3",
            "-0",
            "0.1",
            "true",
            "null",
            "\"s\"",
            "\"\\u00e9\"",
            "\"\\/\"",
            "\"a\\nb\"",
            "[]",
            "{}",
            "[1, \"2\", [3]]",
            "{\"x\": {\"y\": null}}",
            "\"\\ud83d\\ude00\"",
            "9007199254740993",
            "12345678901234567890",
            "1E400",
            "\"\"",
            "\"yes\"",
            "\"\\t\"",
        ]);
        entries.push(format!("\"k{index}\": {value}"));
    }
    let head = format!(
        "{{\"apiVersion\": \"v1\", \"kind\": \"Gadget\", \"metadata\": {{\"name\": \"j{number}\"}}, \"spec\": {{"
    );
    if pretty {
        format!("{}\n    {}\n  }}\n}}\n", head.replace("{\"apiVersion", "{\n  \"apiVersion"), entries.join(",\n    "))
    } else {
        format!("{head}{}}}}}\n", entries.join(","))
    }
}
