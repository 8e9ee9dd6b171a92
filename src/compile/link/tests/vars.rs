//! Vars.

use super::with_resources;

const SERVICE_AND_POD: &str = "apiVersion: v1
kind: Service
metadata: {name: svc}
spec: {ports: [{port: 80}], weight: 1.5}
---
apiVersion: v1
kind: Pod
metadata: {name: pod, annotations: {a: $(SVC)}}
spec:
  containers:
  - image: x:$(SVC)
    args: [--h=$(SVC), $(PORT), $$(SVC), $(UNKNOWN), $(SVC, a$$b$, w$(WEIGHT)]
";

#[test]
fn vars_take_final_names_and_types() {
    let found = with_resources(
        "namePrefix: p-
vars:
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: PORT
  objref: {kind: Service, name: svc, version: v1}
  fieldref: {fieldpath: 'spec.ports[0].port'}
- name: WEIGHT
  objref: {kind: Service, name: svc, apiVersion: v1}
  fieldref: {fieldPath: spec.weight}
sortOptions: {order: legacy}
",
        SERVICE_AND_POD,
    );
    found.build.findings.iter().for_each(|finding| assert!(finding.rule.contains("deprecated"), "{}", found.said()));
    let pod = found.build.resources.get(1).expect("the pod comes second");
    let mut printed = String::new();
    crate::source::yaml::print(&pod.root, &mut printed).expect("it can be printed");
    let want = "apiVersion: v1
kind: Pod
metadata:
  annotations:
    a: p-svc
  name: p-pod
spec:
  containers:
  - args:
    - --h=p-svc
    - 80
    - $(SVC)
    - $(UNKNOWN)
    - $(SVC
    - a$b$
    - w1.5
    image: x:$(SVC)
";
    assert_eq!(printed, want);
    let port = found.node("spec.containers[0].args[1]");
    assert_eq!(
        found.place_of(port.origin().and_then(|origin| origin.from.as_ref()).expect("a source")),
        "r.yaml:4:23 80"
    );
}

#[test]
fn vars_that_lead_nowhere() {
    let found = with_resources(
        "vars:
- name: A
  objref: {kind: Service, name: svx, apiVersion: v1}
- name: B
  objref: {kind: Service, name: svc}
- name: C
  objref: {kind: Service, name: svc, apiVersion: v1}
  fieldref: {fieldPath: spec.port}
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: SVC
  objref: {kind: Service, name: svc, apiVersion: v1}
- name: UNUSED
  objref: {kind: Service, name: svc, apiVersion: v1}
",
        SERVICE_AND_POD,
    );
    let said: String = found.said().split_inclusive('\n').skip_while(|line| !line.starts_with("link/")).collect();
    let want = "link/duplicate-var: two vars are called `SVC`
  kustomization.yaml:12:9: this one
  kustomization.yaml:10:9: and this one
  help: rename one of them
link/var-source: the var `A` names `Service svx`, which is not in this build
  kustomization.yaml:4:33: no such resource
  help: did you mean `svc`?
link/var-source: the var `B` names `Service svc`, which is not in this build
  kustomization.yaml:6:33: no such resource
  help: write `apiVersion: v1` in `objref`, as `Service svc` has it
link/var-source: the var `C` names the field `spec.port`, which `Service svc` does not have
  kustomization.yaml:9:25: no such field
  r.yaml:3:18: this resource
  help: did you mean `ports`?
link/unused-var: the var `UNUSED` is used nowhere
  kustomization.yaml:14:9: no field that vars are resolved in holds `$(UNUSED)`
  help: remove it, or add the field to `varReference` in a file under `configurations`
";
    assert_eq!(said, want);
}
