//! Labels that no pod template has, since the controller of its kind gives them to the pods.

use super::{Pod, Resource};

/// What a label that somebody else sets is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelValue<'a> {
    /// Not known before there is a pod.
    Any,
    /// This.
    Text(&'a str),
    /// This name, a `-` and a number.
    Numbered(&'a str),
}

impl<'a> LabelValue<'a> {
    /// All that `text` is one of.
    pub fn of(text: &'a str) -> impl Iterator<Item = LabelValue<'a>> {
        let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
        let numbered = text.rsplit_once('-').filter(|(_, end)| is_number(end));
        let numbered = numbered.map(|(name, _)| LabelValue::Numbered(name));
        [LabelValue::Text(text), LabelValue::Any].into_iter().chain(numbered)
    }

    /// Whether it may be `text`.
    pub fn may_be(self, text: &'a str) -> bool {
        LabelValue::of(text).any(|value| value == self)
    }
}

const UID: [&str; 2] = ["controller-uid", "batch.kubernetes.io/controller-uid"];
const JOB_NAME: [&str; 2] = ["job-name", "batch.kubernetes.io/job-name"];
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";

/// Labels whose value is not known before there is a pod, by the group and kind of the workload; the API server gives
/// those of a Pod to all.
const UNKNOWN: &[(&str, &str, &[&str])] = &[
    ("", "Pod", &["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]),
    ("apps", "Deployment", &["pod-template-hash"]),
    ("apps", "StatefulSet", &["apps.kubernetes.io/pod-index", "controller-revision-hash"]),
    ("apps", "DaemonSet", &["controller-revision-hash", "pod-template-generation"]),
    ("batch", "Job", &["batch.kubernetes.io/job-completion-index"]),
    ("batch", "Job", &UID),
    ("batch", "CronJob", &["batch.kubernetes.io/job-completion-index"]),
    ("batch", "CronJob", &UID),
    ("argoproj.io", "Rollout", &["rollouts-pod-template-hash"]),
    (
        "serving.knative.dev",
        "Service",
        &[
            "app",
            "serving.knative.dev/configuration",
            "serving.knative.dev/configurationGeneration",
            "serving.knative.dev/configurationUID",
            "serving.knative.dev/revision",
            "serving.knative.dev/revisionUID",
            "serving.knative.dev/service",
            "serving.knative.dev/serviceUID",
        ],
    ),
];

/// Whether it is a label that controllers set, of any kind of workload.
pub fn is_controller_label(key: &str) -> bool {
    let mut unknown = UNKNOWN.iter().flat_map(|(_, _, keys)| *keys);
    key != "app" && (key == POD_NAME || JOB_NAME.contains(&key) || unknown.any(|known| *known == key))
}

impl<'a> Pod<'a> {
    /// The labels that are given to the pods beside those of the template.
    pub fn given_labels(&self) -> impl Iterator<Item = (&'static str, LabelValue<'a>)> {
        let resource = self.resource;
        let gvk = resource.gvk();
        let here = UNKNOWN.iter().filter(move |(group, kind, _)| *kind == "Pod" || gvk.is(group, kind));
        let unknown = here.flat_map(|(_, _, keys)| *keys).map(|key| (*key, LabelValue::Any));
        unknown.chain(named_labels(resource))
    }
}

/// Labels that say the name of what makes the pod.
fn named_labels<'a>(resource: &'a Resource) -> impl Iterator<Item = (&'static str, LabelValue<'a>)> {
    let (gvk, name) = (resource.gvk(), resource.name());
    let (keys, value): (&'static [&'static str], _) = if gvk.is("batch", "Job") {
        (&JOB_NAME, LabelValue::Text(name))
    } else if gvk.is("batch", "CronJob") {
        // The number is the time of the run.
        (&JOB_NAME, LabelValue::Numbered(name))
    } else if gvk.is("apps", "StatefulSet") {
        (std::slice::from_ref(&POD_NAME), LabelValue::Numbered(name))
    } else {
        (&[], LabelValue::Any)
    };
    // The API server makes up a name where there is `generateName` only.
    let value = if name.is_empty() { LabelValue::Any } else { value };
    keys.iter().map(move |key| (*key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_by_text_or_by_number() {
        let numbered = LabelValue::Numbered("web");
        for (value, text, fits) in [
            (LabelValue::Any, "x", true),
            (LabelValue::Text("web"), "web", true),
            (LabelValue::Text("web"), "web-0", false),
            (numbered, "web-0", true),
            (numbered, "web-12", true),
            (numbered, "web", false),
            (numbered, "web-", false),
            (numbered, "web-a", false),
            (numbered, "db-0", false),
        ] {
            assert_eq!(value.may_be(text), fits, "{value:?} {text}");
        }
    }
}
