//! The reader of kustomization files, and the fields of one.

use super::tree;

const BASE: &str = "resources: [web.yaml]\nconfigMapGenerator:\n- {name: made, literals: [a=b]}\n";

const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: web, image: 'nginx:1', envFrom: [{configMapRef: {name: made}}]}
      - {name: log, image: fluentd}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}], selector: {app: web}}
";

const PART: &str = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: part-\n";

/// A kustomization beside a base, a component, resources, a patch, an env file and a file of bytes.
pub fn check(data: &[u8]) {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    tree::check(&[
        ("/root/kustomization.yaml", data),
        ("/root/web.yaml", WEB.as_bytes()),
        ("/root/patch.yaml", patch.as_bytes()),
        ("/root/app.env", b"A=1\nB=two\n"),
        ("/root/bytes", b"\xff\x00"),
        ("/base/kustomization.yaml", BASE.as_bytes()),
        ("/base/web.yaml", WEB.as_bytes()),
        ("/part/kustomization.yaml", PART.as_bytes()),
    ]);
}
