//! Comments in JSON, which are schemas of the fields at which they stand.

use super::random::Random;

const SCHEMAS: &[&str] = &[
    r#"{"type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}"#,
    r#"{"type":"array","x-kubernetes-patch-strategy":"merge","x-kubernetes-list-map-keys":["name","value"]}"#,
    r##"{"items":{"$ref":"#/definitions/io.k8s.api.core.v1.Container"},"type":"array","x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge,retainKeys"}"##,
    r##"{"$ref":"#/definitions/io.k8s.api.core.v1.PodSpec"}"##,
    r##"{"$ref":"#/definitions/io.k8s.cli.setters.image"}"##,
    r#"{"$openapi":"image"}"#,
    r#"{"additionalProperties":{"type":"array","x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}}"#,
    r#"{"type": 1, "x-kubernetes-patch-strategy": "merge"}"#,
    r#"{"type": "array"} and words"#,
    "{}",
    "words",
];

/// The text with schemas behind keys and on lines of their own.
pub fn with_schemas(random: &mut Random, text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if random.chance(5) {
            let indent = random.pick(&[indent, indent, indent, 0, indent + 2]);
            let above = random.pick(&["", "", "", "\n"]);
            let below = random.pick(&["", "", "", "", "\n", "# words\n"]);
            out += &format!("{above}{}# {}\n{below}", " ".repeat(indent), random.pick(SCHEMAS));
        }
        out += line;
        if line.ends_with(':') && random.chance(10) || line.ends_with(']') && random.chance(20) {
            out += &format!(" # {}", random.pick(SCHEMAS));
        }
        out += "\n";
    }
    out
}
