//! Whole trees: bases, overlays and components with every field of a kustomization.

use super::objects::{IMAGES, NAMES, Object, object, text};
use super::random::Random;
use super::scalars::{string, value};

/// The files of a tree; the one to build is in `root`.
pub type Files = Vec<(String, String)>;

struct Maker {
    random: Random,
    files: Files,
    folders: usize,
}

/// The tree of a seed. The folder to build is `root`.
pub fn tree(seed: u64) -> Files {
    let mut maker = Maker { random: Random::new(seed), files: Vec::new(), folders: 0 };
    maker.layer("root", 0, &[]);
    maker.files
}

impl Maker {
    fn file(&mut self, path: String, text: String) {
        // Some files come from Windows, some from an editor that writes a mark in front.
        let text = if self.random.chance(4) { text.replace('\n', "\r\n") } else { text };
        self.files.push((path, text));
    }

    /// Makes the layer in `folder`; `above` are the objects that a component finds. Answers with what the layer has.
    fn layer(&mut self, folder: &str, depth: usize, above: &[Object]) -> Vec<Object> {
        let component = folder.contains("component");
        let mut known: Vec<Object> = above.to_vec();
        let mut resources: Vec<String> = Vec::new();
        if depth < 2 && !component {
            for _ in 0..self.random.below(3) {
                self.folders += 1;
                let below = format!("base{}", self.folders);
                known.extend(self.layer(&below, depth + 1, &[]));
                resources.push(format!("../{below}"));
            }
        }
        let tag = if depth == 0 {
            String::new()
        } else {
            self.random.pick(&["", "-x", "-y"]).to_owned() + &format!("{depth}")
        };
        for number in 0..(if resources.is_empty() { 1 + self.random.below(2) } else { self.random.below(2) }) {
            resources.push(self.manifests(folder, number, &tag, &mut known));
        }
        let mut out = String::new();
        if component {
            out += "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";
        } else if self.random.chance(50) {
            out += "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
        }
        if !resources.is_empty() {
            out += "resources:\n";
            resources.iter().for_each(|entry| out += &format!("- {entry}\n"));
        }
        self.generators(folder, depth, &mut known, &mut out);
        if depth < 2 && self.random.chance(20) {
            self.folders += 1;
            let below = format!("component{}", self.folders);
            known = self.layer(&below, depth + 1, &known);
            out += &format!("components:\n- ../{below}\n");
        }
        self.patches(folder, &known, &mut out);
        self.names(&mut known, &mut out);
        self.marks(&mut out);
        self.numbers(&known, &mut out);
        self.references(&known, &mut out);
        self.extensions(folder, depth, &known, &mut out);
        self.file(format!("{folder}/kustomization.yaml"), out);
        known
    }

    /// A file of objects, in one of the forms that files have.
    fn manifests(&mut self, folder: &str, number: usize, tag: &str, known: &mut Vec<Object>) -> String {
        let mut documents = Vec::new();
        for _ in 0..=self.random.below(4) {
            if let Some(object) = object(&mut self.random, known, tag) {
                documents.push(text(&object, &mut self.random));
                known.push(object);
            }
        }
        let separator = self.random.pick(&["---\n", "---\n", "---\n# next\n", "--- # next\n", "\n---\n\n"]);
        let mut all = documents.join(separator);
        if self.random.chance(10) && !documents.is_empty() {
            let items: String = documents.iter().map(|document| indented(document, "- ", "  ")).collect();
            all = format!("apiVersion: v1\nkind: List\nitems:\n{items}");
        } else if self.random.chance(15) {
            all = format!("# head\n---\n{all}---\n");
        }
        let name = format!("r{number}.yaml");
        self.file(format!("{folder}/{name}"), all);
        name
    }

    fn generators(&mut self, folder: &str, depth: usize, known: &mut Vec<Object>, out: &mut String) {
        for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            if !self.random.chance(25) {
                continue;
            }
            *out += &format!("{field}:\n");
            for number in 0..=self.random.below(2) {
                let existing: Vec<Object> = known.iter().filter(|object| object.kind == kind).cloned().collect();
                let merge = !existing.is_empty() && self.random.chance(45);
                let object = if merge {
                    existing[self.random.below(existing.len())].clone()
                } else {
                    let name = format!("{}{number}-gen{depth}", self.random.pick(NAMES));
                    Object { api: "v1", kind, name, namespace: self.random.pick(&["", "", "prod"]) }
                };
                *out += &format!("- name: {}\n", object.name);
                if !object.namespace.is_empty() {
                    *out += &format!("  namespace: {}\n", object.namespace);
                }
                if merge {
                    *out += &format!("  behavior: {}\n", self.random.pick(&["merge", "merge", "replace"]));
                }
                *out += &self.content(folder, kind);
                if !merge && !known.iter().any(|other| other.kind == kind && other.name == object.name) {
                    known.push(object);
                }
            }
        }
        if self.random.chance(10) {
            *out += "generatorOptions:\n";
            *out += self.random.pick(&[
                "  labels: {g: h}\n",
                "  disableNameSuffixHash: true\n",
                "  immutable: true\n  annotations: {i: j}\n",
            ]);
        }
    }

    /// What a generator is made of.
    fn content(&mut self, folder: &str, kind: &str) -> String {
        let mut out = String::new();
        if self.random.chance(60) {
            out += "  literals:\n";
            for number in 0..=self.random.below(3) {
                let literal = self.random.pick(&[
                    "=v",
                    "=\"quoted\"",
                    "='it'",
                    "=a=b",
                    "=",
                    "= lead",
                    "=\\n",
                    "=12",
                    "=true",
                    "=x y z",
                    "='",
                ]);
                out += &format!("  - {}\n", single_quoted(&format!("L{number}{literal}")));
            }
        }
        if self.random.chance(30) {
            let name = format!("f{}.txt", self.folders + self.files.len());
            let text = self.random.pick(&[
                "hello\n",
                "no end",
                "a\r\nb\r\n",
                "tab\there\n",
                "trail \nx\n",
                "\n\nlead\n",
                "",
                "k: v\n# c\n",
                "a long line of words that goes on and on until it is long enough to be folded by someone\n",
            ]);
            self.files.push((format!("{folder}/{name}"), text.to_owned()));
            let entry = if self.random.chance(40) { format!("key.txt={name}") } else { name };
            out += &format!("  files:\n  - {entry}\n");
        }
        if self.random.chance(25) {
            let name = format!("e{}.env", self.folders + self.files.len());
            let text = self.random.pick(&[
                "A=1\nB=two words \n",
                "# c\nX=y\n\n  Z=lead\n",
                "Q=\"quoted\"\nNOEQ\n",
                "A=b=c\r\nD=e\r\n",
                "\u{feff}M=n",
            ]);
            self.files.push((format!("{folder}/{name}"), text.to_owned()));
            out += &format!("  envs: [{name}]\n");
        }
        if kind == "Secret" && self.random.chance(30) {
            out += "  type: kubernetes.io/tls\n";
        }
        if self.random.chance(25) {
            out += "  options:\n";
            out += self.random.pick(&[
                "    disableNameSuffixHash: true\n",
                "    labels: {o: p}\n",
                "    immutable: true\n",
                "    annotations: {q: \"1\"}\n",
            ]);
        }
        out
    }

    fn some(&mut self, known: &[Object], kinds: &[&str]) -> Option<Object> {
        let fit: Vec<&Object> =
            known.iter().filter(|object| kinds.is_empty() || kinds.contains(&object.kind)).collect();
        if fit.is_empty() { None } else { Some(fit[self.random.below(fit.len())].clone()) }
    }

    fn patches(&mut self, folder: &str, known: &[Object], out: &mut String) {
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
            1 => format!("  target:\n    kind: {}\n    name: .*{}.*\n", object.kind, &object.name[..1]),
            2 => "  target:\n    labelSelector: app=web\n".to_owned(),
            3 => format!("  target:\n    kind: {}\n    labelSelector: app in (web, api),!x\n", object.kind),
            _ => format!("  target:\n    kind: {}\n    name: {}\n", object.kind, object.name),
        }
    }

    fn merge_patch(&mut self, object: &Object) -> String {
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

    fn json_patch(&mut self, object: &Object) -> String {
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

    fn names(&mut self, known: &mut [Object], out: &mut String) {
        if self.random.chance(20) {
            *out += &format!("namespace: {}\n", self.random.pick(&["prod", "default", "other"]));
        }
        let (mut prefix, mut suffix) = ("", "");
        if self.random.chance(25) {
            prefix = self.random.pick(&["p-", "dev-", "x."]);
            *out += &format!("namePrefix: {prefix}\n");
        }
        if self.random.chance(15) {
            suffix = self.random.pick(&["-s", "-v2", "-\u{e9}"]);
            *out += &format!("nameSuffix: {suffix}\n");
        }
        // Those above may speak of it by its new name or by the old one.
        for object in known.iter_mut() {
            let keeps = ["Namespace", "CustomResourceDefinition", "APIService"].contains(&object.kind);
            if !keeps && self.random.chance(40) {
                object.name = format!("{prefix}{}{suffix}", object.name);
            }
        }
    }

    fn marks(&mut self, out: &mut String) {
        if self.random.chance(20) {
            *out += "labels:\n";
            for number in 0..=self.random.below(2) {
                *out += &format!("- pairs:\n    l{number}: {}\n", string(&mut self.random));
                if self.random.chance(30) {
                    *out += self.random.pick(&[
                        "  includeSelectors: true\n",
                        "  includeTemplates: true\n",
                        "  fields:\n  - path: spec/x/labels\n    create: true\n    kind: Gadget\n",
                    ]);
                }
            }
        }
        if self.random.chance(12) {
            *out += &format!("commonLabels:\n  common: {}\n", string(&mut self.random));
        }
        if self.random.chance(18) {
            *out += &format!(
                "commonAnnotations:\n  ann: {}\n  other/x: {}\n",
                string(&mut self.random),
                string(&mut self.random)
            );
        }
    }

    fn numbers(&mut self, known: &[Object], out: &mut String) {
        if self.random.chance(15)
            && let Some(object) = self.some(known, &["Deployment", "StatefulSet", "ReplicationController"])
        {
            *out += &format!("replicas:\n- name: {}\n  count: {}\n", object.name, self.random.below(9));
        }
        if self.random.chance(25) {
            *out += "images:\n";
            for _ in 0..=self.random.below(2) {
                *out += &format!(
                    "- name: {}\n",
                    self.random.pick(&["nginx", "repo.io/team/app", "localhost:5000/x", "redis", "app", "a.*"])
                );
                *out += self.random.pick(&[
                    "  newTag: v9\n",
                    "  newName: other/img\n",
                    "  digest: sha256:ff\n",
                    "  newName: z\n  newTag: \"1\"\n",
                    "  newTag: t\n  digest: sha256:aa\n",
                    "  tagSuffix: -x\n",
                ]);
            }
        }
    }

    fn references(&mut self, known: &[Object], out: &mut String) {
        if self.random.chance(18)
            && let (Some(source), Some(target)) = (self.some(known, &[]), self.some(known, &[]))
        {
            *out += &format!("replacements:\n- source:\n    kind: {}\n    name: {}\n", source.kind, source.name);
            *out += self.random.pick(&[
                "",
                "    fieldPath: metadata.name\n",
                "    fieldPath: kind\n",
                "    fieldPath: metadata.labels.app\n",
            ]);
            *out += &format!("  targets:\n  - select:\n      kind: {}\n      name: {}\n", target.kind, target.name);
            *out += self.random.pick(&[
                "    fieldPaths: [metadata.annotations.replaced]\n    options: {create: true}\n",
                "    fieldPaths: [metadata.labels.app]\n    options: {delimiter: '-', index: 1}\n",
                "    fieldPaths: [\"spec.template.spec.containers.[name=main].image\"]\n",
                "    fieldPaths: [\"spec.template.spec.containers.*.image\"]\n    options: {delimiter: ':', index: 1}\n",
                "    fieldPaths: [data.made, \"metadata.annotations.[a.b/c]\"]\n    options: {create: true}\n",
                "    fieldPaths: [metadata.name]\n",
            ]);
        }
        if self.random.chance(8)
            && let Some(object) = self.some(known, &[])
        {
            *out += &format!(
                "vars:\n- name: NAME\n  objref:\n    apiVersion: {}\n    kind: {}\n    name: {}\n",
                object.api, object.kind, object.name
            );
            *out += self.random.pick(&[
                "",
                "  fieldref:\n    fieldPath: kind\n",
                "  fieldref:\n    fieldPath: metadata.name\n",
            ]);
        }
    }

    fn extensions(&mut self, folder: &str, depth: usize, known: &[Object], out: &mut String) {
        if self.random.chance(6) {
            self.file(format!("{folder}/spec.yaml"), "nameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Gadget\nimages:\n- path: spec/size\n  kind: Gadget\ncommonLabels:\n- path: spec/x\n  kind: Gadget\n  create: true\n".to_owned());
            *out += "configurations:\n- spec.yaml\n";
        }
        if self.random.chance(8) {
            let name = self.some(known, &[]).map_or_else(|| "x".to_owned(), |object| object.name);
            let text = self.random.pick(&[
                "kind: PrefixTransformer\nmetadata: {name: t}\nprefix: t-\nfieldSpecs:\n- path: metadata/name\n",
                "kind: AnnotationsTransformer\nmetadata: {name: t}\nannotations: {t: u}\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n",
                "kind: NamespaceTransformer\nmetadata: {name: t, namespace: tns}\nunsetOnly: true\n",
                "kind: LabelTransformer\nmetadata: {name: t}\nlabels: {t: \"1\"}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n",
                "kind: ValueAddTransformer\nmetadata: {name: t}\nvalue: added\ntargets:\n- fieldPath: metadata/annotations/added\n",
                "kind: ReplicaCountTransformer\nmetadata: {name: t}\nreplica: {name: NAME, count: 4}\nfieldSpecs:\n- path: spec/replicas\n  create: true\n",
            ]);
            let text = format!("apiVersion: builtin\n{}", text.replace("NAME", &name));
            *out += &format!("transformers:\n- |-\n{}", indented(&text, "  ", "  "));
        }
        if depth == 0 {
            if self.random.chance(10) {
                *out += self.random.pick(&["sortOptions: {order: fifo}\n", "sortOptions:\n  order: legacy\n", "sortOptions:\n  order: legacy\n  legacySortOptions:\n    orderFirst: [Service]\n    orderLast: [ConfigMap]\n"]);
            }
            if self.random.chance(10) {
                *out += self.random.pick(&[
                    "buildMetadata: [originAnnotations]\n",
                    "buildMetadata: [transformerAnnotations, managedByLabel]\n",
                    "buildMetadata: [managedByLabel, originAnnotations, transformerAnnotations]\n",
                ]);
            }
        }
    }
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn indented(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let pad = if number == 0 { first } else { rest };
        out += if line.is_empty() { "" } else { pad };
        out += line;
        out.push('\n');
    }
    out
}
