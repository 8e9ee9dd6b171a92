//! `IAMPolicyGenerator`: the ServiceAccount of a GKE workload identity.

use super::{Generator, absorb, entry, field, resource};
use crate::compile::{Step, Work};
use crate::finding::Finding;
use crate::resource::Generated;
use crate::source::Node;

/// `IAMPolicyGenerator`, which no field of a kustomization asks for.
pub static IAM_POLICY: Generator = Generator {
    field: "",
    kind: "IAMPolicyGenerator",
    fields: &["cloud", "kubernetesService", "serviceAccount"],
    generate: |config, _, work| generate_iam_policy(config, work),
    configured: generate_iam_policy,
};

const ANNOTATION: &str = "iam.gke.io/gcp-service-account";

fn generate_iam_policy(config: &Node, work: &mut Work<'_>) {
    let step = Step::generate(IAM_POLICY.kind);
    let text =
        |keys: &[&str]| keys.iter().try_fold(config, |node, key| field(node, key)).filter(|node| node.is_scalar());
    let words = |keys: &[&str]| text(keys).and_then(Node::text).unwrap_or_default();
    let cloud = words(&["cloud"]);
    if cloud != "gke" {
        let finding = Finding::error("generator/unknown-cloud", format!("the cloud `{cloud}` is not known"))
            .at(text(&["cloud"]).unwrap_or(config).location(), "only `gke` is")
            .help("write `cloud: gke`");
        work.findings.push(finding);
        return;
    }
    let Some(name) = text(&["kubernetesService", "name"]) else {
        let finding = Finding::error("generator/missing-name", "an IAM policy needs the name of a ServiceAccount")
            .at(config.location(), "no `kubernetesService.name` here")
            .help("write `kubernetesService: {name: ...}`");
        work.findings.push(finding);
        return;
    };
    let (account, project) = (words(&["serviceAccount", "name"]), words(&["serviceAccount", "projectId"]));
    let sign = step.sign(config.location());
    let string = |node: &Node| Node::new_string(node.text().unwrap_or_default(), &step.sign(node.location()));
    let account = format!("{account}@{project}.iam.gserviceaccount.com");
    let annotation = entry(ANNOTATION, Node::new_string(account, &sign), &sign);
    let mut metadata = vec![
        entry("annotations", Node::new_mapping(vec![annotation], &sign), &sign),
        entry("name", string(name), &sign),
    ];
    if let Some(namespace) = text(&["kubernetesService", "namespace"]) {
        metadata.push(entry("namespace", string(namespace), &sign));
    }
    let fields = vec![
        entry("apiVersion", Node::new_string("v1", &sign), &sign),
        entry("kind", Node::new_string("ServiceAccount", &sign), &sign),
        entry("metadata", Node::new_mapping(metadata, &sign), &sign),
    ];
    absorb(resource(Node::new_mapping(fields, &sign), config, Generated::default()), step, work);
}
