//! `markdown`: the comment on a pull request. One comment for all environments, small enough for GitHub: what does not fit
//! is left out in steps, least needed first, and the comment says so. The counts, what is rejected and what loses data stay.

mod comment;
mod escape;

use std::io::{self, Write};

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::report::{Format, Outcome, Payload, Report, Style};
use comment::{Comment, Step};

/// The format.
pub static FORMAT: Format = Format {
    name: "markdown",
    summary: "a comment on a pull request, at most 65,000 characters",
    shows: &[Payload::Changes],
    write,
};

const TEMPLATE: &str = include_str!("../../../templates/comment.md.jinja");

/// GitHub refuses a body of more than 65,536 characters (UTF-16 units), some installations one of 262,144 bytes.
const MAX_UNITS: usize = 65_000;
const MAX_BYTES: usize = 200_000;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Outcome::Changes(set) = report.result else {
        return Ok(());
    };
    let mut body = String::new();
    for step in Step::ALL {
        let comment = Comment::new(set, report, step);
        // What is known to be too long is not worth a rendering.
        if comment.length() > MAX_BYTES && step != Step::Counts {
            continue;
        }
        body = render(&comment).map_err(io::Error::other)?;
        if body.encode_utf16().count() <= MAX_UNITS && body.len() <= MAX_BYTES {
            break;
        }
    }
    out.write_all(body.as_bytes())
}

fn render(comment: &Comment) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
    environment.set_syntax(syntax);
    environment.add_filter("code", |text: String| escape::code(&text));
    environment.add_filter("cell", |text: String| escape::cell(&text));
    environment.add_filter("prose", |text: String| escape::prose(&text));
    environment.add_filter("html", |text: String| escape::html(&text));
    environment.render_named_str("comment.md", TEMPLATE, Value::from(Serde(comment)))
}
