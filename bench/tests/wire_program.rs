//! `trivium wire` as its user runs it: one screen, plain in a pipe, safe whatever a server sends; and
//! between two programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use serde_json::Value;

fn trivium(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trivium"));
    command.arg("wire").args(arguments).env_remove("NO_COLOR");
    command.output().expect("the program starts")
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("the program writes UTF-8")
}

fn succeeded(arguments: &[&str]) -> String {
    let output = trivium(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[test]
fn the_first_screen_is_one_screen_of_plain_text() {
    let screen = succeeded(&["add", "5", "3"]);
    assert!(!screen.contains('\u{1b}'), "{screen}");
    for line in screen.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    // Of 24 lines one is the next prompt.
    assert!(screen.lines().count() <= 23, "{screen}");
    assert!(screen.starts_with("add(5, 3) = 8 over 5 wires"), "{screen}");
    assert!(screen.contains("08 «05» 10 «03»"), "{screen}");
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(" times gRPC's bytes"), "{screen}");
    assert!(words.contains("the same 3 bytes of value"), "{screen}");
    assert!(screen.contains("HPACK: gRPC's "), "{screen}");
    assert!(
        screen.contains(" bytes are explained: --view hex"),
        "{screen}"
    );
}

#[test]
fn every_view_fits_its_columns() {
    for view in ["ledger", "hex", "tree", "raw"] {
        for columns in ["60", "80", "132"] {
            let shown = succeeded(&["add", "5", "3", "--view", view, "--width", columns]);
            let most: usize = columns.parse().expect("it is a number");
            assert!(!shown.contains('\u{1b}'), "{shown}");
            for line in shown.lines() {
                assert!(line.chars().count() <= most, "{view} {columns}: {line}");
            }
        }
    }
}

#[test]
fn only_the_protocols_that_are_named_are_called() {
    let screen = succeeded(&["add", "5", "3", "--protocol", "grpc,rest"]);
    assert!(screen.contains("over 2 wires"), "{screen}");
    assert!(!screen.contains("XML-RPC"), "{screen}");
}

#[test]
fn a_call_that_fails_is_shown_and_told() {
    let output = trivium(&["get_user", "99"]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert_eq!(error.lines().count(), 5, "{error}");
    assert!(error.contains("gRPC: NotFound"), "{error}");
    let words = text(&output.stdout).split_whitespace().collect::<Vec<_>>();
    let words = words.join(" ");
    assert!(words.contains("a header field of gRPC."), "{words}");
    assert!(text(&output.stdout).contains("gRPC"));
}

#[test]
fn a_server_that_is_not_there_is_told_by_its_own_address() {
    let output = trivium(&["add", "5", "3", "--to", "grpc://127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("127.0.0.1:1 cannot be reached"), "{error}");
    assert_eq!(text(&output.stdout), "", "there is nothing to show");
}

#[test]
fn what_streams_down_has_one_row_for_json_rpc() {
    let screen = succeeded(&["stream_numbers", "1", "3"]);
    assert!(screen.contains("over 4 wires"), "{screen}");
    assert!(screen.contains("JSON-RPC WS"), "{screen}");
}

#[test]
fn a_chat_over_every_wire_ends() {
    let screen = succeeded(&["chat", "ann", "hello", "world"]);
    assert!(screen.contains("REST"), "{screen}");
}

#[test]
fn a_wrong_command_line_is_told_with_what_is_right() {
    let wrong: [(&[&str], &str); 10] = [
        (&["sub", "5"], "use one of add, "),
        (&["add", "5"], "add takes 2 arguments"),
        (&[], "<OPERATION>"),
        (
            &["add", "5", "3", "--to", "127.0.0.1:1"],
            "grpc://127.0.0.1:50051",
        ),
        (&["add", "5", "3", "--protocol", "corba"], "xmlrpc"),
        (&["add", "5", "3", "--link", "pigeon"], "satellite"),
        (&["add", "5", "3", "--rate", "fast"], "10mbit"),
        (&["add", "5", "3", "--width", "20"], "from 60"),
        (&["--listen", "127.0.0.1:0"], "--to"),
        (
            &["--listen", "127.0.0.1:9", "--to", "127.0.0.1:9"],
            "the same address",
        ),
    ];
    for (arguments, right) in wrong {
        let output = trivium(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = text(&output.stderr);
        assert!(error.contains(right), "{arguments:?}: {error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

/// A file of this test's own that is gone at its end.
struct Temporary(std::path::PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let name = format!("trivium-wire-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("this path is UTF-8")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A test that failed may not have made it.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn exports_hold_what_was_recorded() {
    let pcap = Temporary::new("calls.pcapng");
    let html = Temporary::new("calls.html");
    let files = ["--pcap", pcap.path(), "--html", html.path(), "--json", "-"];
    let json = succeeded(&[&["add", "5", "3"][..], &files].concat());
    let json: Value = serde_json::from_str(&json).expect("nothing but JSON");
    assert_eq!(json["call"], "add(5, 3)");
    let wires = json["wires"].as_array().expect("wires");
    assert_eq!(wires.len(), 5);
    let mut total = 0;
    for wire in wires {
        assert_eq!(wire["calls"][2]["answer"][0], 8, "{wire}");
        let sides = [&wire["socket"]["up"], &wire["socket"]["down"]];
        total += sides
            .map(|side| side.as_u64().expect("a count"))
            .iter()
            .sum::<u64>();
    }
    let buffers = json["dissection"]["buffers"].as_array().expect("buffers");
    let recorded = buffers.iter().filter(|buffer| buffer["origin"].is_null());
    let digits = recorded.map(|buffer| buffer["bytes"].as_str().expect("hex").len() as u64);
    assert_eq!(digits.sum::<u64>(), total * 2);
    let page = std::fs::read_to_string(&html.0).expect("the page was written");
    assert!(page.starts_with("<!doctype html>") && page.contains("add(5, 3)"));
    let capture = std::fs::read(&pcap.0).expect("the capture was written");
    // The magic number of a section header block, which a pcapng begins with.
    assert_eq!(capture[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
}

#[test]
fn a_file_that_cannot_be_written_costs_no_call() {
    for option in ["--pcap", "--html", "--json"] {
        let output = trivium(&["add", "5", "3", option, "/none/file"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let error = text(&output.stderr);
        assert!(error.contains("/none/file cannot be written"), "{error}");
    }
}

/// An HTTP server that says what could harm a terminal, to whoever connects, until the test ends.
fn hostile_server() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer_with_harm(client));
        }
    });
    address
}

fn answer_with_harm(mut client: TcpStream) {
    let mut question = [0; 4_096];
    while let Ok(1..) = client.read(&mut question) {
        let body = "{\"result\": \"\u{1b}[2J\u{9b}31m\u{202e}evil\u{7}\r\n\"}";
        let length = body.len();
        let head = "HTTP/1.1 200 \u{1b}[31mOK\r\ncontent-type: application/json\r\n\
                    x-harm: \u{1b}]0;owned\u{7}\u{9b}2J\r\n";
        let answer = format!("{head}content-length: {length}\r\n\r\n{body}");
        if client.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn is_harmless(text: &str) -> bool {
    let harms = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !text.chars().any(harms)
}

#[test]
fn what_a_hostile_server_sends_does_not_reach_the_terminal() {
    let address = hostile_server();
    for scheme in ["rest", "jsonrpc", "xmlrpc"] {
        let to = format!("{scheme}://{address}");
        let views = [
            &[][..],
            &["--view", "hex"],
            &["--view", "tree"],
            &["--view", "raw"],
        ];
        for view in views {
            let arguments = [&["add", "5", "3", "--to", &to][..], view].concat();
            let output = trivium(&arguments);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            for stream in [&output.stdout, &output.stderr] {
                assert!(
                    is_harmless(text(stream)),
                    "{arguments:?}: {:?}",
                    text(stream)
                );
            }
            assert!(!output.stdout.is_empty());
        }
    }
}

/// A running program that is killed when its test fails.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

/// Longer than anything takes here, so that what hangs fails.
const PATIENCE: Duration = Duration::from_secs(60);

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trivium"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("it is piped");
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // Whoever has heard enough hangs up.
            lines.for_each(|line| drop(sender.send(line)));
        });
        Self { child, lines }
    }

    /// The next line that has that in it.
    fn line_with(&mut self, wanted: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no line has {wanted}"));
            if line.contains(wanted) {
                return line;
            }
        }
    }

    /// SIGTERM; then all the rest of its lines, and a good end.
    fn terminated(mut self) -> Vec<String> {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status();
        assert!(killed.expect("kill is there").success());
        let lines = std::iter::from_fn(|| self.lines.recv_timeout(PATIENCE).ok());
        let lines = lines.collect();
        assert!(self.child.wait().expect("it ends").success());
        lines
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn between_two_programs_everything_is_printed_as_it_passes_and_exported_at_the_end() {
    let pcap = Temporary::new("listened.pcapng");
    let json = Temporary::new("listened.json");
    let mut server = Running::start(&["serve", "--addr", "rest://127.0.0.1:0"]);
    let served = server.line_with(" on http://");
    let (_, served) = served.split_once(" on http://").expect("an address");
    let files = ["--pcap", pcap.path(), "--json", json.path()];
    let listen = ["wire", "--listen", "127.0.0.1:0", "--to", served];
    let mut tap = Running::start(&[&listen[..], &files].concat());
    let listening = tap.line_with("Listening on ");
    let address = listening
        .strip_prefix("Listening on ")
        .and_then(|rest| rest.split_once(','))
        .expect("it tells where")
        .0;
    let to = format!("rest://{address}");
    let shown = succeeded(&["add", "5", "3", "--to", &to, "--view", "ledger"]);
    assert!(shown.contains("add(5, 3) = 8"), "{shown}");
    let request = tap.line_with("→ HTTP/1.1 request");
    assert!(
        request.contains("POST") || request.contains("GET"),
        "{request}"
    );
    let lines = tap.terminated();
    assert!(lines.iter().all(|line| is_harmless(line)), "{lines:?}");
    let json = std::fs::read_to_string(&json.0).expect("it was written");
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    assert!(
        json["dissection"]["payloads"]
            .as_array()
            .is_some_and(|all| all.len() >= 3),
        "{json}"
    );
    assert!(std::fs::metadata(&pcap.0).expect("it was written").len() > 500);
    server.terminated();
}

#[cfg(unix)]
#[test]
fn the_server_behind_a_tap_may_come_later() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let free = listener.local_addr().expect("it is bound").to_string();
    // Nobody listens on a port that has just been given back.
    drop(listener);
    let mut tap = Running::start(&["wire", "--listen", "127.0.0.1:0", "--to", &free]);
    let listening = tap.line_with("Listening on ");
    let address = listening.trim_start_matches("Listening on ");
    let address = address.split(',').next().expect("it tells where");
    let mut client = TcpStream::connect(address).expect("the tap listens");
    let mut nothing = Vec::new();
    client
        .set_read_timeout(Some(PATIENCE))
        .expect("it is not zero");
    // It is closed or cut, and nothing hangs.
    let _ = client.read_to_end(&mut nothing);
    assert!(nothing.is_empty());
    let end = tap.line_with("#0 ←");
    assert!(end.ends_with(", and nothing came this way"), "{end}");
    for line in tap.terminated() {
        assert!(line.contains("#0 →") || line.contains("#0 ←"), "{line}");
    }
}
