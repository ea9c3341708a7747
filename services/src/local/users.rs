//! Users: what is kept is checked here, and kept by the store.

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use super::{Local, rules};
use crate::backend::Users;
use crate::context::Context;
use crate::error::Error;
use crate::model::{NewUser, User, UserChanges, UserPage};
use crate::store::{NewRecord, UserStore};
use crate::stream::{Stream, covered};

/// Characters of a user's name; from the contract.
pub(super) const LONGEST_NAME: usize = 200;

/// Users read from the store at a time.
const PAGE: usize = 100;

#[async_trait]
impl Users for Local {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let create = async { self.config.users.create(record(user)?).await };
        context.within(create).await
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        context.within(self.config.users.get(id)).await
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let mut pages = Pages::new(Arc::clone(&self.config.users), page)?;
        // Read at once, so that a store that is away is told before the stream opens.
        let first = context.within(pages.next()).await?;
        let rest = stream::try_unfold(pages, |mut pages| async move {
            let users = pages.next().await?;
            let users = (!users.is_empty()).then(|| stream::iter(users).map(Ok));
            Ok(users.map(|users| (users, pages)))
        });
        let users = stream::iter(first).map(Ok).chain(rest.try_flatten());
        Ok(covered(context, users.boxed()))
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let update = async { self.config.users.update(id, &checked(changes)?).await };
        context.within(update).await
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        context.within(self.config.users.delete(id)).await
    }
}

fn record(user: &NewUser) -> Result<NewRecord, Error> {
    let name = rules::name("name", &user.name, LONGEST_NAME)?;
    rules::email(&user.email)?;
    rules::roles(&user.roles)?;
    Ok(NewRecord {
        name,
        email: user.email.clone(),
        roles: user.roles.clone(),
        external_id: external_id("external_id", user.external_id.as_deref())?,
        password_hash: None,
    })
}

/// The caller's own, or a UUID.
pub(super) fn external_id(field: &str, given: Option<&str>) -> Result<String, Error> {
    match given {
        None | Some("") => Ok(Uuid::new_v4().to_string()),
        Some(given) => {
            rules::id(field, given)?;
            Ok(given.to_owned())
        }
    }
}

fn checked(changes: &UserChanges) -> Result<UserChanges, Error> {
    let UserChanges { name, email, roles } = changes;
    let name = name.as_deref();
    let name = name.map(|name| rules::name("name", name, LONGEST_NAME));
    email.as_deref().map_or(Ok(()), rules::email)?;
    roles.as_deref().map_or(Ok(()), rules::roles)?;
    Ok(UserChanges {
        name: name.transpose()?,
        email: email.clone(),
        roles: roles.clone(),
    })
}

/// The users of a store, read a page at a time as they are asked for.
pub(super) struct Pages {
    store: Arc<dyn UserStore>,
    after: i32,
    left: usize,
}

impl Pages {
    pub(super) fn new(store: Arc<dyn UserStore>, page: UserPage) -> Result<Self, Error> {
        let limit = usize::try_from(page.limit).map_err(|_| {
            let wanted = "send a limit of at least 1, or 0 for all";
            Error::invalid("limit", page.limit, wanted)
        })?;
        let left = if limit == 0 { usize::MAX } else { limit };
        let after = page.after;
        Ok(Self { store, after, left })
    }

    /// The next page: empty after the last.
    pub(super) async fn next(&mut self) -> Result<Vec<User>, Error> {
        let wanted = self.left.min(PAGE);
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let users = self.store.page(self.after, wanted).await?;
        // A page that is not full is the last.
        let full = users.len() == wanted;
        self.left = if full { self.left - wanted } else { 0 };
        self.after = users.last().map_or(self.after, |user| user.id);
        Ok(users)
    }
}
