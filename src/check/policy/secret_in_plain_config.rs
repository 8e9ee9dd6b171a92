//! `secret-in-plain-config`.

use crate::check::Context;
use crate::check::context::mark;
use crate::check::rule::declare_rule;
use crate::finding::Findings;
use crate::resource::{Pod, Resource};
use crate::source::{FieldPath, Node, PathStep, Symbol};

declare_rule! {
    /// Credentials belong in a Secret, not in a ConfigMap, an environment value or a URL.
    ///
    /// A ConfigMap and the environment of a pod can be read by everyone who may look at the workload; they appear in
    /// dashboards, logs and backups. A value counts as a credential if its name says so (`password`, `token`,
    /// `api-key`, ...), if it has the shape of a known token or private key, or if it is a URL with a user's password
    /// in it. Values that only refer to one (`$(PASSWORD)`, a file's path) are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    /// data:
    ///   DATABASE_URL: postgresql://web:placeholder@db:5432/web # <-
    ///   API_TOKEN: placeholder # <-
    /// ```
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///     - name: web
    ///       image: nginx:1.29.3
    ///       env:
    ///         - name: DATABASE_PASSWORD
    ///           value: placeholder # <-
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
    ///       env:
    ///         - name: DATABASE_PASSWORD
    ///           valueFrom:
    ///             secretKeyRef:
    ///               name: database
    ///               key: password
    ///         - name: DATABASE_URL
    ///           value: postgresql://web:$(DATABASE_PASSWORD)@db:5432/web
    ///         - name: DATABASE_PASSWORD_FILE
    ///           value: /run/secrets/database/password
    /// ```
    "secret-in-plain-config": Security, Error, since "0.1.0", Resource(check)
}

fn check(_: &Context<'_>, resource: &Resource, findings: &mut Findings) {
    if resource.gvk().is("", "ConfigMap") {
        for entry in resource.root.get("data").and_then(Node::as_mapping).into_iter().flat_map(|data| data.iter()) {
            let path = FieldPath::root().key("data").child(PathStep::Key(entry.key.name));
            judge(resource, &entry.key.name, &entry.value, &path, findings);
        }
    }
    let Some(pod) = Pod::of(resource) else { return };
    for container in pod.containers() {
        let env = container.node.get("env").and_then(Node::as_sequence).unwrap_or_default();
        for variable in env {
            let (Some(name), Some(value)) = (variable.get("name").and_then(Node::text), variable.get("value")) else {
                continue;
            };
            let item = PathStep::Match(vec![(Symbol::new("name"), name.into())]);
            judge(resource, name, value, &container.at("env").child(item).key("value"), findings);
        }
    }
}

fn judge(resource: &Resource, name: &str, value: &Node, path: &FieldPath, findings: &mut Findings) {
    let Some(text) = value.text() else { return };
    let Some(what) = credential(name, text) else { return };
    let finding =
        RULE.finding(format!("`{name}` in {} `{}` holds {what} in plain text", resource.kind(), resource.name()));
    let mut finding = mark(finding, resource, path, "a credential in plain text");
    for event in value.history() {
        finding = finding.secret(event.node.location());
    }
    // What it overwrote is a credential as well, and must not be quoted.
    finding.related.iter_mut().for_each(|label| label.text = "an earlier value".to_owned());
    findings.push(finding.help(help(resource, what)));
}

fn help(resource: &Resource, what: &str) -> String {
    let how = if resource.kind() == "ConfigMap" {
        "move it to a Secret (`secretGenerator`)"
    } else {
        "take it from a Secret with `valueFrom.secretKeyRef`"
    };
    if what == URL_PASSWORD {
        format!("{how}, and compose the URL from it: `scheme://user:$(PASSWORD)@host`")
    } else {
        format!("{how}, and change the credential, since it has been published")
    }
}

const URL_PASSWORD: &str = "a URL with a password";

/// What kind of credential a value is, if it is one.
fn credential(name: &str, text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() || refers(text) {
        return None;
    }
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    if text.split_whitespace().any(|word| url_password(word.trim_matches(['"', '\'']))) {
        return Some(URL_PASSWORD);
    }
    if known_token(text) {
        return Some("an access token");
    }
    (says_secret(name) && plausible(text)).then_some("a credential")
}

/// A value that is made from others when the pod starts holds nothing itself.
fn refers(text: &str) -> bool {
    let whole =
        |open: &str, close: char| text.starts_with(open) && text.ends_with(close) && text.matches(close).count() == 1;
    whole("$(", ')') || whole("${", '}')
}

/// Whether `scheme://user:password@host` holds a password that is not a reference.
fn url_password(word: &str) -> bool {
    let Some((scheme, rest)) = word.split_once("://") else { return false };
    let fits = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    let scheme = scheme.rsplit(|c| !fits(c)).next().unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let Some((_, password)) = user.split_once(':') else { return false };
    !scheme.is_empty()
        && !password.is_empty()
        && !["$(", "${", "{{", "<", "***"].iter().any(|mark| password.starts_with(mark))
}

fn known_token(text: &str) -> bool {
    const PREFIXES: &[(&str, usize)] = &[
        ("AKIA", 20),
        ("ASIA", 20),
        ("ghp_", 40),
        ("gho_", 40),
        ("ghs_", 40),
        ("github_pat_", 40),
        ("glpat-", 26),
        ("xoxb-", 24),
        ("xoxp-", 24),
        ("sk_live_", 24),
        ("rk_live_", 24),
        ("AIza", 39),
        ("hvs.", 24),
        ("npm_", 40),
    ];
    let jwt = text.starts_with("eyJ") && text.matches('.').count() == 2 && text.len() > 60;
    let bare = !text.contains(char::is_whitespace);
    bare && (jwt || PREFIXES.iter().any(|(prefix, length)| text.starts_with(prefix) && text.len() >= *length))
}

/// Whether the last words of a name say that its value is a secret: `DB_PASSWORD` does, `PASSWORD_FILE` and
/// `TOKEN_LIFETIME` do not.
fn says_secret(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        let new_word = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && lower_before);
        if new_word && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        lower_before = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    let last = words.last().map(String::as_str).unwrap_or_default();
    let before = words.iter().rev().nth(1).map(String::as_str).unwrap_or_default();
    let alone = [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "credential",
        "credentials",
        "apikey",
        "secretkey",
        "accesskey",
    ];
    alone.contains(&last)
        || (last == "key" && ["api", "secret", "access", "private", "encryption", "signing"].contains(&before))
}

/// Whether a value could be the secret itself, rather than a switch, a number, a path or a name of a file.
fn plausible(text: &str) -> bool {
    let switch = ["true", "false", "yes", "no", "on", "off", "none", "null", "disabled", "enabled"]
        .contains(&text.to_ascii_lowercase().as_str());
    let path = text.starts_with('/') || text.starts_with("./") || text.starts_with("file:");
    let reference = text.contains("$(") || text.contains("${") || text.contains("{{");
    !(switch || path || reference)
}
