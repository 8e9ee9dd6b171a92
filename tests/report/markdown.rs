//! The comment on a pull request: what it says, what it lets through, and how it shrinks.

use kollate::diff::{ChangeKind, ChangeSet, Class, Side, Status};
use kollate::finding::Severity;
use kollate::report::{Outcome, Style};

use super::changes::{change, entry, environment, having, set, string, texts};
use super::{check_fixture, written};

fn comment(set: &ChangeSet) -> String {
    written(&texts(), Outcome::Changes(set), "markdown", &Style::default())
}

#[test]
fn a_comment() {
    check_fixture("diff.md", &comment(&set(&texts())));
}

#[test]
fn user_text_pings_nobody_and_ends_nothing() {
    let evil = "x`` | @acme/team <!-- </details> #12 https://evil.example";
    let fenced = format!("{evil}\n````\n</details>\n@someone\n");
    let text = change("data.motd", Some(string("a")), Some(string(&fenced)), None);
    let image = change("spec.image", Some(string("r/a|b:1")), Some(string("r/a|b:2`")), None);
    let image =
        having(image, Class::DataLoss, Severity::Error, &format!("loses `{evil}` and @acme/team <b> [x](http://y) #7"));
    let mut one = entry(&["prod|`@x`"], "ConfigMap", "evil", ChangeKind::Modified, vec![text, image]);
    one.resource.name = evil.into();
    let environments =
        vec![environment("prod|`@x`", Status::Changed, 0, 1), environment("@b", Status::Unchanged, 0, 0)];
    let set = ChangeSet { from: Side::new("@from <b>"), to: Side::new("to | x"), environments, entries: vec![one] };
    let comment = comment(&set);
    check_fixture("diff-hygiene.md", &comment);
    assert_hygiene(&comment);
}

/// Outside of fences and code spans there is no mention, no link and no tag but ours.
fn assert_hygiene(comment: &str) {
    let mut fence: Option<String> = None;
    for line in comment.lines() {
        let ticks: String = line.chars().take_while(|&c| c == '`').collect();
        match &fence {
            Some(open) if line == open => fence = None,
            Some(open) => assert!(ticks.len() < open.len(), "{line}"),
            None if ticks.len() >= 3 && line.ends_with("diff") => fence = Some(ticks),
            None => {
                let text = without_code(line);
                for bad in ["@a", "@s", "@x", "@f", "#1", "#7", "https://", "<b>", "</details> #", "<!-- <"] {
                    assert!(!text.contains(bad), "`{bad}` in {line}");
                }
                assert!(!text.replace("\\](", "").contains("]("), "a link in {line}");
            }
        }
    }
    assert_eq!(fence, None);
}

/// A line without its code spans, found as CommonMark does: a run of backticks up to the next run of the same length.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let escaped = rest[..start].ends_with('\\');
        let run = rest[start..].chars().take_while(|&c| c == '`').count();
        let after = &rest[start + run..];
        let mut at = 0;
        let close = loop {
            let Some(next) = after[at..].find('`') else { break None };
            let length = after[at + next..].chars().take_while(|&c| c == '`').count();
            if length == run {
                break Some(at + next + length);
            }
            at += next + length;
        };
        out.push_str(&rest[..start]);
        rest = match close {
            Some(end) if !escaped => &after[end..],
            _ => after,
        };
    }
    out + rest
}

fn big(entries: usize, value: usize, environments: usize) -> ChangeSet {
    let names: Vec<String> = (0..environments).map(|i| format!("environment-{i:04}")).collect();
    let one = |i: usize| {
        let text = |c: &str| Some(string(&format!("{}\n", c.repeat(60)).repeat(value)));
        let changes = (0..3).map(|k| change(&format!("data.key{k}"), text("a"), text("b"), None)).collect();
        entry(&[&names[i % names.len()]], "ConfigMap", &format!("config-{i}"), ChangeKind::Modified, changes)
    };
    let mut entries: Vec<_> = (0..entries).map(one).collect();
    let claim = change("spec.claim", Some(string("a")), Some(string("b")), None);
    let claim = having(claim, Class::Rejected, Severity::Error, "the claim cannot change");
    entries.insert(0, entry(&[&names[0]], "StatefulSet", "cache", ChangeKind::Modified, vec![claim]));
    let environments = names.iter().map(|name| environment(name, Status::Changed, 0, 2)).collect();
    ChangeSet { from: Side::new("a"), to: Side::new("b"), environments, entries }
}

#[test]
fn a_comment_shrinks_step_by_step() {
    let steps = [
        (big(3, 2, 2), None),
        (big(20, 20, 2), Some("lines around changes and the rest of long values are left out")),
        (big(300, 2, 2), Some("values are left out")),
        (big(3000, 2, 2), Some("the changes are left out")),
        (big(6000, 200, 3000), Some("the changes, some environments and some impacts are left out")),
    ];
    for (set, cut) in steps {
        let comment = comment(&set);
        let units = comment.encode_utf16().count();
        assert!(units <= 65_000 && comment.len() <= 200_000, "{units}");
        assert!(comment.contains("❌ 1 change will be rejected"), "the verdict stays");
        assert!(
            comment.contains("`StatefulSet shop/cache` `spec.claim a → b`: the claim cannot change"),
            "so does what is rejected"
        );
        match cut {
            Some(cut) => assert!(comment.contains(cut), "wants `{cut}`, has {}", &comment[comment.len() - 300..]),
            None => assert!(!comment.contains("Shortened")),
        }
    }
}

#[test]
fn a_thousand_losses_fit_too() {
    let mut set = big(1, 1, 1);
    let lost = |i: usize| {
        let path = format!("spec.{}", "x".repeat(400));
        let lost = having(
            change(&path, Some(string("a")), None, None),
            Class::DataLoss,
            Severity::Error,
            &"lost ".repeat(200),
        );
        entry(&["environment-0000"], "ConfigMap", &format!("{}{i}", "n".repeat(300)), ChangeKind::Modified, vec![lost])
    };
    set.entries.extend((0..1000).map(lost));
    let comment = comment(&set);
    assert!(comment.encode_utf16().count() <= 65_000);
    assert!(comment.contains("⚠️ 1000 changes may lose data") && comment.contains("more"));
}
