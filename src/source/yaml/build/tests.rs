//! Nodes, as built from texts.

use crate::source::{FileId, Node, yaml};

fn root(text: &str) -> Node {
    let parsed = yaml::parse(text, FileId::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.documents[0].root.clone().unwrap()
}

fn error(text: &str) -> String {
    yaml::parse(text, FileId::default()).errors[0].message.clone()
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "a: 'x'\r\nb: # c\r\n- |\r\n  t\r\n- [1, 2]\r\nc:\r\n";
    let node = root(text);
    let shown = |node: &Node| &text[node.location().span.range()];
    assert_eq!(shown(node.get("a").unwrap()), "'x'");
    let items = node.get("b").unwrap().as_sequence().unwrap();
    assert_eq!(shown(&items[0]), "|\r\n  t\r\n");
    assert_eq!(items[0].text(), Some("t\n"));
    assert_eq!(shown(&items[1]), "[1, 2]");
    assert_eq!(shown(node.get("b").unwrap()), "- |\r\n  t\r\n- [1, 2]");
    assert_eq!(node.get("c").unwrap().location().span.start as usize, text.len() - 2);
    let key = node.as_mapping().unwrap().entry("b").unwrap().key;
    assert_eq!(&text[key.location.span.range()], "b");
    let comments = yaml::parse(text, FileId::default()).comments;
    assert_eq!(comments.iter().map(|span| &text[span.range()]).collect::<Vec<_>>(), ["# c"]);
}

#[test]
fn aliases_are_the_values_they_name() {
    let node = root("a: &a [1, &b x]\nc: *a\n*b : d\n");
    assert!(node.get("c").unwrap().shares_with(node.get("a").unwrap()));
    assert_eq!(node.get("x").unwrap().text(), Some("d"));
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let alias = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", vec![alias; 10].join(", "));
    }
    assert_eq!(error(&text), "the aliases of this document expand to more than 1000000 values");
}

#[test]
fn depth_is_bounded_also_through_aliases() {
    root(&format!("{}x{}", "[".repeat(500), "]".repeat(500)));
    assert_eq!(error(&"[".repeat(100_000)), "this is nested more than 500 levels deep");
    assert_eq!(error(&"- ".repeat(501)), "this is nested more than 500 levels deep");
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..600 {
        text += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(error(&text), "this is nested more than 500 levels deep");
}
