//! `deploy/`: its checks refuse what is broken, and its processes, run with the same arguments but
//! without containers, do what the README there says.

#[path = "deploy/compose.rs"]
mod compose;
#[path = "deploy/files.rs"]
mod files;
#[path = "../../peers/support.rs"]
mod peers;
#[path = "deploy/stack.rs"]
mod stack;
#[path = "deploy/watch.rs"]
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use services::model::{ChatMessage, Join, NewUser, UserPage};
use services::{Backend, ClientOptions, Context};
use tokio::runtime::Runtime;
use tokio::time::timeout;
use trivium::endpoint::Endpoint;

use stack::Stack;

const PATIENCE: Duration = Duration::from_secs(60);
const TOOLS: [&str; 2] = ["redis-server", "redis-cli"];
/// The ports of the containers, whatever they are here.
const GRPC: u16 = 50051;
const REST: u16 = 8000;

/// Runs that test of a running stack within its time.
fn within(test: impl Future<Output = ()>) {
    let runtime = Runtime::new().expect("a runtime");
    let ended = runtime.block_on(async { timeout(PATIENCE, test).await });
    ended.expect("the test ends");
}

async fn connected(scheme: &str, stack: &Stack, service: &str, port: u16) -> Arc<dyn Backend> {
    let port = stack.compose.port(service, port);
    let endpoint: Endpoint = format!("{scheme}://127.0.0.1:{port}")
        .parse()
        .expect("an endpoint");
    let client = endpoint.connect(ClientOptions::default()).await;
    client.expect("it serves")
}

/// How many of so many calls of one client each server has answered.
async fn answers(client: &dyn Backend, calls: usize) -> BTreeMap<String, usize> {
    let mut answers = BTreeMap::new();
    for _ in 0..calls {
        let context = Context::new();
        assert_eq!(client.add(&context, 5, 3).await, Ok(8));
        let server = context
            .exchange()
            .server
            .expect("an answer names its server");
        *answers.entry(server).or_default() += 1;
    }
    answers
}

async fn names(client: &dyn Backend) -> Vec<String> {
    let context = Context::new();
    let users = client.list_users(&context, UserPage::default());
    let users: Vec<_> = users
        .await
        .expect("a list")
        .try_collect()
        .await
        .expect("all");
    users.into_iter().map(|user| user.name).collect()
}

#[test]
fn an_address_of_a_container_is_one_of_this_machine() {
    let Some(compose) = compose::Compose::read() else {
        return;
    };
    let of = |service| compose.port(service, GRPC);
    let here = |text: &str| compose.here("grpc-1", text);
    assert_eq!(here("--name"), "--name");
    assert_eq!(here("0.0.0.0:50051"), format!("127.0.0.1:{}", of("grpc-1")));
    let own = format!("http://127.0.0.1:{}/x", of("grpc-1"));
    assert_eq!(here("http://127.0.0.1:50051/x"), own);
    let other = format!("grpc://127.0.0.1:{}", of("proxy"));
    assert_eq!(here("grpc://proxy:50051"), other);
    let both = format!("server grpc-2 127.0.0.1:{} check", of("grpc-2"));
    assert_eq!(here("server grpc-2 grpc-2:50051 check"), both);
    let bash = format!("exec 3<>/dev/tcp/127.0.0.1/{}", of("grpc-1"));
    assert_eq!(here("exec 3<>/dev/tcp/127.0.0.1/50051"), bash);
    assert_eq!(
        here("bind :50051 proto h2"),
        format!("bind 127.0.0.1:{} proto h2", of("grpc-1"))
    );
}

#[test]
fn haproxy_gives_each_call_of_one_connection_to_the_next_server() {
    every_call_is_balanced("proxy", "haproxy");
}

#[test]
fn nginx_gives_each_call_of_one_connection_to_the_next_server() {
    every_call_is_balanced("nginx", "nginx");
}

fn every_call_is_balanced(proxy: &str, tool: &str) {
    let Some(mut stack) = Stack::new(&[&TOOLS[..], &[tool]].concat()) else {
        return;
    };
    stack.start(proxy);
    within(async {
        let client = connected("grpc", &stack, proxy, GRPC).await;
        let balanced = BTreeMap::from([("grpc-1".to_owned(), 50), ("grpc-2".to_owned(), 50)]);
        assert_eq!(answers(&*client, 100).await, balanced);
        a_conversation_goes_through_both(&stack, proxy).await;
    });
    // The proxy keeps idle connections to it, which it must not take for a server.
    stack.stop("grpc-1");
    within(async {
        let client = connected("grpc", &stack, proxy, GRPC).await;
        let other = BTreeMap::from([("grpc-2".to_owned(), 20)]);
        assert_eq!(answers(&*client, 20).await, other);
    });
}

/// Two participants, whose streams are at different servers since streams are calls, hear each
/// other.
async fn a_conversation_goes_through_both(stack: &Stack, proxy: &str) {
    let mut heard = Vec::new();
    for name in ["Ada", "Bea"] {
        let client = connected("grpc", stack, proxy, GRPC).await;
        let context = Context::new();
        let join = Join {
            user: name.into(),
            after: Some(0),
        };
        let text = format!("{name} is here");
        let line = ChatMessage {
            text,
            id: name.into(),
            ..ChatMessage::default()
        };
        let said = stream::iter([Ok(line)]).chain(stream::pending());
        let conversation = client.chat(&context, &join, said.boxed()).await;
        heard.push((context, conversation.expect("a conversation"), client));
    }
    let mut lines = Vec::new();
    for (_, conversation, _) in &mut heard {
        let two: Vec<_> = conversation
            .by_ref()
            .take(2)
            .try_collect()
            .await
            .expect("two lines");
        lines.push(two);
    }
    assert_eq!(lines[0], lines[1]);
    let servers = heard
        .iter()
        .map(|(context, _, _)| context.exchange().server);
    let servers: Vec<_> = servers.flatten().collect();
    assert_eq!(servers.len(), 2);
    assert_ne!(servers[0], servers[1]);
}

#[test]
fn rest_reaches_both_servers_through_gateway_and_proxy_and_they_share_users() {
    let Some(mut stack) = Stack::new(&[&TOOLS[..], &["haproxy", "curl"]].concat()) else {
        return;
    };
    stack.start("gateway");
    within(async {
        let rest = connected("rest", &stack, "gateway", REST).await;
        for name in ["Ada", "Bea", "Cleo", "Dora"] {
            let user = NewUser {
                name: name.into(),
                email: format!("{name}@example.org"),
                ..NewUser::default()
            };
            let made = rest.create_user(&Context::new(), &user).await;
            assert_eq!(made.map(|user| user.name).as_deref(), Ok(name));
        }
        let both = BTreeMap::from([("grpc-1".to_owned(), 10), ("grpc-2".to_owned(), 10)]);
        assert_eq!(answers(&*rest, 20).await, both);
        assert!(watch::calls(&stack, "gateway", "add") >= 20.0);
        let all = ["Ada", "Bea", "Cleo", "Dora"];
        assert_eq!(names(&*rest).await, all);
        for server in ["grpc-1", "grpc-2"] {
            let client = connected("grpc", &stack, server, GRPC).await;
            assert_eq!(names(&*client).await, all, "{server}");
            assert!(
                watch::calls(&stack, server, "create_user") > 0.0,
                "{server}"
            );
        }
    });
}
