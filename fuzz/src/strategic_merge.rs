//! Strategic merge patches.

use super::tree;

const KUSTOMIZATION: &[u8] = b"resources: [resources.yaml]\npatches: [{path: patch.yaml}]\n";

/// A file of resources, `=====`, a patch.
pub fn check(data: &[u8]) {
    let (resources, patch) = tree::parts(data);
    tree::check(&[
        ("/root/kustomization.yaml", KUSTOMIZATION),
        ("/root/resources.yaml", resources),
        ("/root/patch.yaml", patch),
    ]);
}
