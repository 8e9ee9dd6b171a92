//! How strings are printed: quotes, escapes, blocks and folds, as the Go libraries under `kubectl kustomize` do it.

use crate::yaml_print::check_printed;

#[test]
fn strings_that_need_quotes() {
    check_printed(
        r#"a: ['12:30', '1:2:3', '0x1f', '1_000', '=', '<<', '-', '- a', '? b', ': c', 'a: b', 'a #b', '#c', '@x', '---', '--- a', '...', ' a', 'a ', 'it''s', 'a,b', '[x]', '~', '.inf']
"#,
        r#"a:
- "12:30"
- "1:2:3"
- "0x1f"
- "1_000"
- =
- <<
- '-'
- '- a'
- '? b'
- ': c'
- 'a: b'
- 'a #b'
- '#c'
- '@x'
- '---'
- '--- a'
- '...'
- ' a'
- 'a '
- it's
- a,b
- '[x]'
- "~"
- ".inf"
"#,
    );
}

#[test]
fn strings_that_need_escapes() {
    check_printed(
        r#"a: ["\ttab", "\e[0m", "\U0001F600", "\uFEFFx", "a\rb", "a \nb", "\u00A0n", "a\u0085b", "a\u2028b", "\\"]
"#,
        r#"a:
- "\ttab"
- "\e[0m"
- "\U0001F600"
- "\uFEFF\x78"
- "a\rb"
- "a \nb"
-  n
- a b
- 'a   b'
- \
"#,
    );
}

#[test]
fn block_texts() {
    check_printed(
        r#"a: "one\ntwo\n"
b: "one\ntwo"
c: "one\n\n"
d: " one\ntwo"
e: "\none"
f: "\n"
g:
- "one\ntwo\n"
- - "x\ny"
"#,
        r#"a: |
  one
  two
b: |-
  one
  two
c: |+
  one

d: |2-
   one
  two
e: |2-

  one
f: |2+

g:
- |
  one
  two
- - |-
    x
    y
"#,
    );
}

#[test]
fn folded_texts() {
    check_printed(
        r#"a: >
  one
  two
b: >
  one
   more
  two
c: >+
  one


d: >
  one

  two
"#,
        r#"a: |
  one two
b: |
  one

   more
  two
c: |+
  one



d: |
  one
  two
"#,
    );
}

#[test]
fn long_lines() {
    check_printed(
        r#"a: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word
b: 'its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so'
c: "x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty"
d:
- two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces
- e: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y z
"#,
        r#"a: word word word word word word word word word word word word word word word word
  word word word word word word word word word word word word word word word word
  word word word word word word word word
b: 'its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so
  its: so its: so its: so its: so its: so its: so its: so its: so its: so its: so'
c: "x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty
  x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty x\ty"
d:
- two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces two  spaces
  two  spaces two  spaces two  spaces two  spaces two  spaces
- e: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    y z
"#,
    );
}

#[test]
fn escapes_count_for_the_width() {
    check_printed(
        "a: some words before 😀 some-longer-word some-longer-word 😀 fox jumps\n",
        r#"a: "some words before \U0001F600 some-longer-word some-longer-word \U0001F600 fox
  jumps"
"#,
    );
}
