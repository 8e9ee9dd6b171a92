//! The small project that `kollate init` writes: one application, a base, a dev and a prod environment.

use minijinja::{Environment, UndefinedBehavior, context};

/// Path in the new project, and the template of the file.
const FILES: &[(&str, &str)] = &[
    ("kollate.yaml", include_str!("../../templates/init/kollate.yaml")),
    ("environments/base/kustomization.yaml", include_str!("../../templates/init/base-kustomization.yaml")),
    ("environments/base/deployment.yaml", include_str!("../../templates/init/base-deployment.yaml")),
    ("environments/base/service.yaml", include_str!("../../templates/init/base-service.yaml")),
    ("environments/dev/kustomization.yaml", include_str!("../../templates/init/dev-kustomization.yaml")),
    ("environments/prod/kustomization.yaml", include_str!("../../templates/init/prod-kustomization.yaml")),
    ("environments/prod/resources.yaml", include_str!("../../templates/init/prod-resources.yaml")),
];

/// Why a scaffold cannot be made.
#[derive(Debug, PartialEq, Eq)]
pub struct BadName(pub String);

/// The files of a new project: path and text. `name` becomes the names of its resources, so it must be a DNS label.
pub fn scaffold(name: &str, kubernetes: &str) -> Result<Vec<(String, String)>, BadName> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    // The namespace is `NAME-prod`, and a label has at most 63 characters.
    let edges = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
    if name.is_empty() || name.len() > 58 || !name.chars().all(fits) || !edges {
        return Err(BadName(name.to_owned()));
    }
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    templates.set_fuel(Some(100_000));
    let render = |text: &str| {
        let rendered = templates.render_str(text, context! { name, kubernetes });
        format!("{}\n", rendered.expect("the embedded templates use `name` and `kubernetes` alone"))
    };
    Ok(FILES.iter().map(|(path, text)| ((*path).to_owned(), render(text))).collect())
}
