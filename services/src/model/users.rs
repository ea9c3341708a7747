//! Users, and the same people as the Portuguese course's service names them.

use std::fmt;

/// A user as the server keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// The server's number for it, from 1; never given twice.
    pub id: i32,
    /// What it is called.
    pub name: String,
    /// Its e-mail address as it was written; no two users have the same, whatever the case.
    pub email: String,
    /// What it may do, in the order in which it was given.
    pub roles: Vec<String>,
    /// The id by which the outside knows it: the caller's own, or a UUID that the server made.
    pub external_id: String,
}

/// A user that is to be: see [`create_user`](crate::Users::create_user).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUser {
    /// What it is called: not empty, at most 200 characters.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// What it may do.
    pub roles: Vec<String>,
    /// The id by which the outside knows it; without one the server makes a UUID.
    pub external_id: Option<String>,
}

/// What is to change of a user; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChanges {
    /// A new name.
    pub name: Option<String>,
    /// A new e-mail address.
    pub email: Option<String>,
    /// New roles in place of all the old ones.
    pub roles: Option<Vec<String>>,
}

impl User {
    /// Takes those changes over.
    pub fn change(&mut self, changes: &UserChanges) {
        let UserChanges { name, email, roles } = changes;
        if let Some(name) = name {
            self.name.clone_from(name);
        }
        if let Some(email) = email {
            self.email.clone_from(email);
        }
        if let Some(roles) = roles {
            self.roles.clone_from(roles);
        }
    }
}

/// Which users of the list are wanted, in the order of their ids. The default is all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserPage {
    /// Only users with a greater id: 0 starts at the first.
    pub after: i32,
    /// At most so many; 0 is all.
    pub limit: i32,
}

/// A user as the Portuguese course's service tells it: without the password, which no answer has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usuario {
    /// The external id.
    pub id: String,
    /// The name.
    pub nome: String,
    /// The e-mail address.
    pub email: String,
}

/// A user that is to be, with a password: see [`criar_usuario`](crate::Usuarios::criar_usuario).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewUsuario {
    /// The external id; without one the server makes a UUID.
    pub id: Option<String>,
    /// The name: not empty, at most 200 characters.
    pub nome: String,
    /// The e-mail address.
    pub email: String,
    /// The password, of which the server keeps an Argon2 hash only.
    pub senha: Password,
}

/// A password on its way to be hashed. `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
