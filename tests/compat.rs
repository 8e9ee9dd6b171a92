//! Where versions of kustomize differ: `fixtures/compat/<difference>/root` gives `5.5.txt` and `5.8.txt`, manifests that
//! those versions wrote, or our findings where they refuse. Where only the older refuses, both are as the newer says.

use std::fs;
use std::path::Path;

use kollate::compile::{Compat, Options};

use crate::support::{on_disk, printed, update};

#[test]
fn each_version_has_its_output() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/compat");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for (folder, compat) in folders.iter().flat_map(|folder| Compat::ALL.map(|compat| (folder, compat))) {
        let root = folder.join("root");
        let session = on_disk(&root, Options { compat, ..Options::default() });
        let found = printed(&session, &session.build(&root));
        let file = folder.join(format!("{}.txt", compat.as_str()));
        // Manifests come from kustomize, and are not ours to renew.
        if update()
            && let Err(findings) = &found
        {
            fs::write(&file, findings).unwrap();
        }
        let wanted = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found.unwrap_or_else(|findings| findings), wanted, "{}", file.display());
    }
}

#[test]
fn the_page_of_differences_names_the_version_that_the_defaults_follow() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/compat.md")).unwrap();
    let version = Compat::default().managed_by().trim_start_matches("kustomize-v");
    assert!(page.contains(&format!("kustomize {version}")), "{version}");
}
