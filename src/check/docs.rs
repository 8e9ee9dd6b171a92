//! The rules' docs as text, and the examples in them.

use std::fmt::Write;

use super::{Rule, rules};

/// One example of a rule's docs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Whether the rule is to report something in it.
    pub bad: bool,
    /// The manifests.
    pub yaml: String,
    /// The lines (from 1) that are to be reported: those marked `# <-`.
    pub lines: Vec<u32>,
}

/// A rule's docs without the space that doc comments put before every line.
pub fn docs(rule: &Rule) -> String {
    rule.docs.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

/// The examples of a rule, in order.
pub fn examples(rule: &Rule) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    for line in docs(rule).lines() {
        match (&mut open, line) {
            (None, "```yaml bad" | "```yaml good") => {
                open = Some(Example { bad: line.ends_with("bad"), yaml: String::new(), lines: Vec::new() });
            }
            (Some(_), "```") => found.extend(open.take()),
            (Some(example), line) => {
                let number = example.yaml.lines().count() as u32 + 1;
                if line.ends_with("# <-") {
                    example.lines.push(number);
                }
                example.yaml.push_str(line.trim_end_matches("# <-").trim_end());
                example.yaml.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}

/// The reference of all rules, as Markdown.
pub fn reference() -> String {
    let mut text = String::from(
        "# Rules\n\nMade by `kollate rules --markdown`; a test holds it to the rules.\n\n| rule | severity | what |\n|---|---|---|\n",
    );
    for rule in rules() {
        let _ = writeln!(
            text,
            "| [`{0}`](#{1}) | {2} | {3} |",
            rule.name,
            anchor(rule.name),
            rule.severity,
            rule.summary()
        );
    }
    for rule in rules() {
        let _ = write!(
            text,
            "\n## `{}`\n\n{}, {}; looks at: {}; since {}.\n\n{}",
            rule.name,
            rule.severity,
            rule.category.as_str(),
            rule.scope.as_str(),
            rule.since,
            docs(rule)
                .replace("```yaml bad", "Reported (the marked lines):\n\n```yaml")
                .replace("```yaml good", "Fine:\n\n```yaml")
        );
    }
    text
}

/// The anchor that Markdown renderers give a heading.
fn anchor(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}
