//! Every text of a run, and the way from a byte offset to the line that a person edits.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{FileId, Location, Span};

/// One source text: a file, or a text embedded in a file (an inline patch).
#[derive(Debug)]
pub struct Source {
    /// The path as shown to the user; of an embedded text, that of the file around it.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
    kept: [OnceLock<Vec<Span>>; 2],
    within: Option<Within>,
}

/// A question about a whole text that is asked for each finding, and answered once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What in it must not be shown.
    Secrets,
    /// What in it must not be shown if it is a patch of something secret.
    Patch,
}

/// Where an embedded text stands in the file around it.
#[derive(Debug)]
struct Within {
    around: Location,
    /// For each line of the text, where it begins in the file around it; empty if the lines do not map one to one
    /// (a quoted or folded scalar).
    lines: Vec<u32>,
}

/// A location as a person reads it. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file's path as shown to the user.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

impl Source {
    fn new(name: String, text: Arc<str>, within: Option<Within>) -> Self {
        Source { name, text, lines: OnceLock::new(), kept: Default::default(), within }
    }

    /// Offsets at which lines begin.
    pub fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1);
            std::iter::once(0).chain(breaks).collect()
        })
    }

    /// What `find` finds in the text, in order and apart from each other. It is asked once for each question.
    pub fn spans(&self, asked: Asked, find: fn(&str) -> Vec<Span>) -> &[Span] {
        self.kept[asked as usize].get_or_init(|| {
            let mut spans = find(&self.text);
            spans.sort_unstable();
            let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
            for span in spans {
                match apart.last_mut().filter(|last| span.start <= last.end) {
                    Some(last) => last.end = last.end.max(span.end),
                    None => apart.push(span),
                }
            }
            apart
        })
    }

    /// Line and column (from 0, the column in bytes) of an offset.
    fn line_and_byte(&self, offset: u32) -> (usize, u32) {
        let lines = self.lines();
        let line = lines.partition_point(|&start| start <= offset).saturating_sub(1);
        (line, offset - lines[line])
    }

    fn line_and_column(&self, offset: u32) -> (u32, u32) {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (line, _) = self.line_and_byte(offset as u32);
        let mut start = self.lines()[line] as usize;
        // A byte-order mark takes no room in an editor.
        if start == 0 && offset > 0 && self.text.starts_with('\u{feff}') {
            start = '\u{feff}'.len_utf8();
        }
        let column = self.text[start..offset].chars().count();
        (line as u32 + 1, column as u32 + 1)
    }

    /// The text of line `line` (from 1), without its line break.
    pub fn line_text(&self, line: u32) -> &str {
        let lines = self.lines();
        let Some(&start) = lines.get(line as usize - 1) else {
            return "";
        };
        let end = lines.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// All source texts of a run. Shared between threads and between the sides of a diff, so that a [`Location`] means
/// the same everywhere.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: RwLock<Vec<Arc<Source>>>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Arc<Self> {
        Arc::new(SourceMap::default())
    }

    /// Adds a file's text; `None` once ids have run out.
    pub fn add(&self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Option<FileId> {
        self.insert(Source::new(name.into(), text.into(), None))
    }

    /// Adds `text`, which is the value of the scalar written at `around`. `literal` says that it is a literal block
    /// (`|`), whose lines are those of the file.
    pub fn add_embedded(&self, text: impl Into<Arc<str>>, around: Location, literal: bool) -> Option<FileId> {
        let text = text.into();
        let parent = self.get(around.file);
        let lines = if literal { block_lines(&parent, around.span, &text) } else { Vec::new() };
        self.insert(Source::new(parent.name.clone(), text, Some(Within { around, lines })))
    }

    fn insert(&self, source: Source) -> Option<FileId> {
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        let id = FileId::from_index(sources.len())?;
        sources.push(Arc::new(source));
        Some(id)
    }

    /// The source with this id.
    ///
    /// # Panics
    /// If the id comes from another map.
    pub fn get(&self, file: FileId) -> Arc<Source> {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner);
        sources[file.index() as usize].clone()
    }

    /// The location in the file that a person edits: a location in an embedded text leads to the file around it.
    pub fn in_file(&self, location: Location) -> Location {
        let source = self.get(location.file);
        let Some(within) = &source.within else {
            return location;
        };
        let (Some(start), Some(end)) =
            (map_offset(&source, within, location.span.start), map_offset(&source, within, location.span.end))
        else {
            return self.in_file(within.around);
        };
        self.in_file(Location::new(within.around.file, Span::new(start, end.max(start))))
    }

    /// The file, line and column that a person edits.
    pub fn place(&self, location: Location) -> Place {
        let location = self.in_file(location);
        let source = self.get(location.file);
        let (line, column) = source.line_and_column(location.span.start);
        // A block scalar or collection ends at the start of a later line; its last own line is the one before.
        let mut end = location.span.end.max(location.span.start);
        let bytes = source.text.as_bytes();
        while end > location.span.start && bytes.get(end as usize - 1).is_some_and(u8::is_ascii_whitespace) {
            end -= 1;
        }
        let (end_line, end_column) = source.line_and_column(end);
        Place { file: source.name.clone(), line, column, end_line, end_column }
    }
}

fn map_offset(source: &Source, within: &Within, offset: u32) -> Option<u32> {
    let (line, byte) = source.line_and_byte(offset);
    within.lines.get(line).map(|start| start + byte)
}

/// Finds the lines of the block scalar's `text` in the file: each stands after its indentation.
fn block_lines(parent: &Source, around: Span, text: &str) -> Vec<u32> {
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
        return Vec::new();
    };
    let (mut line, _) = parent.line_and_byte(around.start);
    let starts = parent.lines();
    let line_of = |line: usize| starts.get(line).map(|_| parent.line_text(line as u32 + 1));
    // The span begins at the indicator `|` or at the content, depending on the reader: look a few lines ahead.
    let lead = text.lines().take_while(|line| line.trim().is_empty()).count();
    let content = (line..line + 3 + lead)
        .find(|&at| line_of(at).is_some_and(|text| text.ends_with(first) && text.trim_start() == first.trim_start()));
    let Some(content) = content else {
        return Vec::new();
    };
    let indent = line_of(content).map_or(0, |text| text.len() - first.len());
    line = content - lead;
    text.lines()
        .enumerate()
        .map_while(|(i, words)| {
            let start = *starts.get(line + i)?;
            Some(if words.is_empty() { start } else { start + indent as u32 })
        })
        .chain(starts.get(line + text.lines().count()).copied())
        .collect()
}
