//! KRM functions that are programs, beside kustomize 5.5 where this machine has one.

use std::process::Command;
use std::time::{Duration, Instant};

use kollate::compile::{Functions, Options};
use kollate::source::{Cause, Environment, Limits, Program, ProgramError, program};

use crate::helm::Tree;
use crate::support::{in_memory_with, on_disk, plain, printed};

fn allowed() -> Functions {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Functions { plugins: true, exec: true, environment: vec![("PATH".into(), path)], ..Functions::default() }
}

fn options(functions: Functions) -> Options {
    Options { functions, ..Options::default() }
}

/// The program that functions in these tests are.
const PROGRAM: &str = "app/fn.sh";

fn config(name: &str) -> String {
    format!(
        "apiVersion: example.com/v1\nkind: Any\nmetadata:\n  name: {name}\n  annotations:\n    \
         config.kubernetes.io/function: |\n      exec:\n        path: ./fn.sh\nspec: {{size: 3}}\n"
    )
}

const OBJECTS: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data: {size: small, when: 2020-01-01}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {keep: me}
spec:
  template:
    spec:
      containers:
      - {name: one, image: nginx}
      - {name: two, image: busybox}
      - {name: three, image: redis}
      volumes:
      - {name: v, configMap: {name: a}}
";

fn tree(name: &str, kustomization: &str, function: &str) -> Tree {
    let files = [
        ("app/kustomization.yaml", kustomization),
        ("app/objects.yaml", OBJECTS),
        ("app/config.yaml", &config("config")),
    ];
    let tree = Tree::new(name, &files);
    tree.program(PROGRAM, function);
    tree
}

/// What kustomize 5.5 prints for the tree, if this machine has it; `None` within if it refuses.
fn kustomize(tree: &Tree) -> Option<Option<String>> {
    let version = Command::new("kustomize").arg("version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no kustomize to compare with");
        return None;
    }
    let folder = tree.0.join("app");
    let output = Command::new("kustomize")
        .args(["build", "--enable-alpha-plugins", "--enable-exec"])
        .arg(folder)
        .output()
        .unwrap();
    Some(output.status.success().then(|| String::from_utf8(output.stdout).unwrap()))
}

/// Builds the tree, here and with kustomize, and gives the output or the findings.
fn check_same(name: &str, kustomization: &str, function: &str) -> Result<String, String> {
    let tree = tree(name, kustomization, function);
    let session = on_disk(&tree.0, options(allowed()));
    let found = printed(&session, &session.build(&tree.0.join("app")));
    if let Some(expected) = kustomize(&tree) {
        assert_eq!(found.clone().ok(), expected, "{name}: {found:?}");
    }
    found
}

const TRANSFORM: &str = "namePrefix: x-\nresources: [objects.yaml]\ntransformers: [config.yaml]\n";
const GENERATE: &str = "namePrefix: x-\nresources: [objects.yaml]\ngenerators: [config.yaml]\n";

#[test]
fn a_transformer_that_changes_values() {
    let output =
        check_same("change", TRANSFORM, "#!/bin/sh\nsed 's/image: nginx/image: nginx:1.27/; s/small/3/'\n").unwrap();
    assert!(output.contains("image: nginx:1.27\n") && output.contains("size: 3\n"), "{output}");
    assert!(output.contains("      - configMap:\n          name: x-a\n"), "{output}");
    check_same("same", TRANSFORM, "#!/bin/sh\ncat\n").unwrap();
}

#[test]
fn only_what_a_function_changes_is_signed_by_it() {
    let function = "#!/bin/sh\nsed '/name: two/d; s/image: busybox/image: busybox:2\\n          name: two/; s/keep: me/keep: you/'\n";
    let tree = tree("signed", TRANSFORM, function);
    let session = on_disk(&tree.0, options(allowed()));
    let build = session.build(&tree.0.join("app"));
    printed(&session, &build).unwrap();
    let root = &build.resources.iter().find(|resource| resource.kind() == "Deployment").unwrap().root;
    let place = |keys: &[&str], item: Option<usize>, key: &str| {
        let node = root.dig(keys).unwrap();
        let node = item.map_or(node, |item| &node.as_sequence().unwrap()[item]).get(key).unwrap();
        let last = node.history().last().unwrap().by;
        let place = session.store().map().place(node.location());
        (place.file, place.line, last)
    };
    let containers = ["spec", "template", "spec", "containers"];
    let function = ("app/config.yaml".to_owned(), 8, Cause::Transformed("function"));
    assert_eq!(place(&["metadata", "annotations"], None, "keep"), function);
    assert_eq!(place(&containers, Some(1), "image"), function);
    assert_eq!(place(&containers, Some(0), "image"), ("app/objects.yaml".to_owned(), 16, Cause::Read));
    assert_eq!(place(&containers, Some(1), "name"), ("app/objects.yaml".to_owned(), 17, Cause::Read));
    assert!(build.reads.contains(&tree.0.join(PROGRAM)));
    let refused = on_disk(&tree.0, Options::default()).build(&tree.0.join("app"));
    assert!(refused.reads.contains(&tree.0.join(PROGRAM)) && refused.findings.has_errors());
}

const ANSWER: &str = "#!/bin/sh
cat > /dev/null
cat <<'X'
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: renamed, annotations: {internal.config.kubernetes.io/id: '2', config.k8s.io/id: '2'}}
  spec: {replicas: 2}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: new, annotations: {config.kubernetes.io/path: new.yaml, config.kubernetes.io/index: '4'}}
  data: {b: \"1\"}
X
";

#[test]
fn a_transformer_that_renames_deletes_and_adds() {
    let output = check_same("rename", TRANSFORM, ANSWER).unwrap();
    assert!(
        !output.contains("x-a") && output.contains("name: renamed\n") && output.contains("name: new\n"),
        "{output}"
    );
}

#[test]
fn generators() {
    check_same("generate", GENERATE, ANSWER).unwrap();
    let text = "#!/bin/sh\ncat <<'X'\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    \
                kustomize.config.k8s.io/behavior: BEHAVIOR\n    kustomize.config.k8s.io/needs-hash: 'HASH'\ndata: {more: x}\nX\n";
    for (behavior, hash) in [("merge", "false"), ("merge", "true"), ("replace", "true"), ("create", "false")] {
        let function = text.replace("BEHAVIOR", behavior).replace("HASH", hash);
        let found = check_same(&format!("behavior-{behavior}-{hash}"), GENERATE, &function);
        assert_eq!(found.is_ok(), behavior != "create", "{found:?}");
    }
    // What a generator gives back of its own configuration is not for the output.
    check_same("echo", GENERATE, "#!/bin/sh\ncat\n").unwrap();
    check_same("nothing", GENERATE, "#!/bin/sh\n").unwrap();
    check_same("no-yaml", GENERATE, "#!/bin/sh\necho 'a: b: c'\n").unwrap_err();
}

#[test]
fn validators() {
    let validate = "resources: [objects.yaml]\nvalidators: [config.yaml]\n";
    // kustomize 5.5 refuses every function here: it annotates what comes back, and takes that for a change.
    check_findings("valid", validate, "#!/bin/sh\ncat\n", allowed(), "");
    check_same("changing", validate, "#!/bin/sh\nsed s/small/large/\n").unwrap_err();
    check_same("failing", validate, "#!/bin/sh\ncat\nexit 1\n").unwrap_err();
}

#[track_caller]
fn check_findings(name: &str, kustomization: &str, function: &str, functions: Functions, expected: &str) {
    let tree = tree(name, kustomization, function);
    let session = on_disk(&tree.0, options(functions));
    let build = session.build(&tree.0.join("app"));
    let found = plain(session.store().map(), &build.findings);
    assert_eq!(found, expected);
}

#[test]
fn what_a_function_says() {
    let function = "#!/bin/sh
sed '/^items:/,$!d' | sed '1i kind: ResourceList'
cat <<'X'
results:
- message: 'size must be a number'
  severity: error
  resourceRef: {apiVersion: v1, kind: ConfigMap, name: x-a}
  field: {path: data.size}
- {message: by the way, severity: info}
X
";
    let expected = "error[build/function-result]: `./fn.sh`: size must be a number
  app/objects.yaml:5:14: \n  app/config.yaml:8:15: said by this function
info[build/function-result]: `./fn.sh`: by the way
  app/config.yaml:8:15: said by this function
";
    check_findings("results", TRANSFORM, function, allowed(), expected);
    let failing = "#!/bin/sh\necho 'no luck' >&2\nexit 3\n";
    let expected = "error[build/function]: the function `./fn.sh` ended with exit code 3
  app/config.yaml:8:15: \n  note: no luck\n  help: mend the function or what it is given\n";
    check_findings("exit-code", TRANSFORM, failing, allowed(), expected);
}

#[test]
fn what_a_function_prints_that_is_no_list_of_resources() {
    let nothing =
        "warning[build/function]: the function `./fn.sh` prints no list of resources, which removes all it was given
  app/config.yaml:8:15: nothing is left of the resources
  help: let it print the `ResourceList` that it reads, with what it changes in it\n";
    let items = "#!/bin/sh\nprintf 'kind: ResourceList\\nitems: {}\\n'\n";
    for (name, function) in [("nothing", "#!/bin/sh\n:\n"), ("items", items)] {
        assert_eq!(check_same(name, TRANSFORM, function), Ok(String::new()));
        check_findings(&format!("{name}-said"), TRANSFORM, function, allowed(), nothing);
    }
    let list = "#!/bin/sh\nprintf 'kind: ResourceList\\nitems: []\\n'\n";
    check_findings("empty-list", TRANSFORM, list, allowed(), "");
    let text = "error[resource/not-an-object]: this document is not a Kubernetes object (in what the function `./fn.sh` prints)
  app/config.yaml:8:15: this function
  help: mend the function\n";
    check_findings("text", TRANSFORM, "#!/bin/sh\necho hello\n", allowed(), text);
}

#[test]
fn a_function_sees_what_it_is_allowed_to_see() {
    let function = "#!/bin/sh\ncat > /dev/null\nprintf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: seen}\\ndata:\\n  folder: %s\\n  secret: %s\\n  asked: %s\\n' \
                    \"$(basename \"$PWD\")\" \"${CARGO_MANIFEST_DIR:-none}\" \"${ASKED:-none}\"\n";
    let tree = tree("environment", GENERATE, function);
    let mut functions = allowed();
    functions.environment.push(("ASKED".into(), "yes-please".into()));
    let session = on_disk(&tree.0, options(functions));
    let output = printed(&session, &session.build(&tree.0.join("app"))).unwrap();
    assert!(output.contains("  asked: yes-please\n  folder: app\n  secret: none\n"), "{output}");
}

#[test]
fn a_tree_that_is_not_on_disk_runs_its_own_functions() {
    let function = "#!/bin/sh\ncat > /dev/null\ncat own.yaml\n";
    let own = "{apiVersion: v1, kind: ConfigMap, metadata: {name: own}}\n";
    let files = [
        ("app/kustomization.yaml", "generators: [config.yaml]\n"),
        ("app/config.yaml", &config("config")),
        (PROGRAM, function),
        ("app/own.yaml", own),
    ];
    let session = in_memory_with(&files, options(allowed()));
    let output = printed(&session, &session.build(std::path::Path::new("/app"))).unwrap();
    assert_eq!(output, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n");
}

#[test]
fn refusals() {
    let off = "error[build/function]: the function `./fn.sh` is a program of its own
  app/config.yaml:8:15: \n  help: if you trust it, allow it with `--enable-alpha-plugins --enable-exec`; without them kollate starts no other program\n";
    check_findings("off", GENERATE, "#!/bin/sh\n", Functions::default(), off);
    let half = Functions { exec: false, ..allowed() };
    check_findings("half", TRANSFORM, "#!/bin/sh\n", half, off);
    let slow = Functions { time: Duration::from_millis(200), ..allowed() };
    let expected = "error[build/function]: the function `./fn.sh` did not work: stopped after 200 ms
  app/config.yaml:8:15: \n  help: mend the function, or give it more time with `--function-timeout`\n";
    check_findings("slow", GENERATE, "#!/bin/sh\nsleep 30\n", slow, expected);
}

#[track_caller]
fn check_refused(name: &str, annotation: &str, expected: &str) {
    let config = format!(
        "apiVersion: example.com/v1\nkind: Any\nmetadata:\n  name: any\n  annotations:\n    {}\n",
        annotation.replace('\n', "\n      ")
    );
    let files = [("app/kustomization.yaml", "generators: [config.yaml]\n"), ("app/config.yaml", &config)];
    let tree = Tree::new(name, &files);
    tree.program("outside.sh", "#!/bin/sh\n");
    tree.write("app/plain.txt", "not a program\n");
    let session = on_disk(&tree.0, options(allowed()));
    let build = session.build(&tree.0.join("app"));
    assert_eq!(plain(session.store().map(), &build.findings), expected);
}

#[test]
fn descriptions_that_are_not_run() {
    let container = "config.kubernetes.io/function: |\ncontainer:\n  image: example.com/fn:v1";
    check_refused("container", container, "error[build/function]: functions in containers are not run: `example.com/fn:v1`
  app/config.yaml:8:16: \n  help: run the function as a program: `exec:` with its `path:`, or run it beforehand and list what it makes under `resources:`\n");
    let starlark = "config.kubernetes.io/function: |\nstarlark: {path: a.star}";
    check_refused(
        "starlark",
        starlark,
        "error[build/function]: functions in Starlark are not run
  app/config.yaml:7:7: \n  help: make the function a program, and name it as `exec:` with its `path:`\n",
    );
    let slip = "config.kubernetes.io/function: |\nexce: {path: a.sh}";
    check_refused(
        "slip",
        slip,
        "error[build/function]: `exce` says nothing about a function
  app/config.yaml:7:7: \n  help: did you mean `exec`?\n",
    );
    let outside = "config.kubernetes.io/function: |\nexec: {path: ../outside.sh}";
    check_refused("outside", outside, "error[build/function]: `../outside.sh` lies outside of the kustomization's folder
  app/config.yaml:7:20: \n  help: move the program into the folder, or allow it with `--load-restrictor LoadRestrictionsNone`\n");
    let missing = "config.kubernetes.io/function: |\nexec: {path: ./plain.tx}";
    check_refused(
        "missing",
        missing,
        "error[build/function]: there is no program `./plain.tx`
  app/config.yaml:7:20: \n  help: did you mean `./plain.txt`?\n",
    );
    let not_executable = "config.kubernetes.io/function: |\nexec: {path: ./plain.txt}";
    check_refused(
        "not-executable",
        not_executable,
        "error[build/function]: the function `./plain.txt` did not work: the file may not be run
  app/config.yaml:7:20: \n  help: run `chmod +x ./plain.txt`\n",
    );
}

fn run(script: &str, milliseconds: u64, bytes: u64) -> Result<program::Finished, ProgramError> {
    program::run(&Program {
        command: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        folder: None,
        input: vec![b'x'; 1 << 20],
        environment: Environment::Inherited(Vec::new()),
        limits: Limits { time: Duration::from_millis(milliseconds), bytes },
    })
}

#[test]
fn programs_have_limits() {
    assert_eq!(run("exit 7", 10_000, 10).unwrap().code, Some(7));
    assert_eq!(run("wc -c", 10_000, 20).unwrap().output.trim_ascii(), b"1048576");
    assert_eq!(run("cat", 10_000, 1000).unwrap_err(), ProgramError::TooMuch(1000));
    assert_eq!(run("yes >&2 & sleep 30", 300, 1000).unwrap_err(), ProgramError::TooLong(Duration::from_millis(300)));
    let words = run("yes >&2 | head -c 100", 300, 1000);
    assert!(words.is_err(), "{words:?}");
    // Closing its pipes does not free a program from its limit.
    let began = Instant::now();
    assert!(run("exec >&- 2>&-; sleep 30", 200, 10).is_err());
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_program_that_is_stopped_takes_its_children_with_it() {
    let tree = Tree::new("children", &[]);
    let alive = tree.0.join("alive");
    let script = format!("(sleep 2; touch '{}') & wait", alive.display());
    assert!(run(&script, 200, 10).is_err());
    std::thread::sleep(Duration::from_millis(2500));
    assert!(!alive.exists());
}

#[test]
fn a_program_is_done_when_it_ends_whatever_it_leaves_running() {
    let began = Instant::now();
    for leave in ["sleep 60 &", "setsid sleep 60 &", "setsid sleep 60 <&- 2>&- &"] {
        let finished = run(&format!("echo said; {leave}\nexit 0"), 50_000, 100).unwrap();
        assert_eq!((finished.code, finished.output.trim_ascii()), (Some(0), &b"said"[..]), "{leave}");
    }
    // What is only late is waited for.
    assert_eq!(run("(sleep 0.4; echo late) & exit 0", 50_000, 100).unwrap().output.trim_ascii(), b"late");
    assert!(began.elapsed() < Duration::from_secs(40));
}

#[test]
fn arguments_and_variables_of_its_own() {
    let function = "#!/bin/sh\ncat > /dev/null\nprintf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: %s}\\ndata: {a: \"%s\", b: \"%s\"}\\n' \"$1\" \"$A\" \"$B\"\n";
    let tree = tree("arguments", "generators: [config.yaml]\n", function);
    let described = config("config")
        .replace("path: ./fn.sh\n", "path: ./fn.sh\n        args: [made]\n        envs: [A=1=2, B=own]\n");
    tree.write("app/config.yaml", &described);
    let mut functions = allowed();
    functions.environment.push(("B".into(), "given".into()));
    let session = on_disk(&tree.0, options(functions));
    let output = printed(&session, &session.build(&tree.0.join("app"))).unwrap();
    assert_eq!(output, "apiVersion: v1\ndata:\n  a: 1=2\n  b: given\nkind: ConfigMap\nmetadata:\n  name: made\n");
}
