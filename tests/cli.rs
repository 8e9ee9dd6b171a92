//! The command line from outside: exit codes, which stream says what, and what each command does to files.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::mistakes::check_transcripts;
use crate::support::{Ran, Sandbox, kollate, kollate_reading, kollate_with, program, update};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the worked project, without the rest of the repository.
pub fn worked_project() -> Sandbox {
    let sandbox = Sandbox::copy_of(&project().join("environments"));
    let moved = Sandbox::empty();
    std::fs::rename(&sandbox.path, moved.path.join("environments")).unwrap();
    std::fs::copy(project().join("kollate.yaml"), moved.path.join("kollate.yaml")).unwrap();
    moved
}

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let ran = kollate(folder, arguments);
    assert_eq!(ran.code(), 0, "kollate {arguments:?}: {}{}", ran.stdout(), ran.stderr());
    ran.stdout()
}

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";
const ONE: &str = "resources:\n  - settings.yaml\n";

/// A kustomization with one ConfigMap.
fn small() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("kustomization.yaml", ONE);
    sandbox.write("settings.yaml", CONFIG_MAP);
    sandbox
}

fn ends(ran: &Ran, code: i32, stdout: bool, stderr: bool) {
    assert_eq!(
        (ran.code(), !ran.stdout().is_empty(), !ran.stderr().is_empty()),
        (code, stdout, stderr),
        "stdout:\n{}stderr:\n{}",
        ran.stdout(),
        ran.stderr()
    );
}

#[test]
fn exit_codes_and_streams() {
    let sandbox = small();
    let run = |arguments: &[&str]| kollate(&sandbox.path, arguments);
    ends(&run(&["build"]), 0, true, false);
    assert_eq!(run(&["check"]).code(), 0);
    ends(&run(&["--help"]), 0, true, false);
    ends(&run(&["--version"]), 0, true, false);
    ends(&run(&[]), 2, false, true);
    ends(&run(&["build", "--nonsense"]), 2, false, true);
    ends(&run(&["build", "nowhere"]), 2, false, true);
    ends(&run(&["-C", "nowhere", "build"]), 2, false, true);
    sandbox.replace("kustomization.yaml", "settings", "setting");
    ends(&run(&["build"]), 1, false, true);
    ends(&run(&["check"]), 1, true, false);
    assert_eq!(run(&["check", "--fail-on", "never"]).code(), 0);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = project();
    let mut child =
        program(&folder, &["build", "--all"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let sandbox = small();
    sandbox.replace("kustomization.yaml", "settings", "setting");
    let colored = |variables: &[(&str, &str)], flags: &[&str]| {
        let arguments: Vec<&str> = flags.iter().copied().chain(["check"]).collect();
        kollate_with(&sandbox.path, variables, &arguments).stdout().contains('\u{1b}')
    };
    assert!(!colored(&[], &[]), "a pipe is no terminal");
    assert!(colored(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(colored(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!colored(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
}

#[test]
fn an_output_folder_holds_one_file_a_resource() {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "kustomization.yaml",
        "resources: [settings.yaml, other.yaml]\nconfigMapGenerator:\n- name: made\n  literals: [A=1]\n",
    );
    sandbox.write("settings.yaml", CONFIG_MAP);
    sandbox.write("other.yaml", &CONFIG_MAP.replace("settings", "other"));
    let build = || kollate(&sandbox.path, &["build", "--output", "out"]);
    ends(&build(), 0, false, true);
    let names = ["v1_configmap_made.yaml", "v1_configmap_other.yaml", "v1_configmap_settings.yaml"];
    assert_eq!(sandbox.names("out"), [&[".kollate-files"], &names[..]].concat());
    assert_eq!(sandbox.read("out/v1_configmap_settings.yaml"), CONFIG_MAP);

    // The content of a generated resource changes its name, and not that of its file.
    sandbox.replace("kustomization.yaml", "A=1", "A=2");
    sandbox.replace("kustomization.yaml", ", other.yaml", "");
    sandbox.write("out/notes.txt", "mine\n");
    assert_eq!(build().stderr(), "1 written, 1 unchanged, 1 deleted\n");
    assert_eq!(sandbox.names("out"), [".kollate-files", "notes.txt", names[0], names[2]]);

    sandbox.replace("kustomization.yaml", "settings.yaml", "settings.yaml, other.yaml");
    sandbox.write("out/v1_configmap_other.yaml", "mine\n");
    ends(&build(), 2, false, true);
    assert_eq!(sandbox.read("out/v1_configmap_other.yaml"), "mine\n");

    // A build with errors writes nothing.
    std::fs::remove_file(sandbox.path.join("out/v1_configmap_other.yaml")).unwrap();
    sandbox.write("kustomization.yaml", "resources: [settings.yaml, missing.yaml]\n");
    let before = sandbox.names("out");
    ends(&build(), 1, false, true);
    assert_eq!(sandbox.names("out"), before);
}

#[test]
fn an_output_file_holds_everything() {
    let sandbox = small();
    ends(&kollate(&sandbox.path, &["build", "-o", "all.yaml"]), 0, false, false);
    assert_eq!(sandbox.read("all.yaml"), CONFIG_MAP);
}

#[test]
fn several_targets_and_standard_input() {
    let sandbox = Sandbox::empty();
    for name in ["a", "b"] {
        sandbox.write(&format!("{name}/kustomization.yaml"), ONE);
        sandbox.write(&format!("{name}/settings.yaml"), &CONFIG_MAP.replace("settings", name));
    }
    let both = succeed(&sandbox.path, &["build", "a", "./b"]);
    assert_eq!(both, format!("{}---\n{}", CONFIG_MAP.replace("settings", "a"), CONFIG_MAP.replace("settings", "b")));
    assert_eq!(succeed(&sandbox.path, &["-C", "a", "build"]), succeed(&sandbox.path, &["build", "a"]));
    let read = kollate_reading(&sandbox.path, &["build", "-"], CONFIG_MAP);
    assert_eq!((read.code(), read.stdout().as_str()), (0, CONFIG_MAP));
    let checked =
        kollate_reading(&sandbox.path, &["check", "-"], "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec: {}\n");
    ends(&checked, 1, true, false);
    assert!(checked.stdout().contains("<stdin>:5"), "{}", checked.stdout());
}

#[test]
fn a_folder_of_an_environments_name() {
    let sandbox = Sandbox::empty();
    for folder in ["prod", "overlays/prod", "overlays/test"] {
        let name = folder.replace('/', "-");
        sandbox.write(&format!("{folder}/kustomization.yaml"), &format!("configMapGenerator:\n- name: {name}\n"));
    }
    let built = |argument: &str| succeed(&sandbox.path, &["build", argument]);
    // Without a project file a word means what it does to kustomize, and an environment where there is no such folder.
    assert!(built("prod").contains("name: prod-"));
    assert!(built("test").contains("name: overlays-test-"));
    let project = "apiVersion: kollate.dev/v1\nkind: Project\nenvironments:\n  prod: {path: overlays/prod}\n";
    sandbox.write("kollate.yaml", project);
    assert!(built("prod").contains("name: overlays-prod-"));
    assert!(built("./prod").contains("name: prod-"));
}

#[test]
fn flags_of_kustomize_are_taken() {
    let sandbox = small();
    let flags = "--load-restrictor LoadRestrictionsNone --reorder none --enable-helm --helm-command helm --enable-alpha-plugins \
                 --enable-exec --as-current-user -e A=b --env C --mount type=bind --network --network-name n \
                 --helm-api-versions v1 --helm-kube-version 1.34 --helm-debug --enable-managedby-label";
    let arguments: Vec<&str> = ["build"].into_iter().chain(flags.split_whitespace()).collect();
    assert!(succeed(&sandbox.path, &arguments).contains("managed-by"));
    sandbox.write("kustomization.yaml", "helmCharts:\n- name: web\n  repo: https://charts.example.com\n");
    let ran = kollate(&sandbox.path, &["build"]);
    ends(&ran, 1, false, true);
    assert!(ran.stderr().contains("--enable-helm"), "{}", ran.stderr());
}

#[test]
fn environments_in_every_format() {
    let folder = project();
    let text = succeed(&folder, &["environments"]);
    assert_eq!(text.lines().count(), 3);
    assert!(text.starts_with("dev "), "{text}");
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["environment"].as_str().unwrap().to_owned()).collect()
    };
    let json: Value = serde_json::from_str(&succeed(&folder, &["environments", "--format", "json"])).unwrap();
    assert_eq!(names(&json), ["dev", "staging", "prod"]);
    let matrix = succeed(&folder, &["environments", "--format", "matrix"]);
    assert_eq!(matrix.lines().count(), 1, "a step's output is one line");
    assert_eq!(names(&serde_json::from_str::<Value>(&matrix).unwrap()["include"]), ["dev", "staging", "prod"]);
}

#[test]
fn affected_environments() {
    let sandbox = worked_project();
    sandbox.commit("all");
    let affected = || {
        let list = succeed(&sandbox.path, &["environments", "--affected", "--base", "HEAD", "--format", "json"]);
        let list: Value = serde_json::from_str(&list).unwrap();
        let name = |one: &Value| one["environment"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(name).collect::<Vec<_>>()
    };
    assert!(affected().is_empty());
    sandbox.write("environments/README.md", "no build reads this\n");
    assert!(affected().is_empty());
    sandbox.write("environments/dev/config/shop.env", "A=b\n");
    assert_eq!(affected(), ["dev"]);
    sandbox.replace("environments/base/orders/service.yaml", "name: orders", "name: orders # changed");
    assert_eq!(affected(), ["dev", "staging", "prod"]);
}

#[test]
fn diff_of_two_environments_and_of_two_folders() {
    let folder = project();
    let by_name = succeed(&folder, &["diff", "dev", "prod", "--format", "unified"]);
    assert!(by_name.contains("--- dev/") && by_name.contains("+++ prod/"), "{by_name}");
    let by_path = succeed(&folder, &["diff", "./environments/dev", "./environments/prod", "--format", "json"]);
    let by_path: Value = serde_json::from_str(&by_path).unwrap();
    assert!(!by_path["changes"].as_array().unwrap().is_empty());
    assert!(succeed(&folder, &["diff", "dev", "dev"]).contains("no changes"));
    assert_eq!(kollate(&folder, &["diff", "dev", "prod", "--exit-code"]).code(), 1);
    assert_eq!(kollate(&folder, &["diff", "dev", "dev", "--exit-code"]).code(), 0);
}

/// The environments in which a diff finds changes.
fn changed(folder: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let arguments = [&["diff", "--format", "json"], arguments].concat();
    let report: Value = serde_json::from_str(&succeed(folder, &arguments)).unwrap();
    let environments = report["environments"].as_array().unwrap();
    let of_note = environments.iter().filter(|one| one["status"] != "unchanged");
    of_note.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn diff_of_revisions() {
    let sandbox = worked_project();
    sandbox.commit("one");
    let folder = sandbox.path.as_path();
    let service = "environments/base/orders/service.yaml";
    assert_eq!(changed(folder, &[]), set(&[]));
    sandbox.replace("environments/prod/kustomization.yaml", "namespace:", "commonAnnotations:\n  a: b\nnamespace:");
    assert_eq!(changed(folder, &[]), set(&["prod"]), "HEAD against the work tree");
    sandbox.git(&["switch", "--quiet", "--create", "work"]);
    sandbox.commit("two");
    assert_eq!(changed(folder, &[]), set(&[]));
    assert_eq!(changed(folder, &["main"]), set(&["prod"]), "a revision against the work tree");
    assert_eq!(changed(folder, &["main", "work"]), set(&["prod"]), "two revisions");
    // What others did on the branch since is not part of this work.
    sandbox.git(&["switch", "--quiet", "main"]);
    sandbox.replace(service, "kind: Service\n", "kind: Service\nspecial: true\n");
    sandbox.commit("three");
    sandbox.git(&["switch", "--quiet", "work"]);
    assert_eq!(changed(folder, &["--base", "main"]), set(&["prod"]));
    assert_eq!(changed(folder, &["--base", "main", "--head", "main"]), set(&[]));
    assert_eq!(changed(folder, &["main", "work"]), set(&["dev", "prod", "staging"]));
    assert_eq!(changed(folder, &["main", "work", "--env", "dev"]), set(&["dev"]));
}

#[test]
fn diff_of_two_trees() {
    let (old, new) = (worked_project(), worked_project());
    let both = Sandbox::empty();
    for (name, tree) in [("old", &old), ("new", &new)] {
        std::fs::rename(&tree.path, both.path.join(name)).unwrap();
    }
    both.replace("new/environments/dev/config/shop.env", "=", "=x");
    assert_eq!(changed(&both.path, &["./old", "./new"]), set(&["dev"]));
}

#[test]
fn explain_names_every_cause() {
    check_transcripts("explain");
}

#[test]
fn init_writes_a_project_that_works_at_once() {
    let sandbox = Sandbox::empty();
    ends(&kollate(&sandbox.path, &["init", "shop", "--name", "shop"]), 0, false, true);
    let folder = sandbox.path.join("shop");
    assert!(succeed(&folder, &["build", "dev"]).contains("kind: Deployment"));
    let checked = kollate(&folder, &["check"]);
    assert_eq!((checked.code(), checked.stdout()), (0, String::new()));
    assert!(!succeed(&folder, &["diff", "dev", "prod", "--format", "unified"]).is_empty());
    succeed(&folder, &["explain", "prod", "deployment/shop", "spec.replicas"]);
    sandbox.commit("all");
    assert_eq!(changed(&folder, &[]), set(&[]));

    sandbox.write("shop/environments/base/service.yaml", "mine\n");
    ends(&kollate(&sandbox.path, &["init", "shop"]), 2, false, true);
    assert_eq!(sandbox.read("shop/environments/base/service.yaml"), "mine\n");
}

#[test]
fn completions_and_man_page() {
    let folder = project();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = succeed(&folder, &["completions", shell]);
        assert!(text.contains("environments") && text.contains("kollate"), "{shell}");
    }
    let page = succeed(&folder, &["man"]);
    for command in ["BUILD", "CHECK", "DIFF", "EXPLAIN", "ENVIRONMENTS", "RULES", "SCHEMAS", "INIT"] {
        assert!(page.contains(&format!(".SH \"KOLLATE {command}\"")), "{command}");
    }
}

#[test]
fn the_reference_is_up_to_date() {
    let path = project().join("docs/cli.md");
    let reference = ::kollate::cli::reference();
    if update() {
        std::fs::write(&path, &reference).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, reference, "run the tests with UPDATE=1 to write docs/cli.md anew");
}
