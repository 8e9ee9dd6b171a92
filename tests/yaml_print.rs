//! What the printer makes of a resource; the outputs are those of the Go libraries under `kubectl kustomize`.

use kollate::source::{SourceMap, yaml};

fn printed(text: &str) -> Result<String, String> {
    let map = SourceMap::new();
    let file = map.add("f.yaml", text).unwrap();
    let parsed = yaml::parse(text, file);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let mut out = String::new();
    yaml::print_documents(parsed.documents.iter().filter_map(|document| document.root.as_ref()), &mut out).map_err(
        |error| {
            let place = map.place(error.location);
            format!("{}:{}: {error}", place.line, place.column)
        },
    )?;
    Ok(out)
}

pub(crate) fn check_printed(text: &str, expected: &str) {
    assert_eq!(printed(text).unwrap(), expected);
}

fn check_refused(text: &str, expected: &str) {
    assert_eq!(printed(text).unwrap_err(), expected);
}

#[test]
fn documents_are_parted() {
    check_printed("b: 1\na: 2\n---\n# nothing\n---\nc: 3\n", "a: 2\nb: 1\n---\nc: 3\n");
}

#[test]
fn what_json_does_not_have_is_refused() {
    check_refused("a: .inf\n", "1:4: `.inf` is a number that JSON does not have");
    check_refused("a: .nan\n", "1:4: `.nan` is a number that JSON does not have");
    check_refused("a: \"\\x7f\"\n", "1:4: the control character U+007F is in this text, and YAML does not allow it");
}

#[test]
fn keys_that_are_no_strings_are_refused_below_the_top() {
    check_refused("a:\n  1: x\n", "2:3: the key `1` is a number, and keys must be strings: put quotes around it");
    check_refused(
        "a:\n- true: x\n",
        "2:3: the key `true` is a boolean, and keys must be strings: put quotes around it",
    );
    check_printed("1: x\ntrue: y\n", "\"1\": x\n\"true\": \"y\"\n");
    check_printed("a:\n  '1': x\n  y: n\n", "a:\n  \"1\": x\n  \"y\": \"n\"\n");
}

#[test]
fn a_block_text_that_begins_with_a_tab_is_refused() {
    check_refused(
        "a: |2\n  \tx\n",
        "1:4: `\tx\n` is a block text that begins with a tab, which kustomize cannot read again",
    );
}

#[test]
fn numbers() {
    check_printed(
        r#"a: [0123, 0o14, 0x1F, 0b11, 1_000, 089, -0, +5]
b: [1.0, 1.50, 1e6, 1e21, 1234567.0, 123456.7, 1234567.8, 0.0001, 0.00001, .5]
c: [18446744073709551615, 18446744073709551616, -9223372036854775809, 1e400]
"#,
        r#"a:
- 83
- 12
- 31
- 3
- 1000
- 89
- 0
- 5
b:
- 1
- 1.5
- 1000000
- 1e+21
- 1234567
- 123456.7
- 1.2345678e+06
- 0.0001
- 1e-05
- 0.5
c:
- 18446744073709551615
- 1.8446744073709552e+19
- -9.223372036854776e+18
- 1e400
"#,
    );
}

#[test]
fn booleans_and_nulls() {
    check_printed(
        r#"a: [true, True, TRUE, yes, No, on, OFF, y, N]
b: [null, Null, ~, '', "null"]
c:
"#,
        r#"a:
- true
- true
- true
- "yes"
- "No"
- "on"
- "OFF"
- "y"
- "N"
b:
- null
- null
- null
- ""
- "null"
c: null
"#,
    );
}

#[test]
fn dates() {
    check_printed(
        r#"a: [2020-01-01, 2020-1-2 3:4:5.60, 2001-12-14t21:59:43.10-05:00, 2020-02-30, "2020-01-01"]
"#,
        r#"a:
- "2020-01-01T00:00:00Z"
- "2020-1-2 3:4:5.60"
- "2001-12-14t21:59:43.10-05:00"
- 2020-02-30
- "2020-01-01"
"#,
    );
}

#[test]
fn tags() {
    check_printed(
        r#"a: [!!str 123, !!int "3", !!float 3, !!binary Zm9v, !own x, ! 12]
"#,
        r#"a:
- "123"
- 3
- 3
- foo
- x
- 12
"#,
    );
}

#[test]
fn order_of_keys() {
    check_printed(
        r#""b": 0
"a": 0
"B": 0
"a10": 0
"a2": 0
"a02": 0
"a1b": 0
"a1": 0
"-": 0
".": 0
"_": 0
"0": 0
"10": 0
"9": 0
"/": 0
"é": 0
"ab": 0
"a-b": 0
"a.b": 0
"a_b": 0
"a b": 0
"#,
        r#"'-': 0
.: 0
/: 0
_: 0
"0": 0
"9": 0
"10": 0
B: 0
a: 0
a b: 0
a-b: 0
a.b: 0
a_b: 0
a1: 0
a2: 0
a02: 0
a10: 0
a1b: 0
ab: 0
b: 0
é: 0
"#,
    );
}

#[test]
fn long_keys() {
    check_printed(
        r#"? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
: a: 1
  b: 2
? lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll
: - x
  - y
"m\nn": z
"#,
        r#"? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
: a: 1
  b: 2
? lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll
: - x
  - "y"
? |-
  m
  n
: z
"#,
    );
}

#[test]
fn nesting() {
    check_printed(
        r#"a:
  b:
  - - 1
    - 2
  - c: {}
    d: []
  -
    - {e: f}
"#,
        r#"a:
  b:
  - - 1
    - 2
  - c: {}
    d: []
  - - e: f
"#,
    );
}

#[test]
fn absent_values() {
    check_printed(
        r#"a:
b: {c: , d}
e: [~]
f:
-
- g:
"#,
        r#"a: null
b:
  c: ""
  d: ""
e:
- null
f:
- null
- g: null
"#,
    );
}

#[test]
fn merge_keys() {
    check_printed(
        r#"a: &a {x: 1, y: 2}
b: &b {y: 3, z: 4}
c:
  <<: [*a, *b]
  x: 0
d: *a
"#,
        r#"a:
  x: 1
  "y": 2
b:
  "y": 3
  z: 4
c:
  x: 0
  "y": 2
  z: 4
d:
  x: 1
  "y": 2
"#,
    );
}

#[test]
fn a_quoted_merge_key_is_dropped_as_kustomize_drops_it() {
    check_printed("a:\n  '<<': x\n  b: 1\n", "a:\n  b: 1\n");
}
