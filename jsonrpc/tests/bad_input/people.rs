//! Bad input to users, files and the chat: what may be left out, what may not, and what comes in
//! the place of something else.

use super::{error, gets, gets_code, started};
use crate::support::Socket;

fn call(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

#[tokio::test]
async fn too_few_and_too_many_where_some_may_be_left_out() {
    let server = started().await;
    let takes = "create_user takes 2 to 4 parameters (name, email, [roles], [external_id])";
    for (params, count) in [
        ("[]", 0),
        (r#"["Ana"]"#, 1),
        (r#"["Ana","a@b",[],"x",1]"#, 5),
    ] {
        let wanted = error(-32602, &format!("{takes}, not {count}"), "1");
        gets(&server, &call("create_user", params), &wanted).await;
    }
    let takes = "create_user takes (name, email, [roles], [external_id])";
    for (params, what) in [
        (r#"{"name":"Ana"}"#, "the parameter email is missing"),
        (
            r#"{"name":"Ana","email":"a@b","role":[]}"#,
            "there is no parameter \"role\"",
        ),
    ] {
        let wanted = error(-32602, &format!("{what}: {takes}"), "1");
        gets(&server, &call("create_user", params), &wanted).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn values_of_the_wrong_type_are_named() {
    let server = started().await;
    for (method, params, message) in [
        (
            "create_user",
            r#"[null,"a@b"]"#,
            r#"name is "null": send a string"#,
        ),
        (
            "create_user",
            r#"["Ana","a@b","admin"]"#,
            r#"roles is "\"admin\"": send a list of strings"#,
        ),
        (
            "create_user",
            r#"["Ana","a@b",[1]]"#,
            r#"roles is "[1]": send a list of strings"#,
        ),
        (
            "get_user",
            r#"["1"]"#,
            r#"id is "\"1\"": send an integer of 32 bits, written without a point"#,
        ),
        (
            "update_user",
            "[1,[]]",
            r#"changes is "[]": send an object with [name], [email], [roles]"#,
        ),
        (
            "update_user",
            r#"[1,{"nmae":"Ana"}]"#,
            r#"changes is "{\"nmae\":\"Ana\"}": send an object with [name], [email], [roles]"#,
        ),
        (
            "post_message",
            r#"["Ana",7]"#,
            r#"text is "7": send a string"#,
        ),
        (
            "post_message",
            r#"["Ana","hello",0,9007199254740993]"#,
            r#"sequence is "9007199254740993": send an integer from 0 to 9007199254740992, written without a point"#,
        ),
    ] {
        gets(&server, &call(method, params), &error(-32602, message, "1")).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_password_of_the_wrong_type_is_not_repeated() {
    let server = started().await;
    for senha in ["12345", "[12345]", r#"{"12345":12345}"#, "null", "true"] {
        let text = call(
            "criar_usuario",
            &format!(r#"["Ana","ana@example.org",{senha}]"#),
        );
        let wanted = "senha is of the wrong type: send a string";
        gets(&server, &text, &error(-32602, wanted, "1")).await;
        let text = call(
            "criar_usuario",
            &format!(r#"{{"nome":"Ana","email":"ana@example.org","senha":{senha}}}"#),
        );
        gets(&server, &text, &error(-32602, wanted, "1")).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn what_the_services_refuse_is_told_as_theirs() {
    let server = started().await;
    for (method, params, code) in [
        ("create_user", r#"["","a@b"]"#, -32602),
        ("create_user", r#"["Ana","no address"]"#, -32602),
        ("get_user", "[77]", -32002),
        ("update_user", r#"[77,{"name":"Ana"}]"#, -32002),
        ("delete_user", "[77]", -32002),
        ("criar_usuario", r#"["Ana","ana@example.org",""]"#, -32602),
        ("post_message", r#"["","hello"]"#, -32602),
        ("post_message", r#"["Ana","bell\u0007"]"#, -32602),
    ] {
        gets_code(&server, &call(method, params), code, "1").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_chat_is_refused_before_it_opens() {
    let server = started().await;
    let mut socket = Socket::connect(&server).await;
    let integer = "send an integer from 0 to 9007199254740992, written without a point";
    for (params, code, message) in [
        (
            r#"["Ana",-1]"#,
            -32602,
            format!(r#"after is "-1": {integer}"#),
        ),
        (
            r#"["Ana",1.5]"#,
            -32602,
            format!(r#"after is "1.5": {integer}"#),
        ),
        (
            r#"{"user":7}"#,
            -32602,
            r#"user is "7": send a string"#.into(),
        ),
        (
            r#"["Ana",0,0]"#,
            -32602,
            "subscribe_chat takes 0 to 2 parameters ([user], [after]), not 3".into(),
        ),
        (
            r#"["Ana",9]"#,
            -32001,
            r#"after is "9": the newest message is 0, join without after"#.into(),
        ),
    ] {
        let reply = socket.ask(call("subscribe_chat", params)).await;
        assert_eq!(reply, error(code, &message, "1"), "{params}");
    }
    socket.lives().await;
    let over_http = server.post(call("subscribe_chat", "[]")).await.1;
    assert!(over_http.contains("-32601"), "{over_http}");
    server.stop().await;
}

#[tokio::test]
async fn streams_that_are_not_open_are_not_found() {
    let server = started().await;
    for (method, params) in [
        ("chat.send", r#"["nobody",0,[]]"#),
        ("chat.close", r#"["nobody"]"#),
        ("upload_file.send", r#"["nobody",0,[]]"#),
        ("upload_file.close", r#"["nobody"]"#),
        ("upload_file.cancel", r#"["nobody"]"#),
    ] {
        gets_code(&server, &call(method, params), -32002, "1").await;
    }
    let items = r#"["nobody",0,[{"user":"Ana"}]]"#;
    gets_code(&server, &call("chat.send", items), -32602, "1").await;
    server.stop().await;
}
