//! `IAMPolicyGenerator`: the ServiceAccount of a GKE workload identity.

use super::{Generator, absorb, entry, field, resource};
use crate::compile::fields::wrong_type;
use crate::compile::{Step, Work};
use crate::finding::{Finding, Findings};
use crate::resource::Generated;
use crate::source::{Node, ScalarKind, Signature, yaml};

/// `IAMPolicyGenerator`, which no field of a kustomization asks for.
pub static IAM_POLICY: Generator = Generator {
    field: "",
    kind: "IAMPolicyGenerator",
    fields: &["cloud", "kubernetesService", "serviceAccount"],
    generate: |config, _, work| generate_iam_policy(config, work),
    configured: generate_iam_policy,
};

const ANNOTATION: &str = "iam.gke.io/gcp-service-account";

/// What a policy says.
struct Policy<'a> {
    /// The account in the cloud.
    account: String,
    name: &'a Node,
    namespace: Option<&'a Node>,
}

impl<'a> Policy<'a> {
    fn read(config: &'a Node, findings: &mut Findings) -> Option<Self> {
        let given = |path: &str| path.split('.').try_fold(config, |node, key| field(node, key));
        let mut read = |path: &str| match given(path) {
            Some(node) if !node.is_scalar() || node.kind() != ScalarKind::String => {
                findings.push(wrong_type(node, path, "text"));
                None
            }
            found => Some(found.filter(|node| node.text() != Some(""))),
        };
        let cloud = read("cloud")?;
        let (name, namespace) = (read("kubernetesService.name")?, read("kubernetesService.namespace")?);
        let (account, project) = (read("serviceAccount.name")?, read("serviceAccount.projectId")?);
        let word = |node: Option<&'a Node>| node.and_then(Node::text).unwrap_or_default();
        if word(cloud) != "gke" {
            let message = format!("the cloud `{}` is not known", word(cloud));
            let at = cloud.unwrap_or(config).location();
            findings.push(
                Finding::error("generator/unknown-cloud", message).at(at, "only `gke` is").help("write `cloud: gke`"),
            );
            return None;
        }
        let mut missing = |what: &str, path: &str, help: &str| {
            findings.push(
                Finding::error("generator/missing-name", format!("an IAM policy needs the name of {what}"))
                    .at(given(path).unwrap_or(config).location(), format!("no `{path}` here"))
                    .help(help.to_owned()),
            );
        };
        match (name, account) {
            (Some(name), Some(_)) => {
                let account = format!("{}@{}.iam.gserviceaccount.com", word(account), word(project));
                return Some(Policy { account, name, namespace });
            }
            (None, _) => {
                missing("a ServiceAccount", "kubernetesService.name", "write `kubernetesService: {name: ...}`");
            }
            _ => missing("an account", "serviceAccount.name", "write `serviceAccount: {name: ..., projectId: ...}`"),
        }
        None
    }
}

fn generate_iam_policy(config: &Node, work: &mut Work<'_>) {
    let step = Step::generate(IAM_POLICY.kind);
    let Some(Policy { account, name, namespace }) = Policy::read(config, work.findings) else { return };
    let sign = step.sign(config.location());
    let copy = |node: &Node| as_yaml(node.text().unwrap_or_default(), &step.sign(node.location()));
    let annotation = entry(ANNOTATION, as_yaml(&account, &sign), &sign);
    let mut metadata =
        vec![entry("annotations", Node::new_mapping(vec![annotation], &sign), &sign), entry("name", copy(name), &sign)];
    metadata.extend(namespace.map(|namespace| entry("namespace", copy(namespace), &sign)));
    let fields = vec![
        entry("apiVersion", Node::new_string("v1", &sign), &sign),
        entry("kind", Node::new_string("ServiceAccount", &sign), &sign),
        entry("metadata", Node::new_mapping(metadata, &sign), &sign),
    ];
    absorb(resource(Node::new_mapping(fields, &sign), config, Generated::default()), step, work);
}

/// What becomes of a text that kustomize puts into a text of YAML as it is.
fn as_yaml(text: &str, sign: &Signature) -> Node {
    let parsed = yaml::parse(text, sign.at.file);
    let read = parsed.documents.first().and_then(|document| document.root.as_ref());
    match read.filter(|node| node.is_scalar()) {
        Some(node) => Node::new_scalar(node.text().unwrap_or_default(), node.kind(), sign),
        None => Node::new_string(text, sign),
    }
}
