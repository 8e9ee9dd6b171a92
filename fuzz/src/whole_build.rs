//! Whole trees.

use super::tree;

const MARK: &[u8] = b"===== ";

/// Files, each after a line `===== PATH`. The build's root is `/root`.
pub fn check(data: &[u8]) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in data.split_inclusive(|&byte| byte == b'\n') {
        match (line.strip_prefix(MARK), files.last_mut()) {
            (Some(path), _) => files.push((String::from_utf8_lossy(path).trim().to_owned(), Vec::new())),
            (None, Some((_, bytes))) => bytes.extend(line),
            (None, None) => {}
        }
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    tree::check(&files);
}
