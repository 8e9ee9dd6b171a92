//! Makes a tree that differs smaller, as long as it still differs in the same way.

use std::path::Path;

use super::oracle::{Oracle, Verdict};
use super::tree::Files;

/// How many smaller trees are tried.
const BUDGET: usize = 250;

/// Takes lines out, with those below them: first whole fields and documents, then what is in them.
pub fn cut_down(oracle: &Oracle, folder: &Path, files: Files, verdict: Verdict) -> (Files, Verdict) {
    let mut cutter = Cutter { oracle, folder, files, verdict, budget: BUDGET };
    for level in [0, 2, 99] {
        for file in (0..cutter.files.len()).rev() {
            cutter.cut_file(file, level);
        }
    }
    for file in (0..cutter.files.len()).rev() {
        cutter.drop_file(file);
    }
    (cutter.files, cutter.verdict)
}

struct Cutter<'a> {
    oracle: &'a Oracle,
    folder: &'a Path,
    files: Files,
    verdict: Verdict,
    budget: usize,
}

impl Cutter<'_> {
    /// Tries to take out each line that is indented by `level` or less.
    fn cut_file(&mut self, file: usize, level: usize) {
        let mut line = 0;
        while line < self.files[file].1.lines().count() && self.budget > 0 {
            let lines: Vec<&str> = self.files[file].1.lines().collect();
            let head = lines[line];
            let identity = ["apiVersion:", "kind:", "metadata:", "  name:"].iter().any(|key| head.starts_with(key));
            if identity || depth(head) > level || head.trim().is_empty() {
                line += 1;
                continue;
            }
            let end = line + block(&lines[line..]);
            let kept: Vec<&str> = lines[..line].iter().chain(&lines[end..]).copied().collect();
            let text = kept.join("\n") + "\n";
            if !self.differs_with(file, text) {
                line += 1;
            }
        }
    }

    /// Tries without a file: what is left of it may still stand in the way.
    fn drop_file(&mut self, file: usize) {
        let mut smaller = self.files.clone();
        smaller.remove(file);
        let next = self.oracle.judge(self.folder, &smaller);
        if next.class() == self.verdict.class() {
            (self.files, self.verdict) = (smaller, next);
        }
    }

    /// Whether the tree still differs in the same way with another text of a file, which it keeps then.
    fn differs_with(&mut self, file: usize, text: String) -> bool {
        let mut smaller = self.files.clone();
        smaller[file].1 = text;
        self.budget -= 1;
        let next = self.oracle.judge(self.folder, &smaller);
        let same = next.class() == self.verdict.class();
        if same {
            (self.files, self.verdict) = (smaller, next);
        }
        same
    }
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// How many lines belong to the first: a document to its separator, a list to its key.
fn block(lines: &[&str]) -> usize {
    let head = lines[0];
    let is_list = head.ends_with(':');
    let below = lines[1..].iter().take_while(|line| {
        if head.starts_with("---") {
            return !line.starts_with("---");
        }
        let same = depth(line) == depth(head) && is_list && line.trim_start().starts_with("- ");
        line.trim().is_empty() || depth(line) > depth(head) || same
    });
    1 + below.count()
}
