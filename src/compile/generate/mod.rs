//! The generators of a kustomization.
