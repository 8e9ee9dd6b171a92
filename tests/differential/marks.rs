//! Labels, annotations, images and replicas.

use super::identity::Thing;
use super::scalars::string;
use super::tree::Maker;

const LABEL_OPTIONS: &[&str] = &[
    "  includeSelectors: true\n",
    "  includeSelectors: true\n",
    "  includeTemplates: true\n",
    "  includeSelectors: false\n  includeTemplates: true\n",
    "  includeSelectors: true\n  includeTemplates: true\n",
    "  fields:\n  - path: spec/x/labels\n    create: true\n    kind: Gadget\n",
    "  includeTemplates: true\n  fields:\n  - path: spec/template/metadata/labels\n    create: true\n",
    "  fields:\n  - {path: spec/selector, group: '', version: v1, kind: Service}\n  - {path: metadata/annotations}\n",
    "  includeSelectors: true\n  fields:\n  - path: spec/list[]/labels\n    create: true\n    group: example.com\n",
];

const IMAGE_NAMES: &[&str] = &[
    "nginx",
    "repo.io/team/app",
    "repo.io/team/.*",
    "localhost:5000/x",
    "redis",
    "app",
    "a.*",
    "ng.nx",
    "nginx:1.25",
    "(redis|app)",
];

const IMAGE_CHANGES: &[&str] = &[
    "  newTag: v9\n",
    "  newName: other/img\n",
    "  newName: registry:5000/other/img\n",
    "  digest: sha256:ff\n",
    "  newName: z\n  newTag: \"1\"\n",
    "  newTag: t\n  digest: sha256:aa\n",
    "  newName: app\n  digest: sha256:aa\n",
    "  tagSuffix: -x\n",
    "  newTag: \"5\"\n  tagSuffix: -x\n",
    "  newName: q\n  tagSuffix: -x\n",
    "",
];

impl Maker {
    pub(super) fn marks(&mut self, out: &mut String) {
        if self.wish(20) {
            *out += "labels:\n";
            for number in 0..=self.random.below(2) {
                let pair = self.label_pair(number);
                *out += &format!("- pairs:\n    {pair}\n");
                if self.random.chance(60) {
                    *out += self.random.pick(LABEL_OPTIONS);
                }
            }
        }
        if self.wish(14) {
            *out += "commonLabels:\n";
            for number in 0..=self.random.below(2) {
                let pair = self.label_pair(number);
                *out += &format!("  {pair}\n");
            }
        }
        if self.wish(18) {
            let (first, second) = (string(&mut self.random), string(&mut self.random));
            *out += &match self.random.below(5) {
                0 => "commonAnnotations: {note: common, \"config.kubernetes.io/local-config\": \"false\"}\n".to_owned(),
                1 => "commonAnnotations: {ann: $(NAME)}\n".to_owned(),
                _ => format!("commonAnnotations:\n  ann: {first}\n  other/x: {second}\n"),
            };
        }
    }

    /// A label; many are of one key, so that layers meet.
    fn label_pair(&mut self, number: usize) -> String {
        let value = match self.random.below(3) {
            0 => string(&mut self.random),
            1 => "shared",
            _ => "web",
        };
        let key = self.random.pick(&["app", "l", "common", "a.b/c"]);
        let key = if number == 0 { key.to_owned() } else { format!("{key}{number}") };
        format!("{key}: {value}")
    }

    pub(super) fn numbers(&mut self, known: &[Thing], out: &mut String) {
        let known = self.spoken(known);
        if self.wish(15)
            && let Some(object) =
                self.some(&known, &["Deployment", "StatefulSet", "ReplicationController", "ReplicaSet"])
        {
            *out += &format!("replicas:\n- name: {}\n  count: {}\n", quoted(&object.name), self.random.below(9));
        }
        if self.wish(25) {
            let field = self.random.pick(&["images", "images", "images", "images", "imageTags"]);
            *out += &format!("{field}:\n");
            for _ in 0..=self.random.below(2) {
                *out += &format!("- name: {}\n", quoted(self.random.pick(IMAGE_NAMES)));
                *out += self.random.pick(IMAGE_CHANGES);
            }
        }
    }
}

/// A text that stays one, whatever it looks like.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
