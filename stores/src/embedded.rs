//! Users in one durable file, `users.redb`, of a directory: nothing to install and nothing to
//! start. An acknowledged write is on the disk; one process at a time has the file.

mod file;
mod private;
mod records;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use redb::{Database, ReadableDatabase};
use services::model::{User, UserChanges};
use services::store::NewRecord;

use crate::Error;
use writer::{Write, Writer};

/// The file's name in its directory.
pub const FILE_NAME: &str = "users.redb";

/// Users in a file. Dropping it waits for the writes that are under way and closes the file.
pub struct Embedded {
    path: PathBuf,
    /// Before the database, so that it is dropped first and finds the file open.
    writer: Writer,
    database: Arc<Database>,
}

impl Embedded {
    /// Opens the users in that directory, which is made where it is missing. Blocks while the file
    /// is checked from end to end: some 10 ms for each ten thousand users.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Damaged`], [`Error::Format`] and [`Error::Directory`].
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let path = directory.join(FILE_NAME);
        let database = Arc::new(file::open(directory, &path)?);
        let writer = Writer::start(database.clone()).map_err(|source| Error::Directory {
            path: path.clone(),
            source: source.into(),
        })?;
        Ok(Self {
            path,
            writer,
            database,
        })
    }

    /// Reads in a consistent state of the file, off the asynchronous runtime: a page that is not
    /// cached comes from the disk.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&redb::ReadTransaction) -> Result<T, redb::Error> + Send + 'static,
    ) -> Result<T, services::Error> {
        let database = self.database.clone();
        let reading = tokio::task::spawn_blocking(move || read(&database.begin_read()?));
        match reading.await {
            Ok(read) => read.map_err(unreadable),
            Err(cause) => Err(unreadable(cause)),
        }
    }
}

/// Without the path, which is no business of a caller's.
fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> services::Error {
    let message = "the server's file of users cannot be read: see its disk";
    services::Error::internal(message, cause)
}

#[async_trait]
impl services::UserStore for Embedded {
    async fn create(&self, user: NewRecord) -> Result<User, services::Error> {
        self.writer.write(Write::Create(user)).await
    }

    async fn get(&self, id: i32) -> Result<User, services::Error> {
        let found = self.read(move |file| records::get(file, id)).await?;
        found.ok_or_else(|| services::store::unknown_user(id))
    }

    async fn page(&self, after: i32, limit: usize) -> Result<Vec<User>, services::Error> {
        self.read(move |file| records::page(file, after, limit))
            .await
    }

    async fn update(&self, id: i32, changes: &UserChanges) -> Result<User, services::Error> {
        self.writer.write(Write::Update(id, changes.clone())).await
    }

    async fn delete(&self, id: i32) -> Result<User, services::Error> {
        self.writer.write(Write::Delete(id)).await
    }
}

/// Shows no user.
impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        f.debug_struct("Embedded")
            .field("path", path)
            .finish_non_exhaustive()
    }
}
