//! Strategic merge patches.

use super::tree;

const KUSTOMIZATION: &[u8] = b"resources: [resources.yaml]\npatches: [{path: patch.yaml}]\n";

/// A file of resources, `=====`, a patch.
pub fn check(data: &[u8]) {
    tree::check_patched(KUSTOMIZATION, data);
}
