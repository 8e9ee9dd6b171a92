//! kollate compiles Kubernetes manifests from bases, overlays and components, judges the result, and says what a change
//! really does in every environment. It reads Kustomize trees and gives the same bytes as `kustomize build`.
//!
//! # The house
//!
//! Phases are rooms, and a room may import only rooms above it (`tests/architecture.rs` holds that):
//!
//! ```text
//! Files ─read→ SourceMap ─parse→ Document{Node}                                   source
//!                           └──→ Project{Environment} ─resolve→ Layer             project
//! Layer ─load→ ResourceSet ─generate, patch, transform→ ResourceSet ─link→ Build  compile
//! &Build + versions ──────────────────────────────→ Findings                      check
//! &Build(before), &Build(after) ──────────────────→ ChangeSet{Change, Impact}     diff
//! &Report{sources, findings, changes} + Format ───→ bytes                         report
//! argv → Cli → command → Exit                                                     cli
//! ```
//!
//! - [`source`]: files on disk, in memory or in a git revision; texts, spans; YAML to [`source::Node`] and back. A node
//!   knows where the user wrote it and, once something has written to it, by whom and what it was. A [`source::Store`]
//!   reads and parses each file once, however many environments use it.
//! - [`resource`]: what Kubernetes objects are: [`resource::Gvk`], [`resource::ResourceId`], [`resource::ResourceSet`],
//!   selectors, field specs, quantities, the pods of any workload.
//! - [`schema`]: the schemas of Kubernetes 1.25 to 1.37 and of CRDs, as one view; embedded, and read in place.
//! - [`finding`]: what is said to the user: [`finding::Finding`] with its labels, in a stable order.
//! - [`project`]: which files make which environment: `kollate.yaml`, discovery, [`project::Kustomization`].
//! - [`compile`]: one environment's layers to one [`compile::Build`]. A [`compile::Session`] shares bases between
//!   environments. Every write to a node is signed by a [`compile::Step`], so [`compile::explain`] can tell its history.
//! - [`check`]: judgements on a build: schema, what the API server refuses, references, policy. One file a rule.
//! - [`diff`]: two builds to a [`diff::ChangeSet`]: resources paired by identity, list items by key, secrets masked,
//!   equal changes of several environments as one, and what each change will do.
//! - [`report`]: results as bytes: one file a format.
//! - [`cli`]: flags, commands, exit codes.
//!
//! A user's mistake is a finding and the work goes on; only a failure of kollate or of the system is an `Err`.
//!
//! # Example
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use kollate::compile::{Options, Session, explain};
//! use kollate::source::{FieldPath, Memory, SourceMap, Store, yaml};
//!
//! let files = Memory::new()
//!     .with("base/web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1}\n")
//!     .with("base/kustomization.yaml", "resources: [web.yaml]\n")
//!     .with("prod/kustomization.yaml", "resources: [../base]\nreplicas:\n- name: web\n  count: 3\n");
//! let store = Arc::new(Store::new(Box::new(files), SourceMap::new(), "/"));
//! let session = Session::new(store.clone(), Options::default());
//!
//! let build = session.build(Path::new("/prod"));
//! assert!(!build.findings.has_errors());
//! let web = build.resources.iter().next().expect("the base has one resource");
//! let mut text = String::new();
//! yaml::print(&web.root, &mut text).expect("plain values print");
//! assert!(text.ends_with("spec:\n  replicas: 3\n"));
//!
//! // Every line that set the value, oldest first.
//! let path = FieldPath::parse("spec.replicas").expect("a path");
//! let places: Vec<_> = explain::history(web, &path).iter().map(|event| store.map().place(event.at)).collect();
//! assert_eq!((places[0].file.as_str(), places[0].line), ("base/web.yaml", 4));
//! assert_eq!((places[1].file.as_str(), places[1].line), ("prod/kustomization.yaml", 4));
//! ```

pub mod check;
pub mod cli;
pub mod compile;
pub mod diff;
pub mod finding;
pub mod project;
pub mod report;
pub mod resource;
pub mod schema;
pub mod source;
