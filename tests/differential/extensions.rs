//! What extends a build: configurations, CRDs, schemas, and generators and transformers as objects.

use super::identity::Thing;
use super::marks::quoted;
use super::objects::Object;
use super::tree::{Maker, Plan, indented};

const CONFIGURATIONS: &[&str] = &[
    "nameReference:\n- kind: ConfigMap\n  version: v1\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Gadget\n",
    "nameReference:\n- kind: Gadget\n  group: example.com\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Gadget\n  - path: metadata/annotations/note\n",
    "images:\n- path: spec/size\n  kind: Gadget\n",
    "commonLabels:\n- path: spec/x\n  kind: Gadget\n  create: true\n",
    "commonAnnotations:\n- path: spec/annotations\n  kind: Gadget\n  create: true\n- path: spec/list[]/annotations\n  group: example.com\n  create: true\n",
    "namePrefix:\n- path: spec/ref/name\n  kind: Gadget\nnameSuffix:\n- path: metadata/labels/app\n  kind: Service\n",
    "namespace:\n- path: spec/ref/namespace\n  kind: Gadget\n  create: true\n- path: subjects/namespace\n  kind: RoleBinding\n",
    "replicas:\n- path: spec/size\n  kind: Gadget\n  create: true\n",
    "varReference:\n- path: spec/size\n  kind: Gadget\n- path: spec/list/name\n- path: data\n  kind: ConfigMap\n",
    "templateLabels:\n- path: spec/template/metadata/labels\n  kind: Gadget\n  create: true\n",
    "labels:\n- path: spec/labels\n  kind: Gadget\n  create: true\n",
    "nameReference:\n- kind: Secret\n  version: v1\n  fieldSpecs:\n  - path: data\n    kind: ConfigMap\n",
];

/// Lists of a Gadget that merge by a key, and of a Deployment that do not.
const SCHEMA: &str = r##"{"definitions": {
  "v1.Gadget": {
    "type": "object",
    "properties": {"spec": {"$ref": "#/definitions/v1.GadgetSpec"}},
    "x-kubernetes-group-version-kind": [{"group": "example.com", "kind": "Gadget", "version": "v1"}]
  },
  "v1.GadgetSpec": {
    "type": "object",
    "properties": {
      "list": {
        "type": "array",
        "items": {"type": "object", "properties": {"name": {"type": "string"}}},
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge"
      }
    }
  },
  "v1.Deployment": {
    "type": "object",
    "properties": {"spec": {"type": "object"}},
    "x-kubernetes-group-version-kind": [{"group": "apps", "kind": "Deployment", "version": "v1"}]
  }
}}
"##;

const CRD: &str = r##"{"example.com/v1.Gadget": {"Schema": {"properties": {
  "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"$ref": "meta"},
  "spec": {"$ref": "example.com/v1.Spec"}}}},
 "example.com/v1.Spec": {"Schema": {"properties": {
  "size": {"x-kubernetes-annotation": "", "type": "object"},
  "ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap"},
  "x": {"x-kubernetes-label-selector": "", "type": "object"}}}}}
"##;

const SORTS: &[&str] = &[
    "sortOptions: {order: fifo}\n",
    "sortOptions: {order: fifo}\n",
    "sortOptions:\n  order: legacy\n",
    "sortOptions:\n  order: legacy\n  legacySortOptions: {orderFirst: [Service, Gadget]}\n",
    "sortOptions:\n  order: legacy\n  legacySortOptions:\n    orderFirst: [Service]\n    orderLast: [ConfigMap]\n",
];

const METADATA: &[&str] = &[
    "buildMetadata: [originAnnotations]\n",
    "buildMetadata: [transformerAnnotations]\n",
    "buildMetadata: [managedByLabel]\n",
    "buildMetadata: [transformerAnnotations, managedByLabel]\n",
    "buildMetadata: [managedByLabel, originAnnotations, transformerAnnotations]\n",
];

impl Maker {
    pub(super) fn extensions(&mut self, folder: &str, plan: Plan, known: &mut Vec<Thing>, out: &mut String) {
        if self.wish(8) {
            *out += "configurations:\n";
            for _ in 0..=self.random.below(2) {
                let name = format!("spec{}.yaml", self.number());
                let text = self.random.pick(CONFIGURATIONS);
                self.file(format!("{folder}/{name}"), text.to_owned());
                *out += &format!("- {name}\n");
            }
        }
        if self.wish(3) {
            self.file(format!("{folder}/crd.json"), CRD.to_owned());
            *out += "crds: [crd.json]\n";
        }
        if self.wish(3) {
            *out += "openapi: {version: v1.21.2}\n";
        } else if self.wish(2) {
            let name = self.random.pick(&["schema.json", "schema.yaml"]);
            let text = match name {
                "schema.json" => SCHEMA.to_owned(),
                _ => serde_yaml::to_string(&serde_yaml::from_str::<serde_json::Value>(SCHEMA).unwrap()).unwrap(),
            };
            self.raw_file(format!("{folder}/{name}"), text);
            *out += &format!("openapi: {{path: {name}}}\n");
        }
        if self.wish(6) {
            let made: Vec<String> = (0..=self.random.below(2)).map(|at| self.generator(at, known)).collect();
            self.entries_of("generators", folder, &made, out);
        }
        if self.wish(14) {
            let mut made = Vec::new();
            for number in 0..=self.random.below(2) {
                let objects = self.spoken(known);
                let text = self.transformer(number, known, &objects);
                rename(&text, known);
                made.push(text);
            }
            self.entries_of("transformers", folder, &made, out);
        }
        if self.wish(2) {
            let text = self.random.pick(&[
                "kind: LabelTransformer\nmetadata: {name: v}\nlabels: {validated-by: me}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n",
                "kind: AnnotationsTransformer\nmetadata: {name: v}\nannotations: {t: u}\nfieldSpecs:\n- path: metadata/nothing\n",
                "kind: PrefixTransformer\nmetadata: {name: v}\nprefix: x\nfieldSpecs:\n- path: metadata/name\n  kind: Nothing\n",
            ]);
            self.entries_of("validators", folder, &[format!("apiVersion: builtin\n{text}")], out);
        }
        if plan.depth == 0 || self.random.chance(4) {
            if self.wish(12) {
                *out += self.random.pick(SORTS);
            }
            if self.wish(10) {
                *out += self.random.pick(METADATA);
            }
        }
    }

    /// Entries that lead to the objects `made`: written in place, in files, or in a folder of their own.
    fn entries_of(&mut self, field: &str, folder: &str, made: &[String], out: &mut String) {
        let number = self.number();
        *out += &format!("{field}:\n");
        match self.random.below(5) {
            0 => {
                let name = format!("{field}{number}.yaml");
                self.file(format!("{folder}/{name}"), made.join("---\n"));
                *out += &format!("- {name}\n");
            }
            1 => {
                let name = format!("{field}{number}");
                self.file(format!("{name}/objects.yaml"), made.join("---\n"));
                let more = self.random.pick(&["", "", "namePrefix: c-\n", "commonLabels: {c: d}\n"]);
                self.file(format!("{name}/kustomization.yaml"), format!("resources: [objects.yaml]\n{more}"));
                *out += &format!("- ../{name}\n");
            }
            2 => {
                for (at, text) in made.iter().enumerate() {
                    let name = format!("{field}{number}-{at}.yaml");
                    self.file(format!("{folder}/{name}"), text.clone());
                    *out += &format!("- {name}\n");
                }
            }
            3 => *out += &format!("- |-\n{}", indented(&made.join("---\n"), "  ", "  ")),
            _ => made.iter().for_each(|text| *out += &format!("- |\n{}", indented(text, "  ", "  "))),
        }
    }

    /// An object that makes objects.
    fn generator(&mut self, number: usize, known: &mut Vec<Thing>) -> String {
        let head = |kind: &str, name: &str| {
            let name = quoted(name);
            format!("apiVersion: builtin\nkind: {kind}\nmetadata:\n  name: {name}\n")
        };
        match self.random.below(5) {
            0 => {
                let text = "cloud: gke\nkubernetesService: {name: ksa, namespace: prod}\nserviceAccount: {name: gsa, projectId: p}\n";
                head("IAMPolicyGenerator", &format!("iam{number}")) + text
            }
            at => {
                let (kind, generator) =
                    if at < 3 { ("ConfigMap", "ConfigMapGenerator") } else { ("Secret", "SecretGenerator") };
                let (object, behavior) = self.generated(kind, known);
                let mut out = head(generator, &object.name);
                if !object.namespace.is_empty() {
                    out += &format!("  namespace: {}\n", object.namespace);
                }
                if !behavior.is_empty() {
                    out += &format!("behavior: {behavior}\n");
                }
                out += self.random.pick(&["literals: [a=b, 'c=\"d\"']\n", "literals:\n- X=1\n", ""]);
                out + self.random.pick(&["", "options: {labels: {g: h}}\n", "options: {disableNameSuffixHash: true}\n"])
            }
        }
    }

    /// An object that changes objects.
    fn transformer(&mut self, number: usize, known: &[Thing], objects: &[Object]) -> String {
        let number = format!("t{}-{number}", self.number());
        let head = |kind: &str| format!("apiVersion: builtin\nkind: {kind}\nmetadata:\n  name: {number}\n");
        let object = self.some(objects, &[]);
        let name = object.as_ref().map_or_else(|| "x".to_owned(), |object| object.name.clone());
        if let Some(object) = object.as_ref().filter(|_| self.random.chance(40)) {
            return self.patching(&head, known, object);
        }
        let (kind, text) = self.random.pick(TRANSFORMERS);
        head(kind) + &text.replace("NAME", &quoted(&name))
    }

    fn patching(&mut self, head: &impl Fn(&str) -> String, known: &[Thing], object: &Object) -> String {
        let target = format!("target:\n  kind: {}\n  name: {}\n", object.kind, quoted(&object.name));
        match self.random.below(5) {
            0 => {
                let patch = indented(&self.merge_patch(object), "  ", "  ");
                format!("{}patch: |-\n{patch}{target}", head("PatchTransformer"))
            }
            1 => {
                let patch = indented(&self.json_patch(object), "  ", "  ");
                format!("{}patch: |\n{patch}{target}", head("PatchTransformer"))
            }
            2 => {
                let patch = indented(&self.json_patch(object), "  ", "  ");
                format!("{}{target}jsonOp: |-\n{patch}", head("PatchJson6902Transformer"))
            }
            3 => {
                let patch = indented(&self.merge_patch(object), "  ", "  ");
                format!("{}patches: |-\n{patch}", head("PatchStrategicMergeTransformer"))
            }
            _ => format!("{}replacements:\n{}", head("ReplacementTransformer"), self.replacement(known)),
        }
    }
}

/// What a transformer of names does to the names that are known.
fn rename(text: &str, known: &mut [Thing]) {
    if text.contains("prefix: t-\nfieldSpecs:\n- path: metadata/name\n") {
        known.iter_mut().for_each(|thing| thing.rename(|name| format!("t-{name}")));
    }
}

const TRANSFORMERS: &[(&str, &str)] = &[
    ("PrefixTransformer", "prefix: t-\nfieldSpecs:\n- path: metadata/name\n"),
    (
        "PrefixTransformer",
        "prefix: t-\nfieldSpecs:\n- path: metadata/name\n  kind: Service\n- path: metadata/labels/app\n",
    ),
    ("SuffixTransformer", "suffix: -t\nfieldSpecs:\n- path: metadata/name\n  kind: ConfigMap\n"),
    ("PrefixSuffixTransformer", "prefix: t-\nsuffix: -t\nfieldSpecs:\n- path: metadata/name\n"),
    ("AnnotationsTransformer", "annotations: {t: u}\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n"),
    ("AnnotationsTransformer", "annotations: {t: \"1\", note: t}\nfieldSpecs:\n- path: metadata/annotations\n"),
    ("NamespaceTransformer", "  namespace: tns\nunsetOnly: true\n"),
    ("NamespaceTransformer", "  namespace: tns\nsetRoleBindingSubjects: allServiceAccounts\n"),
    ("NamespaceTransformer", "  namespace: tns\nsetRoleBindingSubjects: none\nunsetOnly: true\n"),
    (
        "NamespaceTransformer",
        "  namespace: tns\nsetRoleBindingSubjects: defaultOnly\nfieldSpecs:\n- path: metadata/name\n  kind: Namespace\n  create: true\n",
    ),
    ("LabelTransformer", "labels: {t: \"1\", app: t}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n"),
    (
        "LabelTransformer",
        "labels: {app: t}\nfieldSpecs:\n- {path: spec/selector/matchLabels, create: true, kind: Deployment}\n- {path: spec/template/metadata/labels}\n",
    ),
    ("ValueAddTransformer", "value: added\ntargets:\n- fieldPath: metadata/annotations/added\n"),
    ("ValueAddTransformer", "value: \"7\"\ntargets:\n- selector: {kind: Gadget}\n  fieldPath: spec/made\n"),
    (
        "ValueAddTransformer",
        "value: deep\ntargets:\n- selector: {name: NAME}\n  fieldPath: spec/dir\n  filePathPosition: 2\n- fieldPath: metadata/namespace\n",
    ),
    (
        "ReplicaCountTransformer",
        "replica: {name: NAME, count: 4}\nfieldSpecs:\n- path: spec/replicas\n  create: true\n",
    ),
    (
        "ImageTagTransformer",
        "imageTag: {name: nginx, newTag: t}\nfieldSpecs:\n- path: spec/template/spec/containers[]/image\n",
    ),
    ("ImageTagTransformer", "imageTag: {name: app, newName: q, digest: sha256:aa}\n"),
    ("HashTransformer", ""),
];
