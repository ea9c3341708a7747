//! Bad users, bad participants, and a store that is down.

use std::sync::Arc;

use async_trait::async_trait;
use prost::Message;
use services::model::{User, UserChanges};
use services::store::NewRecord;
use services::{Code, Error, Local, LocalConfig, ServeOptions, UserStore};

use crate::serving::{Running, call, framed, still_answers};
use crate::{CHAT, CREATE_USER, INVALID_ARGUMENT, OK, status};

const UNAVAILABLE: i32 = 14;

/// A store that cannot be reached.
#[derive(Debug)]
struct Down;

fn down<T>() -> Result<T, Error> {
    Err(Error::new(
        Code::Unavailable,
        "the store is down: try again later",
    ))
}

#[async_trait]
impl UserStore for Down {
    async fn create(&self, _user: NewRecord) -> Result<User, Error> {
        down()
    }

    async fn get(&self, _id: i32) -> Result<User, Error> {
        down()
    }

    async fn page(&self, _after: i32, _limit: usize) -> Result<Vec<User>, Error> {
        down()
    }

    async fn update(&self, _id: i32, _changes: &UserChanges) -> Result<User, Error> {
        down()
    }

    async fn delete(&self, _id: i32) -> Result<User, Error> {
        down()
    }
}

fn ana() -> Vec<u8> {
    let ana = grpc::contract::users::CreateUserRequest {
        name: "Ana".into(),
        email: "ana@example.org".into(),
        ..Default::default()
    };
    ana.encode_to_vec()
}

#[tokio::test]
async fn case_63_a_store_that_is_down_is_unavailable() {
    let config = LocalConfig {
        users: Arc::new(Down),
        ..LocalConfig::default()
    };
    let backend = Arc::new(Local::new(config));
    let server = Running::start(backend, ServeOptions::default()).await;
    for (path, message) in [
        (CREATE_USER, ana()),
        ("/users.UserService/GetUser", vec![0x08, 1]),
        ("/users.UserService/ListUsers", vec![]),
        ("/users.UserService/UpdateUser", vec![0x08, 1]),
        ("/users.UserService/DeleteUser", vec![0x08, 1]),
        ("/usuarios.Usuarios/ObterUsuarios", vec![]),
    ] {
        let answer = call(server.address, path, &[], framed(0, &message)).await;
        assert_eq!(answer.status(), UNAVAILABLE, "{path}: {answer:?}");
        assert!(
            answer.message().contains("the%20store%20is%20down"),
            "{answer:?}"
        );
        still_answers(server.address).await;
    }
}

#[tokio::test]
async fn a_user_without_a_name_or_an_address_is_invalid() {
    // CreateUserRequest{name}, and CriarUsuarioRequest with an empty usuario and with none.
    for (path, message) in [
        (CREATE_USER, &[][..]),
        (CREATE_USER, &[0x0a, 3, b'A', b'n', b'a']),
        ("/usuarios.Usuarios/CriarUsuario", &[0x0a, 0]),
        ("/usuarios.Usuarios/CriarUsuario", &[]),
        ("/chat.ChatService/PostMessage", &[]),
    ] {
        let status = status(path, &[], framed(0, message)).await;
        assert_eq!(status, INVALID_ARGUMENT, "{path}");
    }
}

#[tokio::test]
async fn metadata_that_tells_nobody_and_no_place_is_invalid() {
    for header in [
        ("chat-after", "-1"),
        ("chat-after", "the start"),
        ("chat-user-bin", "%%%"),
        ("chat-user-bin", "/w"),
    ] {
        assert_eq!(
            status(CHAT, &[header], vec![]).await,
            INVALID_ARGUMENT,
            "{header:?}"
        );
    }
    let server = Running::start(Arc::new(Local::default()), ServeOptions::default()).await;
    // The same name, padded and not.
    for name in ["Sm9zw6k=", "Sm9zw6k"] {
        let headers = [("chat-user-bin", name), ("chat-after", "0")];
        let answer = call(
            server.address,
            CHAT,
            &headers,
            framed(0, &[0x12, 2, b'h', b'i']),
        )
        .await;
        assert_eq!(answer.status(), OK);
        assert!(
            String::from_utf8_lossy(&answer.body).contains("José"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_message_in_anothers_name_is_invalid() {
    let headers = [("chat-user", "Ana")];
    let ben = [0x0a, 3, b'B', b'e', b'n', 0x12, 2, b'h', b'i'];
    assert_eq!(
        status(CHAT, &headers, framed(0, &ben)).await,
        INVALID_ARGUMENT
    );
}
