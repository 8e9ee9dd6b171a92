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
    check("a: &x b\nc:\r\t", tab);
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

#[test]
fn comments_without_a_blank_before_them() {
    let texts = [
        "a: \"b\"#c\n",
        "a: [b,#c\n  d]#e\n",
        "a: {b: 'c'#d\n  }#e\nf: &x |-#g\n  h\n",
        "a: &x \"b\"#c\nd: >#e\n  f\n",
    ];
    accepted(&texts);
    for text in texts {
        let comments = yaml::parse(text, FileId::default()).comments;
        let words: Vec<&str> = comments.iter().map(|comment| &text[comment.range()]).collect();
        assert_eq!(words.len(), text.matches('#').count(), "{words:?}");
        assert!(words.iter().all(|word| word.len() == 2 && word.starts_with('#')), "{words:?}");
    }
}

#[test]
fn names_of_anchors_and_ends_of_tags() {
    let name = "kustomize takes only letters from a to z, digits, `-` and `_` in the name of an anchor\n  write a name of these, and a blank behind it";
    check("a: &x#c\n  b\n", &format!("\"&x#c\" {name}"));
    check("a: &é b\n", &format!("\"&é\" {name}"));
    check("a: &x[b]\n", &format!("\"&x[b]\" {name}"));
    let blank = "kustomize takes a tag to end only at a blank\n  put a blank behind the tag";
    check("a: !!str#c\n  b\n", &format!("\"!!str#c\" {blank}"));
    check("a: [!!str, b]\n", &format!("\"!!str,\" {blank}"));
    accepted(&["a: [&x-y_1, *x-y_1]\n", "a: {b: &x}\n", "a: [!!str , b]\n", "a: !!str\n  b\n"]);
}

#[test]
fn ends_of_documents() {
    let dots = "\"...\" this `...` ends a document that has not begun\n  remove the line";
    check("...\na: b\n", dots);
    check("# c\n\n... # d\n", dots);
    let behind = "\" this stands behind the end of the document\n  put a line before it that begins with `---`, \
                  without a blank before that";
    check("{a: b}\n ---\nc: d\n", &format!("\"---{behind}"));
    check("a: b\n...\nc\nd: e\n", &format!("\"c{behind}"));
    accepted(&["a: b\n...\n", "---\n...\n", "a: b\n---\nc: d\n...\n", "{a: b}\nc\n"]);
}

/// The texts of the scalars below `a`.
fn values(text: &str) -> String {
    let parsed = yaml::parse(text, FileId::default());
    assert!(parsed.errors.is_empty(), "{text:?}: {:?}", parsed.errors);
    let root = parsed.documents[0].root.clone().unwrap();
    root.as_mapping().unwrap().iter().map(|entry| format!("{} = {:?}\n", entry.key.name, entry.value.text())).collect()
}

#[test]
fn line_breaks_that_only_kustomize_knows() {
    for line_break in ["\u{85}", "\r\r\n"] {
        let text = "a: b%  c: d%e: |%  f%  g%h: \"i%j\"%".replace('%', line_break).replace("  c", "c");
        assert_eq!(values(&text), "a = Some(\"b\")\nc = Some(\"d\")\ne = Some(\"f\\ng\\n\")\nh = Some(\"i j\")\n");
    }
    let text = "a: b%  c\nd: 'e %% f''g'\nh: |\n  i%  j\n  k%l: m # n%o: \"p\n  %q\" # r\n".replace('%', "\u{2028}");
    assert_eq!(
        values(&text),
        "a = Some(\"b\\u{2028}c\")\nd = Some(\"e\\u{2028}\\u{2028}f'g\")\nh = Some(\"i\\u{2028}j\\nk\\u{2028}\")\nl = \
         Some(\"m\")\no = Some(\"p\\u{2028}q\")\n"
    );
    let refused = "U+2028 or U+2029 stands in this text, at which kustomize ends a line\n  write it in double quotes, \
                   as `\\L` or `\\P`, and line breaks as `\\n`";
    check("a: >\n  b\u{2028}  c\n", &format!("\">\\n  b\\u{{2028}}  c\\n\" {refused}"));
    check("a: \"\\t\u{2029}b\"\n", &format!("\"\\\"\\\\t\\u{{2029}}b\\\"\" {refused}"));
}

#[test]
fn quoted_texts_that_continue_left_of_their_key() {
    accepted(&["  a: 'b\nc'\n  d: &x e\n", "  a: &x \"b\n\tc\n\n  d\"\n", "  a: \"b\n...c\"\n  d: &x e\n"]);
}

#[test]
fn keys_within_brackets_with_their_colon_on_another_line() {
    let apart = "the colon of this key stands on another line\n  put the key and its colon on one line";
    check("a: {b: c, \"d\"\n  : e}\n", &format!("\"\\\"d\\\"\" {apart}"));
    check("a: [{b # c\n  : d}]\n", &format!("\"b\" {apart}"));
    check("a: {b\n  c: d}\n", &format!("\"b\\n  c\" {apart}"));
    check("a: {&b\n  c: d}\n", &format!("\"c\" {apart}"));
    accepted(&["a: {? b\n  : c}\n", "a: {b\n  , c: # d: e\n  f,\n  g: [h\n  ], i: j}\n", "a: {\n  : b}\n"]);
}

#[test]
fn colons_without_a_key() {
    let colon = "\":\" no key stands before this colon\n  write the key before it, or remove the colon";
    check("a: b\n: c\n", colon);
    check(": a: b\n", colon);
    check("a: &x b # ?\n:\n", colon);
    accepted(&["a: b\n?\n: c\n", "? a\n: b\n", "a: {: b}\n", "a: &x\n? b\n\n# c\n: d\n"]);
}
