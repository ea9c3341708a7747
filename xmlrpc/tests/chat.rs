//! The chat step by step, as a client by hand does it: what an acknowledgement means, numbers that
//! repeat, closing and leaving, and who does not keep up.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use dxr::Value;
use futures::{StreamExt, TryStreamExt, stream};
use services::conformance::{Faulty, reference};
use services::model::{ChatMessage, Join};
use services::{Chat, Code, Context, Error, ServeOptions, Stream};
use serving::{Running, call, int, soon, string};
use xmlrpc::convert::chat_message_from_wire;

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

/// One step of a chat.
async fn step(server: &Running, method: &str, params: &[&str]) -> Result<Value, i32> {
    let answer = server.connect().await.post(call(method, params)).await;
    answer.reply().map_err(|fault| fault.code())
}

async fn opened(server: &Running, user: &str) -> String {
    match step(server, "chat.open", &[&string(user)]).await {
        Ok(Value::String(id)) => string(&id),
        other => panic!("{other:?}"),
    }
}

fn lines(texts: &[&str]) -> String {
    let line = |text: &&str| {
        let member = format!("<member><name>text</name>{}</member>", string(text));
        format!("<value><struct>{member}</struct></value>")
    };
    let lines: String = texts.iter().map(line).collect();
    format!("<value><array><data>{lines}</data></array></value>")
}

async fn said(server: &Running, id: &str, seq: i32, texts: &[&str]) -> Result<Value, i32> {
    step(server, "chat.send", &[id, &int(seq), &lines(texts)]).await
}

/// What one poll gives: sequences with texts, the next cursor, and whether that was all.
struct Heard {
    lines: Vec<(u64, String)>,
    cursor: i32,
    done: bool,
}

async fn heard(server: &Running, id: &str, cursor: i32) -> Result<Heard, i32> {
    let answer = step(server, "chat.next", &[id, &int(cursor), &int(20_000)]).await?;
    let Value::Struct(mut members) = answer else {
        panic!("{answer:?}");
    };
    let (Value::Integer(cursor), Value::Boolean(done)) = (&members["cursor"], &members["done"])
    else {
        panic!("{members:?}");
    };
    let (cursor, done) = (*cursor, *done);
    let Some(Value::Array(items)) = members.remove("items") else {
        panic!("{members:?}");
    };
    let lines = items.into_iter().map(|item| {
        let message = chat_message_from_wire(item).unwrap();
        (message.sequence, message.text)
    });
    let lines = lines.collect();
    Ok(Heard {
        lines,
        cursor,
        done,
    })
}

/// All that comes until the end.
async fn all(server: &Running, id: &str) -> Result<Vec<(u64, String)>, i32> {
    let (mut lines, mut cursor) = (Vec::new(), 0);
    loop {
        let batch = heard(server, id, cursor).await?;
        lines.extend(batch.lines);
        cursor = batch.cursor;
        if batch.done {
            return Ok(lines);
        }
    }
}

fn numbered(texts: &[&str]) -> Vec<(u64, String)> {
    let texts = texts.iter().map(|&text| text.to_owned());
    (1..).zip(texts).collect()
}

const TAKEN: Result<Value, i32> = Ok(Value::Boolean(true));

#[tokio::test]
async fn lines_are_taken_between_polls_each_number_once() {
    let server = reference_server().await;
    let ana = opened(&server, "Ana").await;
    assert_eq!(said(&server, &ana, 0, &["one", "two"]).await, TAKEN);
    assert_eq!(said(&server, &ana, 0, &["one", "two"]).await, TAKEN);
    assert_eq!(said(&server, &ana, 2, &["four"]).await, Err(-32001));
    assert_eq!(said(&server, &ana, -1, &["none"]).await, Err(-32602));
    assert_eq!(said(&server, &ana, 1, &["three"]).await, TAKEN);
    assert_eq!(step(&server, "chat.close", &[&ana]).await, TAKEN);
    let wanted = numbered(&["one", "two", "three"]);
    assert_eq!(all(&server, &ana).await, Ok(wanted));
}

#[tokio::test]
async fn closing_ends_what_goes_up_and_may_be_repeated() {
    let server = reference_server().await;
    let (ana, bento) = (opened(&server, "Ana").await, opened(&server, "Bento").await);
    assert_eq!(said(&server, &ana, 0, &["olá"]).await, TAKEN);
    assert_eq!(step(&server, "chat.close", &[&ana]).await, TAKEN);
    assert_eq!(all(&server, &ana).await, Ok(numbered(&["olá"])));
    assert_eq!(step(&server, "chat.close", &[&ana]).await, TAKEN);
    assert_eq!(said(&server, &ana, 1, &["late"]).await, Err(-32002));
    let names = step(&server, "list_participants", &[]).await;
    assert_eq!(names, Ok(Value::Array(vec![Value::String("Bento".into())])));

    // Cancelling leaves at once, and ends a poll that waits.
    assert_eq!(heard(&server, &bento, 0).await.unwrap().cursor, 1);
    let (waiting, left) = tokio::join!(heard(&server, &bento, 1), async {
        step(&server, "chat.cancel", &[&bento]).await
    });
    assert_eq!((waiting.err(), left), (Some(-32002), TAKEN));
    let names = step(&server, "list_participants", &[]).await;
    assert_eq!(names, Ok(Value::Array(Vec::new())));
}

#[tokio::test]
async fn a_place_to_resume_from_may_need_more_than_an_int() {
    let server = reference_server().await;
    let resumed = async |after: &str| step(&server, "chat.open", &[&string("Ana"), after]).await;
    assert!(resumed(&int(0)).await.is_ok());
    assert!(resumed("<value><double>0</double></value>").await.is_ok());
    let far = "<value><double>2147483648</double></value>";
    assert_eq!(resumed(far).await, Err(-32001));
    for unfit in ["-1", "0.5", "1e300"] {
        let unfit = format!("<value><double>{unfit}</double></value>");
        assert_eq!(resumed(&unfit).await, Err(-32602), "{unfit}");
    }
    assert_eq!(resumed(&int(-1)).await, Err(-32602));
}

#[tokio::test]
async fn who_polls_no_more_is_dropped_and_nobody_else_notices() {
    let server = reference_server().await;
    let (silent, listener) = (opened(&server, "Ana").await, opened(&server, "Bento").await);
    let posted = 1_300;
    let (mut lines, mut cursor) = (Vec::new(), 0);
    for number in 1..=posted {
        let text = string(&number.to_string());
        let post = step(&server, "post_message", &[&string("Caio"), &text]).await;
        assert!(post.is_ok(), "{post:?}");
        if number % 50 == 0 {
            while lines.len() < number {
                let batch = heard(&server, &listener, cursor).await.unwrap();
                lines.extend(batch.lines);
                cursor = batch.cursor;
            }
        }
    }
    let wanted: Vec<_> = (1..=1_300)
        .map(|number| (number, number.to_string()))
        .collect();
    assert_eq!(lines, wanted);

    // What was read ahead comes, then the reason.
    let (mut last, mut cursor) = (0, 0);
    let refused = loop {
        match heard(&server, &silent, cursor).await {
            Ok(batch) => {
                last = batch.lines.last().unwrap().0;
                cursor = batch.cursor;
            }
            Err(code) => break code,
        }
    };
    assert_eq!(refused, -32005);
    assert!((1..=200).contains(&last), "{last} messages were read ahead");
}

#[tokio::test]
async fn a_line_in_anothers_name_is_taken_and_then_refused() {
    let server = reference_server().await;
    let ana = opened(&server, "Ana").await;
    let member = |name: &str| format!("<member><name>{name}</name>{}</member>", string("Bento"));
    let line = format!(
        "<value><struct>{}{}</struct></value>",
        member("user"),
        member("text")
    );
    let line = format!("<value><array><data>{line}</data></array></value>");
    assert_eq!(
        step(&server, "chat.send", &[&ana, &int(0), &line]).await,
        TAKEN
    );
    assert_eq!(heard(&server, &ana, 0).await.err(), Some(-32602));
    assert_eq!(said(&server, &ana, 1, &["late"]).await, Err(-32002));
}

fn join(user: &str) -> Join {
    Join {
        user: user.into(),
        after: None,
    }
}

fn says(text: &str) -> Result<ChatMessage, Error> {
    Ok(ChatMessage {
        text: text.into(),
        ..ChatMessage::default()
    })
}

/// Those lines, and then nothing: the participant stays.
fn stays(lines: Vec<Result<ChatMessage, Error>>) -> Stream<ChatMessage> {
    stream::iter(lines).chain(stream::pending()).boxed()
}

async fn nobody_is_left(client: &xmlrpc::Client) {
    soon(async {
        while client.list_participants(&Context::new()).await != Ok(Vec::new()) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn our_client_refuses_a_line_that_xml_cannot_carry_and_leaves() {
    let server = reference_server().await;
    let client = server.client().await;
    let context = Context::new();
    let lines = stays(vec![says("olá"), says("a\u{1}b")]);
    let heard = client.chat(&context, &join("Ana"), lines).await.unwrap();
    let mut heard = heard.collect::<Vec<_>>();
    let heard = soon(&mut heard).await;
    let error = heard.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert!(error.to_string().starts_with("text is"), "{error}");
    drop(heard);
    nobody_is_left(&client).await;

    let refused = soon(client.chat(&context, &join("A\u{1}"), stays(Vec::new()))).await;
    let error = refused.err().unwrap();
    assert!(error.to_string().starts_with("user is"), "{error}");
}

#[tokio::test]
async fn our_client_learns_from_below_why_nothing_goes_up_any_more() {
    let server = reference_server().await;
    let client = server.client().await;
    let other = ChatMessage {
        user: "Bento".into(),
        text: "olá".into(),
        ..ChatMessage::default()
    };
    // More lines follow the one that is refused, so that a later send finds nobody who reads.
    let more = (0..1_000).map(|_| says("more"));
    let lines = [Ok(other)].into_iter().chain(more).collect();
    let context = Context::new();
    let heard = client.chat(&context, &join("Ana"), stays(lines)).await;
    let error = soon(heard.unwrap().try_collect::<Vec<_>>())
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument, "{error}");
}

#[tokio::test]
async fn our_clients_chat_is_left_when_its_stream_is_dropped() {
    let server = reference_server().await;
    let client = server.client().await;
    let context = Context::new();
    let ana = join("Ana");
    let chat = client.chat(&context, &ana, stays(vec![says("olá")]));
    let mut heard = soon(chat).await.unwrap();
    assert_eq!(soon(heard.next()).await.unwrap().unwrap().text, "olá");
    drop(heard);
    nobody_is_left(&client).await;
}

#[tokio::test]
async fn a_chat_that_nobody_touches_ends() {
    let faulty = Faulty::never_answering();
    let options = ServeOptions {
        stream_idle: std::time::Duration::from_millis(50),
        ..ServeOptions::default()
    };
    let server = Running::start(faulty.clone(), options).await;
    let id = opened(&server, "Ana").await;
    soon(faulty.dropped()).await;
    assert_eq!(said(&server, &id, 0, &["late"]).await, Err(-32002));
}

#[tokio::test]
async fn a_closing_server_tells_the_participants() {
    let server = reference_server().await;
    let client = server.client().await;
    let context = Context::new();
    let ana = join("Ana");
    let chat = client.chat(&context, &ana, stays(vec![says("olá")]));
    let mut heard = soon(chat).await.unwrap();
    assert!(soon(heard.next()).await.unwrap().is_ok());
    let (end, ()) = tokio::join!(soon(heard.next()), server.stopped());
    assert_eq!(end.unwrap().unwrap_err().code(), Code::Unavailable);
}
