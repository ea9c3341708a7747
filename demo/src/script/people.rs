//! The users of the demo.

use std::io::Write;

use futures::TryStreamExt;
use services::model::{NewUser, UserPage};
use services::{Backend, Code, Context};

use super::calls::{answered, refused, timed};
use super::page::Page;
use crate::print::printable;

fn user(name: &str, email: &str) -> NewUser {
    NewUser {
        name: name.into(),
        email: email.into(),
        ..NewUser::default()
    }
}

pub(super) async fn users(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    for (name, email) in [("Ana", "ana@example.org"), ("Bob", "bob@example.org")] {
        let (context, user) = (Context::new(), user(name, email));
        let call = client.create_user(&context, &user);
        let (user, cost) = answered("create_user", &context, call).await?;
        page.call(
            &printable(&format!("{} is user {}", user.name, user.id)),
            &cost,
        )?;
    }
    let context = Context::new();
    let call = async {
        let users = client.list_users(&context, UserPage::default()).await?;
        users
            .map_ok(|user| user.email)
            .try_collect::<Vec<_>>()
            .await
    };
    let (emails, cost) = answered("list_users", &context, call).await?;
    page.call(&printable(&format!("all: {}", emails.join(" "))), &cost)?;
    Ok(())
}

/// [`users`] has made one with that address.
pub(super) async fn taken_email(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let (context, user) = (Context::new(), user("Eva", "ANA@example.org"));
    let (result, cost) = timed(&context, client.create_user(&context, &user)).await;
    refused(
        page,
        "Eva takes Ana's address",
        result,
        Code::AlreadyExists,
        &cost,
    )
}
