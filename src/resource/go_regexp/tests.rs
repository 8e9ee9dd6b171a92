//! Expressions of Go's, and what the `regex` crate gets for them.

use super::{compile, translate};

#[test]
fn expressions_are_written_anew() {
    let cases = [
        ("web-.*", "web-.*"),
        ("${NAME}", r"$\{NAME\}"),
        ("a{2}b{1,}c{0,3}?", "a{2}b{1,}c{0,3}?"),
        ("a{,5}{x}", r"a\{,5\}\{x\}"),
        (r"\Qa.b\E*", r"a\.b*"),
        (r"\Q[", r"\["),
        (r"\d\W\b", r"[0-9][^0-9A-Za-z_](?-u:\b)"),
        (r"\<a\>\.\_", r"<a>\.\_"),
        (r"\012\x41\x{e9}\pL\p{Greek}", r"\x{a}\x41\x{e9}\pL\p{Greek}"),
        ("[a-z&&b[c]", r"[a-z\&\&b\[c]"),
        ("[]a-][^]]", r"[\]a\-][^\]]"),
        ("[a--b~~]", r"[a-\-b\~\~]"),
        (r"[\d\S[:^alpha:]\]]", r"[0-9[^\t\n\f\r ][:^alpha:]\]]"),
        ("(?i)a(?:b)(?P<n>c)", "(?i)a(?:b)(?P<n>c)"),
        ("a]}", r"a\]\}"),
    ];
    for (go, ours) in cases {
        assert_eq!(translate(go).as_deref(), Ok(ours), "{go}");
    }
}

#[test]
fn what_go_refuses_is_refused() {
    let cases = [
        ("a**", "`*` repeats a repetition"),
        ("a+?*", "`*` repeats a repetition"),
        ("a{2}{3}", "`{3}` repeats a repetition"),
        ("a{1001}", "`{1001}` is no count from 0 to 1000"),
        ("a{3,2}", "`{3,2}` is no count from 0 to 1000"),
        ("(?x)a", "`x` is no flag of a group"),
        (r"\u0041", r"`\u` is no escape"),
        (r"\1", r"`\1` is no escape"),
        (r"a\", "it ends with a backslash"),
        ("[a", "a `[` has no `]`"),
        ("[[:foo:]]", "`[:foo:]` is no class"),
        ("*a", "repetition operator missing expression"),
        ("{2}", "repetition operator missing expression"),
        ("(", "unclosed group"),
    ];
    for (go, words) in cases {
        assert_eq!(compile(go).map(|_| ()), Err(words.to_owned()), "{go}");
    }
}
