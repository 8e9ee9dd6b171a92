//! Where a remote lies: protocol, host and path, and how it is named without anything secret.

/// How something remote is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A repository on this machine.
    File,
    /// Encrypted, the server proven.
    Https,
    /// Neither.
    Http,
    /// By ssh, also in the form `user@host:path`.
    Ssh,
}

/// Protocol, host and path of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// How it is fetched.
    pub protocol: Protocol,
    /// The server, in small letters, without user and port; empty for a file.
    pub host: String,
    /// The path on the server, without a query.
    pub path: String,
}

impl Address {
    /// Reads a URL, or `user@host:path`.
    pub fn of(url: &str) -> Option<Address> {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let lower = url.to_ascii_lowercase();
        let schemes = [
            ("file://", Protocol::File),
            ("https://", Protocol::Https),
            ("http://", Protocol::Http),
            ("ssh://", Protocol::Ssh),
        ];
        let found = schemes.into_iter().find(|(scheme, _)| lower.starts_with(scheme));
        let Some((scheme, protocol)) = found else {
            let (host, path) = url.split_once(':').filter(|_| !url.contains("://"))?;
            return Some(Address { protocol: Protocol::Ssh, host: server(host, None), path: path.to_owned() });
        };
        let rest = &url[scheme.len()..];
        if protocol == Protocol::File {
            return Some(Address { protocol, host: String::new(), path: rest.to_owned() });
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        Some(Address { protocol, host: server(host, Some(':')), path: path.to_owned() })
    }

    /// `github.com/org/repo`: what is shown of a file or repository.
    pub fn name(&self) -> String {
        let path = self.path.trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        match self.host.as_str() {
            "" => path.to_owned(),
            host => format!("{host}/{}", path.trim_start_matches('/')),
        }
    }
}

/// The host's name alone.
fn server(text: &str, port: Option<char>) -> String {
    let host = text.rsplit('@').next().unwrap_or_default();
    let end = match (port, host.starts_with('[')) {
        (Some(_), true) => host.find(']').map(|end| end + 1),
        (Some(port), false) => host.find(port),
        (None, _) => None,
    };
    host[..end.unwrap_or(host.len())].to_ascii_lowercase()
}

/// Names of query parameters whose value lets somebody in.
const SECRET_PARAMETERS: [&str; 9] =
    ["token", "sig", "signature", "key", "secret", "password", "credential", "auth", "session"];

/// `text` without the credentials of the URLs in it: users and passwords (of ssh only the password) and the values of
/// telling query parameters.
pub fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        out.push_str(before);
        let is_end = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '<' | '>');
        let (url, tail) = after.split_at(after.find(is_end).unwrap_or(after.len()));
        let (authority, path) = url.split_at(url.find(['/', '?', '#']).unwrap_or(url.len()));
        match authority.rsplit_once('@') {
            Some((user, host)) if before.ends_with("ssh://") => {
                out.push_str(user.split(':').next().unwrap_or_default());
                out.push('@');
                out.push_str(host);
            }
            Some((_, host)) => out.push_str(host),
            None => out.push_str(authority),
        }
        without_secret_values(path, &mut out);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn without_secret_values(path: &str, out: &mut String) {
    let Some((path, query)) = path.split_once('?') else {
        out.push_str(path);
        return;
    };
    out.push_str(path);
    for (index, pair) in query.split('&').enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let lower = name.to_ascii_lowercase();
        let is_secret = SECRET_PARAMETERS.iter().any(|word| lower.contains(word));
        out.push_str(if is_secret && !value.is_empty() { name } else { pair });
        if is_secret && !value.is_empty() {
            out.push_str("=***");
        }
    }
}
