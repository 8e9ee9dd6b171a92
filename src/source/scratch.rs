//! A temporary folder, gone when its owner is.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{EntryKind, Files, MAX_BYTES};

/// How many files [`Scratch::copy`] takes.
const MAX_FILES: usize = 20_000;

/// A temporary folder that only this user can enter. It is deleted with all in it when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Scratch {
    /// A new, empty folder.
    pub fn new() -> io::Result<Scratch> {
        let around = std::env::temp_dir();
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let folder = around.join(format!("kollate-{}-{number}", std::process::id()));
            match private_folder().create(&folder) {
                Ok(()) => return Ok(Scratch { folder: std::fs::canonicalize(folder)? }),
                // Left by a process of the same number; or somebody wants us to write where they look.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The folder, symlinks resolved.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a file into the folder; `name` has no folders of its own.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    }

    /// Copies a folder of `files` into this one, under `name`: what is not on disk can be given to a program so.
    pub fn copy(&self, files: &dyn Files, from: &Path, name: &str) -> io::Result<PathBuf> {
        let to = self.folder.join(name);
        let mut left = Left { files: MAX_FILES, bytes: MAX_BYTES };
        let mut folders = vec![(from.to_path_buf(), to.clone())];
        while let Some((from, to)) = folders.pop() {
            std::fs::create_dir_all(&to)?;
            for (name, kind) in files.list(&from).map_err(refused)? {
                let (from, to) = (from.join(&name), to.join(&name));
                match kind {
                    EntryKind::Folder => folders.push((from, to)),
                    EntryKind::File => {
                        let bytes = files.read(&from).map_err(refused)?;
                        left.take(bytes.len() as u64)?;
                        std::fs::write(&to, bytes)?;
                        // Which files were programs is not known here.
                        make_executable(&to)?;
                    }
                }
            }
        }
        Ok(to)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing can be done about a folder that will not go.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What may still be copied.
struct Left {
    files: usize,
    bytes: u64,
}

impl Left {
    fn take(&mut self, bytes: u64) -> io::Result<()> {
        let rest = self.files.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        let (files, bytes) = rest.ok_or_else(|| io::Error::other("the folder is too large to be copied"))?;
        *self = Left { files, bytes };
        Ok(())
    }
}

fn refused(error: super::ReadError) -> io::Error {
    io::Error::other(error.to_string())
}

#[cfg(unix)]
fn private_folder() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(not(unix))]
fn private_folder() -> std::fs::DirBuilder {
    std::fs::DirBuilder::new()
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}
