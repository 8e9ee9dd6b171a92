//! Several environments: grouping, status, and one environment against another.

use kollate::diff::{EnvironmentBuild, FailedSide, Mode, Side, Status, between};
use kollate::resource::{ResourceId, ResourceSet};

use super::{World, assert_same, revisions, write};

fn deployment(namespace: &str, tag: &str, replicas: u32) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api, namespace: {namespace}}}\nspec:\n  replicas: {replicas}\n\
         \x20 template: {{spec: {{containers: [{{name: api, image: 'api:{tag}'}}]}}}}\n"
    )
}

#[test]
fn equal_changes_are_one_entry_and_outliers_stand_apart() {
    let world = World::new();
    let names = ["dev", "staging", "prod"];
    let old: Vec<ResourceSet> = names.map(|name| world.read(name, &deployment(&format!("shop-{name}"), "1", 6))).into();
    let new: Vec<ResourceSet> = names
        .map(|name| world.read(name, &deployment(&format!("shop-{name}"), "2", if name == "prod" { 4 } else { 6 })))
        .into();
    let builds =
        |sets: &[ResourceSet]| -> Vec<(usize, &'static str)> { (0..sets.len()).map(|i| (i, names[i])).collect() };
    let before: Vec<EnvironmentBuild> = builds(&old).iter().map(|&(i, name)| world.build(name, &old[i])).collect();
    let after: Vec<EnvironmentBuild> = builds(&new).iter().map(|&(i, name)| world.build(name, &new[i])).collect();
    let set = between(&before, &after, revisions());
    assert_same(
        &write::write(&set, &world.map),
        r#"
dev: changed +0 ~1 -0 >0
staging: changed +0 ~1 -0 >0
prod: changed +0 ~1 -0 >0
prod: modified Deployment shop-prod/api
  spec.replicas modified 6 → 4 prod:5
    warning capacity: replicas 6 → 4 (-33%)
dev staging prod: modified Deployment shop-*/api
  spec.template.spec.containers[name=api].image modified "api:1" → "api:2" dev:6
    info rollout: the pods of Deployment `api` are replaced
"#,
    );
}

#[test]
fn every_environment_has_a_status() {
    let world = World::new();
    let one = world.read("one.yaml", &deployment("a", "1", 1));
    let failed = |name| EnvironmentBuild { name, resources: None, deleted: &[], map: &world.map };
    let before = [world.build("same", &one), failed("mended"), world.build("broken", &one), world.build("gone", &one)];
    let after = [world.build("same", &one), world.build("mended", &one), failed("broken"), world.build("new", &one)];
    let set = between(&before, &after, revisions());
    let found: Vec<_> =
        set.environments.iter().map(|one| (one.name.as_str(), one.status, one.counts.total())).collect();
    assert_eq!(
        found,
        [
            ("same", Status::Unchanged, 0),
            ("mended", Status::Failed(FailedSide::Before), 0),
            ("broken", Status::Failed(FailedSide::After), 0),
            ("new", Status::Added, 1),
            ("gone", Status::Removed, 1),
        ]
    );
    let heads: Vec<_> = set.entries.iter().map(|entry| (entry.kind.as_str(), entry.environments.join(" "))).collect();
    assert_eq!(heads, [("added", "new".to_owned()), ("removed", "gone".to_owned())]);
}

#[test]
fn another_environments_prefix_and_namespace_are_no_change() {
    let build = |world: &World, env: &str, level: &str| {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {env}-conf, namespace: shop-{env}}}\n\
             data: {{LEVEL: {level}, PEER: 'http://{env}-api.shop-{env}.svc:80/x'}}\n---\n\
             apiVersion: v1\nkind: Service\nmetadata: {{name: {env}-api, namespace: shop-{env}}}\nspec: {{selector: {{app: api}}}}\n---\n\
             apiVersion: v1\nkind: Widget\nmetadata: {{name: w, namespace: shop-{env}}}\nspec: {{conf: {env}-conf}}\n"
        );
        let mut set = world.read(env, &text);
        for resource in set.iter_mut() {
            let mut first: ResourceId = resource.id();
            first.namespace = "".into();
            first.name = first.name.trim_start_matches(&format!("{env}-")).into();
            resource.previous.push(first);
        }
        set
    };
    let world = World::new();
    let (staging, prod) = (build(&world, "staging", "debug"), build(&world, "prod", "info"));
    let mode = Mode::Across { from: Side::new("staging"), to: Side::new("prod") };
    let set = between(&[world.build("staging", &staging)], &[world.build("prod", &prod)], mode);
    assert_same(
        &write::write(&set, &world.map),
        r#"
: modified ConfigMap shop-prod/prod-conf
  data.LEVEL modified "debug" → "info" prod:4
  data.PEER modified "http://staging-api.shop-staging.svc:80/x" → "http://prod-api.shop-prod.svc:80/x" (follows) prod:4
"#,
    );
    assert_eq!(set.environments.len(), 1);
    assert_eq!(set.environments[0].counts.modified, 1);
}
