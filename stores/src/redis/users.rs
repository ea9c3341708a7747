//! Users in Redis: a hash for each, two hashes that hold who has which address and external id,
//! and a sorted set of the ids. Each write is one script, so it is done whole or not at all.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use redis::Script;
use services::Error;
use services::model::{User, UserChanges};
use services::store::{self, NewRecord};

use super::keys;
use super::link::Link;

/// Users in Redis.
pub struct Redis {
    link: Arc<Link>,
    create: Script,
    page: Script,
    update: Script,
    delete: Script,
}

/// Shows no user and no script.
impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = &self.link;
        f.debug_struct("Redis")
            .field("link", link)
            .finish_non_exhaustive()
    }
}

/// The fields of a user, as every script that gives one gives them; the hash of a password is not
/// among them and never leaves Redis.
const FIELDS: [&str; 4] = ["name", "email", "roles", "external_id"];

impl Redis {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self {
            link,
            create: Script::new(include_str!("scripts/create_user.lua")),
            page: Script::new(include_str!("scripts/list_users.lua")),
            update: Script::new(include_str!("scripts/update_user.lua")),
            delete: Script::new(include_str!("scripts/delete_user.lua")),
        }
    }
}

#[async_trait]
impl services::UserStore for Redis {
    async fn create(&self, new: NewRecord) -> Result<User, Error> {
        let mut script = self.create.prepare_invoke();
        script.key(keys::LAST_ID).key(keys::USERS);
        script.key(keys::BY_EMAIL).key(keys::BY_EXTERNAL_ID);
        script.arg(keys::USER).arg(i32::MAX);
        script
            .arg(store::email_key(&new.email))
            .arg(&new.external_id);
        script.arg("name").arg(&new.name);
        script.arg("email").arg(&new.email);
        script.arg("roles").arg(roles_json(&new.roles));
        if let Some(hash) = &new.password_hash {
            script.arg("password_hash").arg(hash);
        }
        let (outcome, id): (String, i32) = self.link.run(&script).await?;
        match &*outcome {
            "created" => Ok(User {
                id,
                name: new.name,
                email: new.email,
                roles: new.roles,
                external_id: new.external_id,
            }),
            "email taken" => Err(store::email_taken(&new.email)),
            "external_id taken" => Err(store::external_id_taken(&new.external_id)),
            "ids used up" => Err(crate::error::ids_used_up()),
            _ => Err(unexpected("an outcome")),
        }
    }

    async fn get(&self, id: i32) -> Result<User, Error> {
        let mut command = redis::cmd("HMGET");
        command.arg(record_key(id)).arg(&FIELDS);
        let fields: Vec<Option<String>> = self.link.query(&command).await?;
        if fields.iter().all(Option::is_none) {
            return Err(store::unknown_user(id));
        }
        let fields: Option<Vec<_>> = fields.into_iter().collect();
        user(id, fields.unwrap_or_default())
    }

    async fn page(&self, after: i32, limit: usize) -> Result<Vec<User>, Error> {
        let mut script = self.page.prepare_invoke();
        script.key(keys::USERS);
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        script.arg(keys::USER).arg(after).arg(limit).arg(&FIELDS);
        let flat: Vec<String> = self.link.run(&script).await?;
        let records = flat.chunks(FIELDS.len() + 1);
        let users = records.map(|record| match record {
            [id, fields @ ..] => {
                let id = id.parse().map_err(|_| unexpected("an id"))?;
                user(id, fields.to_vec())
            }
            [] => Err(unexpected("a list")),
        });
        users.collect()
    }

    async fn update(&self, id: i32, changes: &UserChanges) -> Result<User, Error> {
        let mut script = self.update.prepare_invoke();
        script.key(record_key(id)).key(keys::BY_EMAIL);
        script.arg(id).arg(
            changes
                .email
                .as_deref()
                .map(store::email_key)
                .unwrap_or_default(),
        );
        script.arg(FIELDS.len()).arg(&FIELDS);
        for (field, value) in [
            ("name", changes.name.clone()),
            ("email", changes.email.clone()),
            ("roles", changes.roles.as_deref().map(roles_json)),
        ] {
            if let Some(value) = value {
                script.arg(field).arg(value);
            }
        }
        let (outcome, fields): (String, Vec<String>) = self.link.run(&script).await?;
        match &*outcome {
            "updated" => user(id, fields),
            "email taken" => Err(store::email_taken(
                changes.email.as_deref().unwrap_or_default(),
            )),
            "unknown" => Err(store::unknown_user(id)),
            _ => Err(unexpected("an outcome")),
        }
    }

    async fn delete(&self, id: i32) -> Result<User, Error> {
        let mut script = self.delete.prepare_invoke();
        script.key(record_key(id)).key(keys::USERS);
        script.key(keys::BY_EMAIL).key(keys::BY_EXTERNAL_ID);
        script.arg(id).arg(&FIELDS);
        let (outcome, fields): (String, Vec<String>) = self.link.run(&script).await?;
        match &*outcome {
            "deleted" => user(id, fields),
            "unknown" => Err(store::unknown_user(id)),
            _ => Err(unexpected("an outcome")),
        }
    }
}

fn record_key(id: i32) -> String {
    format!("{}{id}", keys::USER)
}

/// Roles are one field of a hash, which holds strings only.
fn roles_json(roles: &[String]) -> String {
    serde_json::to_string(roles).expect("strings always have a JSON form")
}

fn user(id: i32, fields: Vec<String>) -> Result<User, Error> {
    let Ok([name, email, roles, external_id]) = <[String; 4]>::try_from(fields) else {
        return Err(unexpected("a user"));
    };
    let roles = serde_json::from_str(&roles);
    Ok(User {
        id,
        name,
        email,
        roles: roles.map_err(|_| unexpected("a user's roles"))?,
        external_id,
    })
}

fn unexpected(what: &str) -> Error {
    Error::Internal {
        message: format!(
            "{what} in Redis is not as this server writes it: see who else writes to the keys trivium:*"
        ),
        source: None,
    }
}
