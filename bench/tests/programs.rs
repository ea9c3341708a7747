//! `trivium serve` and `trivium gateway` as programs: printed addresses, one line for a failure,
//! an orderly end.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use services::{ClientOptions, Context};
use trivium::endpoint::Endpoint;

fn trivium(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command.args(arguments);
    command
}

/// A running program that is killed when its test fails.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = trivium(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("it is piped");
        let lines = BufReader::new(stdout).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let line = self.lines.next().expect("a line");
        line.expect("it is text")
    }

    /// The address that the next line with one tells: a server's first line tells its store.
    fn address(&mut self) -> String {
        let lines = self.lines.by_ref().map(|line| line.expect("it is text"));
        let mut addresses = lines.filter_map(|line| {
            let (_, address) = line.split_once(" on http://")?;
            Some(address.trim().to_owned())
        });
        addresses.next().expect("an address")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sum(scheme: &str, address: &str) -> i32 {
    let endpoint: Endpoint = format!("{scheme}://{address}")
        .parse()
        .expect("an endpoint");
    let client = endpoint.connect(ClientOptions::default()).await;
    let client = client.expect("the server runs");
    client.add(&Context::new(), 5, 3).await.expect("5 + 3")
}

#[tokio::test]
async fn serve_and_gateway_print_where_they_listen_and_end_on_a_signal() {
    let schemes = ["xmlrpc", "jsonrpc", "grpc", "rest"];
    let wanted = schemes.map(|scheme| format!("{scheme}://127.0.0.1:0"));
    let arguments = ["serve"].into_iter();
    let arguments = arguments.chain(wanted.iter().flat_map(|address| ["--addr", address]));
    let mut server = Running::start(&arguments.collect::<Vec<_>>());
    let mut grpc = None;
    for scheme in schemes {
        let address = server.address();
        assert_eq!(sum(scheme, &address).await, 8, "{scheme}");
        grpc = grpc.or((scheme == "grpc").then_some(address));
    }
    let to = format!("grpc://{}", grpc.expect("one of the four"));
    let arguments = ["gateway", "--from", "rest://127.0.0.1:0", "--to", &to];
    let watched = ["--metrics-addr", "0", "--name", "front"];
    let mut gateway = Running::start(&[&arguments[..], &watched].concat());
    assert_eq!(gateway.line(), format!("Calls go to {to}"));
    let address = gateway.address();
    assert_eq!(sum("rest", &address).await, 8);
    assert!(got(&address, "/openapi.json").contains("\r\nserver: front\r\n"));
    let metrics = gateway.address();
    let (metrics, path) = metrics.split_once('/').expect("the metrics have a path");
    let counted = "trivium_requests_total{operation=\"add\",outcome=\"ok\"} 1";
    let metrics = got(metrics, &format!("/{path}"));
    assert!(metrics.contains(counted), "{metrics}");
    if cfg!(unix) {
        terminate(gateway);
        terminate(server);
    }
}

/// The answer to a GET over HTTP, with its head.
fn got(address: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("the server runs");
    let patience = Some(Duration::from_secs(60));
    socket.set_read_timeout(patience).expect("it is not zero");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).expect("it is read");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    answer
}

/// SIGTERM, then a good end.
fn terminate(mut program: Running) {
    let id = program.child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status();
    assert!(killed.expect("kill is there").success());
    assert!(program.child.wait().expect("it ends").success());
}

#[test]
fn an_unreachable_server_is_one_clear_line() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    // Nobody listens on a port that has just been given back.
    drop(listener);
    let to = format!("grpc://{address}");
    let arguments = ["gateway", "--from", "rest://127.0.0.1:0", "--to", &to];
    let output = trivium(&arguments).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(&address.to_string()), "{error}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let output = trivium(&["serve", "--addr", &format!("rest://{address}")]).output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(&address.to_string()), "{error}");
}

#[test]
fn a_gateway_without_a_protocol_is_told_the_form_of_an_address() {
    let arguments = ["gateway", "--from", "127.0.0.1:0", "--to", "127.0.0.1:1"];
    let output = trivium(&arguments).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(error.contains("grpc://127.0.0.1:50051"), "{error}");
}
