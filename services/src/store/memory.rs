//! Users of one process, gone when it stops.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{NewRecord, UserStore, email_key, email_taken, external_id_taken, unknown_user};
use crate::error::Error;
use crate::model::{User, UserChanges};

/// A store in this process.
#[derive(Default)]
pub struct MemoryStore(Mutex<Kept>);

/// The users, and who has which e-mail address and external id.
#[derive(Default)]
struct Kept {
    last_id: i32,
    users: BTreeMap<i32, Record>,
    emails: HashMap<String, i32>,
    external_ids: HashMap<String, i32>,
}

struct Record {
    user: User,
    password_hash: Option<String>,
}

impl Kept {
    fn create(&mut self, new: NewRecord) -> Result<User, Error> {
        let email = email_key(&new.email);
        if self.emails.contains_key(&email) {
            return Err(email_taken(&new.email));
        }
        if self.external_ids.contains_key(&new.external_id) {
            return Err(external_id_taken(&new.external_id));
        }
        let id = self.last_id.checked_add(1).ok_or_else(out_of_ids)?;
        self.last_id = id;
        self.emails.insert(email, id);
        self.external_ids.insert(new.external_id.clone(), id);
        let user = User {
            id,
            name: new.name,
            email: new.email,
            roles: new.roles,
            external_id: new.external_id,
        };
        let record = Record {
            user: user.clone(),
            password_hash: new.password_hash,
        };
        self.users.insert(id, record);
        Ok(user)
    }

    fn get(&self, id: i32) -> Result<&User, Error> {
        let record = self.users.get(&id).ok_or_else(|| unknown_user(id))?;
        Ok(&record.user)
    }

    fn page(&self, after: i32, limit: usize) -> Vec<User> {
        let later = self.users.range((Bound::Excluded(after), Bound::Unbounded));
        later
            .take(limit)
            .map(|(_, record)| record.user.clone())
            .collect()
    }

    fn update(&mut self, id: i32, changes: &UserChanges) -> Result<User, Error> {
        if let Some(email) = &changes.email {
            let old = email_key(&self.get(id)?.email);
            self.change_email(id, &old, email)?;
        }
        let record = self.users.get_mut(&id).ok_or_else(|| unknown_user(id))?;
        record.user.change(changes);
        Ok(record.user.clone())
    }

    fn change_email(&mut self, id: i32, old: &str, email: &str) -> Result<(), Error> {
        let new = email_key(email);
        if self.emails.get(&new).is_some_and(|&owner| owner != id) {
            return Err(email_taken(email));
        }
        self.emails.remove(old);
        self.emails.insert(new, id);
        Ok(())
    }

    fn delete(&mut self, id: i32) -> Result<User, Error> {
        let record = self.users.remove(&id).ok_or_else(|| unknown_user(id))?;
        self.emails.remove(&email_key(&record.user.email));
        self.external_ids.remove(&record.user.external_id);
        Ok(record.user)
    }
}

fn out_of_ids() -> Error {
    Error::ResourceExhausted("every id has been given: start with a new store".into())
}

impl MemoryStore {
    /// The Argon2 hash of that user's password, where it has one.
    #[must_use]
    pub fn password_hash(&self, id: i32) -> Option<String> {
        self.lock().users.get(&id)?.password_hash.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows no user.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("users", &self.lock().users.len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl UserStore for MemoryStore {
    async fn create(&self, user: NewRecord) -> Result<User, Error> {
        self.lock().create(user)
    }

    async fn get(&self, id: i32) -> Result<User, Error> {
        self.lock().get(id).cloned()
    }

    async fn page(&self, after: i32, limit: usize) -> Result<Vec<User>, Error> {
        Ok(self.lock().page(after, limit))
    }

    async fn update(&self, id: i32, changes: &UserChanges) -> Result<User, Error> {
        self.lock().update(id, changes)
    }

    async fn delete(&self, id: i32) -> Result<User, Error> {
        self.lock().delete(id)
    }
}
