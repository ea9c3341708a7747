//! Why a store cannot be opened. What fails later is a [`services::Error`], for it is answered to
//! a caller.

use std::path::{Path, PathBuf};

/// Why a store cannot be opened; each text says what to do next, in one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another program has the file open.
    #[error(
        "{} is in use by {holder}: stop that, or give another directory",
        shown(path)
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who has it, as far as is known.
        holder: String,
    },
    /// The file is no store of users, or a broken one.
    #[error(
        "{} is damaged or not a file of users: put a copy in its place, or move it away to start with none",
        shown(path)
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file was written by a version that keeps users otherwise.
    #[error(
        "{} has format {found}, and this version reads {wanted}: use the version that wrote it, or give another directory",
        shown(path)
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format that this version reads.
        wanted: i64,
    },
    /// The directory or the file cannot be read or written.
    #[error(
        "{} cannot be used: see its permissions and its disk, or give another directory",
        shown(path)
    )]
    Directory {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The address is no Redis URL.
    #[error("\"{url}\" is no Redis URL: write redis://127.0.0.1:6379")]
    Url {
        /// What was given, without a password.
        url: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Redis does not answer.
    #[error(
        "Redis at {url} does not answer: start it (redis-server --appendonly yes), or give its address"
    )]
    Unreachable {
        /// The address, without a password.
        url: String,
        /// What failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Redis answers, and does not want us or cannot serve yet.
    #[error("Redis at {url} refuses ({code}): see the user and password in its URL, and its log")]
    Refused {
        /// The address, without a password.
        url: String,
        /// Redis' own word for it, such as `WRONGPASS` or `LOADING`, escaped.
        code: String,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What Redis has under our keys was written by another version, or by another program.
    #[error(
        "Redis at {url} has {found} under trivium:format, and this version reads {wanted}: use another database (redis://…/1), or the version that wrote it"
    )]
    RedisFormat {
        /// The address, without a password.
        url: String,
        /// What is there, escaped.
        found: String,
        /// The format that this version reads.
        wanted: i64,
    },
}

/// A path, fit to be printed.
fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_debug().to_string()
}

/// Every number that an id can be was given once.
pub(crate) fn ids_used_up() -> services::Error {
    services::Error::ResourceExhausted(format!(
        "all {} ids have been given: start with a new store",
        i32::MAX
    ))
}
