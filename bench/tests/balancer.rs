//! Servers that take calls in turn: who answers, what a killed server costs, who is in turn again.

mod serving;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{join_all, ready};
use futures::{FutureExt, StreamExt, stream};
use services::conformance::{self, Faulty, reference};
use services::local::{Local, LocalConfig};
use services::model::{Metric, NewUser, NumberRange};
use services::{
    Backend, Calculator, ClientOptions, Code, Context, DeadlineScope, Metrics, Numbers, Users,
};
use serving::{Server, client, endpoint, soon};
use trivium::balancer::{BalancerOptions, Dial, Retry, RoundRobin};
use trivium::endpoint::Endpoint;
use trivium::rooms;

/// Fast checks, so that a test does not wait for one.
const CHECKED_OFTEN: BalancerOptions = BalancerOptions {
    check_every: Duration::from_millis(20),
    check_timeout: Duration::from_secs(5),
    retry: Retry::Off,
    open_timeout: None,
};

/// No checks after the first, so that each server has its turn.
const NEVER_CHECKED: BalancerOptions = BalancerOptions {
    check_every: Duration::from_secs(3600),
    ..CHECKED_OFTEN
};

async fn balanced(endpoints: &[Endpoint], options: BalancerOptions) -> RoundRobin {
    let servers = endpoints.iter().map(|endpoint| {
        (
            endpoint.to_string(),
            endpoint.dial(ClientOptions::default()),
        )
    });
    let connecting = RoundRobin::connect(servers, options);
    soon(connecting).await.expect("a server is there")
}

/// Two servers of a room, `a` and `b`, over one backend, and what balances them.
async fn pair(room: demo::Program, backend: Arc<dyn Backend>) -> (Server, Server) {
    let first = Server::start(room, "a", Arc::clone(&backend)).await;
    (first, Server::start(room, "b", backend).await)
}

/// The name of the server that answers a call.
async fn who_answers(server: &dyn Backend) -> Result<String, Code> {
    let context = Context::new();
    let answer = soon(server.add(&context, 5, 3)).await;
    answer.map_err(|error| error.code())?;
    Ok(context.exchange().server.expect("servers tell their name"))
}

/// Calls until that server answers one.
async fn until_answered_by(balancer: &RoundRobin, name: &str) {
    let answered = async { while who_answers(balancer).await.as_deref() != Ok(name) {} };
    soon(answered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_to_the_servers_in_turn_and_answers_say_whose_they_are() {
    for room in rooms::ALL {
        let (a, b) = pair(room, reference()).await;
        let balancer = balanced(&[a.endpoint(), b.endpoint()], NEVER_CHECKED).await;
        let mut names = Vec::new();
        for _ in 0..6 {
            names.push(who_answers(&balancer).await.expect("an answer"));
        }
        assert_eq!(names.join(" "), "a b a b a b", "{}", room.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_through_a_gateway_of_any_protocol_name_the_server_that_did_the_work() {
    let (a, b) = pair(rooms::GRPC, reference()).await;
    for room in rooms::ALL {
        let balancer = balanced(&[a.endpoint(), b.endpoint()], NEVER_CHECKED).await;
        let gateway = Server::start(room, "gateway", Arc::new(balancer)).await;
        let client = client(room.name, gateway.address).await;
        let mut names = Vec::new();
        for _ in 0..3 {
            names.push(who_answers(&*client).await.expect("an answer"));
            names.push(who_refuses(&*client).await);
        }
        names.push(who_takes(&*client).await);
        names.push(who_takes(&*client).await);
        assert_eq!(names.join(" "), "a b a b a b a b", "{}", room.name);
        // Streams of JSON-RPC come over WebSocket, where a reply has no header.
        let streams = if room.name == "jsonrpc" {
            ["gateway"; 2]
        } else {
            ["a", "b"]
        };
        for name in streams {
            assert_eq!(who_streams(&*client).await, name, "{}", room.name);
        }
    }
}

/// The name of the server that refuses a call.
async fn who_refuses(client: &dyn Backend) -> String {
    let context = Context::new();
    let refused = soon(client.add(&context, i32::MAX, 1)).await;
    assert_eq!(refused.map_err(|error| error.code()), Err(Code::OutOfRange));
    context.exchange().server.expect("servers tell their name")
}

/// The name of the server that a stream comes from.
async fn who_streams(client: &dyn Backend) -> String {
    let context = Context::new();
    let range = NumberRange { start: 1, end: 3 };
    let numbers = soon(client.stream_numbers(&context, range)).await;
    assert_eq!(soon(numbers.expect("a stream").count()).await, 3);
    context.exchange().server.expect("servers tell their name")
}

/// The name of the server that takes an upload.
async fn who_takes(client: &dyn Backend) -> String {
    let context = Context::new();
    let chunks = stream::iter([Ok("Informática".into())]).boxed();
    let report = soon(client.upload_file(&context, chunks)).await;
    assert_eq!(report.expect("a report").size_bytes, 12);
    context.exchange().server.expect("servers tell their name")
}

#[tokio::test(flavor = "multi_thread")]
async fn over_websocket_a_gateway_names_itself() {
    let server = Server::start(rooms::GRPC, "a", reference()).await;
    let behind = client("grpc", server.address).await;
    let gateway = Server::start(rooms::JSONRPC, "gateway", behind).await;
    let client = client("jsonrpc+ws", gateway.address).await;
    assert_eq!(who_answers(&*client).await.as_deref(), Ok("gateway"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_with_calls_alternating_between_two_servers() {
    for room in rooms::ALL {
        let (a, b) = pair(room, reference()).await;
        let balancer = balanced(&[a.endpoint(), b.endpoint()], CHECKED_OFTEN).await;
        let failures = conformance::check(Arc::new(balancer)).await;
        let failures = failures.err().unwrap_or_default();
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}: {failures:#?}", room.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_costs_at_most_its_calls_in_flight_and_is_in_turn_when_it_is_back() {
    const CALLERS: usize = 16;
    for room in rooms::ALL {
        let (a, b) = pair(room, reference()).await;
        let balancer = balanced(&[a.endpoint(), b.endpoint()], CHECKED_OFTEN).await;
        let balancer = Arc::new(balancer);
        let (killed, mut is_killed) = tokio::sync::watch::channel(false);
        is_killed.mark_unchanged();
        let callers = (0..CALLERS).map(|_| {
            let (balancer, is_killed) = (Arc::clone(&balancer), is_killed.clone());
            tokio::spawn(async move {
                let mut failures = Vec::new();
                let mut calls_after = 0;
                while calls_after < 20 {
                    calls_after += i32::from(*is_killed.borrow());
                    failures.extend(who_answers(&*balancer).await.err());
                }
                failures
            })
        });
        let callers: Vec<_> = callers.collect();
        until_answered_by(&balancer, "b").await;
        let address = b.kill().await;
        killed.send(true).expect("the callers run");
        let failures = soon(join_all(callers)).await;
        let failures: Vec<_> = failures
            .into_iter()
            .flat_map(|failures| failures.expect("no panic"))
            .collect();
        assert!(failures.len() <= CALLERS, "{}: {failures:?}", room.name);
        assert!(
            failures.iter().all(|&code| code == Code::Unavailable),
            "{}: {failures:?}",
            room.name
        );
        let _b = Server::start_at(address, room, "b", reference()).await;
        until_answered_by(&balancer, "b").await;
        drop(a);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_safe_to_repeat_goes_to_another_server_and_only_when_asked() {
    let silent = Faulty::never_answering();
    let a = Server::start(rooms::GRPC, "a", Arc::clone(&silent) as Arc<dyn Backend>).await;
    let b = Server::start(rooms::GRPC, "b", reference()).await;
    let endpoints = [a.endpoint(), b.endpoint()];
    let retrying = BalancerOptions {
        retry: Retry::Safe,
        check_every: Duration::from_secs(3600),
        ..CHECKED_OFTEN
    };
    let without = BalancerOptions {
        retry: Retry::Off,
        ..retrying
    };
    let context = Context::new();
    let new = NewUser {
        name: "Ana".into(),
        email: "ana@example.org".into(),
        ..NewUser::default()
    };
    let [safe, not_safe, not_asked] = [retrying, retrying, without];
    let safe = balanced(&endpoints, safe).await;
    let not_safe = balanced(&endpoints, not_safe).await;
    let not_asked = balanced(&endpoints, not_asked).await;
    let kill = async {
        // All three, and the health check that each balancer begins with.
        for _ in 0..3 {
            silent.started().await;
        }
        a.kill().await
    };
    let (safe, not_safe, not_asked, _) = soon(async {
        tokio::join!(
            safe.add(&context, 5, 3),
            not_safe.create_user(&context, &new),
            not_asked.add(&context, 5, 3),
            kill
        )
    })
    .await;
    assert_eq!(safe, Ok(8));
    assert_eq!(
        not_safe.map_err(|error| error.code()),
        Err(Code::Unavailable)
    );
    assert_eq!(
        not_asked.map_err(|error| error.code()),
        Err(Code::Unavailable)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_and_a_stream_go_through_whole() {
    let (a, b) = pair(rooms::GRPC, reference()).await;
    let balancer = balanced(&[a.endpoint(), b.endpoint()], CHECKED_OFTEN).await;
    let context = Context::new();
    let metric = Metric {
        hostname: "web-1".into(),
        metric_type: "cpu".into(),
        value: 4.0,
        timestamp: 1,
        unit: "percent".into(),
    };
    let metrics = stream::iter([Ok(metric.clone()), Ok(metric)]).boxed();
    let summary = soon(balancer.record_metrics(&context, metrics)).await;
    assert_eq!(summary.expect("a summary").count, 2);
    let range = NumberRange { start: 1, end: 5 };
    let numbers = soon(balancer.stream_numbers(&context, range)).await;
    assert_eq!(soon(numbers.expect("a stream").count()).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_does_not_open_in_time_is_given_up() {
    // Connections come to it, and nobody answers them.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("a bound socket has an address");
    let impatient = BalancerOptions {
        open_timeout: Some(Duration::from_millis(50)),
        ..NEVER_CHECKED
    };
    let balancer = balanced(&[endpoint("rest", address)], impatient).await;
    let range = NumberRange { start: 1, end: 3 };
    let opened = soon(balancer.stream_numbers(&Context::new(), range)).await;
    let code = opened.map(drop).map_err(|error| error.code());
    assert_eq!(code, Err(Code::DeadlineExceeded));
}

#[tokio::test]
async fn a_stream_that_is_open_outlives_the_time_for_its_opening() {
    let config = LocalConfig {
        pace: Duration::from_millis(600),
        ..LocalConfig::default()
    };
    let local = Arc::new(Local::new(config)) as Arc<dyn Backend>;
    let dial: Dial = Box::new(move || ready(Ok(Arc::clone(&local))).boxed());
    let impatient = BalancerOptions {
        open_timeout: Some(Duration::from_secs(1)),
        ..NEVER_CHECKED
    };
    let balancer = RoundRobin::connect([("local".into(), dial)], impatient).await;
    let mut context = Context::new();
    context.scope = DeadlineScope::Whole;
    let range = NumberRange { start: 1, end: 3 };
    let numbers = balancer.expect("it is there");
    let numbers = numbers.stream_numbers(&context, range).await;
    let numbers: Vec<_> = soon(numbers.expect("a stream").collect()).await;
    assert!(numbers.len() == 3 && numbers.iter().all(Result::is_ok));
}

#[tokio::test]
async fn without_any_server_that_can_be_reached_there_is_no_balancer() {
    let gone = Server::start(rooms::REST, "gone", reference()).await;
    let address = gone.kill().await;
    let endpoint = endpoint("rest", address);
    let servers = [(
        endpoint.to_string(),
        endpoint.dial(ClientOptions::default()),
    )];
    let error = RoundRobin::connect(servers, CHECKED_OFTEN).await;
    let error = error.expect_err("nobody is there");
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    let error = RoundRobin::connect([], CHECKED_OFTEN).await;
    assert_eq!(error.expect_err("no server").code(), Code::InvalidArgument);
}
