//! How users lie in the file: four tables, each record a JSON object so that a later version may
//! add a member. All writes of one transaction go through one [`Tables`].

use redb::{
    ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};
use services::Error;
use services::model::{User, UserChanges};
use services::store::{self, NewRecord};

use super::writer::Write;

/// The format of these tables; another one has another number.
pub(super) const FORMAT: i64 = 1;
/// In [`META`]: the number above.
pub(super) const FORMAT_KEY: &str = "format";
/// In [`META`]: the last id that was given, so that none is given twice.
const LAST_ID_KEY: &str = "last_id";

/// Numbers about the file.
pub(super) const META: TableDefinition<'_, &str, i64> = TableDefinition::new("meta");
/// From the id to the record, as JSON.
pub(super) const USERS: TableDefinition<'_, i32, &[u8]> = TableDefinition::new("users");
/// From what [`store::email_key`] makes of the e-mail address to the id.
const BY_EMAIL: TableDefinition<'_, &str, i32> = TableDefinition::new("by_email");
/// From the external id to the id.
const BY_EXTERNAL_ID: TableDefinition<'_, &str, i32> = TableDefinition::new("by_external_id");

/// A user without its id, which is the key. No `Debug`, for the hash is in it.
#[derive(Serialize, Deserialize)]
struct Record {
    name: String,
    email: String,
    roles: Vec<String>,
    external_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
}

impl Record {
    fn read(json: &[u8]) -> Result<Self, redb::Error> {
        serde_json::from_slice(json).map_err(|cause| {
            // The text of serde_json may repeat what it read.
            let (line, column) = (cause.line(), cause.column());
            redb::Error::Corrupted(format!("a record is not as expected at {line}:{column}"))
        })
    }

    fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings always have a JSON form")
    }

    fn into_user(self, id: i32) -> User {
        User {
            id,
            name: self.name,
            email: self.email,
            roles: self.roles,
            external_id: self.external_id,
        }
    }
}

impl From<NewRecord> for Record {
    fn from(new: NewRecord) -> Self {
        Self {
            name: new.name,
            email: new.email,
            roles: new.roles,
            external_id: new.external_id,
            password_hash: new.password_hash,
        }
    }
}

/// The user with that id.
pub(super) fn get(file: &ReadTransaction, id: i32) -> Result<Option<User>, redb::Error> {
    let users = file.open_table(USERS)?;
    let Some(json) = ReadableTable::get(&users, id)? else {
        return Ok(None);
    };
    Ok(Some(Record::read(json.value())?.into_user(id)))
}

/// At most `limit` users with greater ids.
pub(super) fn page(
    file: &ReadTransaction,
    after: i32,
    limit: usize,
) -> Result<Vec<User>, redb::Error> {
    let users: ReadOnlyTable<i32, &[u8]> = file.open_table(USERS)?;
    let Some(first) = after.checked_add(1) else {
        return Ok(Vec::new());
    };
    let range = ReadableTable::range(&users, first..)?;
    let read = range.take(limit).map(|entry| {
        let (id, json) = entry?;
        Ok(Record::read(json.value())?.into_user(id.value()))
    });
    read.collect()
}

/// The tables while they are written.
pub(super) struct Tables<'file> {
    meta: Table<'file, &'static str, i64>,
    users: Table<'file, i32, &'static [u8]>,
    by_email: Table<'file, &'static str, i32>,
    by_external_id: Table<'file, &'static str, i32>,
}

impl<'file> Tables<'file> {
    /// Opens the tables, and makes those that are missing.
    pub(super) fn open(file: &'file WriteTransaction) -> Result<Self, redb::Error> {
        Ok(Self {
            meta: file.open_table(META)?,
            users: file.open_table(USERS)?,
            by_email: file.open_table(BY_EMAIL)?,
            by_external_id: file.open_table(BY_EXTERNAL_ID)?,
        })
    }

    /// The format that is written down, and this version's where there is none yet.
    pub(super) fn format(&mut self) -> Result<i64, redb::Error> {
        if let Some(found) = self.meta.get(FORMAT_KEY)? {
            return Ok(found.value());
        }
        self.meta.insert(FORMAT_KEY, FORMAT)?;
        Ok(FORMAT)
    }

    /// Does one write. The outer error is the file's; the inner one is the caller's own, and then
    /// nothing was written, so that the others of the transaction go on.
    pub(super) fn apply(&mut self, write: Write) -> Result<Result<User, Error>, redb::Error> {
        match write {
            Write::Create(new) => self.create(new.into()),
            Write::Update(id, changes) => self.update(id, changes),
            Write::Delete(id) => self.delete(id),
        }
    }

    fn create(&mut self, record: Record) -> Result<Result<User, Error>, redb::Error> {
        let email_key = store::email_key(&record.email);
        if self.by_email.get(&*email_key)?.is_some() {
            return Ok(Err(store::email_taken(&record.email)));
        }
        if self.by_external_id.get(&*record.external_id)?.is_some() {
            return Ok(Err(store::external_id_taken(&record.external_id)));
        }
        let last_id = self.meta.get(LAST_ID_KEY)?.map_or(0, |id| id.value());
        let Ok(id) = i32::try_from(last_id + 1) else {
            return Ok(Err(crate::error::ids_used_up()));
        };
        self.meta.insert(LAST_ID_KEY, i64::from(id))?;
        self.by_email.insert(&*email_key, id)?;
        self.by_external_id.insert(&*record.external_id, id)?;
        self.users.insert(id, &*record.write())?;
        Ok(Ok(record.into_user(id)))
    }

    fn update(
        &mut self,
        id: i32,
        changes: UserChanges,
    ) -> Result<Result<User, Error>, redb::Error> {
        let Some(mut record) = self.record(id)? else {
            return Ok(Err(store::unknown_user(id)));
        };
        if let Some(email) = changes.email {
            let (old, new) = (store::email_key(&record.email), store::email_key(&email));
            let holder = self.by_email.get(&*new)?.map(|holder| holder.value());
            if holder.is_some_and(|holder| holder != id) {
                return Ok(Err(store::email_taken(&email)));
            }
            self.by_email.remove(&*old)?;
            self.by_email.insert(&*new, id)?;
            record.email = email;
        }
        record.name = changes.name.unwrap_or(record.name);
        record.roles = changes.roles.unwrap_or(record.roles);
        self.users.insert(id, &*record.write())?;
        Ok(Ok(record.into_user(id)))
    }

    fn delete(&mut self, id: i32) -> Result<Result<User, Error>, redb::Error> {
        let Some(record) = self.record(id)? else {
            return Ok(Err(store::unknown_user(id)));
        };
        self.users.remove(id)?;
        self.by_email.remove(&*store::email_key(&record.email))?;
        self.by_external_id.remove(&*record.external_id)?;
        Ok(Ok(record.into_user(id)))
    }

    fn record(&self, id: i32) -> Result<Option<Record>, redb::Error> {
        let found = self.users.get(id)?;
        found.map(|json| Record::read(json.value())).transpose()
    }
}
