//! The users as the Portuguese course's service knows them.

use std::sync::Arc;

use async_trait::async_trait;

use super::users::{LONGEST_NAME, Pages, external_id};
use super::{Local, rules};
use crate::backend::Usuarios;
use crate::context::Context;
use crate::error::Error;
use crate::model::{NewUsuario, User, UserPage, Usuario};
use crate::store::NewRecord;

#[async_trait]
impl Usuarios for Local {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let create = async {
            let record = self.record(usuario).await?;
            self.config.users.create(record).await.map(told)
        };
        context.within(create).await
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let all = async {
            let mut pages = Pages::new(Arc::clone(&self.config.users), UserPage::default())?;
            let mut usuarios = Vec::new();
            loop {
                let page = pages.next().await?;
                if page.is_empty() {
                    return Ok(usuarios);
                }
                usuarios.extend(page.into_iter().map(told));
            }
        };
        context.within(all).await
    }
}

impl Local {
    /// Checked first, since a hash is work.
    async fn record(&self, usuario: &NewUsuario) -> Result<NewRecord, Error> {
        let name = rules::name("nome", &usuario.nome, LONGEST_NAME)?;
        rules::email(&usuario.email)?;
        rules::password(&usuario.senha.0)?;
        let external_id = external_id("id", usuario.id.as_deref())?;
        let password_hash = self.passwords.hash(usuario.senha.clone()).await?;
        Ok(NewRecord {
            name,
            email: usuario.email.clone(),
            roles: Vec::new(),
            external_id,
            password_hash: Some(password_hash),
        })
    }
}

fn told(user: User) -> Usuario {
    Usuario {
        id: user.external_id,
        nome: user.name,
        email: user.email,
    }
}
