//! Patches of all three fields, for objects of a layer.

use super::objects::{IMAGES, Object};
use super::scalars::value;
use super::tree::{Maker, indented};

impl Maker {
    pub(super) fn patches(&mut self, folder: &str, known: &[Object], out: &mut String) {
        let mut text = String::new();
        for number in 0..self.random.below(3) {
            let Some(object) = self.some(known, &[]) else { return };
            let merge = self.random.chance(60);
            let targeted = !merge || self.random.chance(40);
            let patch = if merge { self.merge_patch(&object) } else { self.json_patch(&object) };
            if self.random.chance(30) {
                let name = format!("patch{number}.yaml");
                self.file(format!("{folder}/{name}"), patch);
                text += &format!("- path: {name}\n");
            } else {
                text += &format!("- patch: |-\n{}", indented(&patch, "    ", "    "));
            }
            if targeted {
                text += &self.target(&object);
            }
        }
        if !text.is_empty() {
            *out += &format!("patches:\n{text}");
        }
        if self.random.chance(8)
            && let Some(object) = self.some(known, &[])
        {
            let patch = self.merge_patch(&object);
            *out += &format!("patchesStrategicMerge:\n- |-\n{}", indented(&patch, "  ", "  "));
        }
        if self.random.chance(8)
            && let Some(object) = self.some(known, &[])
        {
            let patch = indented(&self.json_patch(&object), "    ", "    ");
            *out += &format!("patchesJson6902:\n- target:\n    kind: {}\n    name: {}\n", object.kind, object.name);
            *out +=
                &format!("    version: {}\n  patch: |-\n{patch}", object.api.rsplit('/').next().unwrap_or_default());
        }
    }

    fn target(&mut self, object: &Object) -> String {
        match self.random.below(6) {
            0 => format!("  target:\n    kind: {}\n", object.kind),
            1 => format!(
                "  target:\n    kind: {}\n    name: .*{}.*\n",
                object.kind,
                object.name.chars().next().unwrap_or_default()
            ),
            2 => "  target:\n    labelSelector: app=web\n".to_owned(),
            3 => format!("  target:\n    kind: {}\n    labelSelector: app in (web, api),!x\n", object.kind),
            _ => format!("  target:\n    kind: {}\n    name: {}\n", object.kind, object.name),
        }
    }

    pub(super) fn merge_patch(&mut self, object: &Object) -> String {
        let mut out =
            format!("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n", object.api, object.kind, object.name);
        if !object.namespace.is_empty() {
            out += &format!("  namespace: {}\n", object.namespace);
        }
        if self.random.chance(6) {
            return out + "$patch: delete\n";
        }
        let odd = value(&mut self.random, 4);
        out += &match self.random.below(8) {
            0 => format!("  annotations:\n    patched: {odd}\n    note: null\n"),
            1 => "  labels:\n    app: patched\n    odd: null\n".to_owned(),
            _ => String::new(),
        };
        out += &match object.kind {
            "ConfigMap" => format!("data:\n  new: {odd}\n  a0: {}\n", self.random.pick(&["null", "changed", "\"1\""])),
            "Secret" => format!("stringData:\n  new: {odd}\n"),
            "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => {
                let containers = self.containers("      ");
                let replicas = if object.kind == "Deployment" {
                    self.random.pick(&["", "  replicas: 7\n", "  replicas: null\n"])
                } else {
                    ""
                };
                format!("spec:\n{replicas}  template:\n    spec:\n{containers}")
            }
            "Pod" => format!("spec:\n{}", self.containers("  ")),
            "Service" => format!(
                "spec:\n  ports:\n  - port: {}\n{}",
                self.random.pick(&["80", "81"]),
                self.random.pick(&[
                    "",
                    "    protocol: TCP\n",
                    "    protocol: UDP\n    name: z\n",
                    "    targetPort: 1\n"
                ])
            ),
            "Gadget" => self
                .random
                .pick(&[
                    "spec:\n  list:\n  - name: c\n    v: 3\n",
                    "spec:\n  size: null\n  ref:\n    $patch: replace\n    other: 1\n",
                    "spec:\n  ref:\n    $patch: delete\n",
                    "spec:\n  nested: []\n  more: {a: {b: c}}\n",
                ])
                .to_owned(),
            _ => String::new(),
        };
        out
    }

    fn containers(&mut self, pad: &str) -> String {
        let mut out = format!("{pad}containers:\n{pad}- name: {}\n", self.random.pick(&["main", "side", "fresh"]));
        out += &match self.random.below(9) {
            0 => format!("{pad}  image: {}\n", self.random.pick(IMAGES)),
            1 => format!(
                "{pad}  env:\n{pad}  - name: E0\n{pad}    value: {}\n{pad}  - name: NEW\n{pad}    value: x\n",
                value(&mut self.random, pad.len() + 6)
            ),
            2 => format!("{pad}  env:\n{pad}  - name: E1\n{pad}    $patch: delete\n"),
            3 => format!(
                "{pad}  ports:\n{pad}  - containerPort: 80\n{pad}    name: new\n{}",
                self.random.pick(&["", "{p}    protocol: TCP\n", "{p}    protocol: UDP\n"]).replace("{p}", pad)
            ),
            4 => format!("{pad}  $patch: delete\n"),
            5 => format!("{pad}  volumeMounts:\n{pad}  - mountPath: /new\n{pad}    name: v\n{pad}  args: [z]\n"),
            6 => format!("{pad}  env: null\n{pad}  ports: null\n"),
            7 => format!("{pad}  resources:\n{pad}    limits:\n{pad}      cpu: 2\n{pad}      memory: null\n"),
            _ => format!("{pad}  env:\n{pad}  - $patch: replace\n{pad}  - name: ONLY\n{pad}    value: \"1\"\n"),
        };
        if self.random.chance(20) {
            out += &format!(
                "{pad}volumes:\n{pad}- name: v\n{pad}  emptyDir: {{}}\n{}",
                self.random.pick(&["", "{p}  configMap: null\n{p}  secret: null\n"]).replace("{p}", pad)
            );
        }
        if self.random.chance(10) {
            out += &format!("{pad}tolerations:\n{pad}- key: patched\n");
        }
        out
    }

    pub(super) fn json_patch(&mut self, object: &Object) -> String {
        let odd = value(&mut self.random, 4);
        let workload = ["Deployment", "StatefulSet", "DaemonSet"].contains(&object.kind);
        match self.random.below(8) {
            0 => "- op: add\n  path: /metadata/labels\n  value: {json: patched}\n".to_owned(),
            1 => format!("- op: add\n  path: /metadata/annotations\n  value:\n    v: {odd}\n"),
            2 if workload => "- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: json:1\n".to_owned(),
            3 if workload => "- op: add\n  path: /spec/template/spec/containers/-\n  value: {name: added, image: a}\n".to_owned(),
            4 if workload => "[{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 3}]\n".to_owned(),
            5 => "- op: test\n  path: /kind\n  value: ".to_owned() + object.kind + "\n- op: add\n  path: /metadata/finalizers\n  value: []\n",
            6 => "- op: copy\n  from: /metadata/name\n  path: /extra\n- op: add\n  path: /metadata/labels\n  value: {a~1b: c}\n".to_owned(),
            7 if object.kind == "ConfigMap" => format!("- op: add\n  path: /data\n  value:\n    fresh: {odd}\n"),
            _ => format!("- op: add\n  path: /top\n  value: [1, {{x: {}}}]\n", self.random.pick(&["yes", "0123", "1.0", "2020-01-01", "9007199254740993", "\"s\"", "~"])),
        }
    }
}
