//! The fuzz targets without libFuzzer: random trees of the differential test, damaged. `KOLLATE_FUZZ=from..to` makes the
//! run longer; `KOLLATE_FAILURES=folder` keeps each input that fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::differential::{Random, tree};

#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// What a damaged file gets put into it: what means something to a reader of YAML, or to kustomize.
const PIECES: [&[u8]; 83] = [
    b" ",
    b"  ",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"- ",
    b"-",
    b":",
    b": ",
    b"? ",
    b"#",
    b" # c",
    b"|",
    b">",
    b"|-",
    b">+",
    b">9",
    b"\"",
    b"'",
    b"''",
    b"\\",
    b"\\n",
    b"\\u0000",
    b"[",
    b"]",
    b"{",
    b"}",
    b"[]",
    b"{}",
    b",",
    b"&a ",
    b"*a",
    b"!!str ",
    b"!!int ",
    b"!!binary ",
    b"%YAML 1.2\n",
    b"@",
    b"---\n",
    b"\n---\n",
    b"...\n",
    b"\xc3\xa9",
    b"~",
    b"null",
    b"key: ",
    b"a",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"<<: ",
    b"0",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"0x1f",
    b"2020-01-01",
    b".inf",
    b"yes",
    b"$patch: delete\n",
    b"$patch: replace\n",
    b"$setElementOrder/a: [b]\n",
    b"$(VAR)",
    b"$$(VAR)",
    b"/data/0",
    b"/-",
    b"~1",
    b"~0",
    b"*",
    b"[name=a]",
    b"a.b",
    b"\\.",
    b"(a+)+$",
    b"name: ",
    b"kind: List\nitems: ",
    b"namespace: ",
    b"delimiter: ",
    b"create: true\n",
    b"options: ",
    b"path: ",
    b"../root",
    b"\n===== /root/x.yaml\n",
];

/// A kustomization with most fields, for what is in the folder that the target makes.
const KUSTOMIZATION: &str = include_str!("kustomization.yaml");

/// Operations for whatever there is.
const OPERATIONS: &str = "- {op: add, path: /metadata/labels/a~1b, value: c}
- {op: test, path: /metadata/name, value: web}
- {op: copy, from: /metadata, path: /spec}
- {op: move, from: /spec/name, path: /spec/list}
- {op: add, path: /spec/list, value: [1, two, {three: 3}]}
- {op: add, path: /spec/list/-, value: 4}
- {op: replace, path: /spec/list/0, value: null}
- {op: remove, path: /spec/list/1}
";

/// One damage to `bytes`. `other` is a file to take a piece from.
fn damage(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(7) {
        0 | 1 => drop(bytes.splice(at..at, random.pick(&PIECES).iter().copied())),
        2 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()).max(at))),
        3 => {
            let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |line| line + 1);
            let pad = vec![b' '; 1 + random.below(3)];
            drop(bytes.splice(start..start, pad));
        }
        4 => {
            let line = line(other, random).to_vec();
            let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |line| line + 1);
            drop(bytes.splice(start..start, line));
        }
        5 => bytes.truncate(at),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.below(256) as u8;
            }
        }
    }
}

fn line<'a>(bytes: &'a [u8], random: &mut Random) -> &'a [u8] {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    if lines.is_empty() { b"" } else { lines[random.below(lines.len())] }
}

/// An input for the target `name`.
fn input(name: &str, seed: u64, random: &mut Random) -> Vec<u8> {
    let files = tree(seed);
    let manifests: Vec<&(String, String)> = files.iter().filter(|(path, _)| !path.contains("kustomization")).collect();
    let any = |random: &mut Random| match manifests.as_slice() {
        [] => Vec::new(),
        some => some[random.below(some.len())].1.clone().into_bytes(),
    };
    let part = |first: Vec<u8>, second: &[u8]| [&first, &b"\n=====\n"[..], second].concat();
    let mut bytes = match name {
        "reader" => files[random.below(files.len())].1.clone().into_bytes(),
        "kustomization" if random.chance(50) => KUSTOMIZATION.as_bytes().to_vec(),
        "kustomization" => files.last().map(|(_, text)| text.clone().into_bytes()).unwrap_or_default(),
        "strategic_merge" => {
            let first = any(random);
            let second = if random.chance(70) { first.clone() } else { any(random) };
            part(first, &second)
        }
        "json_patch" => part(any(random), OPERATIONS.as_bytes()),
        _ => files.iter().flat_map(|(path, text)| format!("===== /{path}\n{text}\n").into_bytes()).collect(),
    };
    let other = any(random);
    for _ in 0..random.below(5) {
        damage(&mut bytes, &other, random);
    }
    bytes
}

fn seeds() -> std::ops::Range<u64> {
    let wish = std::env::var("KOLLATE_FUZZ").ok();
    let bounds = wish.as_deref().and_then(|text| text.split_once(".."));
    bounds.map_or(0..40, |(from, to)| from.parse().unwrap()..to.parse().unwrap())
}

fn keep(name: &str, seed: u64, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("KOLLATE_FAILURES") {
        std::fs::write(Path::new(&folder).join(format!("{name}-{seed}")), bytes).unwrap();
    }
}

/// How long one input of a few thousand bytes may take, without optimization and on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn fuzz_targets_hold_their_promises() {
    let mut failed = Vec::new();
    for seed in seeds() {
        for (number, (name, check)) in targets::TARGETS.into_iter().enumerate() {
            let mut random = Random::new(seed * 8 + number as u64);
            let bytes = input(name, seed, &mut random);
            let start = Instant::now();
            let fine = catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_ok();
            if !fine || start.elapsed() > LIMIT {
                keep(name, seed, &bytes);
                failed.push(format!("{name}, seed {seed}, {:?}:\n{}", start.elapsed(), bytes.escape_ascii()));
            }
        }
    }
    let shown = failed.iter().take(3).map(|text| text.replace("\\n", "\n")).collect::<Vec<_>>().join("\n");
    assert!(failed.is_empty(), "{} inputs fail:\n{shown}", failed.len());
}
