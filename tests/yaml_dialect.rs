//! Where go-yaml, and so kustomize, refuses what YAML allows or reads it otherwise. Each verdict is kustomize's own.

use kollate::source::{FileId, yaml};

fn check(text: &str, expected: &str) {
    let parsed = yaml::parse(text, FileId::default());
    let said: Vec<String> = parsed
        .errors
        .iter()
        .map(|problem| {
            let span = problem.location.span;
            format!("{:?} {}\n  {}", &text[span.range()], problem.message, problem.help.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(said.join("\n"), expected, "{text:?}");
}

fn accepted(texts: &[&str]) {
    texts.iter().for_each(|text| check(text, ""));
}

#[test]
fn tabs_where_something_may_begin() {
    let tab = "\"\\t\" a tab stands where something may begin\n  put blanks in place of the tab";
    check("a:\n-\t# c\n", tab);
    check("a:\n-\tb\n", tab);
    check("a: \"b\"\n\t\nc: d\n", tab);
    check("a: b\n\t\nc: d\n", tab);
    accepted(&[
        "a:\t# c\n  b: c\n",
        "? e\n:\t# c\n  b\n",
        "a: b\n  \t\nc: d\n",
        "a: b\t# c\n",
        "a: [b,\t\n\tc]\n",
        "a: |\t# c\n  b\n",
    ]);
}

#[test]
fn tabs_in_the_indentation_of_a_block() {
    let expected = "\"\\t\" a tab stands in the indentation of this text\n  put blanks in place of the tab, or write the \
                    indentation into the header: `|2`";
    check("a: |\n  \tb\n", expected);
    check("a: >-\n \n  \tb\n", expected);
    accepted(&["a: |2\n  \tb\n", "a: |\n  b\n  \tc\n"]);
}

#[test]
fn escapes_that_kustomize_does_not_know() {
    check(r#"a: "\/""#, "\"\\\\/\" kustomize does not know `\\/`\n  write the `/` alone");
    check(
        r#"a: ["\ud83d\ude00"]"#,
        "\"\\\\u\" kustomize does not know characters in two halves\n  write the character itself, or `\\U` and the \
         eight digits of its code",
    );
    accepted(&[r#"a: "\\/ \' \U0001F600""#]);
}

#[test]
fn question_marks_and_colons_within_brackets() {
    let question = "\"?\" a `?` within brackets begins a key\n  put quotes around the text";
    check("a: [x?y]\n", question);
    check("a: [{b: c?}]\n", question);
    let colon = "\":c\" the colon has no blank behind it\n  put a blank behind the colon, or quotes around the text";
    check("a: {b: :c}\n", colon);
    accepted(&["a: [\"x?y\", b]\nc: x?y\n", "a: {\"b\":[c], d:e, f:}\n"]);
}
