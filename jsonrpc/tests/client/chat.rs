//! The client's half of a chat: one stream that hears and says, whatever becomes of the server.

use futures::channel::mpsc;
use futures::{SinkExt, StreamExt, stream};
use serde_json::{Value, json};
use services::conformance::{Faulty, reference};
use services::model::{ChatMessage, Join};
use services::{Chat, ClientOptions, Code, Context, Error, ServeOptions, Stream};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, within};

/// Takes part from now on.
async fn joined(
    client: &jsonrpc::Client,
    user: &str,
    said: Stream<ChatMessage>,
) -> Stream<ChatMessage> {
    let join = Join {
        user: user.into(),
        after: None,
    };
    within(client.chat(&Context::new(), &join, said))
        .await
        .unwrap()
}

fn line(text: &str) -> Result<ChatMessage, Error> {
    Ok(ChatMessage {
        text: text.into(),
        ..ChatMessage::default()
    })
}

fn silent() -> Stream<ChatMessage> {
    stream::pending().boxed()
}

async fn heard(chat: &mut Stream<ChatMessage>) -> String {
    within(chat.next()).await.unwrap().unwrap().text
}

#[tokio::test]
async fn people_over_http_and_websocket_are_in_one_room() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    let (ana, rui) = (server.client("http").await, server.client("ws").await);
    let (mut says, said) = mpsc::channel(1);
    let mut anas = joined(&ana, "Ana", said.boxed()).await;
    let mut ruis = joined(&rui, "Rui", silent()).await;
    says.send(line("Bom dia!")).await.unwrap();
    assert_eq!(heard(&mut anas).await, "Bom dia!");
    assert_eq!(heard(&mut ruis).await, "Bom dia!");
    // The end of what is said is an end for the server too, which delivers all of it.
    says.send(line("Adeus.")).await.unwrap();
    drop(says);
    assert_eq!(heard(&mut anas).await, "Adeus.");
    assert!(within(anas.next()).await.is_none());
    assert_eq!(heard(&mut ruis).await, "Adeus.");
    assert_eq!(
        within(rui.list_participants(&Context::new())).await,
        Ok(vec!["Rui".into()])
    );
    server.stop().await;
}

#[tokio::test]
async fn a_chat_that_is_dropped_is_left() {
    for scheme in ["http", "ws"] {
        let faulty = Faulty::never_answering();
        let server = Server::start(faulty.clone(), ServeOptions::default()).await;
        let client = server.client(scheme).await;
        let chat = joined(&client, "Ana", silent()).await;
        within(faulty.started()).await;
        drop(chat);
        within(faulty.dropped()).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn what_breaks_off_above_breaks_the_chat_off() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    let client = server.client("ws").await;
    let broken = Error::new(Code::NotFound, "the terminal is gone");
    let said = stream::iter([line("one"), Err(broken.clone())]).boxed();
    let mut chat = joined(&client, "Ana", said).await;
    let last = loop {
        match within(chat.next()).await.unwrap() {
            Ok(message) => assert_eq!(message.text, "one"),
            Err(error) => break error,
        }
    };
    assert_eq!(last, broken);
    assert!(within(chat.next()).await.is_none());
    server.stop().await;
}

/// One connection of a server that is played by hand.
struct Played(WebSocketStream<TcpStream>);

impl Played {
    async fn request(&mut self) -> Value {
        match within(self.0.next()).await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("a text was to come, not {other:?}"),
        }
    }

    async fn send(&mut self, message: Value) {
        let text = Message::text(message.to_string());
        within(self.0.send(text)).await.unwrap();
    }

    /// Answers the next request, which has to be of that method; gives its parameters.
    async fn answer(&mut self, method: &str, answer: &Value) -> Value {
        let mut request = self.request().await;
        assert_eq!(request["method"], method);
        let mut reply = answer.clone();
        reply["id"] = request["id"].take();
        self.send(reply).await;
        request["params"].take()
    }

    async fn item(&mut self, result: Value) {
        let params = json!({ "subscription": 7, "result": result });
        self.send(json!({ "method": "chat", "params": params }))
            .await;
    }
}

/// A chat of our client at such a server, just opened. Without the client the connection would go
/// with the chat.
async fn played(said: Stream<ChatMessage>) -> (jsonrpc::Client, Stream<ChatMessage>, Played) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let accepted = async {
        let (socket, _) = listener.accept().await.unwrap();
        Played(tokio_tungstenite::accept_async(socket).await.unwrap())
    };
    let connected = jsonrpc::Client::connect(&url, ClientOptions::default());
    let (client, mut server) = within(async { tokio::join!(connected, accepted) }).await;
    let client = client.unwrap();
    let join = Join {
        user: "Ana".into(),
        after: Some(3),
    };
    let context = Context::new();
    let opened = client.chat(&context, &join, said);
    let id = json!({ "result": 7 });
    let answered = server.answer("subscribe_chat", &id);
    let (chat, params) = within(async { tokio::join!(opened, answered) }).await;
    assert_eq!(params, json!(["Ana", 3]));
    let chat = chat.unwrap();
    (client, chat, server)
}

fn hello() -> Value {
    json!({ "item": { "user": "Eva", "text": "hello", "timestamp": 1, "sequence": 4, "id": "" } })
}

#[tokio::test]
async fn a_chat_whose_connection_is_cut_is_unavailable() {
    let (_client, mut chat, mut server) = played(silent()).await;
    server.item(hello()).await;
    drop(server);
    assert_eq!(heard(&mut chat).await, "hello");
    let error = within(chat.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(within(chat.next()).await.is_none());
}

#[tokio::test]
async fn a_line_that_the_server_refuses_ends_the_chat_and_unsubscribes() {
    let said = stream::iter([line("one")]).chain(stream::pending()).boxed();
    let (_client, mut chat, mut server) = played(said).await;
    let refusal = json!({ "error": { "code": -32005, "message": "too many" } });
    let told = async {
        let params = server.answer("chat.send", &refusal).await;
        assert_eq!((&params[0], &params[1]), (&json!(7), &json!(0)));
        let farewell = server.request().await;
        assert_eq!(farewell["method"], "unsubscribe_chat");
        assert_eq!(farewell["params"], json!([7]));
    };
    let (error, ()) = within(async { tokio::join!(chat.next(), told) }).await;
    assert_eq!(
        error,
        Some(Err(Error::ResourceExhausted("too many".into())))
    );
    assert!(within(chat.next()).await.is_none());
}

#[tokio::test]
async fn why_a_chat_has_ended_is_told_though_a_line_came_too_late() {
    let said = stream::iter([line("one")]).chain(stream::pending()).boxed();
    let (_client, mut chat, mut server) = played(said).await;
    let unknown = json!({ "error": { "code": -32002, "message": "there is no open chat" } });
    let told = async {
        server.answer("chat.send", &unknown).await;
        server.item(hello()).await;
        let why = json!({ "error": { "code": -32005, "message": "read faster" } });
        server.item(why).await;
    };
    let (first, ()) = within(async { tokio::join!(chat.next(), told) }).await;
    assert_eq!(first.unwrap().unwrap().text, "hello");
    let error = within(chat.next()).await;
    assert_eq!(
        error,
        Some(Err(Error::ResourceExhausted("read faster".into())))
    );
    assert!(within(chat.next()).await.is_none());
}

#[tokio::test]
async fn lines_are_numbered_batches_and_the_next_waits_for_the_one_before() {
    let (mut says, said) = mpsc::channel(10);
    let (_client, mut chat, mut server) = played(said.boxed()).await;
    says.send(line("one")).await.unwrap();
    says.send(line("two")).await.unwrap();
    let told = async {
        let first = server.request().await;
        assert_eq!(first["params"][1], 0);
        assert_eq!(first["params"][2][1]["text"], "two");
        says.send(line("three")).await.unwrap();
        drop(says);
        server
            .send(json!({ "id": first["id"], "result": true }))
            .await;
        let second = server.answer("chat.send", &json!({ "result": true })).await;
        assert_eq!(
            (&second[1], &second[2][0]["text"]),
            (&json!(1), &json!("three"))
        );
        let closed = server
            .answer("chat.close", &json!({ "result": true }))
            .await;
        assert_eq!(closed, json!([7]));
        server.item(json!({ "end": null })).await;
    };
    let (end, ()) = within(async { tokio::join!(chat.next(), told) }).await;
    assert_eq!(end, None);
}
