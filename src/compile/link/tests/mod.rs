//! Linking on whole kustomizations in memory, and the tables of kustomize's unit tests.

mod corpus;
mod order;
mod references;
mod vars;

use crate::compile::trial::{Run, run};

fn with_resources(kustomization: &str, resources: &str) -> Run {
    let text = format!("resources: [r.yaml]\n{kustomization}");
    run(&[("kustomization.yaml", text.as_bytes()), ("r.yaml", resources.as_bytes())])
}
