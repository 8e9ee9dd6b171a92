//! What the YAML reader says of each kind of mistake: place, message, help.

use kollate::source::{SourceMap, yaml};

/// All that the reader says of `text`, one line a problem and one line a remark.
fn said(text: &str) -> String {
    let map = SourceMap::new();
    let file = map.add("f.yaml", text).unwrap();
    let parsed = yaml::parse(text, file);
    let mut out = String::new();
    for (kind, problems) in [("error", &parsed.errors), ("warning", &parsed.warnings), ("note", &parsed.notes)] {
        for problem in problems {
            let place = map.place(problem.location);
            let end = if place.end_line == place.line {
                place.end_column.to_string()
            } else {
                format!("{}:{}", place.end_line, place.end_column)
            };
            out += &format!("{kind} {}:{}-{end}: {}\n", place.line, place.column, problem.message);
            if let Some((location, words)) = &problem.related {
                let place = map.place(*location);
                out += &format!("  {}:{}: {words}\n", place.line, place.column);
            }
            if let Some(help) = &problem.help {
                out += &format!("  help: {help}\n");
            }
        }
    }
    out
}

fn check_said(text: &str, expected: &str) {
    assert_eq!(said(text), expected, "for {text:?}");
}

#[test]
fn a_good_text_says_nothing() {
    check_said("a: 1\nb: [x, 'y']\n---\nc: |\n  text\n", "");
}

#[test]
fn tabs() {
    check_said(
        "a:\n\tb: 1\n",
        r#"error 2:1-6: a tab stands in the indentation
  help: YAML does not allow tabs for indentation; use spaces
"#,
    );
    check_said(
        "a:\n  b: 1\n\tc: 2\n",
        r#"error 3:1-6: a tab stands in the indentation
  help: YAML does not allow tabs for indentation; use spaces
"#,
    );
    check_said(
        "a:\r\n\t- x\r\n",
        r#"error 2:1-5: a tab stands in the indentation
  help: YAML does not allow tabs for indentation; use spaces
"#,
    );
}

#[test]
fn a_colon_without_a_space() {
    check_said(
        "spec:\n  replicas:3\n  paused: true\n",
        r#"error 2:3-13: `replicas:3` has no space after the colon
  help: write a space after the colon: `replicas: 3`
"#,
    );
    check_said(
        "spec:\n  paused: true\n  replicas:3\n",
        r#"error 3:3-13: `replicas:3` has no space after the colon
  help: write a space after the colon: `replicas: 3`
"#,
    );
    check_said(
        "- name:web\n  image: x\n",
        r#"error 1:3-11: `name:web` has no space after the colon
  help: write a space after the colon: `name: web`
"#,
    );
}

#[test]
fn quotes() {
    check_said(
        "a: \"foo\nb: 1\n",
        r#"error 1:4-5: this quote is not closed
  help: put a `"` at the end of the value
"#,
    );
    check_said(
        "a: 'it's'\n",
        r#"error 1:8-10: `s'` stands behind the closing quote
  help: write a quote inside single quotes twice: `'it''s'`
"#,
    );
    check_said(
        "a: \"x\" y\n",
        r#"error 1:8-9: `y` stands behind the closing quote
  help: write a quote inside double quotes as `\"`, or put the whole value in quotes
"#,
    );
    check_said(
        "a: \"\\d\"\n",
        r#"error 1:5-7: `\d` means nothing in double quotes
  help: write a backslash as `\\`, or use single quotes, where it stands for itself
"#,
    );
}

#[test]
fn indentation() {
    check_said(
        "a:\n  b: 1\n c: 2\n",
        r#"error 3:2-6: the indentation of this line, 1 space, is that of no line it could belong to
  help: lines that belong together begin at the same column; the one before has 2 spaces
"#,
    );
    check_said(
        "a: 1\n  b: 2\n",
        r#"error 2:3-7: this line is indented more than the one before, which has a value already
  help: indent it by no spaces like the line before, or remove that line's value
"#,
    );
    check_said(
        "a:\n  - x\n  b: 1\n",
        r#"error 3:3-7: this line stands at the column of list items and has no `- `
  help: begin it with `- `, or indent it as what it belongs to
"#,
    );
    check_said(
        "a:\n  b: 1\n  - c\n",
        r#"error 3:3-6: a list item stands among the keys of a mapping
  help: indent it under the key whose list it belongs to, or remove its `- `
"#,
    );
    check_said(
        "a: |\n     \n  foo\n",
        r#"error 3:3-6: an empty line before this one has more spaces than this line is indented by
  help: remove the spaces from the empty line
"#,
    );
}

#[test]
fn missing_colons() {
    check_said(
        "a: 1\nfoo\nb: 2\n",
        r#"error 2:1-4: `foo` stands among the keys of a mapping and has no colon
  help: write `foo: ...`, or indent it as what it belongs to
"#,
    );
    check_said(
        "foo\nbar: 1\n",
        r#"error 1:1-4: `foo` has no colon, and a mapping follows
  help: write `key: value` on each line
"#,
    );
    check_said(
        "image: nginx: latest\n",
        r#"error 1:8-21: a second colon with a space stands on this line
  help: put quotes around the value: `"nginx: latest"`
"#,
    );
}

#[test]
fn brackets() {
    check_said(
        "a: [1, 2\nb: 3\n",
        r#"error 1:4-5: `[` is not closed, or a comma is missing after it
  help: put commas between the items and `]` at the end; a text with a bracket or comma in it needs quotes here
"#,
    );
    check_said(
        "a: [b\n",
        r#"error 1:4-5: `[` is not closed, or a comma is missing after it
  help: put commas between the items and `]` at the end; a text with a bracket or comma in it needs quotes here
"#,
    );
    check_said(
        "a: {b: 1\nc: 3\n",
        r#"error 1:4-5: `{` is not closed, or a comma is missing after it
  help: put commas between the items and `}` at the end; a text with a bracket or comma in it needs quotes here
"#,
    );
    check_said(
        "a: [1, 2}\n",
        r#"error 1:4-5: `[` is closed by `}`
  help: brackets must match: `[...]` and `{...}`
"#,
    );
    check_said(
        "a: ]\n",
        r#"error 1:4-5: `]` closes nothing
  help: put quotes around the value if the bracket is part of it
"#,
    );
    check_said(
        "[a]: 1\n",
        r#"error 1:1-4: a list cannot be a key
  help: keys are words; quote the key if it begins with `[` or `{`
"#,
    );
}

#[test]
fn characters_that_begin_no_value() {
    check_said(
        "a: @foo\n",
        r#"error 1:4-8: a value cannot begin with `@`
  help: put quotes around it: `"@foo"`
"#,
    );
    check_said(
        "a: `foo`\n",
        r#"error 1:4-9: a value cannot begin with ```
  help: put quotes around it: `"`foo`"`
"#,
    );
    check_said(
        "host: *.example.com\n",
        r#"error 1:7-20: a value cannot begin with `*`
  help: put quotes around it: `"*.example.com"`
"#,
    );
    check_said(
        "a: *foo\n",
        r#"error 1:4-8: `*foo` repeats the value named `&foo`, and there is none before it
  help: put quotes around it if it is meant as text: `"*foo"`
"#,
    );
    check_said(
        "a: & b\n",
        r#"error 1:4-5: `&` has no name: `&` and `*` begin an anchor and an alias
  help: put quotes around the value if it is meant as text: `"&"`
"#,
    );
    check_said(
        "a: !foo! x\n",
        r#"error 1:4-9: `!foo!` is not a tag that YAML knows
  help: put quotes around the value if `!` is part of it
"#,
    );
}

#[test]
fn control_characters() {
    check_said(
        "a: b\0c\n",
        r#"error 1:5-6: the control character U+0000 is not allowed in YAML
  help: remove it, or write it in double quotes as `\u0000`
"#,
    );
    check_said(
        "a: \"b\u{1}c\"\n",
        r#"error 1:6-7: the control character U+0001 is not allowed in YAML
  help: remove it, or write it in double quotes as `\u0001`
"#,
    );
}

#[test]
fn things_that_are_not_yaml() {
    check_said(
        "a: {{ .Values.x }}\n",
        r#"error 1:4-19: this is a template, not YAML
  help: templates must be rendered first (`helm template`); kustomize reads plain YAML
"#,
    );
    check_said(
        "{{- if .x }}\na: 1\n{{- end }}\n",
        r#"error 1:1-13: this is a template, not YAML
  help: templates must be rendered first (`helm template`); kustomize reads plain YAML
"#,
    );
    check_said(
        "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n",
        r#"error 1:1-13: a merge conflict is left in this file
  help: choose one side and remove the lines `<<<<<<<`, `=======`, `>>>>>>>`
"#,
    );
    check_said(
        "%YAML 1.2\n---\na: 1\n",
        r#"error 1:1-10: a line that begins with `%` is a directive, which kustomize refuses
  help: remove the line
"#,
    );
}

#[test]
fn block_text() {
    check_said(
        "a: >foo\n",
        r#"error 1:4-8: text stands on the line of `>`
  help: begin the text on the next line, or put quotes around the value
"#,
    );
    check_said(
        "a: |0\n  foo\n",
        r#"error 1:4-6: an indentation of 0 is not allowed
  help: leave the digit out
"#,
    );
}

#[test]
fn comments_without_a_space() {
    check_said("a: &x [b]\nc: \"\\\n  d\"#f\n", r#""#);
}

#[test]
fn keys_that_stand_twice() {
    check_said(
        "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n",
        r#"warning 4:3-4: key `c` stands twice in this mapping
  3:3: first here
  help: remove one of them; where a file may say it twice, the last one counts
warning 5:1-2: key `a` stands twice in this mapping
  1:1: first here
  help: remove one of them; where a file may say it twice, the last one counts
"#,
    );
}

#[test]
fn merge_keys() {
    check_said(
        "<<: 1\n",
        r#"error 1:1-3: `<<` takes a mapping, and this is a single value
  help: `<<` takes a mapping, an alias of one, or a list of these
"#,
    );
    check_said(
        "<<: {a: 1}\n<<: {b: 1}\n",
        r#"error 2:1-3: this mapping has more than one `<<`
  help: `<<` takes a mapping, an alias of one, or a list of these
"#,
    );
    check_said(
        "<<: [1]\n",
        r#"error 1:1-3: `<<` takes mappings, and this list has something else in it
  help: `<<` takes a mapping, an alias of one, or a list of these
"#,
    );
}

#[test]
fn anchors_inside_themselves() {
    check_said(
        "a: &x [*x]\n",
        r#"error 1:8-10: `*x` stands inside the value that `&x` names, or before it
  help: an alias repeats a value that is complete: put it after the anchor's value
"#,
    );
}

#[test]
fn tags_that_lie() {
    check_said(
        "a: !!int foo\nb: !!binary \"%\"\n",
        r#"error 1:10-13: `foo` is not what its tag `!!int` says
  help: remove the tag, or write a value of that kind
error 2:13-16: this is not base64, as its tag `!!binary` says
  help: remove the tag, or write a value of that kind
"#,
    );
}

#[test]
fn each_broken_document_for_itself() {
    check_said(
        "a: 1\n--- foo\nb: \"\n---\nc: @x\n---\nd: 1\n",
        r#"error 2:5-8: `foo` stands on the line of a `---`
  help: put it on the next line; after `---` kustomize takes only a comment
error 3:4-5: this quote is not closed
  help: put a `"` at the end of the value
error 5:4-6: a value cannot begin with `@`
  help: put quotes around it: `"@x"`
"#,
    );
}

#[test]
fn documents_that_are_not_read() {
    check_said(
        "a: 1\n...\nb: 2\n",
        r#"note 3:1-1: this document is never read: kustomize parts documents only at lines that begin with `---`
  help: put a line `---` before it, and none of `...`
"#,
    );
}
