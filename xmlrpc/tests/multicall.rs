//! `system.multicall`, cases 26 and 27 of the project's bad input, and introspection.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use dxr::Value;
use services::ServeOptions;
use services::conformance::reference;
use serving::{Running, call, int, still_answers, string};

async fn reference_server() -> Running {
    Running::start(reference(), ServeOptions::default()).await
}

fn multicall(entries: &str) -> String {
    call(
        "system.multicall",
        &[&format!(
            "<value><array><data>{entries}</data></array></value>"
        )],
    )
}

fn entry(name: &str, params: &str) -> String {
    format!(
        "<value><struct><member><name>methodName</name>{}</member><member><name>params</name>\
         <value><array><data>{params}</data></array></value></member></struct></value>",
        string(name)
    )
}

#[tokio::test]
async fn case_26_a_multicall_in_a_multicall_fails_alone() {
    let server = reference_server().await;
    let add = entry("add", &format!("{}{}", int(2), int(3)));
    let too_many = entry("add", &int(2));
    let entries = [
        &*add,
        &entry("system.multicall", ""),
        &too_many,
        &int(7),
        &add,
    ]
    .concat();
    let answer = server.connect().await.post(multicall(&entries)).await;
    let Ok(Value::Array(results)) = answer.reply() else {
        panic!("{}", answer.text());
    };
    let five = Value::Array(vec![Value::Integer(5)]);
    let codes = results.iter().map(|result| match result {
        Value::Struct(fault) => fault["faultCode"].clone(),
        other => other.clone(),
    });
    let fault = Value::Integer;
    let wanted = [
        five.clone(),
        fault(-32601),
        fault(-32602),
        fault(-32602),
        five,
    ];
    assert_eq!(codes.collect::<Vec<_>>(), wanted);
    still_answers(&server).await;
}

#[tokio::test]
async fn case_27_more_than_a_thousand_calls_are_an_invalid_request() {
    let system_info = entry("get_system_info", "");
    let server = reference_server().await;
    for entries in [system_info.repeat(1_001), "<value/>".repeat(250_000)] {
        let answer = server.connect().await.post(multicall(&entries)).await;
        assert_eq!(answer.fault_code(), -32600);
        still_answers(&server).await;
    }
    let answer = server
        .connect()
        .await
        .post(multicall(&system_info.repeat(1_000)))
        .await;
    let Ok(Value::Array(results)) = answer.reply() else {
        panic!("{}", answer.text());
    };
    assert_eq!(results.len(), 1_000);
}

#[tokio::test]
async fn the_results_of_a_multicall_are_bounded() {
    let server = reference_server().await;
    let opened = call("stream_numbers.open", &[&int(0), &int(1_000)]);
    let id = server.connect().await.post(opened).await.reply().unwrap();
    let Value::String(id) = id else {
        panic!("{id:?}");
    };
    let next = entry(
        "stream_numbers.next",
        &[string(&id), int(0), int(0)].concat(),
    );
    let answer = server
        .connect()
        .await
        .post(multicall(&next.repeat(1_000)))
        .await;
    assert!(
        answer.body.len() < 16 * 1024 * 1024,
        "{} bytes",
        answer.body.len()
    );
    assert!(answer.text().contains("-32005"));
    still_answers(&server).await;
}

async fn told(server: &Running, method: &str, about: &[&str]) -> Result<Value, i32> {
    let about: Vec<_> = about.iter().map(|name| string(name)).collect();
    let about: Vec<_> = about.iter().map(String::as_str).collect();
    let answer = server.connect().await.post(call(method, &about)).await;
    answer.reply().map_err(|fault| fault.code())
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

#[tokio::test]
async fn introspection_tells_every_method() {
    let server = reference_server().await;
    let Ok(Value::Array(names)) = told(&server, "system.listMethods", &[]).await else {
        panic!("there is a list of methods");
    };
    for name in [
        "add",
        "stream_numbers.next",
        "record_metrics.close",
        "system.multicall",
    ] {
        assert!(names.contains(&text(name)), "{name}");
    }
    for name in &names {
        let Value::String(name) = name else {
            panic!("{name:?} is a name");
        };
        assert!(
            told(&server, "system.methodSignature", &[name])
                .await
                .is_ok()
        );
        assert!(told(&server, "system.methodHelp", &[name]).await.is_ok());
    }
    let signature = told(&server, "system.methodSignature", &["cube"]).await;
    let int_of_int = Value::Array(vec![text("int"), text("int")]);
    assert_eq!(signature, Ok(Value::Array(vec![int_of_int])));
    let help = told(&server, "system.methodHelp", &["cube"]).await;
    assert_eq!(help, Ok(text("The third power of an integer.")));
    assert_eq!(
        told(&server, "system.methodHelp", &["none"]).await,
        Err(-32601)
    );
}
