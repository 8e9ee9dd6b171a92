use crate::report::*;
pub static FORMAT: Format =
    Format { name: "markdown", summary: "", shows: &[Payload::Changes], write: |_, _, _| Ok(()) };
