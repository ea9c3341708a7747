//! The services over each store, held against the same scenarios as every wire; over Redis also
//! with two servers that take turns.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use services::conformance::{self, reference_config};
use services::model::{ChatMessage, Join, NewUser, NewUsuario, User, UserChanges, UserPage};
use services::model::{UploadReport, Usuario};
use services::{Backend, Chat, Context, Error, Files, Local, LocalConfig, Stream, Users, Usuarios};
use stores::Embedded;
use stores::redis::Connected;
use support::{Directory, Keeps, RedisServer, connect};

/// Two servers; each call goes to the other one than the call before.
struct TakingTurns {
    servers: [Local; 2],
    calls: AtomicUsize,
}

impl TakingTurns {
    fn next(&self) -> &Local {
        &self.servers[self.calls.fetch_add(1, Ordering::Relaxed) % 2]
    }
}

/// A service that passes each call on to the server whose turn it is.
macro_rules! takes_turns {
    ($service:path { $($operation:ident($($argument:ident: $type:ty),*) -> $answer:ty;)* }) => {
        #[async_trait]
        impl $service for TakingTurns {
            $(async fn $operation(
                &self,
                context: &Context,
                $($argument: $type),*
            ) -> Result<$answer, Error> {
                self.next().$operation(context, $($argument),*).await
            })*
        }
    };
}

takes_turns!(services::Calculator {
    add(a: i32, b: i32) -> i32;
    multiply(a: i32, b: i32) -> i32;
    uppercase(text: &str) -> String;
    cube(number: i32) -> i32;
});
takes_turns!(services::Greeter {
    say_hello(pid: i32) -> String;
    say_hello_again(pid: i32) -> String;
});
takes_turns!(services::Metrics {
    calculate_metrics(usage: &services::model::Usage) -> services::model::UsageReport;
    get_system_info() -> services::model::SystemInfo;
    get_metric(request: &services::model::MetricRequest) -> services::model::Metric;
    stream_metrics(request: &services::model::MetricRequest) -> Stream<services::model::Metric>;
    record_metrics(metrics: Stream<services::model::Metric>) -> services::model::MetricsSummary;
    check_health(service: &str) -> services::model::Health;
});
takes_turns!(services::Numbers {
    stream_numbers(range: services::model::NumberRange) -> Stream<services::model::NumberItem>;
});
takes_turns!(Users {
    create_user(user: &NewUser) -> User;
    get_user(id: i32) -> User;
    list_users(page: UserPage) -> Stream<User>;
    update_user(id: i32, changes: &UserChanges) -> User;
    delete_user(id: i32) -> User;
});
takes_turns!(Usuarios {
    criar_usuario(usuario: &NewUsuario) -> Usuario;
    obter_usuarios() -> Vec<Usuario>;
});
takes_turns!(Files {
    upload_file(chunks: Stream<bytes::Bytes>) -> UploadReport;
});
takes_turns!(Chat {
    chat(join: &Join, messages: Stream<ChatMessage>) -> Stream<ChatMessage>;
    post_message(message: &ChatMessage) -> ChatMessage;
    list_participants() -> Vec<String>;
});

/// Fails with all that does not hold.
async fn check(backend: Arc<dyn Backend>) {
    if let Err(failures) = conformance::check(backend).await {
        let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
        panic!("{}", failures.join("\n"));
    }
}

fn over_redis(connected: Connected) -> Local {
    Local::new(LocalConfig {
        users: connected.users,
        chat: connected.chat,
        ..reference_config()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_over_a_file() {
    let directory = Directory::new();
    let local = Local::new(LocalConfig {
        users: Arc::new(Embedded::open(directory.path()).unwrap()),
        ..reference_config()
    });
    check(Arc::new(local)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_over_redis() {
    let Some(server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    check(Arc::new(over_redis(connect(&server.url()).await))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_at_two_servers_that_take_turns() {
    let Some(server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    let servers = [
        over_redis(connect(&server.url()).await),
        over_redis(connect(&server.url()).await),
    ];
    let calls = AtomicUsize::new(0);
    check(Arc::new(TakingTurns { servers, calls })).await;
}
