//! Input that is broken or means harm: no panic, no hang; each ends with a finding, or a build, in bounded time.

mod files;
mod fuzz;
mod growth;
mod suggestions;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kollate::compile::{Options, Session};
use kollate::source::{Memory, SourceMap, Store};

use crate::differential::{Random, tree};
use crate::support::{on_disk, plain, printed};

type Bytes = Vec<(String, Vec<u8>)>;

fn bytes(files: &[(&str, &str)]) -> Bytes {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// Builds `root` and answers with its output or its findings.
fn build(files: &Bytes) -> Result<String, String> {
    let memory = files.iter().fold(Memory::new(), |memory, (path, text)| memory.with(path, text.as_slice()));
    let session = Session::new(Arc::new(Store::new(Box::new(memory), SourceMap::new(), "/")), Options::default());
    let build = session.build(Path::new("/root"));
    // Every place must be one that can be shown.
    drop(plain(session.store().map(), &build.findings));
    printed(&session, &build)
}

fn check_refused(files: &[(&str, &str)], rule: &str) {
    check_refused_bytes(&bytes(files), rule);
}

fn check_refused_bytes(files: &Bytes, rule: &str) {
    let start = Instant::now();
    let said = build(files).expect_err("this cannot be built");
    assert!(said.contains(rule), "{said}");
    assert!(start.elapsed() < LIMIT, "this took {:?}", start.elapsed());
}

fn resource(text: String) -> Bytes {
    bytes(&[("/root/kustomization.yaml", "resources: [r.yaml]\n"), ("/root/r.yaml", &text)])
}

/// Nothing here takes a second by itself; the machine may be busy.
const LIMIT: Duration = Duration::from_secs(30);

const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n";

#[test]
fn trees_cut_off_anywhere_do_not_crash() {
    let mut random = Random::new(7);
    for seed in 0..60 {
        let mut files: Bytes =
            tree(seed).into_iter().map(|(path, text)| (format!("/{path}"), text.into_bytes())).collect();
        for _ in 0..=random.below(2) {
            let file = random.below(files.len());
            let end = random.below(files[file].1.len().max(1));
            files[file].1.truncate(end);
        }
        drop(build(&files));
    }
}

#[test]
fn trees_with_odd_bytes_in_them_do_not_crash() {
    let mut random = Random::new(8);
    for seed in 0..60 {
        let mut files: Bytes =
            tree(seed).into_iter().map(|(path, text)| (format!("/{path}"), text.into_bytes())).collect();
        let file = random.below(files.len());
        for _ in 0..=random.below(3) {
            let at = random.below(files[file].1.len() + 1);
            let odd: &[u8] = random.pick(&[
                &[0][..],
                &[0xff],
                &[0xc3],
                b"\r",
                b"\t",
                b"{",
                b"[",
                b"'",
                b"\"",
                b"&a ",
                b"*a",
                b": ",
                b"- ",
                b"!!int ",
                b"|",
                b">9",
                b"---\n",
                b"...\n",
                b"%YAML 1.2\n",
                "\u{feff}".as_bytes(),
                "\u{2028}".as_bytes(),
                b"<<: ",
                b"? ",
            ]);
            drop(files[file].1.splice(at..at, odd.iter().copied()));
        }
        drop(build(&files));
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let text = [OBJECT.as_bytes(), b"data: {a: \"\xff\xfe\"}\n"].concat();
    let mut files = resource(String::new());
    files[1].1 = text;
    check_refused_bytes(&files, "yaml/");
    check_refused_bytes(&resource(format!("{OBJECT}data: {{a: \"x\0y\"}}\n")), "yaml/");
}

#[test]
fn ten_thousand_levels_are_refused() {
    let levels = 10_000;
    check_refused_bytes(&resource(format!("{OBJECT}data: {}{}\n", "[".repeat(levels), "]".repeat(levels))), "yaml/");
    check_refused_bytes(
        &resource(format!("{OBJECT}data: {}x{}\n", "{a: ".repeat(levels), "}".repeat(levels))),
        "yaml/",
    );
    check_refused_bytes(&resource(format!("{OBJECT}data: {}x\n", "- ".repeat(levels))), "yaml/");
    let deep: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    check_refused_bytes(&resource(format!("{OBJECT}data:\n{}", deep)), "yaml/");
    check_refused(&[("/root/kustomization.yaml", &format!("resources: {}", "[".repeat(levels)))], "yaml/");
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = format!("{OBJECT}data:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = format!("*a{}", level - 1);
        text += &format!("  a{level}: &a{level} [{}]\n", vec![before; 9].join(", "));
    }
    check_refused_bytes(&resource(text), "yaml/");
}

#[test]
fn components_and_bases_that_hold_themselves_are_refused() {
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncomponents: [../root]\n";
    check_refused(&[("/root/kustomization.yaml", component)], "build/cycle");
    let pair = |other: &str| format!("resources: [../{other}]\n");
    let (first, second) = (pair("other"), pair("root"));
    check_refused(&[("/root/kustomization.yaml", &first), ("/other/kustomization.yaml", &second)], "build/cycle");
}

#[cfg(unix)]
#[test]
fn a_cycle_through_symlinks_is_refused() {
    let folder = std::env::temp_dir().join(format!("kollate-hostile-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(folder.join("root")).unwrap();
    std::fs::write(folder.join("root/kustomization.yaml"), "resources: [again, loop]\n").unwrap();
    std::os::unix::fs::symlink(folder.join("root"), folder.join("root/again")).unwrap();
    std::os::unix::fs::symlink(folder.join("root/loop"), folder.join("root/loop")).unwrap();
    let session = on_disk(&folder, Options::default());
    let build = session.build(&folder.join("root"));
    let said = printed(&session, &build).expect_err("a cycle cannot be built");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(said.contains("build/cycle"), "{said}");
    assert!(said.contains("loop"), "{said}");
}

#[test]
fn expressions_that_explode_are_refused() {
    for expression in ["(((a{100}){100}){100}){100}", "(x{1000}){1000}"] {
        let target = format!(
            "patches:\n- target: {{name: '{expression}'}}\n  patch: '[{{\"op\":\"remove\",\"path\":\"/data\"}}]'\n"
        );
        let kustomization = format!("resources: [r.yaml]\n{target}");
        check_refused(&[("/root/kustomization.yaml", &kustomization), ("/root/r.yaml", OBJECT)], "error[");
    }
}

#[test]
fn expressions_that_backtrack_end() {
    let target =
        "patches:\n- target: {name: '(a*)*(a|aa)+$'}\n  patch: '[{\"op\":\"add\",\"path\":\"/x\",\"value\":1}]'\n";
    let name = "a".repeat(20_000);
    let object = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}b\n");
    let start = Instant::now();
    let files = [("/root/kustomization.yaml", &*format!("resources: [r.yaml]\n{target}")), ("/root/r.yaml", &object)];
    drop(build(&bytes(&files)));
    assert!(start.elapsed() < Duration::from_secs(10), "this took {:?}", start.elapsed());
}

#[test]
fn many_lines_are_read_in_time() {
    let lines: String = (0..100_000).map(|line| format!("K{line}=v\n")).collect();
    let kustomization = "configMapGenerator:\n- name: big\n  envs: [big.env]\n";
    let start = Instant::now();
    let files = bytes(&[("/root/kustomization.yaml", kustomization), ("/root/big.env", &lines)]);
    let built = build(&files);
    assert!(start.elapsed() < Duration::from_secs(60), "this took {:?}", start.elapsed());
    assert!(built.is_ok_and(|text| text.contains("K99999: v")));
}
