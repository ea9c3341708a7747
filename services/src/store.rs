//! Where users are kept: the seam between the logic in [`local`](crate::local) and what outlives a
//! process. The memory store is here; those that keep anything are on the floor above.

mod memory;

use std::fmt;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{User, UserChanges};

pub use memory::MemoryStore;

/// A place that keeps users. The values that reach it are checked already; what it checks itself,
/// atomically, is that ids, e-mail addresses and external ids are taken once.
#[async_trait]
pub trait UserStore: Send + Sync + fmt::Debug {
    /// Keeps a new user under the next id. When this has answered, the user outlives whatever this
    /// store promises to outlive.
    ///
    /// # Errors
    /// [`email_taken`], [`external_id_taken`]; [`Error::Unavailable`] where the store is elsewhere.
    async fn create(&self, user: NewRecord) -> Result<User, Error>;

    /// The user with that id.
    ///
    /// # Errors
    /// [`unknown_user`], and [`Error::Unavailable`].
    async fn get(&self, id: i32) -> Result<User, Error>;

    /// At most `limit` users whose ids are greater than `after`, in the order of their ids.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    async fn page(&self, after: i32, limit: usize) -> Result<Vec<User>, Error>;

    /// Changes a user; gives it as it is then.
    ///
    /// # Errors
    /// [`unknown_user`], [`email_taken`], and [`Error::Unavailable`].
    async fn update(&self, id: i32, changes: &UserChanges) -> Result<User, Error>;

    /// Removes a user; gives it as it was.
    ///
    /// # Errors
    /// [`unknown_user`], and [`Error::Unavailable`].
    async fn delete(&self, id: i32) -> Result<User, Error>;
}

/// A user that is to be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// The name.
    pub name: String,
    /// The e-mail address, as it was written.
    pub email: String,
    /// The roles.
    pub roles: Vec<String>,
    /// The external id: not empty.
    pub external_id: String,
    /// The password's Argon2 hash in the PHC string format, where there is a password.
    pub password_hash: Option<String>,
}

/// Shows no hash.
impl fmt::Debug for NewRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRecord")
            .field("name", &self.name)
            .field("email", &self.email)
            .field("roles", &self.roles)
            .field("external_id", &self.external_id)
            .finish_non_exhaustive()
    }
}

/// What two e-mail addresses have in common when only one user may have them.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// Another user has that e-mail address.
#[must_use]
pub fn email_taken(email: &str) -> Error {
    taken("email", email)
}

/// Another user has that external id.
#[must_use]
pub fn external_id_taken(external_id: &str) -> Error {
    taken("external_id", external_id)
}

fn taken(field: &str, value: &str) -> Error {
    let value = crate::error::excerpt(value);
    Error::AlreadyExists(format!(
        "{field} is \"{value}\": another user has it, take another one"
    ))
}

/// No user has that id.
#[must_use]
pub fn unknown_user(id: i32) -> Error {
    Error::NotFound(format!("id is \"{id}\": no user has it, see list_users"))
}
