//! The files of a git revision, against repositories that the tests make with the git program.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kollate::finding::Findings;
use kollate::project::{Project, git_finding};
use kollate::source::{Disk, EntryKind, Files, GitError, GitRevision, Memory, ReadError, SourceMap, Store, git};

use crate::support::{Sandbox, has_git, plain};

/// A folder of its own, which may become a repository.
struct Folder(PathBuf, Sandbox);

impl Folder {
    fn new() -> Folder {
        let sandbox = Sandbox::empty();
        Folder(sandbox.path.clone(), sandbox)
    }

    fn write(&self, path: &str, text: &str) {
        self.1.write(path, text);
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.1.git(arguments)
    }

    fn commit(&self, message: &str) -> String {
        self.1.commit(message)
    }

    /// Puts an entry into the index that the file system need not know.
    fn stage(&self, mode: &str, path: &str, content: &str) {
        let hash = match mode {
            "160000" => content.to_owned(),
            _ => {
                self.write("blob", content);
                let hash = self.git(&["hash-object", "-w", "blob"]);
                fs::remove_file(self.0.join("blob")).unwrap();
                hash
            }
        };
        self.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{hash},{path}")]);
    }

    fn open(&self, revision: &str) -> Result<GitRevision, GitError> {
        GitRevision::open(&self.0, revision)
    }
}

/// A repository with a branch `main`, or `None` where there is no git.
fn repository() -> Option<Folder> {
    has_git().then(|| {
        let folder = Folder::new();
        folder.git(&["init", "--quiet", "--initial-branch=main"]);
        folder
    })
}

fn names(files: &dyn Files, path: &Path) -> Vec<String> {
    let mark = |kind| if kind == EntryKind::Folder { "/" } else { "" };
    files.list(path).unwrap().into_iter().map(|(name, kind)| name + mark(kind)).collect()
}

fn text(files: &dyn Files, path: &Path) -> Result<String, ReadError> {
    files.read(path).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_revision_has_its_own_files_at_the_paths_of_the_work_tree() {
    let Some(repo) = repository() else { return };
    repo.write("kollate.yaml", "old\n");
    repo.write("app/base/deployment.yaml", "");
    repo.write("app/base.yaml", "beside\n");
    repo.write("app/grüße ☕\n.yaml", "odd\n");
    let first = repo.commit("first");
    repo.write("kollate.yaml", "new, and not committed\n");
    repo.write("late.yaml", "late\n");

    let old = repo.open("HEAD").unwrap();
    let top = old.top_level().to_path_buf();
    assert_eq!(top, repo.0);
    assert_eq!(old.commit(), first);
    assert_eq!(text(&old, &top.join("kollate.yaml")), Ok("old\n".into()));
    assert_eq!(text(&old, &top.join("app/base/deployment.yaml")), Ok(String::new()));
    assert_eq!(text(&old, &top.join("app/grüße ☕\n.yaml")), Ok("odd\n".into()));
    assert_eq!(old.read(&top.join("late.yaml")), Err(ReadError::NotFound));
    assert_eq!(old.read(&top.join("app/ba")), Err(ReadError::NotFound));
    assert_eq!(old.read(&top.join("app/base")), Err(ReadError::WrongKind));
    assert_eq!(old.list(&top.join("kollate.yaml")), Err(ReadError::WrongKind));
    assert_eq!(old.read(Path::new("/etc/hostname")), Err(ReadError::NotFound));
    assert_eq!(names(&old, &top), ["app/", "kollate.yaml"]);
    assert_eq!(names(&old, &top.join("app")), ["base/", "base.yaml", "grüße ☕\n.yaml"]);
    assert_eq!(old.kind(&top), Some(EntryKind::Folder));
    assert_eq!(old.kind(top.parent().unwrap()), None);
    assert_eq!(old.resolve(&top.join("app/base")), top.join("app/base"));
}

#[test]
fn a_revision_is_found_from_a_subfolder_and_by_any_name() {
    let Some(repo) = repository() else { return };
    repo.write("a/b/c.yaml", "1\n");
    let first = repo.commit("first");
    repo.git(&["tag", "-a", "v1", "-m", "annotated"]);
    repo.write("a/b/c.yaml", "2\n");
    let second = repo.commit("second");
    let below = repo.0.join("a/b");
    for (name, commit) in [("v1", &first), ("HEAD~1", &first), ("main", &second), (&second[..10], &second)] {
        let revision = GitRevision::open(&below, name).unwrap();
        assert_eq!((revision.commit(), revision.top_level()), (commit.as_str(), repo.0.as_path()), "{name}");
    }
    assert_eq!(git::top_level(&below), Ok(repo.0.clone()));
    let file = below.join("c.yaml");
    assert_eq!(text(&repo.open("v1").unwrap(), &file), Ok("1\n".into()));
    assert_eq!(text(&repo.open("main").unwrap(), &file), Ok("2\n".into()));
}

#[test]
fn symlinks_lead_through_the_revision_and_not_out_of_it() {
    let Some(repo) = repository() else { return };
    repo.write("base/kustomization.yaml", "base\n");
    repo.write("base/deep/file.yaml", "deep\n");
    repo.git(&["add", "-A"]);
    repo.stage("120000", "apps/base", "../base");
    repo.stage("120000", "apps/file.yaml", "base/deep/file.yaml");
    repo.stage("120000", "absolute", repo.0.join("base").to_str().unwrap());
    repo.stage("120000", "loop/a", "b");
    repo.stage("120000", "loop/b", "a");
    repo.stage("120000", "loop/deeper", "deeper/still");
    repo.stage("120000", "loop/gone", "../nowhere");
    repo.stage("120000", "loop/outside", "/etc/hostname");
    repo.stage("160000", "module", "0123456789012345678901234567890123456789");
    repo.git(&["commit", "-q", "-m", "links"]);

    let files = repo.open("main").unwrap();
    let at = |path: &str| repo.0.join(path);
    assert_eq!(text(&files, &at("apps/base/kustomization.yaml")), Ok("base\n".into()));
    assert_eq!(text(&files, &at("apps/file.yaml")), Ok("deep\n".into()));
    assert_eq!(text(&files, &at("absolute/deep/file.yaml")), Ok("deep\n".into()));
    assert_eq!(files.resolve(&at("apps/file.yaml")), at("base/deep/file.yaml"));
    assert_eq!(files.resolve(&at("apps/base/deep")), at("base/deep"));
    for path in ["loop/a", "loop/b", "loop/deeper", "loop/gone", "loop/outside"] {
        assert_eq!(files.read(&at(path)), Err(ReadError::NotFound), "{path}");
        assert_eq!(files.resolve(&at(path)), at(path));
    }
    assert_eq!(names(&files, &at("loop")), [""; 0]);
    assert_eq!(names(&files, &at("apps")), ["base/", "file.yaml"]);
    assert_eq!(names(&files, &at("apps/base")), ["deep/", "kustomization.yaml"]);
    assert_eq!(names(&files, &at("")), ["absolute/", "apps/", "base/", "loop/", "module/"]);
    assert_eq!(names(&files, &at("module")), [""; 0]);
}

#[test]
fn many_threads_read_one_revision() {
    let Some(repo) = repository() else { return };
    let content = |i: usize| format!("{i}\n").repeat(i * 50);
    (0..40).for_each(|i| repo.write(&format!("{i}.yaml"), &content(i)));
    repo.commit("many");
    let files = repo.open("HEAD").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for i in 0..40 {
                    assert_eq!(text(&files, &repo.0.join(format!("{i}.yaml"))), Ok(content(i)));
                }
            });
        }
    });
}

#[test]
fn the_users_settings_change_nothing() {
    let Some(repo) = repository() else { return };
    repo.write("grüße.yaml", "a\n");
    repo.write(".gitattributes", "*.yaml diff=loud filter=loud\n");
    repo.commit("first");
    for (key, value) in [
        ("core.quotepath", "true"),
        ("core.pager", "false"),
        ("core.hooksPath", "hooks"),
        ("filter.loud.smudge", "false"),
        ("alias.ls-tree", "!false"),
        ("color.ui", "always"),
    ] {
        repo.git(&["config", key, value]);
    }
    let files = repo.open("HEAD").unwrap();
    assert_eq!(names(&files, &repo.0), [".gitattributes", "grüße.yaml"]);
    assert_eq!(text(&files, &repo.0.join("grüße.yaml")), Ok("a\n".into()));
}

#[test]
fn the_merge_base() {
    let Some(repo) = repository() else { return };
    let first = repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "feature"]);
    repo.commit("ours");
    repo.git(&["checkout", "-q", "main"]);
    let main = repo.commit("theirs");
    repo.git(&["checkout", "-q", "--orphan", "island"]);
    repo.commit("alone");
    assert_eq!(git::merge_base(&repo.0, "feature", "main"), Ok(first));
    assert_eq!(git::merge_base(&repo.0, "main", "main"), Ok(main));
    let none = git::merge_base(&repo.0, "feature", "island").unwrap_err();
    assert_eq!(none, GitError::NoMergeBase { ours: "feature".into(), theirs: "island".into(), shallow: false });
    assert!(matches!(git::merge_base(&repo.0, "feature", "nope"), Err(GitError::UnknownRevision { .. })));
}

/// The finding for `error`, paths shown from `folder`.
fn said(folder: &Path, error: &GitError) -> String {
    let store = Store::new(Box::new(Memory::new()), SourceMap::new(), folder);
    let mut findings = Findings::new();
    findings.push(git_finding(&store, error));
    plain(store.map(), &findings)
}

#[test]
fn not_a_repository() {
    if repository().is_none() {
        return;
    }
    let folder = Folder::new();
    folder.write("sub/file", "");
    for name in ["sub", "missing"] {
        let path = folder.0.join(name);
        let error = GitRevision::open(&path, "HEAD").unwrap_err();
        assert_eq!(error, GitError::NotARepository { folder: path.clone() });
        assert_eq!(git::top_level(&path), Err(error.clone()));
        let expected = format!(
            "error[git/not-a-repository]: `{name}` is not in a git repository\n  \
             help: work in a clone of the repository, or compare folders instead of revisions\n"
        );
        assert_eq!(said(&folder.0, &error), expected);
    }
}

#[test]
fn a_revision_that_does_not_exist() {
    let Some(repo) = repository() else { return };
    let error = repo.open("HEAD").unwrap_err();
    assert_eq!(
        said(&repo.0, &error),
        "error[git/unknown-revision]: git knows no revision `HEAD`\n  note: the repository has no branches or tags\n  \
         help: name a branch, a tag or a commit; `git fetch` brings those of others\n"
    );
    repo.commit("first");
    repo.git(&["tag", "v1.0"]);
    repo.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    let note = "note: branches and tags are `main`, `origin/release`, `v1.0`";
    for (name, help) in [
        ("mian", "did you mean `main`?"),
        ("release", "did you mean `origin/release`?"),
        ("zebra", "name a branch, a tag or a commit; `git fetch` brings those of others"),
        // None of these may reach git as an option, a range or an exclusion.
        ("--all", "name a branch, a tag or a commit; `git fetch` brings those of others"),
        ("^main", "did you mean `main`?"),
        ("main..HEAD", "name a branch, a tag or a commit; `git fetch` brings those of others"),
        ("", "name a branch, a tag or a commit; `git fetch` brings those of others"),
    ] {
        let error = repo.open(name).unwrap_err();
        let expected =
            format!("error[git/unknown-revision]: git knows no revision `{name}`\n  {note}\n  help: {help}\n");
        assert_eq!(said(&repo.0, &error), expected);
    }
}

#[test]
fn a_shallow_clone_says_how_to_get_more() {
    let Some(origin) = repository() else { return };
    let first = origin.commit("first");
    origin.commit("second");
    let clone = Folder::new();
    clone.git(&["clone", "-q", "--depth", "1", &format!("file://{}", origin.0.display()), "."]);
    let error = clone.open(&first).unwrap_err();
    assert!(matches!(&error, GitError::UnknownRevision { shallow: true, .. }), "{error:?}");
    assert!(said(&clone.0, &error).contains("help: this clone is shallow: `git fetch --unshallow`"));
}

#[test]
fn a_clone_without_contents_reads_what_it_has_and_fetches_nothing() {
    let Some(origin) = repository() else { return };
    origin.write("kollate.yaml", "kind: Project\n");
    origin.commit("first");
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = Folder::new();
    let url = format!("file://{}", origin.0.display());
    clone.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "."]);
    let files = clone.open("HEAD").unwrap();
    let path = clone.0.join("kollate.yaml");
    assert_eq!(files.kind(&path), Some(EntryKind::File));
    for _ in 0..2 {
        let Err(ReadError::Other(words)) = files.read(&path) else { panic!("it was fetched") };
        assert!(words.starts_with("git does not have its content"), "{words}");
    }
}

#[test]
fn a_project_opens_in_a_revision_as_on_disk() {
    let Some(repo) = repository() else { return };
    repo.write("overlays/prod/kustomization.yaml", "resources: [../../base]\n");
    repo.write("base/kustomization.yaml", "namePrefix: a\n");
    repo.commit("first");
    repo.write("overlays/dev/kustomization.yaml", "resources: [../../base]\n");
    let names = |files: Box<dyn Files>| {
        let store = Arc::new(Store::new(files, SourceMap::new(), &repo.0));
        let mut findings = Findings::new();
        let project = Project::open(&store, &repo.0.join("base"), &mut findings);
        assert_eq!(plain(store.map(), &findings), "");
        assert_eq!(project.root, repo.0);
        project.names().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(Box::new(repo.open("HEAD").unwrap())), ["prod"]);
    assert_eq!(names(Box::new(Disk)), ["dev", "prod"]);
}
