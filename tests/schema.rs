//! The schema room and the validator, on documents of our own.

use std::sync::Arc;

use kollate::check::schema::{Violation, validate};
use kollate::resource::Gvk;
use kollate::schema::{Catalog, Crd, KubernetesVersion, Lookup, Schema, Scope, Type};
use kollate::source::{FileId, Node, yaml};

fn document(text: &str) -> Node {
    let parsed = yaml::parse(text, FileId::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.documents.into_iter().find_map(|document| document.root).expect("a document")
}

pub fn catalog(version: &str) -> Catalog {
    Catalog::new(version.parse().expect("a version"))
}

/// What is wrong with the document, or `None` without a schema.
pub fn judge(catalog: &Catalog, document: &Node) -> Option<Vec<Violation>> {
    match catalog.find(Gvk::of(document)) {
        Lookup::Found(kind) => Some(validate(document, kind.schema)),
        _ => None,
    }
}

/// Compares what is wrong with a document, a line each: path, what to mark, message, help.
fn check_with(catalog: &Catalog, text: &str, expected: &[&str]) {
    let found = judge(catalog, &document(text)).expect("the kind is known");
    let line = |violation: &Violation| {
        let help = violation.problem.help().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} {:?}: {}{help}", violation.path, violation.mark, violation.problem)
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(lines, expected, "{text}");
}

fn check(text: &str, expected: &[&str]) {
    check_with(&catalog("1.34"), text, expected);
}

/// A Deployment whose pod is `pod`, indented by six.
fn deployment(pod: &str) -> String {
    let head =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {a: b}}\n";
    format!("{head}  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:\n{pod}")
}

#[test]
fn unknown_fields() {
    check(
        &deployment("      contianers: []\n      zzz: 1\n"),
        &[
            "spec.template.spec.contianers Key: unknown field `contianers` (did you mean `containers`?)",
            "spec.template.spec.zzz Key: unknown field `zzz`",
        ],
    );
    check(
        &deployment("      containers: [{name: a, Image: b}]\n"),
        &["spec.template.spec.containers[0].Image Key: unknown field `Image` (did you mean `image`?)"],
    );
    check(
        "apiVersion: v1\nkind: Pod\nname: a\ncontainers: []",
        &[
            "name Key: unknown field `name` (did you mean `metadata.name`?)",
            "containers Key: unknown field `containers` (did you mean `spec.containers`?)",
        ],
    );
    let resize = deployment("      containers: [{name: a, resizePolicy: [{resourceName: cpu, restartPolicy: x}]}]\n");
    check(&resize, &[]);
    check_with(
        &catalog("1.26"),
        &resize,
        &[
            "spec.template.spec.containers[0].resizePolicy Key: unknown field `resizePolicy` (Kubernetes 1.27 to 1.37 has it)",
        ],
    );
}

#[test]
fn missing_fields() {
    check(
        "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: null}}}",
        &["spec.template.spec Key: missing field `containers`", "spec Key: missing field `selector`"],
    );
    check("apiVersion: policy/v1\nkind: Eviction\nmetadata: {name: a}\ndeleteOptions:", &[]);
    check("apiVersion: storage.k8s.io/v1\nkind: StorageClass", &[" Key: missing field `provisioner`"]);
    // The API server drops the status of what a user sends.
    check("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\nstatus: {conditions: [{}]}", &[]);
    check(
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\nstatus: 1",
        &["status Value: expected a mapping, found an integer"],
    );
    // Required by the published document, but not by the API server.
    check_with(
        &catalog("1.25"),
        "apiVersion: apps/v1\nkind: StatefulSet\nspec: {selector: {}, template: {spec: {containers: [{name: a}]}}}",
        &[],
    );
}

#[test]
fn wrong_types() {
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {a: true, b: 1, c: null}}\ndata: {a: 1.5, b: [], c: {}, d: x}",
        &[
            "metadata.labels.a Value: expected a string, found a boolean (put the value in quotes)",
            "metadata.labels.b Value: expected a string, found an integer (put the value in quotes)",
            "data.a Value: expected a string, found a number (put the value in quotes)",
            "data.b Value: expected a string, found a list",
            "data.c Value: expected a string, found a mapping",
        ],
    );
    check(
        "apiVersion: v1\nkind: Service\nspec: {ports: [{port: '80', targetPort: true}, {port: 1.0, targetPort: http}, null]}",
        &[
            "spec.ports[0].port Value: expected an integer, found a string",
            "spec.ports[0].targetPort Value: expected an integer or a string, found a boolean",
            "spec.ports[2] Value: expected a mapping, found null",
        ],
    );
    check("apiVersion: v1\nkind: Secret\ndata: []", &["data Value: expected a mapping, found a list"]);
}

#[test]
fn formats_and_values() {
    check(
        &deployment(
            "      containers:\n      - {name: a, imagePullPolicy: always, resources: {limits: {cpu: 1.5, memory: 1GB}}}\n",
        ),
        &[
            "spec.template.spec.containers[0].imagePullPolicy Value: `always` is none of `Always`, `IfNotPresent`, `Never` \
             (did you mean `Always`?)",
            "spec.template.spec.containers[0].resources.limits.memory Value: expected a quantity such as `500m` or `1Gi`",
        ],
    );
    // The value of a Secret is never part of a finding.
    check("apiVersion: v1\nkind: Secret\ndata: {a: 'pass word'}", &["data.a Value: expected base64"]);
    check(
        "apiVersion: v1\nkind: Namespace\nmetadata: {creationTimestamp: yesterday, generation: 9999999999999999999}",
        &[
            "metadata.creationTimestamp Value: expected a time such as `2006-01-02T15:04:05Z`",
            "metadata.generation Value: expected a 64-bit integer",
        ],
    );
    check("apiVersion: v1\nkind: Namespace\nmetadata: {creationTimestamp: null}", &[]);
}

#[test]
fn duplicate_items() {
    check(
        "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}, {port: 80, protocol: UDP}, {port: 80, protocol: TCP}]}",
        &["spec.ports[2] Value: `port: 80`, `protocol: TCP` is also in item 0"],
    );
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {finalizers: [a/b, c/d, a/b]}",
        &["metadata.finalizers[2] Value: the same value as item 0"],
    );
    check(
        "apiVersion: v1\nkind: ServiceAccount\nsecrets: [{name: a}, {name: a}]",
        &["secrets[1] Value: `name: a` is also in item 0"],
    );
}

#[test]
fn definitions_of_custom_resources_are_checked_too() {
    check(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: a.b
  names: {kind: A, plural: as}
  scope: namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          a: {type: array, items: {type: strign}}
          b: {type: object, additionalProperties: true}
          c: {type: object, additionalProperties: {typ: string}}
          d: {type: string, default: 5, enum: [a, 1, null]}
          e: {type: object, additionalProperties: 1}
",
        &[
            "spec.scope Value: `namespaced` is none of `Cluster`, `Namespaced` (did you mean `Namespaced`?)",
            "spec.versions[0].schema.openAPIV3Schema.properties.a.items.type Value: `strign` is none of `array`, `boolean`, \
             `integer`, `number`, `object`, `string` (did you mean `string`?)",
            "spec.versions[0].schema.openAPIV3Schema.properties.c.additionalProperties.typ Key: unknown field `typ` \
             (did you mean `type`?)",
            "spec.versions[0].schema.openAPIV3Schema.properties.e.additionalProperties Value: expected a mapping, found an integer",
        ],
    );
}

const TEAM: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.com
  names: {kind: Team, plural: teams}
  scope: Cluster
  versions:
  - {name: v1alpha1, served: false, storage: false}
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [size, tier, note]
            properties:
              size: {type: integer, minimum: 1, maximum: 9}
              tier: {type: string, enum: [gold, silver], default: gold}
              note: {type: string, nullable: true, maxLength: 3}
              slug: {type: string, pattern: '^[a-z]+$'}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}}
              pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
              tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
              one: {type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: [a]}, {required: [b]}]}
              members:
                type: array
                maxItems: 2
                x-kubernetes-list-type: map
                x-kubernetes-list-map-keys: [name, role]
                items:
                  type: object
                  required: [name]
                  properties: {name: {type: string}, role: {type: string, default: dev}}
";

fn team_catalog() -> Catalog {
    let mut catalog = catalog("1.34");
    catalog.add(Arc::new(Crd::compile(&document(TEAM)).expect("a CRD")));
    catalog
}

fn check_team(spec: &str, expected: &[&str]) {
    let text = format!("apiVersion: example.com/v1\nkind: Team\nmetadata: {{name: a, labels: {{}}}}\nspec: {spec}");
    check_with(&team_catalog(), &text, expected);
}

#[test]
fn custom_resources() {
    check_team("{size: 3, note: null, port: http, slug: abc, free: {a: x, b: 1}}", &[]);
    check_team(
        "{size: 10, tier: Gold, note: long, slug: A1, port: [], free: {a: 1}}",
        &[
            "spec.size Value: must be at most 9",
            "spec.tier Value: `Gold` is none of `gold`, `silver` (did you mean `gold`?)",
            "spec.note Value: must be at most 3 characters, not 4",
            "spec.slug Value: must be of the form `^[a-z]+$`",
            "spec.port Value: expected an integer or a string, found a list",
            "spec.free.a Value: expected a string, found an integer (put the value in quotes)",
        ],
    );
    check_team(
        "{tiers: gold}",
        &[
            "spec.tiers Key: unknown field `tiers` (did you mean `tier`?)",
            "spec Key: missing field `size`",
            "spec Key: missing field `note`",
        ],
    );
    check_team(
        "{size: 1, note: a, tags: [a, b, a], members: [{name: a}, {name: a, role: ops}, {name: a, role: dev}]}",
        &[
            "spec.tags[2] Value: the same value as item 0",
            "spec.members[2] Value: `name: a`, `role: dev` is also in item 0",
            "spec.members Value: must be at most 2 items, not 3",
        ],
    );
    check_team(
        "{size: 1, note: a, one: {a: x, b: y}}",
        &["spec.one Value: fits 2 of the alternatives in the schema, and must fit one"],
    );
    check_team("{size: 1, note: a, one: {}}", &["spec.one Value: fits none of the alternatives in the schema"]);
    check_team(
        "{size: 1, note: a, pod: {apiVersion: v1, kind: Pod, metadata: {labels: {a: 1}}, spec: {}}}",
        &["spec.pod.metadata.labels.a Value: expected a string, found an integer (put the value in quotes)"],
    );
}

fn describe(catalog: &Catalog, api_version: &str, kind: &str) -> String {
    let names = |gvks: &[Gvk]| gvks.iter().map(Gvk::api_version).collect::<Vec<_>>().join(" ");
    match catalog.find(Gvk::new(api_version, kind)) {
        Lookup::Found(kind) => format!("found {:?}", kind.scope),
        Lookup::OtherKubernetes(life) => {
            let version = |version: Option<KubernetesVersion>| version.map(|v| v.to_string()).unwrap_or_default();
            format!("from {} to {} instead {}", version(life.added_in), version(life.removed_in), names(&life.instead))
        }
        Lookup::OtherApiVersion { available } => format!("other {}", names(&available)),
        Lookup::NoSchema { served } => format!("no schema, served {served}"),
        Lookup::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn kinds_are_found_or_said_where_to_find() {
    let catalog = team_catalog();
    for (api_version, kind, expected) in [
        ("apps/v1", "Deployment", "found Namespaced"),
        ("v1", "Namespace", "found Cluster"),
        ("v1", "List", "found List"),
        ("example.com/v1", "Team", "found Cluster"),
        ("example.com/v1alpha1", "Team", "no schema, served false"),
        ("example.com/v2", "Team", "other example.com/v1"),
        ("apps/v1beta1", "Deployment", "from  to 1.16 instead apps/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", "from  to 1.25 instead "),
        (
            "flowcontrol.apiserver.k8s.io/v1beta3",
            "FlowSchema",
            "from 1.26 to 1.32 instead flowcontrol.apiserver.k8s.io/v1",
        ),
        ("apps/v2", "Deployment", "other apps/v1"),
        ("v1", "Deployment", "unknown"),
        ("apps/v1", "Deploymnet", "unknown"),
        ("", "", "unknown"),
    ] {
        assert_eq!(describe(&catalog, api_version, kind), expected, "{api_version} {kind}");
    }
    assert_eq!(catalog.scope(Gvk::new("storage.k8s.io/v9", "StorageClass")), Some(Scope::Cluster));
}

/// Follows everything that a schema names, so that no number in the store leads nowhere.
fn walk(schema: Schema<'_>, seen: &mut Vec<&'static str>) {
    if let Some(name) = schema.name() {
        if seen.contains(&name) {
            return;
        }
        seen.push(name);
    }
    let mut last = "";
    for field in schema.fields() {
        assert!(last < field.name, "{:?}: {} after {last}", schema.name(), field.name);
        last = field.name;
        let found = schema.field(field.name).expect("a field that is listed is found");
        assert_eq!((found.name(), found.type_()), (field.schema.name(), field.schema.type_()));
        assert_eq!(schema.required().any(|name| name == field.name), field.required);
        walk(field.schema, seen);
    }
    assert_eq!(schema.type_() == Type::Array, schema.items().is_some() && !schema.also_list());
    schema.items().into_iter().chain(schema.additional()).for_each(|below| walk(below, seen));
    if let Some(items) = schema.items() {
        assert!(schema.list_keys().all(|key| items.field(key).is_some()), "list keys of {:?}", items.name());
        assert!(schema.merge_key().is_none_or(|key| items.field(key).is_some()), "merge key of {:?}", items.name());
    }
}

#[test]
fn the_store_is_whole_in_every_version() {
    for version in KubernetesVersion::embedded() {
        let (catalog, mut seen, mut kinds) = (Catalog::new(version), Vec::new(), 0);
        for gvk in catalog.native_kinds() {
            let Lookup::Found(kind) = catalog.find(gvk) else { panic!("{gvk} is listed and not found") };
            walk(kind.schema, &mut seen);
            kinds += 1;
        }
        assert!(kinds > 100 && seen.len() > 400, "Kubernetes {version}: {kinds} kinds, {} types", seen.len());
    }
}
