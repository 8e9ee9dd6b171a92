//! JSON 6902 patches.

use super::tree;

const KUSTOMIZATION: &[u8] = b"resources: [resources.yaml]\npatches: [{path: patch.yaml, target: {}}]\n";

/// A file of resources, `=====`, operations for all of them.
pub fn check(data: &[u8]) {
    tree::check_patched(KUSTOMIZATION, data);
}
