//! The formats: one file each, and one line in [`FORMATS`].

mod github;
mod json;
mod markdown;
mod terminal;
mod unified;

use super::{Format, Payload};
use crate::finding::nearest;

/// All formats, in the order in which they are listed.
pub const FORMATS: &[&Format] =
    &[&terminal::FORMAT, &json::FORMAT, &github::FORMAT, &markdown::FORMAT, &unified::FORMAT];

/// The format `name`, if it can show a `payload`; else what to tell the user.
pub fn find(name: &str, payload: Payload) -> Result<&'static Format, String> {
    let fitting = || FORMATS.iter().filter(|format| format.shows.contains(&payload)).map(|format| format.name);
    let names: Vec<_> = fitting().map(|name| format!("`{name}`")).collect();
    let (known, command) = (names.join(", "), payload.as_str());
    match FORMATS.iter().find(|format| format.name == name) {
        Some(format) if format.shows.contains(&payload) => Ok(format),
        Some(_) => Err(format!("format `{name}` cannot show what `{command}` finds\nhelp: those that can are {known}")),
        None => {
            let meant = nearest(name, fitting()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            Err(format!("there is no format `{name}`\nhelp: {meant}`{command}` has {known}"))
        }
    }
}
