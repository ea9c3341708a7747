//! Clients and servers of chat, users and uploads, as the courses write them.

use std::sync::Arc;

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use services::model::{ChatMessage, Join, NewUsuario, Password};
use services::{Chat, Code, Context, Local, ServeOptions, Stream, Users, Usuarios};
use tokio::task::spawn_blocking;

use crate::client_of;
use crate::peers::{Peer, line};
use crate::serving::{Running, soon};

async fn start() -> Running {
    Running::start(Arc::new(Local::default()), ServeOptions::default()).await
}

async fn calls(client: Peer, server: &Running) -> Vec<Value> {
    let address = server.address.to_string();
    spawn_blocking(move || client.calls(&address))
        .await
        .unwrap()
}

type Sender = mpsc::Sender<Result<ChatMessage, services::Error>>;

async fn participant(client: &grpc::Client, user: &str) -> (Sender, Stream<ChatMessage>) {
    let (sender, said) = mpsc::channel(1);
    let join = Join {
        user: user.into(),
        after: None,
    };
    let heard = soon(client.chat(&Context::new(), &join, said.boxed())).await;
    (sender, heard.unwrap())
}

fn message(user: &str, text: &str) -> ChatMessage {
    ChatMessage {
        user: user.into(),
        text: text.into(),
        ..ChatMessage::default()
    }
}

#[tokio::test]
async fn the_courses_chat_client_talks_with_ours() {
    let Some(peer) = Peer::python("grpc_chat_client.py") else {
        return;
    };
    let server = start().await;
    let client = server.client().await;
    let (mut jose, mut heard) = participant(&client, "José").await;
    let address = server.address.to_string();
    let ana = spawn_blocking(move || {
        let mut ana = peer.terminal(&[&address]);
        ana.type_line("Ana");
        let welcome = ana.next_line().unwrap();
        assert_eq!(welcome, "Your name: Welcome, Ana! /quit leaves.");
        ana.type_line("hi");
        assert_eq!(ana.next_line().unwrap(), "[Ana] hi");
        ana
    });
    let hi = soon(heard.next()).await.unwrap().unwrap();
    assert_eq!(
        (hi.user.as_str(), hi.text.as_str(), hi.sequence),
        ("Ana", "hi", 1)
    );
    let ana = soon(ana).await.unwrap();
    let names = soon(client.list_participants(&Context::new()))
        .await
        .unwrap();
    assert_eq!(names, ["Ana", "José"]);
    jose.send(Ok(message("", "olá"))).await.unwrap();
    let left = spawn_blocking(move || {
        let mut ana = ana;
        assert_eq!(ana.next_line().unwrap(), "[José] olá");
        ana.type_line("/quit");
        assert_eq!(ana.next_line().unwrap(), "Bye!");
        assert_eq!(ana.next_line(), None);
    });
    soon(left).await.unwrap();
}

#[tokio::test]
async fn our_client_talks_over_the_courses_chat_server() {
    let Some(peer) = Peer::python("grpc_chat_server.py") else {
        return;
    };
    let server = spawn_blocking(move || peer.serve(&[])).await.unwrap();
    let client = client_of(&server).await;
    // That server's headers come with its first message: joining does not wait for it.
    let (mut ana, mut heard_by_ana) = participant(&client, "Ana").await;
    ana.send(Ok(message("Ana", "hi"))).await.unwrap();
    let hi = soon(heard_by_ana.next()).await.unwrap().unwrap();
    // It gives messages no place.
    assert_eq!(
        (hi.user.as_str(), hi.text.as_str(), hi.sequence),
        ("Ana", "hi", 0)
    );
    let (mut jose, heard_by_jose) = participant(&client, "José").await;
    jose.send(Ok(message("José", "olá"))).await.unwrap();
    let ola = soon(heard_by_ana.next()).await.unwrap().unwrap();
    assert_eq!((ola.user.as_str(), ola.text.as_str()), ("José", "olá"));
    // Whose stream up ends has left, and is answered with an end.
    drop(jose);
    let heard_by_jose: Vec<_> = soon(heard_by_jose.try_collect()).await.unwrap();
    assert_eq!(heard_by_jose.last(), Some(&ola));
    let context = Context::new();
    let names = soon(client.list_participants(&context)).await;
    assert_eq!(names.unwrap_err().code(), Code::Unimplemented);
    let posted = soon(client.post_message(&context, &message("Ana", "hi"))).await;
    assert_eq!(posted.unwrap_err().code(), Code::Unimplemented);
    let user = soon(client.get_user(&context, 1)).await;
    assert_eq!(user.unwrap_err().code(), Code::Unimplemented);
}

#[tokio::test]
async fn grpcio_calls_every_operation_of_users() {
    let Some(client) = Peer::python("grpc_users_client.py") else {
        return;
    };
    let lines = calls(client, &start().await).await;
    let ana = &line(&lines, "CreateUser(\"Ana\", \"ana@example.org\")")["result"];
    assert_eq!((&ana["id"], &ana["name"]), (&json!(1), &json!("Ana")));
    assert_eq!(
        ana["external_id"].as_str().unwrap().len(),
        36,
        "a UUID: {ana}"
    );
    assert_eq!(line(&lines, "GetUser(1)")["result"], *ana);
    assert_eq!(
        line(&lines, "ListUsers()")["result"],
        json!(["Ana", "José"])
    );
    assert_eq!(line(&lines, "ListUsers(1, 1)")["result"], json!(["José"]));
    let admin = &line(&lines, "UpdateUser(1, roles=[\"admin\"])")["result"];
    assert_eq!(
        (&admin["roles"], &admin["email"]),
        (&json!(["admin"]), &ana["email"])
    );
    assert_eq!(line(&lines, "DeleteUser(2)")["result"]["name"], "José");
    for (call, code) in [
        (
            "CreateUser(\"Another\", \"ANA@example.org\")",
            "ALREADY_EXISTS",
        ),
        (
            "CreateUser(\"\", \"nobody@example.org\")",
            "INVALID_ARGUMENT",
        ),
        ("CreateUser(\"Nobody\", \"nowhere\")", "INVALID_ARGUMENT"),
        ("GetUser(999)", "NOT_FOUND"),
        ("DeleteUser(2) again", "NOT_FOUND"),
    ] {
        assert_eq!(line(&lines, call)["error"]["code"], code, "{call}");
    }
}

#[tokio::test]
async fn the_courses_client_of_usuarios_gets_no_password_back() {
    let Some(client) = Peer::python("grpc_usuarios_client.py") else {
        return;
    };
    let lines = calls(client, &start().await).await;
    let joao = &line(&lines, "CriarUsuario(\"João\")")["result"]["usuario"];
    assert_eq!(
        (&joao["nome"], &joao["senha"]),
        (&json!("João"), &json!(""))
    );
    let maria = &line(&lines, "CriarUsuario(\"Maria\") without an id")["result"]["usuario"];
    assert_eq!(maria["id"].as_str().unwrap().len(), 36, "a UUID: {maria}");
    let kept = &line(&lines, "ObterUsuarios()")["result"]["usuarios"];
    assert_eq!(*kept, json!([joao, maria]));
    for (call, code) in [
        ("CriarUsuario(\"João\") again", "ALREADY_EXISTS"),
        (
            "CriarUsuario(\"Rui\") without a password",
            "INVALID_ARGUMENT",
        ),
    ] {
        assert_eq!(line(&lines, call)["error"]["code"], code, "{call}");
    }
    let all = Value::from(lines).to_string();
    assert!(!all.contains("segredo"), "{all}");
}

#[tokio::test]
async fn our_client_takes_no_password_from_the_courses_server() {
    let Some(peer) = Peer::python("grpc_usuarios_server.py") else {
        return;
    };
    let server = spawn_blocking(move || peer.serve(&[])).await.unwrap();
    let client = client_of(&server).await;
    let context = Context::new();
    let joao = NewUsuario {
        id: Some("7".into()),
        nome: "João".into(),
        email: "joao@example.org".into(),
        senha: Password("segredo".into()),
    };
    let created = soon(client.criar_usuario(&context, &joao)).await.unwrap();
    assert_eq!((created.id.as_str(), created.nome.as_str()), ("7", "João"));
    let again = soon(client.criar_usuario(&context, &joao)).await;
    assert_eq!(again.unwrap_err().code(), Code::AlreadyExists);
    let kept = soon(client.obter_usuarios(&context)).await.unwrap();
    assert_eq!(kept, [created]);
    assert!(!format!("{joao:?} {kept:?}").contains("segredo"));
}

#[tokio::test]
async fn grpcio_uploads_a_file_and_one_that_breaks_off_is_none() {
    let Some(client) = Peer::python("grpc_upload_client.py") else {
        return;
    };
    let server = start().await;
    let address = server.address.to_string();
    // A file that is there, and larger than one chunk: this test.
    let file = std::env::current_exe().unwrap();
    let size_bytes = std::fs::metadata(&file).unwrap().len();
    let output = spawn_blocking(move || client.run(&[&address, file.to_str().unwrap()]));
    let output = output.await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let report = &line(&lines, "UploadFile(FILE)")["result"];
    assert_eq!(report["size_bytes"], size_bytes);
    assert_eq!(report["chunks"], size_bytes.div_ceil(64 * 1024));
    assert_eq!(report["sha256"], line(&lines, "sha256(FILE)")["result"]);
    let nothing = &line(&lines, "UploadFile(nothing)")["result"];
    assert_eq!(nothing["size_bytes"], 0);
    let broken = line(&lines, "UploadFile(FILE), broken off");
    assert!(broken["error"]["code"].is_string(), "{broken}");
}
