//! `image-tag`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::Container;
use crate::source::Node;

declare_rule! {
    /// An image must name a fixed tag or a digest.
    ///
    /// An image without a tag means `latest`, and what `latest` means depends on the day a node pulls it: two pods of
    /// one Deployment can run different programs, and a rollback brings nothing back.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: nginx # <-
    ///     - name: log
    ///       image: localhost:5000/log:latest # <-
    /// ```
    ///
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: nginx:1.29.3
    ///     - name: log
    ///       image: localhost:5000/log@sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865
    /// ```
    "image-tag": Reliability, Warning, since "0.1.0", Container(check)
}

fn check(_: &Context<'_>, container: &Container<'_>, findings: &mut Findings) {
    let Some(image) = container.node.get("image").and_then(Node::as_str) else { return };
    let (message, text) = match tag(image) {
        Tag::Fixed => return,
        Tag::Latest => (format!("image `{image}` uses the tag `latest`"), "`latest` can be another program tomorrow"),
        Tag::None => (format!("image `{image}` has no tag"), "means `latest`"),
    };
    let finding = mark(RULE.finding(message), container.pod.resource, &container.at("image"), text);
    findings.push(
        finding
            .help("name the version that was tested, best by digest: `image: name:1.2.3` or `image: name@sha256:...`"),
    );
}

enum Tag {
    Fixed,
    Latest,
    None,
}

fn tag(image: &str) -> Tag {
    if image.contains('@') {
        return Tag::Fixed;
    }
    // A colon before the last slash is a registry's port.
    let name = image.rsplit('/').next().unwrap_or(image);
    match name.split_once(':') {
        None | Some((_, "")) => Tag::None,
        Some((_, "latest")) => Tag::Latest,
        Some(_) => Tag::Fixed,
    }
}
