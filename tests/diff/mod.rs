//! Builds given as YAML, compared; the whole change set is written as text and compared with what is expected.

mod built;
mod changes;
mod corpus;
mod environments;
mod impacts;
mod properties;
mod secrets;
mod write;

use std::sync::Arc;

use kollate::diff::{ChangeSet, EnvironmentBuild, Mode, Side, between};
use kollate::resource::{Resource, ResourceSet};
use kollate::source::{FileId, SourceMap, yaml};

/// Texts read into one map.
pub struct World {
    pub map: Arc<SourceMap>,
}

impl World {
    pub fn new() -> World {
        World { map: SourceMap::new() }
    }

    pub fn read(&self, name: &str, text: &str) -> ResourceSet {
        let file: FileId = self.map.add(name, text).unwrap();
        let parsed = yaml::parse(text, file);
        assert!(parsed.errors.is_empty(), "{name}: {:?}", parsed.errors);
        parsed.documents.into_iter().filter_map(|document| document.root).map(Resource::new).collect()
    }

    pub fn build<'a>(&'a self, name: &'a str, resources: &'a ResourceSet) -> EnvironmentBuild<'a> {
        EnvironmentBuild { name, resources: Some(resources), deleted: &[], map: &self.map }
    }
}

pub fn revisions() -> Mode {
    Mode::SameEnvironments { from: Side::new("main"), to: Side::new("work tree") }
}

/// One environment `prod` before and after.
pub fn diff(before: &str, after: &str) -> ChangeSet {
    let world = World::new();
    let (old, new) = (world.read("before.yaml", before), world.read("after.yaml", after));
    between(&[world.build("prod", &old)], &[world.build("prod", &new)], revisions())
}

/// One environment before and after, as text.
#[track_caller]
pub fn check(before: &str, after: &str, expected: &str) {
    let world = World::new();
    let (old, new) = (world.read("before.yaml", before), world.read("after.yaml", after));
    let set = between(&[world.build("prod", &old)], &[world.build("prod", &new)], revisions());
    assert_same(&write::write(&set, &world.map), expected);
}

#[track_caller]
pub fn assert_same(found: &str, expected: &str) {
    let expected = expected.trim_start_matches('\n');
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
}
