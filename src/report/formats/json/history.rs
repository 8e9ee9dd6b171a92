//! The document of `explain`: `schemas/report-explain.schema.json`.

use serde::Serialize;

use super::VERSION;
use super::shared::{LocationJson, ResourceJson};
use crate::report::History;
use crate::source::SourceMap;

#[derive(Serialize)]
pub struct Document {
    version: u32,
    environment: String,
    resource: ResourceJson,
    path: Option<String>,
    life: Option<LifeJson>,
    events: Vec<EventJson>,
}

#[derive(Serialize)]
struct LifeJson {
    declared: LocationJson,
    changes: Vec<ChangeJson>,
    ids: Vec<ResourceJson>,
}

#[derive(Serialize)]
struct ChangeJson {
    location: LocationJson,
    message: String,
}

#[derive(Serialize)]
struct EventJson {
    location: LocationJson,
    cause: String,
    before: Option<String>,
    after: Option<String>,
    from: Option<LocationJson>,
}

pub fn document(history: &History, sources: &SourceMap) -> Document {
    let place = |at| LocationJson::new(at, sources);
    let life = history.life.as_ref().map(|life| LifeJson {
        declared: place(life.declared),
        changes: life
            .changes
            .iter()
            .map(|(at, text)| ChangeJson { location: place(*at), message: text.clone() })
            .collect(),
        ids: life.ids.iter().map(ResourceJson::new).collect(),
    });
    let befores = std::iter::once(None).chain(history.events.iter().map(|event| event.value.clone()));
    let events = history.events.iter().zip(befores).map(|(event, before)| EventJson {
        location: place(event.at),
        cause: event.cause.clone(),
        before,
        after: event.value.clone(),
        from: event.from.map(place),
    });
    Document {
        version: VERSION,
        environment: history.environment.clone(),
        resource: ResourceJson::new(&history.resource),
        path: history.path.as_ref().map(ToString::to_string),
        life,
        events: events.collect(),
    }
}
