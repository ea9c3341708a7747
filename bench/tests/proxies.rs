//! gRPC through what stands between clients and servers in the field, with the files of `deploy/`:
//! a real nginx and a real HAProxy spread the calls of one connection, `trivium balance` cannot.

mod serving;

#[path = "../../peers/support.rs"]
mod peers;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use peers::Peer;
use services::conformance::{self, reference};
use services::{Backend, Context};
use serving::{Server, client, endpoint, soon};
use trivium::rooms;
use trivium::soak::redis::free_port;

/// A proxy that runs until this value is dropped, with the folder of its files.
struct Proxy {
    address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // All fail only if the proxy has ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Proxy {
    /// Starts a proxy with a file of `deploy/` in which ports and names are those of this test.
    async fn start(peer: &Peer, file: &str, servers: [SocketAddr; 2]) -> Self {
        let port = free_port().await.expect("a free port");
        let folder = std::env::temp_dir().join(format!("trivium-{file}-{port}"));
        std::fs::create_dir_all(&folder).expect("a folder for temporary files");
        let text = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../deploy")
            .join(file);
        let text = std::fs::read_to_string(text).expect("the file is in deploy/");
        let config = folder.join(file);
        std::fs::write(&config, adapted(&text, port, servers, &folder)).expect("it can be written");
        let config = config
            .to_str()
            .expect("a temporary folder has a plain name");
        let arguments: &[&str] = match file {
            "nginx.conf" => &["-c", config, "-g", "daemon off; master_process off;"],
            _ => &["-db", "-f", config],
        };
        let child = Command::new(peer.program())
            .args(arguments)
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("the proxy starts");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            address,
            child,
            folder,
        }
    }
}

/// The same file with the ports of this test; each thing that is replaced has to be there.
fn adapted(text: &str, port: u16, servers: [SocketAddr; 2], folder: &Path) -> String {
    let mut text = text.to_owned();
    for (number, server) in (1..).zip(servers) {
        let name = format!("grpc-{number}:50051");
        assert!(text.contains(&name), "{name} is not in the file");
        text = text.replace(&name, &server.to_string());
    }
    let listens = ["listen 50051 ", "bind :50051 "];
    let listen = listens.iter().find(|listen| text.contains(**listen));
    let listen = listen.expect("the file listens on 50051");
    let here = listen
        .replace(":50051", "50051")
        .replace("50051", &format!("127.0.0.1:{port}"));
    let folder = folder
        .to_str()
        .expect("a temporary folder has a plain name");
    text.replace(listen, &here)
        .replace("/tmp/", &format!("{folder}/"))
}

/// A client once the proxy passes calls on, which it does not at once.
async fn answered(address: SocketAddr) -> Arc<dyn Backend> {
    let endpoint = endpoint("grpc", address);
    let connected = async {
        let mut tries = tokio::time::interval(Duration::from_millis(20));
        loop {
            tries.tick().await;
            let Ok(client) = endpoint.connect(Default::default()).await else {
                continue;
            };
            if client.add(&Context::new(), 5, 3).await == Ok(8) {
                return client;
            }
        }
    };
    soon(connected).await
}

/// The names of the servers that answer that many calls at a time on one connection.
async fn who_answers(client: &Arc<dyn Backend>, calls: usize) -> BTreeSet<String> {
    let calls = (0..calls).map(|_| async {
        let context = Context::new();
        assert_eq!(client.add(&context, 5, 3).await, Ok(8));
        context.exchange().server.unwrap_or_default()
    });
    soon(join_all(calls)).await.into_iter().collect()
}

async fn servers() -> (Server, Server) {
    let backend: Arc<dyn Backend> = reference();
    let first = Server::start(rooms::GRPC, "grpc-1", Arc::clone(&backend)).await;
    (first, Server::start(rooms::GRPC, "grpc-2", backend).await)
}

async fn spreads_calls_and_keeps_every_scenario(tool: &str, file: &str) {
    let Some(peer) = Peer::tool(tool) else {
        return;
    };
    let (first, second) = servers().await;
    let proxy = Proxy::start(&peer, file, [first.address, second.address]).await;
    let client = answered(proxy.address).await;
    let failures = conformance::check(Arc::clone(&client)).await;
    let failures = failures.err().unwrap_or_default();
    let failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "through {tool}: {failures:#?}");
    let names = who_answers(&client, 20).await;
    assert_eq!(names, BTreeSet::from(["grpc-1".into(), "grpc-2".into()]));
    second.kill().await;
    // As soon as the proxy knows, the other one answers all.
    let all_by_the_first = async { while who_answers_well(&client).await != Some(true) {} };
    soon(all_by_the_first).await;
}

/// Whether a call is answered, and by the first server; `None` for a failure.
async fn who_answers_well(client: &Arc<dyn Backend>) -> Option<bool> {
    let context = Context::new();
    client.add(&context, 5, 3).await.ok()?;
    Some(context.exchange().server.as_deref() == Some("grpc-1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_spreads_the_calls_of_one_connection() {
    spreads_calls_and_keeps_every_scenario("nginx", "nginx.conf").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn haproxy_spreads_the_calls_of_one_connection() {
    spreads_calls_and_keeps_every_scenario("haproxy", "haproxy.cfg").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn balance_gives_connections_in_turn_so_one_http2_connection_sticks_to_one_server() {
    let (first, second) = servers().await;
    let (to_first, to_second) = (first.address.to_string(), second.address.to_string());
    let mut balancer = Command::new(env!("CARGO_BIN_EXE_trivium"))
        .args([
            "balance",
            "--addr",
            "127.0.0.1:0",
            "--to",
            &to_first,
            "--to",
            &to_second,
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let output = balancer.stdout.take().expect("it is piped");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(output));
    let line = lines.next().expect("a line").expect("it is text");
    let (_, address) = line.split_once("tcp://").expect("an address");
    let address = address
        .split(' ')
        .next()
        .expect("a word")
        .parse()
        .expect("an address");
    let mut answered_by = Vec::new();
    for _ in 0..4 {
        let client = client("grpc", address).await;
        let names = who_answers(&client, 20).await;
        assert_eq!(names.len(), 1, "one connection has one server: {names:?}");
        answered_by.extend(names);
    }
    assert_eq!(answered_by, ["grpc-1", "grpc-2", "grpc-1", "grpc-2"]);
    balancer.kill().expect("it runs");
    balancer.wait().expect("it ends");
}
