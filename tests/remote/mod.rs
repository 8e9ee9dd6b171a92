//! Remote bases and files, against repositories and servers that the tests make.

mod bounds;
mod builds;
mod hostile;
mod http;
mod lock;
mod program;
mod spec;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use kollate::compile::{Build, LoadRestrictor, Options, Session};
use kollate::finding::Findings;
use kollate::project::Project;
use kollate::source::remote::{Allow, Cache, LockMode, Policy, Remotes, Settings};
use kollate::source::{Disk, SourceMap, Store};

use crate::support::{Sandbox, has_git, plain, printed};

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  level: info\n";

/// A folder of its own: `app` is the project, `cache` the cache.
struct Place(PathBuf, Sandbox);

impl Place {
    /// `None` where there is no git.
    fn new() -> Option<Place> {
        has_git().then(|| {
            let sandbox = Sandbox::empty();
            fs::create_dir_all(sandbox.path.join("app")).unwrap();
            Place(sandbox.path.clone(), sandbox)
        })
    }

    fn write(&self, path: &str, text: &str) {
        self.1.write(path, text);
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.0.join(path)).ok()
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        self.1.git_in(folder, arguments)
    }

    /// Commits all of the repository `folder`, which is made if need be, and gives the commit.
    fn commit(&self, folder: &str) -> String {
        self.1.commit_in(folder, "m")
    }

    /// The repository `lib` with a base and an overlay.
    fn library(&self) -> String {
        self.write("lib/base/kustomization.yaml", "resources: [config.yaml]\n");
        self.write("lib/base/config.yaml", CONFIG);
        self.write("lib/overlay/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n");
        self.commit("lib")
    }

    /// A URL of the repository `name`, and what follows it.
    fn url(&self, name: &str, rest: &str) -> String {
        format!("file://{}/{name}{rest}", self.0.display())
    }

    /// Makes the project one kustomization with these resources.
    fn resources(&self, entries: &[&str]) {
        let lines: String = entries.iter().map(|entry| format!("- {entry}\n")).collect();
        self.write("app/kustomization.yaml", &format!("resources:\n{lines}"));
    }

    /// The remotes of the project, as its files are now.
    fn remotes(&self, store: &Arc<Store>, settings: Settings, findings: &mut Findings) -> Arc<Remotes> {
        let project = Project::open(store, &self.0.join("app"), findings);
        let cache = Arc::new(Cache::new(Some(self.0.join("cache"))));
        Arc::new(project.remotes(store, settings, cache, findings))
    }

    fn session(&self, settings: Settings) -> (Session, Arc<Remotes>, Findings) {
        let mut findings = Findings::new();
        let store = Arc::new(Store::new(Box::new(Disk), SourceMap::new(), self.0.join("app")));
        let remotes = self.remotes(&store, settings, &mut findings);
        // A fetched tree stays confined, whatever the user's own files may do.
        let options =
            Options { remotes: Some(remotes.clone()), restrictor: LoadRestrictor::None, ..Options::default() };
        (Session::new(store, options), remotes, findings)
    }

    /// Builds the project: its manifests, or its findings.
    fn build(&self, settings: Settings) -> Result<String, String> {
        let (session, remotes, mut findings) = self.session(settings);
        let mut build: Build = session.build(&self.0.join("app"));
        remotes.save().unwrap();
        findings.extend(std::mem::take(&mut build.findings));
        build.findings = findings;
        printed(&session, &build)
    }

    fn fails(&self, settings: Settings) -> String {
        self.build(settings).expect_err("the build must fail")
    }
}

fn allowed() -> Settings {
    Settings { policy: Policy { allow: Allow::Encrypted, hosts: Vec::new() }, ..Settings::default() }
}

fn plain_http() -> Settings {
    Settings { policy: Policy { allow: Allow::Everything, hosts: Vec::new() }, ..Settings::default() }
}

fn frozen() -> Settings {
    Settings { lock: LockMode::Frozen, ..allowed() }
}

fn offline() -> Settings {
    Settings { offline: true, ..allowed() }
}

fn refreshed() -> Settings {
    Settings { lock: LockMode::Refresh, ..allowed() }
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in:\n{text}");
    }
}
