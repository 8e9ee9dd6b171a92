//! Kubernetes objects of many kinds, as text.

use super::random::Random;
use super::scalars::{comment, string, value};

/// An object that a layer has.
#[derive(Clone, Debug)]
pub struct Object {
    pub api: &'static str,
    pub kind: &'static str,
    pub name: String,
    pub namespace: &'static str,
}

const KINDS: &[(&str, &str)] = &[
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("v1", "Service"),
    ("v1", "Service"),
    ("networking.k8s.io/v1", "Ingress"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "ServiceAccount"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("v1", "Namespace"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Pod"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("example.com/v1", "Gadget"),
    ("example.com/v1", "Gadget"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("v1", "ReplicationController"),
    ("v1", "PersistentVolume"),
];

pub const NAMES: &[&str] = &["web", "api", "db", "cache", "web-2", "job.x", "default", "a1", "conf"];
const NAMESPACES: &[&str] = &["", "", "", "prod", "default", "stage"];

/// A new object whose id is not among `taken`.
pub fn object(random: &mut Random, taken: &[Object], tag: &str) -> Option<Object> {
    let (api, kind) = random.pick(KINDS);
    let name = format!("{}{tag}", random.pick(NAMES));
    let namespace = random.pick(NAMESPACES);
    let same = |known: &Object| known.kind == kind && known.name == name;
    (!taken.iter().any(same)).then_some(Object { api, kind, name, namespace })
}

/// The text of an object, its lines not indented.
pub fn text(object: &Object, random: &mut Random) -> String {
    let mut out = format!("apiVersion: {}\nkind: {}{}\n", object.api, object.kind, comment(random));
    out += &metadata(object, random);
    out += &match object.kind {
        "ConfigMap" => data(random),
        "Secret" => secret(random),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicationController" | "Job" => workload(object.kind, random),
        "CronJob" => cron_job(random),
        "Pod" => format!("spec:\n{}", pod(random, 2)),
        "Service" => service(random),
        "Gadget" => gadget(random),
        "CustomResourceDefinition" => definition(random),
        "PersistentVolumeClaim" => {
            format!("spec:\n  storageClassName: {}\n  accessModes: [ReadWriteOnce]\n", random.pick(NAMES))
        }
        kind => other(kind, random),
    };
    out
}

fn metadata(object: &Object, random: &mut Random) -> String {
    let mut out = String::from("metadata:\n");
    out += &format!("  name: {}\n", object.name);
    if !object.namespace.is_empty() {
        out += &format!("  namespace: {}\n", object.namespace);
    }
    if random.chance(40) {
        out += &format!("  labels:\n    app: {}\n", random.pick(NAMES));
        if random.chance(30) {
            out += &format!("    odd: {}\n", string(random));
        }
    }
    if random.chance(25) {
        let value = value(random, 6);
        out += &format!("  annotations:\n    note: {value}\n");
        if random.chance(20) {
            out += &format!(
                "    config.kubernetes.io/local-config: {}\n",
                random.pick(&["\"true\"", "\"false\"", "true"])
            );
        }
    } else if random.chance(4) {
        out += random.pick(&["  annotations: {}\n", "  annotations:\n", "  creationTimestamp: null\n"]);
    }
    out
}

fn data(random: &mut Random) -> String {
    if random.chance(10) {
        return random.pick(&["", "data: {}\n", "data:\n", "binaryData:\n  b: aGk=\n"]).to_owned();
    }
    let mut out = String::from("data:\n");
    for number in 0..=random.below(4) {
        let key = random.pick(&["a", "b.txt", "A", "a10", "a2", "conf.yaml", "\"n\"", "key_1", "zed", "\"1\""]);
        let value = value(random, 4);
        // A number keeps keys of one object apart.
        out += &format!(
            "  {}: {value}\n",
            if key.starts_with('"') { format!("\"{number}x\"") } else { format!("{key}{number}") }
        );
    }
    if random.chance(15) {
        out += "immutable: true\n";
    }
    out
}

fn secret(random: &mut Random) -> String {
    let value = value(random, 4);
    format!("type: Opaque\n{}:\n  a: {value}\n", random.pick(&["stringData", "data"]))
}

fn labels(random: &mut Random, indent: usize) -> String {
    format!("{}app: {}\n", " ".repeat(indent), random.pick(NAMES))
}

fn workload(kind: &str, random: &mut Random) -> String {
    let mut out = String::from("spec:\n");
    if random.chance(60) && kind != "DaemonSet" && kind != "Job" {
        out += &format!("  replicas: {}\n", random.below(5));
    }
    if kind == "StatefulSet" {
        out += &format!("  serviceName: {}\n", random.pick(NAMES));
    }
    if kind == "ReplicationController" {
        out += &format!("  selector:\n{}", labels(random, 4));
    } else if kind != "Job" && random.chance(80) {
        out += &format!("  selector:\n    matchLabels:\n{}", labels(random, 6));
    }
    out += "  template:\n";
    if random.chance(80) {
        out += &format!("    metadata:\n      labels:\n{}", labels(random, 8));
        if random.chance(20) {
            out += &format!("      annotations:\n        x: {}\n", string(random));
        }
    }
    out += &format!("    spec:\n{}", pod(random, 6));
    if kind == "StatefulSet" && random.chance(60) {
        let claims = "  volumeClaimTemplates:\n  - metadata:\n      name: data\n    spec:\n      storageClassName: ";
        out += &format!("{claims}{}\n", random.pick(NAMES));
    }
    out
}

fn cron_job(random: &mut Random) -> String {
    let head = "spec:\n  schedule: '*/5 * * * *'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n";
    format!("{head}{}", pod(random, 10))
}

/// The fields of a pod's spec.
fn pod(random: &mut Random, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut out = String::new();
    if random.chance(30) {
        out += &format!("{pad}serviceAccountName: {}\n", random.pick(NAMES));
    }
    if random.chance(15) {
        out += &format!("{pad}priorityClassName: {}\n", random.pick(NAMES));
    }
    if random.chance(15) {
        out += &format!("{pad}imagePullSecrets:\n{pad}- name: {}\n", random.pick(NAMES));
    }
    if random.chance(25) {
        out += &format!("{pad}initContainers:\n{}", container(random, indent, "init"));
    }
    if random.chance(15) {
        let spread = "topologySpreadConstraints:\n{p}- maxSkew: 1\n{p}  topologyKey: zone\n{p}  whenUnsatisfiable: DoNotSchedule\n";
        out += &format!("{pad}{}", spread.replace("{p}", &pad));
        if random.chance(50) {
            out += &format!("{pad}  labelSelector:\n{pad}    matchLabels:\n{}", labels(random, indent + 6));
        }
    }
    if random.chance(15) {
        let taint = random.pick(&["{key: a, operator: Exists}", "{key: b, value: c}"]);
        out += &format!("{pad}tolerations:\n{pad}- {taint}\n");
    }
    if random.chance(10) {
        out += &format!("{pad}hostAliases:\n{pad}- ip: 10.0.0.1\n{pad}  hostnames: [a, b]\n");
    }
    out += &format!("{pad}containers:\n{}", container(random, indent, "main"));
    if random.chance(40) {
        out += &container(random, indent, "side");
    }
    if random.chance(40) {
        out += &format!("{pad}volumes:\n");
        out += &match random.below(4) {
            0 => format!("{pad}- name: v\n{pad}  configMap:\n{pad}    name: {}\n", random.pick(NAMES)),
            1 => format!("{pad}- name: v\n{pad}  secret:\n{pad}    secretName: {}\n", random.pick(NAMES)),
            2 => format!("{pad}- name: v\n{pad}  persistentVolumeClaim: {{claimName: {}}}\n", random.pick(NAMES)),
            _ => format!(
                "{pad}- name: v\n{pad}  projected:\n{pad}    sources:\n{pad}    - configMap:\n{pad}        name: {}\n",
                random.pick(NAMES)
            ),
        };
    }
    out
}

pub const IMAGES: &[&str] = &[
    "nginx",
    "nginx:1.25",
    "repo.io/team/app:v1",
    "localhost:5000/x",
    "redis@sha256:0123456789abcdef",
    "app:v1@sha256:ab",
    "\"nginx:1\"",
];

fn container(random: &mut Random, indent: usize, name: &str) -> String {
    let pad = " ".repeat(indent);
    let mut out = format!("{pad}- name: {name}\n{pad}  image: {}{}\n", random.pick(IMAGES), comment(random));
    if random.chance(40) {
        out += &format!("{pad}  env:\n");
        for number in 0..=random.below(3) {
            out += &format!("{pad}  - name: E{number}\n");
            out += &match random.below(4) {
                0 => format!(
                    "{pad}    valueFrom:\n{pad}      configMapKeyRef:\n{pad}        name: {}\n{pad}        key: a\n",
                    random.pick(NAMES)
                ),
                1 => format!("{pad}    valueFrom: {{secretKeyRef: {{name: {}, key: k}}}}\n", random.pick(NAMES)),
                _ => format!("{pad}    value: {}\n", value(random, indent + 6)),
            };
        }
    }
    if random.chance(20) {
        out += &format!("{pad}  envFrom:\n{pad}  - configMapRef: {{name: {}}}\n", random.pick(NAMES));
    }
    if random.chance(35) {
        out += &format!("{pad}  ports:\n{pad}  - containerPort: {}\n", random.pick(&["80", "8080", "\"80\""]));
        out += random.pick(&["", "{p}    protocol: TCP\n", "{p}    name: http\n"]).replace("{p}", &pad).as_str();
        if random.chance(30) {
            out += &format!("{pad}  - containerPort: 80\n{pad}    protocol: UDP\n");
        }
    }
    if random.chance(25) {
        out += &format!("{pad}  volumeMounts:\n{pad}  - name: v\n{pad}    mountPath: /v\n");
    }
    if random.chance(25) {
        out += &format!("{pad}  args: [\"--a\", '$(NAME)', {}]\n", random.pick(&["b", "1", "true", "\"x y\""]));
    }
    if random.chance(15) {
        out += &format!("{pad}  resources: {{limits: {{cpu: 1, memory: 1Gi}}, requests: {{cpu: 100m}}}}\n");
    }
    out
}

fn service(random: &mut Random) -> String {
    let mut out =
        format!("spec:\n  selector:\n{}  ports:\n  - port: {}\n", labels(random, 4), random.pick(&["80", "443"]));
    out +=
        random.pick(&["", "    protocol: TCP\n", "    name: http\n    targetPort: http\n", "    targetPort: 8080\n"]);
    if random.chance(30) {
        out += "  - port: 80\n    protocol: UDP\n    name: u\n";
    }
    out
}

fn gadget(random: &mut Random) -> String {
    let plain = value(random, 4);
    let mut out = format!("spec:\n  size: {plain}\n  ref:\n    name: {}\n", random.pick(NAMES));
    if random.chance(50) {
        out += "  list:\n  - name: a\n    v: 1\n  - name: b\n    v: 2\n  nested: [[1, 2], [x, {y: z}]]\n";
    }
    if random.chance(30) {
        out += &format!(
            "  template:\n    spec:\n      containers:\n      - name: c\n        image: {}\n",
            random.pick(IMAGES)
        );
    }
    if random.chance(20) {
        out += "  anchor: &a {k: v, l: [1]}\n  alias: *a\n  merged:\n    <<: *a\n    m: n\n";
    }
    if random.chance(10) {
        out += "  empty: {}\n  none: []\n  nothing:\n  text: \"\"\n";
    }
    out
}

fn definition(random: &mut Random) -> String {
    let mut out =
        String::from("spec:\n  group: example.com\n  names: {kind: Gadget, plural: gadgets}\n  scope: Namespaced\n");
    if random.chance(40) {
        out += "  conversion:\n    strategy: Webhook\n    webhook:\n      clientConfig:\n        service:\n";
        out += &format!("          name: {}\n          namespace: prod\n", random.pick(NAMES));
    }
    out
}

fn other(kind: &str, random: &mut Random) -> String {
    let name = random.pick(NAMES);
    match kind {
        "Ingress" => format!(
            "spec:\n  tls:\n  - secretName: {name}\n  rules:\n  - host: x.y\n    http:\n      paths:\n      - path: /\n        \
             backend:\n          service:\n            name: {}\n            port: {{number: 80}}\n",
            random.pick(NAMES)
        ),
        "HorizontalPodAutoscaler" => format!(
            "spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: {}\n    name: {name}\n  maxReplicas: 3\n",
            random.pick(&["Deployment", "StatefulSet"])
        ),
        "PodDisruptionBudget" => {
            format!("spec:\n  minAvailable: 50%\n  selector:\n    matchLabels:\n{}", labels(random, 6))
        }
        "NetworkPolicy" => format!(
            "spec:\n  podSelector:\n    matchLabels:\n{}  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n{}",
            labels(random, 6),
            labels(random, 10)
        ),
        "Role" | "ClusterRole" => format!(
            "rules:\n- apiGroups: [\"\"]\n  resources: [secrets]\n  resourceNames: [{name}]\n  verbs: [get, \"*\"]\n"
        ),
        "RoleBinding" | "ClusterRoleBinding" => format!(
            "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: {}\n  name: {name}\nsubjects:\n- kind: ServiceAccount\n  \
             name: {}\n{}",
            random.pick(&["Role", "ClusterRole"]),
            random.pick(NAMES),
            random.pick(&["", "  namespace: prod\n", "  namespace: default\n"])
        ),
        "ValidatingWebhookConfiguration" => format!(
            "webhooks:\n- name: a.b.c\n  clientConfig:\n    service:\n      name: {name}\n      namespace: {}\n",
            random.pick(&["prod", "default", "stage"])
        ),
        "APIService" => format!("spec:\n  group: x\n  service:\n    name: {name}\n    namespace: prod\n"),
        "PersistentVolume" => format!("spec:\n  storageClassName: {name}\n  capacity: {{storage: 1Gi}}\n"),
        "StorageClass" => "provisioner: x.y/z\n".to_owned(),
        "PriorityClass" => "value: 1000\n".to_owned(),
        _ => String::new(),
    }
}
