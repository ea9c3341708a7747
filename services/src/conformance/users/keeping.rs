//! What is kept of a user, and what is refused.

use futures::future::join_all;

use super::super::{Verdict, fails_with, holds, reference, same, unique};
use super::{create, forget, somebody};
use crate::backend::{Backend, Users};
use crate::context::Context;
use crate::error::Code;
use crate::model::{NewUser, User, UserChanges};
use crate::store::{email_taken, external_id_taken};

pub(crate) async fn created(backend: &dyn Backend) -> Verdict {
    for name in [
        "Ana",
        "Zoë Ångström",
        "João d'Ávila <&> \"7\" \\",
        "日本 太郎",
        "🙂",
    ] {
        let user = NewUser {
            name: name.into(),
            roles: vec!["writer".into(), "admin".into(), "ação".into()],
            ..somebody()
        };
        let kept = create(backend, &user).await?;
        let wanted = User {
            id: kept.id,
            name: user.name,
            email: user.email,
            roles: user.roles,
            external_id: kept.external_id.clone(),
        };
        holds("the id is at least 1", kept.id >= 1)?;
        holds("an external id is made", !kept.external_id.is_empty())?;
        same("create_user", Ok(&kept), Ok(&wanted))?;
        let got = backend.get_user(&Context::new(), kept.id).await;
        same("get_user", got, Ok(wanted))?;
        forget(backend, &[kept]).await?;
    }
    let padded = NewUser {
        name: "  Ana Lima ".into(),
        ..somebody()
    };
    let kept = create(backend, &padded).await?;
    same("the space around a name", Ok(&*kept.name), Ok("Ana Lima"))?;
    forget(backend, &[kept]).await
}

pub(crate) async fn external_ids(backend: &dyn Backend) -> Verdict {
    let own = unique("own");
    let brings = NewUser {
        external_id: Some(own.clone()),
        ..somebody()
    };
    let brought = create(backend, &brings).await?;
    same("its own id", Ok(&brought.external_id), Ok(&own))?;
    let (first, second) = (
        create(backend, &somebody()).await?,
        create(backend, &somebody()).await?,
    );
    let apart = first.external_id != second.external_id;
    holds("ids that are made are never the same", apart)?;
    forget(backend, &[brought, first, second]).await
}

pub(crate) async fn taken_email(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let first = create(backend, &somebody()).await?;
    for email in [
        first.email.clone(),
        first.email.to_uppercase(),
        first.email.to_lowercase(),
    ] {
        let wanted = email_taken(&email);
        let user = NewUser {
            email,
            ..somebody()
        };
        let got = backend.create_user(&context, &user).await;
        same("create_user with a taken e-mail address", got, Err(wanted))?;
    }
    let second = create(backend, &somebody()).await?;
    let changes = UserChanges {
        email: Some(first.email.to_uppercase()),
        ..UserChanges::default()
    };
    let got = backend.update_user(&context, second.id, &changes).await;
    fails_with("taking another's address", got, Code::AlreadyExists)?;
    let got = backend.update_user(&context, first.id, &changes).await;
    let email = got.map(|user| user.email);
    same(
        "one's own address in capitals",
        email,
        Ok(first.email.to_uppercase()),
    )?;
    forget(backend, std::slice::from_ref(&first)).await?;
    let again = NewUser {
        email: first.email,
        ..somebody()
    };
    let again = create(backend, &again).await?;
    forget(backend, &[again, second]).await
}

pub(crate) async fn taken_at_once(backend: &dyn Backend) -> Verdict {
    let (context, user) = (Context::new(), somebody());
    let created = join_all((0..8).map(|_| backend.create_user(&context, &user))).await;
    let (kept, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
    for refused in refused {
        fails_with("create_user among 8", refused, Code::AlreadyExists)?;
    }
    let kept: Vec<_> = kept.into_iter().flatten().collect();
    same("how many got it", Ok(kept.len()), Ok(1))?;
    forget(backend, &kept).await
}

pub(crate) async fn taken_external_id(backend: &dyn Backend) -> Verdict {
    let first = create(backend, &somebody()).await?;
    let user = NewUser {
        external_id: Some(first.external_id.clone()),
        ..somebody()
    };
    let got = backend.create_user(&Context::new(), &user).await;
    let wanted = external_id_taken(&first.external_id);
    same("create_user with a taken external id", got, Err(wanted))?;
    forget(backend, &[first]).await
}

pub(crate) async fn updated(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let user = NewUser {
        roles: vec!["reader".into()],
        ..somebody()
    };
    let mut user = create(backend, &user).await?;
    let roles = |roles: &[&str]| Some(roles.iter().map(|&role| role.to_owned()).collect());
    for changes in [
        UserChanges {
            name: Some("Bia".into()),
            ..UserChanges::default()
        },
        UserChanges {
            email: Some(somebody().email),
            ..UserChanges::default()
        },
        UserChanges {
            roles: roles(&["b", "a", "b"]),
            ..UserChanges::default()
        },
        UserChanges {
            roles: roles(&[]),
            ..UserChanges::default()
        },
        UserChanges::default(),
        UserChanges {
            name: Some("Caio 🙂".into()),
            email: Some(somebody().email),
            roles: roles(&["writer"]),
        },
    ] {
        user.change(&changes);
        let got = backend.update_user(&context, user.id, &changes).await;
        same(&format!("update_user({changes:?})"), got, Ok(user.clone()))?;
        let got = backend.get_user(&context, user.id).await;
        same("get_user afterwards", got, Ok(user.clone()))?;
    }
    forget(backend, &[user]).await
}

pub(crate) async fn deleted(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let user = create(backend, &somebody()).await?;
    let got = backend.delete_user(&context, user.id).await;
    same("delete_user", got, Ok(user.clone()))?;
    unknown_id(backend, user.id).await?;
    let other = create(backend, &somebody()).await?;
    holds("an id is never given twice", other.id != user.id)?;
    forget(backend, &[other]).await
}

pub(crate) async fn unknown(backend: &dyn Backend) -> Verdict {
    for id in [0, -1, i32::MIN, i32::MAX] {
        unknown_id(backend, id).await?;
    }
    Ok(())
}

async fn unknown_id(backend: &dyn Backend, id: i32) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    let changes = UserChanges::default();
    let got = backend.get_user(&context, id).await;
    fails_with("get_user", got.clone(), Code::NotFound)?;
    same("get_user", got, reference.get_user(&context, id).await)?;
    let got = backend.update_user(&context, id, &changes).await;
    let wanted = reference.update_user(&context, id, &changes).await;
    same("update_user", got, wanted)?;
    let got = backend.delete_user(&context, id).await;
    same(
        "delete_user",
        got,
        reference.delete_user(&context, id).await,
    )
}

pub(crate) async fn refused(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    let wrong = bad_names().map(|name| NewUser { name, ..somebody() });
    let wrong = wrong.chain(bad_emails().map(|email| NewUser {
        email,
        ..somebody()
    }));
    let wrong = wrong.chain(bad_roles().map(|roles| NewUser {
        roles,
        ..somebody()
    }));
    let long_id = NewUser {
        external_id: Some("x".repeat(65)),
        ..somebody()
    };
    for user in wrong.chain([long_id]) {
        let got = backend.create_user(&context, &user).await;
        fails_with(&format!("{user:?}"), got.clone(), Code::InvalidArgument)?;
        let wanted = reference.create_user(&context, &user).await;
        same(&format!("create_user({user:?})"), got, wanted)?;
    }
    Ok(())
}

pub(crate) async fn refused_changes(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    let user = create(backend, &somebody()).await?;
    let none = UserChanges::default;
    let wrong = bad_names().map(|name| UserChanges {
        name: Some(name),
        ..none()
    });
    let emails = bad_emails().map(|email| UserChanges {
        email: Some(email),
        ..none()
    });
    let roles = bad_roles().map(|roles| UserChanges {
        roles: Some(roles),
        ..none()
    });
    for changes in wrong.chain(emails).chain(roles) {
        let got = backend.update_user(&context, user.id, &changes).await;
        fails_with(&format!("{changes:?}"), got.clone(), Code::InvalidArgument)?;
        let wanted = reference.update_user(&context, user.id, &changes).await;
        same(&format!("update_user({changes:?})"), got, wanted)?;
    }
    let got = backend.get_user(&context, user.id).await;
    same("get_user afterwards", got, Ok(user.clone()))?;
    forget(backend, &[user]).await
}

fn bad_names() -> impl Iterator<Item = String> {
    let names = ["", "   ", "two\nlines", "a\u{85}b"].map(str::to_owned);
    names.into_iter().chain(["ä".repeat(201)])
}

fn bad_emails() -> impl Iterator<Item = String> {
    let emails = ["", "ana", "@", "ana@", "@b", "a na@b", "a@b@c", "a@b c"].map(str::to_owned);
    emails.into_iter().chain([format!("{}@b", "a".repeat(253))])
}

fn bad_roles() -> impl Iterator<Item = Vec<String>> {
    let roles = [vec![String::new()], vec!["r".repeat(65)]];
    roles.into_iter().chain([vec!["r".to_owned(); 65]])
}
