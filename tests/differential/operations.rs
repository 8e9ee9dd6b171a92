//! JSON patches of every kind over an object whose paths are known.

use super::notation::Notation;
use super::random::Random;
use super::scalars::value;
use super::tree::{Files, indented};

const PLACES: &[&str] = &[
    "/spec/s",
    "/spec/n",
    "/spec/m/a",
    "/spec/m/b/c",
    "/spec/m/new",
    "/spec/l/0",
    "/spec/l/1",
    "/spec/l/2",
    "/spec/l/2/k",
    "/spec/a~1b",
    "/spec/m~0n",
    "/spec/0",
    "/spec/e/x",
    "/spec/m",
    "/spec/l",
    "/spec/fold",
    "/spec/date",
    "/spec/big",
    "/metadata/labels/app",
    "/metadata/labels/new",
    "/metadata/labels",
    "/metadata/annotations",
    "/metadata/annotations/note",
    "/spec/el",
    "/new",
    "/spec",
];
const ODD_PLACES: &[&str] = &[
    "/spec/l/-",
    "/spec/el/-",
    "/spec/el/0",
    "/spec/l/3",
    "/spec/l/-1",
    "/spec/l/-3",
    "/spec/l/-4",
    "/spec/l/9",
    "/spec/l/01",
    "/spec/l/+1",
    "/spec/l/x",
    "/spec/",
    "",
    "/",
    "spec/s",
    "x/spec/s",
    "/missing/x",
    "/spec/n/x",
    "/spec/s/x",
    "/kind",
    "/apiVersion",
    "/metadata/name",
    "/metadata/namespace",
    "/metadata",
    "/spec/m/",
    "/spec/~01",
    "/spec/a~1b/",
    "/spec//",
    "/spec/l/1/x",
    "/spec/el",
    "/spec/e",
    "/spec/l/2/",
    "/metadata/annotations/fresh",
    "/spec/m/b/c/",
    "/spec/l/18446744073709551616",
    "/spec/l/1.0",
    "/spec/l/ 1",
];

/// An object and JSON patches of it.
pub fn tree(random: &mut Random) -> Files {
    let mut files = vec![("root/r.yaml".to_owned(), object(random))];
    let mut kustomization = String::from("resources: [r.yaml]\n");
    if random.chance(15) {
        kustomization += random.pick(&[
            "namePrefix: p-\n",
            "commonAnnotations: {x: z}\n",
            "namespace: ns\n",
            "buildMetadata: [transformerAnnotations]\n",
            "labels:\n- pairs: {a: b}\n",
        ]);
    }
    let mut fields = [String::new(), String::new()];
    for number in 0..=random.below(2) {
        let patch = patch(random);
        let legacy = random.chance(25);
        let text = if random.chance(30) {
            let name = format!("p{number}.{}", random.pick(&["yaml", "json"]));
            files.push((format!("root/{name}"), patch));
            format!("- path: {name}\n")
        } else {
            let style = random.pick(&["|-", "|", "|", ">-", "|+"]);
            // Folding would make one line of it.
            let style = if patch.starts_with('[') { style } else { style.trim_start_matches('>') };
            let style = if style.starts_with(['|', '>']) { style } else { "|" };
            format!("- patch: {style}\n{}", indented(&patch, "    ", "    "))
        };
        let target = if legacy {
            random.pick(&[
                "  target: {kind: Gadget, name: g, version: v1, group: e.x}\n",
                "  target: {kind: Gadget, name: g}\n",
                "  target: {name: g.*}\n",
            ])
        } else {
            random.pick(&[
                "  target: {kind: Gadget}\n",
                "  target: {name: g}\n",
                "  target: {}\n",
                "  target: {labelSelector: app}\n",
                "  target: {annotationSelector: note}\n",
            ])
        };
        fields[usize::from(legacy)] += &format!("{text}{target}");
    }
    for (field, text) in ["patches", "patchesJson6902"].iter().zip(fields) {
        if !text.is_empty() {
            kustomization += &format!("{field}:\n{text}");
        }
    }
    files.push(("root/kustomization.yaml".to_owned(), kustomization));
    files
}

fn object(random: &mut Random) -> String {
    let mut out = String::from("apiVersion: e.x/v1\nkind: Gadget\nmetadata:\n  name: g\n");
    out += random.pick(&[
        "",
        "  labels: {app: web}\n",
        "  labels:\n    app: web\n    n: 1\n",
        "  labels:\n",
        "  labels: {}\n",
    ]);
    out += random.pick(&[
        "",
        "  annotations: {note: x}\n",
        "  annotations: {note: 012, d: 2020-01-01, t: true, f: 1.50}\n",
        "  annotations:\n",
        "  annotations: {}\n",
        "  annotations:\n    note: >\n      a\n       b\n",
    ]);
    let mut notation = Notation::new(random);
    let s = notation.scalar_line(4);
    let odd = notation.scalar_line(6);
    out += &format!(
        "spec:\n  s:{s}  n: null\n  m:\n    a:{odd}    b: {{c: 1}}\n  l:\n  - {}\n  - 2\n  - k: v\n",
        value(random, 4)
    );
    out += "  e: {}\n  el: []\n  a/b: x\n  m~n: y\n  \"\": z\n  \"0\": zero\n";
    out += random.pick(&[
        "",
        "  fold: >\n    a\n     b\n\n  date: 2020-01-01\n  big: 9007199254740993\n",
        "  fold: >-\n    one\n    two\n  date: 2001-12-14t21:59:43.10-05:00\n  big: 1e400\n",
        "  big: 12345678901234567890\n",
        "  big: 1e21\n  date: !!str 2020-01-01\n",
    ]);
    out
}

fn patch(random: &mut Random) -> String {
    let count = 1 + random.below(3);
    let operations: Vec<Vec<(&str, String)>> = (0..count).map(|_| operation(random)).collect();
    if random.chance(30) {
        let shown: Vec<String> = operations
            .iter()
            .map(|fields| {
                let fields: Vec<String> =
                    fields.iter().map(|(key, text)| format!("\"{key}\": {}", in_json(key, text))).collect();
                format!("{{{}}}", fields.join(", "))
            })
            .collect();
        return format!("[{}]\n", shown.join(random.pick(&[", ", ",\n "])));
    }
    let mut out = random.pick(&["", "", "", "---\n", "# c\n", "\n"]).to_owned();
    for fields in operations {
        for (number, (key, text)) in fields.iter().enumerate() {
            let head = if number == 0 { "- " } else { "  " };
            let quoted = if *key == "path" || *key == "from" { quoted(random, text) } else { text.clone() };
            out += &format!("{head}{key}: {quoted}\n");
        }
    }
    out
}

fn quoted(random: &mut Random, text: &str) -> String {
    if text.is_empty() || text.contains(' ') || random.chance(25) { format!("\"{text}\"") } else { text.to_owned() }
}

/// The value in JSON: an odd one may not be JSON, and is then a plain one.
fn in_json(key: &str, text: &str) -> String {
    let is_json = key == "value" && serde_json::from_str::<serde_json::Value>(text).is_ok();
    if is_json { text.to_owned() } else { format!("\"{}\"", text.replace(['"', '\\', '\n', '\t'], "")) }
}

fn place(random: &mut Random) -> String {
    if random.chance(15) { random.pick(ODD_PLACES) } else { random.pick(PLACES) }.to_owned()
}

/// A place to copy from; not the annotations as a whole, among which kustomize keeps its notes.
fn source(random: &mut Random) -> String {
    let found = place(random);
    if matches!(found.as_str(), "/metadata" | "/metadata/annotations" | "") { "/spec/m".to_owned() } else { found }
}

fn operation(random: &mut Random) -> Vec<(&'static str, String)> {
    let verb = random.pick(&["add", "add", "add", "replace", "replace", "remove", "test", "move", "copy", "copy"]);
    let mut fields = vec![("op", verb.to_owned()), ("path", place(random))];
    match verb {
        "add" | "replace" if random.chance(96) => fields.push(("value", operand(random))),
        "test" => {
            let (path, value) = random.pick(&[
                ("/kind", "Gadget"),
                ("/spec/n", "null"),
                ("/spec/l/1", "2"),
                ("/spec/l/1", "2.0"),
                ("/spec/m/b", "{c: 1}"),
                ("/spec/e", "{}"),
                ("/spec/el", "[]"),
                ("/spec/none", "null"),
                ("/spec/l/1", "\"2\""),
                ("/spec/n", "~"),
                ("/spec/e", "null"),
                ("/spec/l/2", "{k: v}"),
                ("/spec/0", "zero"),
                ("/spec/m/b", "{\"c\": 1.0}"),
                ("/spec/date", "2020-01-01"),
                ("/spec/l/1", "0x2"),
                ("/spec/none", "\"\""),
            ]);
            fields[1].1 = path.to_owned();
            fields.push(("value", value.to_owned()));
            if random.chance(10) {
                fields.pop();
            }
        }
        "move" | "copy" if random.chance(97) => fields.push(("from", source(random))),
        _ => {}
    }
    if random.chance(2) {
        let extra = random.pick(&[("op", "replace"), ("note", "x"), ("value", "2"), ("path", "/spec/m/a")]);
        fields.push((extra.0, extra.1.to_owned()));
    }
    if random.chance(10) {
        fields.reverse();
    }
    fields
}

fn operand(random: &mut Random) -> String {
    match random.below(10) {
        0..=4 => value(random, 4),
        5 => random
            .pick(&[
                "{}",
                "[]",
                "{a: {b: null}}",
                "[1, [2], {x: yes}]",
                "[null]",
                "{yes: no, 012: 1_0}",
                "{\"x\": 2020-01-01}",
            ])
            .to_owned(),
        6 => "\n    x: 1\n    y:\n    - on\n    - 0o7\n    - 1e3".to_owned(),
        7 => random
            .pick(&[
                "9007199254740993",
                "1e400",
                "12345678901234567890",
                "1.0",
                "-0",
                "-0.0",
                "0.1e-7",
                "1e21",
                "123456789.5",
                "0b1_0",
                "1__0",
                "0x_1",
                "190:20:30",
                "1:00",
                "01:02.5",
                "+1",
                ".5",
                "5.",
                "0o9",
                "08",
                "1e+3",
                "0.0000001",
            ])
            .to_owned(),
        8 => random
            .pick(&[
                "yes",
                "Off",
                "y",
                "N",
                "~",
                "null",
                "!!str yes",
                "!!int \"3\"",
                "!!binary aGk=",
                "2020-01-01",
                "2001-12-14t21:59:43.10-05:00",
                "!!timestamp 2020-01-01",
                "!!float 1",
                "\"yes\"",
                "<<",
                "=",
                "&x a",
                ".inf",
                "-.INF",
                ".nan",
            ])
            .to_owned(),
        _ => "\"two\\nlines\\n\"".to_owned(),
    }
}
