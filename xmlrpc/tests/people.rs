//! Users, usuarios and files: parameters that may be left out, and those that are wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use dxr::{Fault, Value};
use services::ServeOptions;
use services::conformance::reference;
use serving::{Running, call, int, still_answers, string};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

async fn called(server: &Running, method: &str, params: &[&str]) -> Result<Value, Fault> {
    let answer = server.connect().await.post(call(method, params)).await;
    answer.reply()
}

fn member(value: &Value, name: &str) -> Value {
    match value {
        Value::Struct(members) => members[name].clone(),
        other => panic!("{other:?}"),
    }
}

fn array(items: &[&str]) -> String {
    format!(
        "<value><array><data>{}</data></array></value>",
        items.concat()
    )
}

fn structure(members: &[(&str, &str)]) -> String {
    let member =
        |(name, value): &(&str, &str)| format!("<member><name>{name}</name>{value}</member>");
    let members: String = members.iter().map(member).collect();
    format!("<value><struct>{members}</struct></value>")
}

fn base64(text: &str) -> String {
    format!("<value><base64>{text}</base64></value>")
}

#[tokio::test]
async fn parameters_at_the_end_and_members_may_be_left_out() {
    let server = reference_server().await;
    let (ana, mail) = (string("Ana"), string("ana@example.org"));
    let user = called(&server, "create_user", &[&ana, &mail])
        .await
        .unwrap();
    assert_eq!(member(&user, "roles"), Value::Array(Vec::new()));
    let Value::Integer(id) = member(&user, "id") else {
        panic!("{user:?}");
    };
    let roles = array(&[&string("admin")]);
    let changes = structure(&[("roles", &roles)]);
    let changed = called(&server, "update_user", &[&int(id), &changes]).await;
    let changed = changed.unwrap();
    assert_eq!(member(&changed, "name"), Value::String("Ana".into()));
    let admin = Value::Array(vec![Value::String("admin".into())]);
    assert_eq!(member(&changed, "roles"), admin);
    let nothing = structure(&[]);
    let unchanged = called(&server, "update_user", &[&int(id), &nothing]).await;
    assert_eq!(unchanged, Ok(changed));
    for params in [&[][..], &[&*int(0)], &[&*int(0), &*int(0)]] {
        let opened = called(&server, "list_users.open", params).await;
        assert!(opened.is_ok(), "{opened:?}");
    }
}

#[tokio::test]
async fn wrong_parameters_of_people_are_invalid_params() {
    let server = reference_server().await;
    let (name, mail, one) = (string("Ana"), string("ana@example.org"), int(1));
    let (ones, text) = (array(&[&one]), array(&[&name]));
    let (nameless, roleless) = (structure(&[("name", &one)]), structure(&[("roles", &name)]));
    let wrong: &[(&str, &[&str])] = &[
        ("create_user", &[&name]),
        ("create_user", &[&name, &mail, &text, &name, &name]),
        ("create_user", &[&one, &mail]),
        ("create_user", &[&name, &mail, &name]),
        ("create_user", &[&name, &mail, &ones]),
        ("create_user", &[&name, &mail, &text, &one]),
        ("create_user", &[&name, &name]),
        ("get_user", &[&name]),
        ("update_user", &[&one]),
        ("update_user", &[&one, &name]),
        ("update_user", &[&one, &nameless]),
        ("update_user", &[&one, &roleless]),
        ("delete_user", &[]),
        ("list_users.open", &[&name]),
        ("list_users.open", &[&one, &int(-1)]),
        ("list_users.open", &[&one, &one, &one]),
        ("criar_usuario", &[&name, &mail]),
        ("obter_usuarios", &[&one]),
        ("upload_file.open", &[&one]),
        ("chat.open", &[&one]),
        ("chat.open", &[&name, &name]),
        ("post_message", &[&name]),
        ("post_message", &[&name, &name, &name]),
        ("post_message", &[&string(""), &name]),
        ("list_participants", &[&one]),
    ];
    for (method, params) in wrong {
        let answer = called(&server, method, params).await;
        let code = answer.as_ref().map_err(Fault::code);
        assert_eq!(code, Err(-32602), "{method}{params:?}");
    }
    still_answers(&server).await;
}

#[tokio::test]
async fn items_of_the_wrong_shape_are_invalid_and_the_stream_goes_on() {
    let server = reference_server().await;
    let wrong: &[(&str, &[&str])] = &[
        ("upload_file", &[&*string("8MrMGg==")]),
        ("upload_file", &[&*base64("8MrMGg=")]),
        ("chat", &[&*string("olá")]),
        ("chat", &[&*structure(&[("user", &string("Ana"))])]),
        ("chat", &[&*structure(&[("text", &int(1))])]),
    ];
    for (operation, items) in wrong {
        let opened = called(&server, &format!("{operation}.open"), &[]).await;
        let Ok(Value::String(id)) = opened else {
            panic!("{opened:?}");
        };
        let (id, send) = (string(&id), format!("{operation}.send"));
        let sent = called(&server, &send, &[&id, &int(0), &array(items)]).await;
        assert_eq!(sent.unwrap_err().code(), -32602, "{send}{items:?}");
        let sent = called(&server, &send, &[&id, &int(0), &array(&[])]).await;
        assert_eq!(sent, Ok(Value::Boolean(true)));
        let ended = called(&server, &format!("{operation}.cancel"), &[&id]).await;
        assert_eq!(ended, Ok(Value::Boolean(true)));
    }
}

#[tokio::test]
async fn no_fault_repeats_a_password() {
    let server = reference_server().await;
    let (nome, email) = (string("Ana"), string("ana@example.org"));
    for senha in [
        int(271_828),
        base64("MjcxODI4"),
        array(&[&string("271828")]),
    ] {
        let fault = called(&server, "criar_usuario", &[&nome, &email, &senha]).await;
        let fault = fault.unwrap_err();
        assert_eq!(fault.code(), -32602);
        assert!(fault.string().starts_with("senha"), "{}", fault.string());
        assert!(!fault.string().contains("271828"), "{}", fault.string());
    }
    let senha = string("271828");
    let made = called(&server, "criar_usuario", &[&nome, &email, &senha]).await;
    let Ok(Value::Struct(members)) = made else {
        panic!("{made:?}");
    };
    let names: Vec<_> = members.keys().collect();
    assert_eq!(names, ["email", "id", "nome"]);
}

#[tokio::test]
async fn what_is_wrong_with_an_opening_is_told_at_the_limit_too() {
    let mut options = ServeOptions::default();
    options.limits.streams = 1;
    let server = Running::start(reference(), options).await;
    assert!(called(&server, "upload_file.open", &[]).await.is_ok());
    let ana = string("Ana");
    let code = async |method: &str, params: &[&str]| {
        called(&server, method, params).await.unwrap_err().code()
    };
    assert_eq!(
        code("stream_numbers.open", &[&int(9), &int(1)]).await,
        -32602
    );
    assert_eq!(code("list_users.open", &[&int(0), &int(-1)]).await, -32602);
    assert_eq!(code("chat.open", &[&ana, &int(7)]).await, -32001);
    assert_eq!(
        code("stream_numbers.open", &[&int(1), &int(9)]).await,
        -32005
    );
    assert_eq!(code("chat.open", &[&ana]).await, -32005);
    let names = called(&server, "list_participants", &[]).await;
    assert_eq!(names, Ok(Value::Array(Vec::new())));
}
