//! The metrics' page: by hand, by promtool, and by a Prometheus that scrapes it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::peers::Peer;
use super::people::directory;
use super::process::{Server, run, text};

/// How long a Prometheus may take until a series is there; it takes about three seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// The answer of an HTTP server: head and body.
fn get(address: &str, target: &str, header: &str) -> (String, String) {
    let answer = try_get(address, target, header).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// All that an HTTP server sends.
fn try_get(address: &str, target: &str, header: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {target} HTTP/1.1\r\nConnection: close\r\n{header}\r\n\r\n");
    socket.write_all(request.as_bytes())?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A server that was called: one sum, one overflow, a stream of three, an upload of two items.
fn called_server() -> (Server, String) {
    let server = Server::start(&["--metrics-addr", "127.0.0.1:0", "--pace", "0"]);
    server.call(&["add", "5", "3"]);
    server.call(&["add", "2147483647", "1"]);
    server.call(&["stream_numbers", "1", "3"]);
    server.call(&["record_metrics", "1.5", "2.5"]);
    let metrics = server.metrics.as_deref().unwrap();
    let address = metrics.strip_suffix("/metrics").unwrap().to_owned();
    (server, address)
}

fn assert_lines(page: &str, wanted: &[&str]) {
    for line in wanted {
        assert!(
            page.lines().any(|found| found == *line),
            "{line} is not in\n{page}"
        );
    }
}

#[test]
fn calls_are_counted_under_the_same_names_over_every_wire() {
    let (_server, address) = called_server();
    let (head, page) = get(&address, "/metrics", "Host: localhost");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let media = "content-type: text/plain; version=0.0.4; charset=utf-8";
    assert!(head.to_lowercase().contains(media), "{head}");
    assert_lines(
        &page,
        &[
            "# TYPE trivium_requests_total counter",
            "trivium_requests_total{operation=\"add\",outcome=\"ok\"} 1",
            "trivium_requests_total{operation=\"add\",outcome=\"OutOfRange\"} 1",
            "trivium_requests_total{operation=\"stream_numbers\",outcome=\"ok\"} 1",
            "# TYPE trivium_request_duration_seconds histogram",
            "trivium_request_duration_seconds_count{operation=\"add\"} 2",
            "# TYPE trivium_streams_open gauge",
            "trivium_streams_open{operation=\"stream_numbers\"} 0",
            "trivium_messages_total{operation=\"add\",direction=\"received\"} 2",
            "trivium_messages_total{operation=\"add\",direction=\"sent\"} 1",
            "trivium_messages_total{operation=\"stream_numbers\",direction=\"received\"} 1",
            "trivium_messages_total{operation=\"stream_numbers\",direction=\"sent\"} 3",
            "trivium_messages_total{operation=\"record_metrics\",direction=\"received\"} 2",
            "trivium_messages_total{operation=\"record_metrics\",direction=\"sent\"} 1",
        ],
    );
    for direction in ["received", "sent"] {
        let series = format!("trivium_bytes_total{{direction=\"{direction}\"}} ");
        let bytes = page.lines().find_map(|line| line.strip_prefix(&series));
        assert!(bytes.unwrap().parse::<u64>().unwrap() > 100, "{page}");
    }
}

#[test]
fn who_reads_openmetrics_gets_it() {
    let (_server, address) = called_server();
    let header = "Host: localhost\r\nAccept: application/openmetrics-text;version=1.0.0,*/*;q=0.1";
    let (head, page) = get(&address, "/metrics", header);
    let media = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert!(head.to_lowercase().contains(media), "{head}");
    assert!(page.ends_with("\n# EOF\n"), "{page}");
    assert_lines(&page, &["# TYPE trivium_requests counter"]);
}

#[test]
fn anything_but_the_page_is_not_found_and_an_alien_host_is_refused() {
    let server = Server::start(&["--metrics-addr", "127.0.0.1:0"]);
    let address = server.metrics.as_deref().unwrap();
    let address = address.strip_suffix("/metrics").unwrap();
    let (head, _) = get(address, "/", "Host: localhost");
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
    let (head, _) = get(address, "/metrics", "Host: evil.example");
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
}

#[test]
fn promtool_has_nothing_to_say_against_the_page() {
    let Some(promtool) = Peer::tool("promtool") else {
        return;
    };
    let (_server, address) = called_server();
    let (_, page) = get(&address, "/metrics", "Host: localhost");
    let mut check = Command::new(promtool.program())
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check
        .stdin
        .take()
        .unwrap()
        .write_all(page.as_bytes())
        .unwrap();
    let output = check.wait_with_output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}\n{page}");
}

/// A process that is killed when dropped.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn prometheus(program: &Peer, scraped: &str) -> (Killed, String) {
    let directory = directory("prometheus");
    let config = directory.join("prometheus.yml");
    let text = format!(
        "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n\
         \x20 - job_name: trivium\n    static_configs:\n      - targets: ['{scraped}']\n"
    );
    fs::write(&config, text).unwrap();
    // It prints no port that it chose itself, so a free one is looked for.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let child = Command::new(program.program())
        .arg(format!("--config.file={}", config.display()))
        .arg(format!(
            "--storage.tsdb.path={}",
            directory.join("data").display()
        ))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (Killed(child), address)
}

/// What a Prometheus answers to a question, once it has an answer.
fn asked(address: &str, query: &str) -> String {
    let target = format!("/api/v1/query?query={query}");
    let begun = Instant::now();
    loop {
        // Before it is ready it refuses connections, and then resets them.
        match try_get(address, &target, "Host: localhost") {
            Ok(answer) if answer.contains("\"value\"") => return answer,
            _ => {}
        }
        assert!(begun.elapsed() < PATIENCE, "Prometheus knows no {query}");
        // It has no way to tell that it has scraped.
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_prometheus_scrapes_the_server() {
    let Some(program) = Peer::tool("prometheus") else {
        return;
    };
    let (_server, scraped) = called_server();
    let (_prometheus, address) = prometheus(&program, &scraped);
    let sums = asked(
        &address,
        "trivium_requests_total%7Boperation=\"add\",outcome=\"ok\"%7D",
    );
    assert!(sums.contains("\"1\""), "{sums}");
    let quantile = "histogram_quantile(0.5,trivium_request_duration_seconds_bucket)";
    assert!(asked(&address, quantile).contains("stream_numbers"));
}

#[test]
fn an_address_of_metrics_that_is_taken_is_one_line_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&["serve", "--addr", "127.0.0.1:0", "--metrics-addr", &port]);
    let told = text(&output.stderr);
    assert_eq!(
        (output.status.code(), told.lines().count()),
        (Some(1), 1),
        "{told}"
    );
    assert!(told.contains(&format!("127.0.0.1:{port}")), "{told}");
    assert!(told.contains("another port with --metrics-addr"), "{told}");
}
