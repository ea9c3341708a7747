//! Users. Each scenario makes its own, since others may use the same store at the same time, and
//! removes them.

mod keeping;
mod listing;

pub(super) use keeping::{
    created, deleted, external_ids, refused, refused_changes, taken_at_once, taken_email,
    taken_external_id, unknown, updated,
};
pub(super) use listing::{negative_limit, pages};

use super::{Verdict, answer, unique};
use crate::backend::Backend;
use crate::context::Context;
use crate::model::{NewUser, User};

/// Somebody new, with an e-mail address of its own.
pub(super) fn somebody() -> NewUser {
    NewUser {
        name: "Ana".into(),
        email: format!("{}@example.org", unique("Ana")),
        ..NewUser::default()
    }
}

pub(super) async fn create(backend: &dyn Backend, user: &NewUser) -> Result<User, String> {
    let created = backend.create_user(&Context::new(), user).await;
    answer(&format!("create_user({user:?})"), created)
}

pub(super) async fn forget(backend: &dyn Backend, users: &[User]) -> Verdict {
    for user in users {
        let deleted = backend.delete_user(&Context::new(), user.id).await;
        answer("delete_user", deleted)?;
    }
    Ok(())
}
