//! The Portuguese course's service.

use super::users::{create, forget, somebody};
use super::{Verdict, answer, collected, fails_with, holds, reference, same, unique};
use crate::backend::{Backend, Usuarios};
use crate::context::Context;
use crate::error::Code;
use crate::model::{NewUsuario, Password, User, UserPage, Usuario};

/// A password that can be looked for in whatever comes back.
const SENHA: &str = "s3nh4-çecreta";

fn alguem() -> NewUsuario {
    NewUsuario {
        id: None,
        nome: "João".into(),
        email: somebody().email,
        senha: Password(SENHA.into()),
    }
}

async fn criar(backend: &dyn Backend, usuario: &NewUsuario) -> Result<Usuario, String> {
    let criado = backend.criar_usuario(&Context::new(), usuario).await;
    answer("criar_usuario", criado)
}

/// The user that a usuario is.
async fn user(backend: &dyn Backend, usuario: &Usuario) -> Result<User, String> {
    let users = collected(backend.list_users(&Context::new(), UserPage::default())).await;
    let mut users = answer("list_users", users)?.into_iter();
    let user = users.find(|user| user.external_id == usuario.id);
    user.ok_or_else(|| format!("{usuario:?} is not among the users"))
}

pub(super) async fn created(backend: &dyn Backend) -> Verdict {
    let own = NewUsuario {
        id: Some(unique("id")),
        ..alguem()
    };
    let made = alguem();
    let (with_id, without) = (criar(backend, &own).await?, criar(backend, &made).await?);
    let wanted = Usuario {
        id: own.id.unwrap_or_default(),
        nome: own.nome,
        email: own.email,
    };
    same("criar_usuario with an id", Ok(&with_id), Ok(&wanted))?;
    holds("an id is made", !without.id.is_empty())?;
    let got = (&*without.nome, &*without.email);
    let wanted = (&*made.nome, &*made.email);
    same("criar_usuario without an id", Ok(got), Ok(wanted))?;
    let users = [
        user(backend, &with_id).await?,
        user(backend, &without).await?,
    ];
    forget(backend, &users).await
}

pub(super) async fn same_people(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let usuario = criar(backend, &alguem()).await?;
    let created = create(backend, &somebody()).await?;
    let user = user(backend, &usuario).await?;
    let got = (&*user.name, &*user.email);
    same(
        "the usuario as a user",
        Ok(got),
        Ok((&*usuario.nome, &*usuario.email)),
    )?;
    let all = answer("obter_usuarios", backend.obter_usuarios(&context).await)?;
    holds("the usuario is among all", all.contains(&usuario))?;
    let created_too = Usuario {
        id: created.external_id.clone(),
        nome: created.name.clone(),
        email: created.email.clone(),
    };
    holds("so is a user", all.contains(&created_too))?;
    let shown = format!("{all:?}{user:?}");
    holds("no answer has the password", !shown.contains(SENHA))?;
    forget(backend, &[user, created]).await
}

pub(super) async fn taken(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    let first = criar(backend, &alguem()).await?;
    for second in [
        NewUsuario {
            id: Some(first.id.clone()),
            ..alguem()
        },
        NewUsuario {
            email: first.email.to_uppercase(),
            ..alguem()
        },
    ] {
        let got = backend.criar_usuario(&context, &second).await;
        fails_with("what is taken", got, Code::AlreadyExists)?;
    }
    forget(backend, &[user(backend, &first).await?]).await
}

pub(super) async fn refused(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    for usuario in [
        NewUsuario {
            nome: " ".into(),
            ..alguem()
        },
        NewUsuario {
            email: "joao".into(),
            ..alguem()
        },
        NewUsuario {
            senha: Password::default(),
            ..alguem()
        },
        NewUsuario {
            senha: Password(SENHA.repeat(1_000)),
            ..alguem()
        },
        NewUsuario {
            id: Some("x".repeat(65)),
            ..alguem()
        },
    ] {
        let got = backend.criar_usuario(&context, &usuario).await;
        fails_with("what cannot be kept", got.clone(), Code::InvalidArgument)?;
        holds(
            "no error has the password",
            !format!("{got:?}").contains(SENHA),
        )?;
        let wanted = reference.criar_usuario(&context, &usuario).await;
        same("criar_usuario", got, wanted)?;
    }
    Ok(())
}
