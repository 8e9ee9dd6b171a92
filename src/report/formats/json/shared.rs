//! Parts that all JSON documents have in common.

use serde::Serialize;

use crate::resource::ResourceId;
use crate::source::{Location, SourceMap};

/// A resource's identity.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceJson {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

impl ResourceJson {
    pub fn new(id: &ResourceId) -> Self {
        ResourceJson {
            api_version: id.gvk.api_version(),
            kind: id.gvk.kind.to_string(),
            namespace: Some(id.namespace.to_string()).filter(|namespace| !namespace.is_empty()),
            name: id.name.to_string(),
        }
    }
}

/// Lines and columns count from 1, columns in characters; the end column is the one after the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationJson {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl LocationJson {
    pub fn new(at: Location, sources: &SourceMap) -> Self {
        let place = sources.place(at);
        LocationJson {
            file: place.file,
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        }
    }
}
