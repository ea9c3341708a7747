//! Opening the file: its lock and who has it, its check, its format.

use std::fs::{self, File};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use redb::{Builder, Database, DatabaseError, StorageError};

use super::private;
use super::records::{FORMAT, Tables};
use crate::Error;

/// Pages that are kept in memory, in bytes; redb's own default is a gigabyte.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Beside the file: the process that has it open. Only a message is made of it, the lock is the
/// operating system's.
const HOLDER_FILE: &str = "users.pid";

/// Opens and checks the file, and makes it where it is missing.
pub(super) fn open(directory: &Path, path: &Path) -> Result<Database, Error> {
    private::make_directory(directory).map_err(|source| unusable(directory, source))?;
    let mut database = without_panic(path, || {
        let mut builder = Builder::new();
        builder.set_cache_size(CACHE_BYTES);
        let file = private::open_file(path).map_err(|source| unusable(path, source))?;
        builder
            .create_file(file)
            .map_err(|cause| not_open(directory, path, cause))
    })?;
    let holder = directory.join(HOLDER_FILE);
    let process = std::process::id().to_string();
    private::write_file(&holder, &process).map_err(|cause| unusable(&holder, cause))?;
    without_panic(path, || check(path, &mut database))?;
    private::close_to_others(path).map_err(|cause| unusable(path, cause))?;
    // The name of a new file lies in its directory, which is flushed for itself.
    let directory_file = File::open(directory).and_then(|directory| directory.sync_all());
    directory_file.map_err(|source| unusable(directory, source))?;
    Ok(database)
}

/// redb trusts pages whose checksums it has not looked at, and may panic over a damaged one.
fn without_panic<T>(path: &Path, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(open))
        .unwrap_or_else(|_| Err(damaged(path, "reading it ended in a panic")))
}

/// Reads every page, then the format.
fn check(path: &Path, database: &mut Database) -> Result<(), Error> {
    match database.check_integrity() {
        Ok(true) => {}
        Ok(false) => return Err(damaged(path, "its pages did not fit together")),
        Err(cause) => return Err(damaged(path, cause)),
    }
    let found = format(database).map_err(|cause| damaged(path, cause))?;
    match found {
        FORMAT => Ok(()),
        _ => Err(Error::Format {
            path: path.to_owned(),
            found,
            wanted: FORMAT,
        }),
    }
}

/// The file's format; a new file gets the tables and the number.
fn format(database: &Database) -> Result<i64, redb::Error> {
    let transaction = database.begin_write()?;
    let found = Tables::open(&transaction)?.format()?;
    transaction.commit()?;
    Ok(found)
}

fn not_open(directory: &Path, path: &Path, cause: DatabaseError) -> Error {
    match cause {
        DatabaseError::DatabaseAlreadyOpen => Error::Locked {
            path: path.to_owned(),
            holder: holder(&directory.join(HOLDER_FILE)),
        },
        DatabaseError::Storage(StorageError::Io(cause)) if is_about_access(&cause) => {
            unusable(path, cause)
        }
        cause => damaged(path, cause),
    }
}

/// Whether the system refused the file, and not its content.
fn is_about_access(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, Other, UnexpectedEof};
    !matches!(cause.kind(), InvalidData | UnexpectedEof | Other)
}

fn holder(path: &Path) -> String {
    let written = fs::read_to_string(path).unwrap_or_default();
    match written.trim().parse::<u32>() {
        Ok(id) => format!("process {id}"),
        Err(_) => "another process".into(),
    }
}

fn damaged(path: &Path, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        source: source.into(),
    }
}

fn unusable(path: &Path, source: std::io::Error) -> Error {
    Error::Directory {
        path: PathBuf::from(path),
        source: source.into(),
    }
}
