//! What may be fetched: what the user's flags and the project's file allow.

use super::address::{Address, Protocol};
use super::error::RemoteError;

/// What the command line allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allow {
    /// Nothing but what the project allows.
    #[default]
    Nothing,
    /// Any server over https and ssh, and repositories of this machine.
    Encrypted,
    /// Plain http, too.
    Everything,
}

/// What may be fetched.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// What the command line allows.
    pub allow: Allow,
    /// What the project allows: `github.com`, `github.com/org`, `http://plain.example.com`, `file://`.
    pub hosts: Vec<String>,
}

impl Policy {
    /// Whether `text` can stand in the project's list: a server, perhaps with a path, or `file://`.
    pub fn is_entry(text: &str) -> bool {
        let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let is_host = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
        Address::of(&url).is_some_and(|address| match address.protocol {
            Protocol::File => true,
            _ => !address.host.is_empty() && address.host.chars().all(is_host),
        }) && !text.contains(['@', '?', '#', '*'])
    }

    /// Whether `address` may be fetched for a layer that came by `from` (`None` for the user's own files); and if so,
    /// whether a connection may be open to all.
    pub(super) fn permit(&self, address: &Address, from: Option<Protocol>) -> Result<bool, RemoteError> {
        if address.protocol == Protocol::File && from.is_some_and(|from| from != Protocol::File) {
            return Err(RemoteError::LocalFromRemote);
        }
        let entry = match address.protocol {
            Protocol::File => "file://".to_owned(),
            Protocol::Http => format!("http://{}", address.host),
            Protocol::Https | Protocol::Ssh => address.host.clone(),
        };
        let named: Vec<Protocol> = self.hosts.iter().filter_map(|host| covers(host, address)).collect();
        let plain_http = self.allow == Allow::Everything || named.contains(&Protocol::Http);
        if self.allow == Allow::Nothing && named.is_empty() {
            return Err(RemoteError::NotAllowed { entry });
        }
        if address.protocol == Protocol::Http && !plain_http {
            return Err(RemoteError::NotEncrypted { entry });
        }
        Ok(plain_http)
    }
}

/// The protocol of the entry `host` of the project's list if it covers `address`, whatever its protocol.
fn covers(host: &str, address: &Address) -> Option<Protocol> {
    let url = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let allowed = Address::of(&url)?;
    let same_kind = (allowed.protocol == Protocol::File) == (address.protocol == Protocol::File);
    // A path that climbs or is encoded may lead elsewhere than it seems to.
    let odd = address.path.split('/').any(|part| part == "..") || address.path.contains('%');
    let prefix = allowed.path.trim_matches('/');
    let rest = address.path.trim_start_matches('/').strip_prefix(prefix);
    let below = prefix.is_empty() || !odd && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']));
    (same_kind && allowed.host == address.host && below).then_some(allowed.protocol)
}
