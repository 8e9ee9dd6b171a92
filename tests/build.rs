//! Fixtures of whole builds: `fixtures/build/<behaviour>/root` gives `want.yaml`, which kustomize wrote; where there
//! is none, the build is refused.

use std::fs;
use std::path::Path;

use kollate::compile::Options;

use crate::support::{on_disk, printed};

#[test]
fn fixtures_build_as_wanted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/build");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let session = on_disk(&folder, Options::default());
        let build = session.build(&folder.join("root"));
        let found = printed(&session, &build);
        match fs::read_to_string(folder.join("want.yaml")) {
            Ok(wanted) => assert_eq!(found.as_deref(), Ok(&*wanted), "{}", folder.display()),
            Err(_) => assert!(found.is_err(), "{} is to be refused, and gave {found:?}", folder.display()),
        }
    }
}
