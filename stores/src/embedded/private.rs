//! What is in the directory is its owner's alone: it holds people's addresses and the hashes of
//! their passwords. Only Unix has modes that say so; elsewhere the directory's own rules hold.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Who owns it reads, writes and enters; nobody else does anything.
#[cfg(unix)]
const DIRECTORY_MODE: u32 = 0o700;

/// Who owns it reads and writes; nobody else does anything.
#[cfg(unix)]
const FILE_MODE: u32 = 0o600;

/// Makes the directory where it is missing. One that is there was made by somebody who chose its
/// mode.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, DIRECTORY_MODE);
    builder.create(path)
}

/// Opens a file to read and write, and makes it where it is missing: private from its first byte.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, FILE_MODE);
    options.open(path)
}

/// Replaces what is in a file, which is private from then on.
pub(super) fn write_file(path: &Path, content: &str) -> io::Result<()> {
    let mut file = open_file(path)?;
    file.set_len(0)?;
    io::Write::write_all(&mut file, content.as_bytes())?;
    close_to_others(path)
}

/// Takes a file from everybody but its owner: an earlier version left what it wrote to the system's
/// habits. A file of another owner, and a file system without modes, stay as they are.
#[cfg(unix)]
pub(super) fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = std::fs::metadata(path)?.permissions();
    if permissions.mode() & 0o777 == FILE_MODE {
        return Ok(());
    }
    permissions.set_mode(FILE_MODE);
    match std::fs::set_permissions(path, permissions) {
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        closed => closed,
    }
}

/// There is no mode to change.
#[cfg(not(unix))]
pub(super) fn close_to_others(_path: &Path) -> io::Result<()> {
    Ok(())
}
