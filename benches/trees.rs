//! Generated kustomizations of known size: what the benchmarks build.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}

fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      serviceAccountName: {name}
      containers:
        - name: app
          image: ghcr.io/example/{name}:1.0.0
          args: [\"--listen=:8000\", \"--log=info\"]
          env:
            - name: LOG_LEVEL
              valueFrom:
                configMapKeyRef:
                  name: {name}
                  key: LOG_LEVEL
            - name: REGION
              value: eu-central-1
          ports:
            - name: http
              containerPort: 8000
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          volumeMounts:
            - name: config
              mountPath: /etc/app
      volumes:
        - name: config
          configMap:
            name: {name}
"
    )
}

fn service(name: &str) -> String {
    format!(
        "apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app: {name}
  ports:
    - name: http
      port: 80
      targetPort: http
"
    )
}

fn config_map(name: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  LOG_LEVEL: info\n  WORKERS: \"4\"\n")
}

fn service_account(name: &str) -> String {
    format!("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n")
}

/// A base of `count` resources: Deployment, Service, ConfigMap and ServiceAccount in turn.
pub fn base(folder: &Path, count: usize) {
    let makers = [deployment, service, config_map, service_account];
    let documents: Vec<String> = (0..count).map(|i| makers[i % 4](&format!("app-{}", i / 4))).collect();
    let mut files = String::new();
    for (i, chunk) in documents.chunks(40).enumerate() {
        write(folder, &format!("resources-{i}.yaml"), &chunk.join("---\n"));
        let _ = writeln!(files, "  - resources-{i}.yaml");
    }
    write(folder, "kustomization.yaml", &format!("resources:\n{files}"));
}

/// One ConfigMap and nothing else.
pub fn one_config_map(folder: &Path) {
    write(folder, "config.yaml", &config_map("one"));
    write(folder, "kustomization.yaml", "resources:\n  - config.yaml\n");
}

/// An overlay with twelve features over a base of `count` resources in `folder/base`.
pub fn small(folder: &Path, count: usize) {
    base(&folder.join("base"), count);
    let patch = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-0
spec:
  template:
    spec:
      containers:
        - name: app
          env:
            - name: REGION
              value: us-east-1
";
    write(&folder.join("overlay"), "patch.yaml", patch);
    write(
        &folder.join("overlay"),
        "kustomization.yaml",
        "namespace: shop
namePrefix: prod-
nameSuffix: -v1
resources:
  - ../base
labels:
  - pairs:
      environment: prod
commonAnnotations:
  team: platform
images:
  - name: ghcr.io/example/app-0
    newTag: 2.0.0
replicas:
  - name: app-0
    count: 5
configMapGenerator:
  - name: extra
    literals:
      - A=1
secretGenerator:
  - name: credentials
    literals:
      - USER=placeholder
patches:
  - path: patch.yaml
  - target:
      kind: Service
    patch: |-
      - op: add
        path: /spec/type
        value: ClusterIP
replacements:
  - source:
      kind: ConfigMap
      name: app-0
      fieldPath: data.WORKERS
    targets:
      - select:
          kind: ConfigMap
          name: app-1
        fieldPaths:
          - data.WORKERS
",
    );
}

/// An overlay with prefix, namespace, labels and images over a base of `count` resources.
pub fn large(folder: &Path, count: usize) {
    base(&folder.join("base"), count);
    write(
        &folder.join("overlay"),
        "kustomization.yaml",
        "namespace: shop
namePrefix: prod-
resources:
  - ../base
labels:
  - pairs:
      environment: prod
    includeSelectors: true
images:
  - name: ghcr.io/example/app-1
    newTag: 2.0.0
",
    );
}

/// `overlays` overlays over one base of 20 resources.
pub fn fleet(folder: &Path, overlays: usize) {
    base(&folder.join("base"), 20);
    for i in 0..overlays {
        let text = format!(
            "namespace: region-{i}
resources:
  - ../../base
labels:
  - pairs:
      region: r{i}
images:
  - name: ghcr.io/example/app-0
    newTag: 2.0.{i}
replicas:
  - name: app-0
    count: {}
configMapGenerator:
  - name: region
    literals:
      - REGION=r{i}
",
            i % 7 + 1
        );
        write(&folder.join("overlays").join(format!("r{i:05}")), "kustomization.yaml", &text);
    }
}

/// Where the overlay `number` of a [`fleet`] in the folder `fleet` stands.
pub fn overlay(number: usize) -> String {
    format!("fleet/overlays/r{number:05}")
}

/// A file of CustomResourceDefinitions of about so many bytes, labelled.
pub fn definitions(folder: &Path, bytes: usize) {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        let _ = write!(
            text,
            "---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets{number}.example.com
spec:
  group: example.com
  scope: Namespaced
  names:
    kind: Widget{number}
    plural: widgets{number}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
"
        );
        properties(&mut text, 0, 10);
    }
    write(folder, "definitions.yaml", &text);
    write(
        folder,
        "kustomization.yaml",
        "resources:
  - definitions.yaml
labels:
  - pairs:
      team: platform
commonAnnotations:
  owner: us
",
    );
}

/// Nested objects with descriptions, as generated definitions have them.
fn properties(text: &mut String, depth: usize, indent: usize) {
    let pad = " ".repeat(indent);
    for field in 0..5 {
        let _ = writeln!(text, "{pad}field{depth}{field}:");
        let _ = writeln!(
            text,
            "{pad}  description: Field {field} says how the controller treats part {depth} of the object; see the \
             documentation for all values that it may have."
        );
        if depth < 4 && field < 4 {
            let _ = writeln!(text, "{pad}  type: object\n{pad}  properties:");
            properties(text, depth + 1, indent + 4);
        } else {
            let _ = writeln!(text, "{pad}  type: {}", ["string", "integer"][field % 2]);
        }
    }
}
