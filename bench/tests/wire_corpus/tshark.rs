//! What tshark reads in a capture: heads, header fields, texts, lengths of gRPC messages.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use wire::{Direction, RecordedConnection, Recording};

/// What is shown: messages, and whatever tshark warns of or calls malformed.
const FILTER: &str =
    "http or http2 or websocket or _ws.malformed or _ws.expert.severity >= 0x600000";
/// tshark takes more than 500 messages in one packet for a loop and calls the packet malformed; small
/// gRPC messages of a fast stream are more.
const DEPTH: &str = "gui.max_tree_depth:100000";
/// Longer does it take for no capture of this corpus.
const PATIENCE: Duration = Duration::from_secs(240);
/// How a client of HTTP/2 begins, RFC 9113, section 3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Which messages: connection, direction, and stream, which is 0 but for HTTP/2.
pub(crate) type Key = (usize, Direction, u32);

/// Name and value.
pub(crate) type Field = (String, String);

/// What tshark reads in a capture.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Start line and fields of each HTTP/1.1 message.
    pub(crate) heads: BTreeMap<Key, Vec<Http1Head>>,
    /// Each header block of HTTP/2.
    pub(crate) blocks: BTreeMap<Key, Vec<Vec<Field>>>,
    /// Bodies of HTTP/1.1 that are JSON or XML, and texts of WebSocket.
    pub(crate) texts: BTreeMap<Key, Vec<String>>,
    /// Lengths of gRPC's messages, in bytes, as the prefix tells.
    pub(crate) grpc: BTreeMap<Key, Vec<usize>>,
    /// Malformed packets, errors and warnings, but for those of a connection cut off.
    pub(crate) complaints: Vec<String>,
}

/// The head of an HTTP/1.1 message.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Http1Head {
    /// `POST /RPC2`, or `200`.
    pub(crate) start: String,
    pub(crate) fields: Vec<Field>,
}

/// Has tshark read that capture of that recording.
pub(crate) fn read(tshark: &Path, capture: &Path, recording: &Recording) -> Reading {
    let rows = rows(tshark, capture, recording);
    let json = run(
        tshark,
        capture,
        recording,
        &["-T", "json", "-J", "http http2 websocket grpc"],
    );
    let mut reader = Reader::default();
    let mut rows_left = rows.iter();
    for line in json {
        if line.trim_start().starts_with("\"_index\":") {
            let row = rows_left.next().expect("both runs show the same packets");
            reader.packet(row.key);
        }
        reader.line(line.trim());
    }
    assert!(
        rows_left.next().is_none(),
        "both runs show the same packets"
    );
    let complaints = rows.into_iter().filter_map(|row| row.complaint);
    Reading {
        complaints: complaints.collect(),
        ..reader.reading
    }
}

/// What is told of a packet as a whole.
struct Row {
    key: (usize, Direction),
    complaint: Option<String>,
}

fn rows(tshark: &Path, capture: &Path, recording: &Recording) -> Vec<Row> {
    let fields = [
        "-T",
        "fields",
        "-e",
        "tcp.stream",
        "-e",
        "tcp.srcport",
        "-e",
        "_ws.malformed",
        "-e",
        "_ws.expert.severity",
        "-e",
        "_ws.expert.message",
    ];
    let lines = run(tshark, capture, recording, &fields);
    lines.map(|line| row(&line, recording)).collect()
}

/// tshark counts connections by their first packets, which is how a recording does.
fn row(line: &str, recording: &Recording) -> Row {
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    let (number, port, malformed) = (next(), next(), next());
    let (severities, messages) = (next(), next());
    let number: usize = number.parse().expect("every packet is TCP");
    let RecordedConnection { client, .. } = recording.connections[number];
    let direction = match port.parse() == Ok(client.port()) {
        true => Direction::Up,
        false => Direction::Down,
    };
    let severe = severities.split(',').any(|severity| {
        severity
            .parse()
            .is_ok_and(|severity: u32| severity >= 0x60_0000)
    });
    // A connection that its peer cut off is recorded as one, and rightly warned of.
    let severe = severe && !messages.replace("Connection reset (RST)", "").is_empty();
    let complaint = (severe || !malformed.is_empty()).then(|| line.to_owned());
    Row {
        key: (number, direction),
        complaint,
    }
}

/// The lines that tshark prints.
fn run(
    tshark: &Path,
    capture: &Path,
    recording: &Recording,
    arguments: &[&str],
) -> impl Iterator<Item = String> + use<> {
    let mut command = Command::new(tshark);
    command.arg("-r").arg(capture).args(["-Y", FILTER]);
    command.args(["-o", DEPTH]);
    for (port, protocol) in spoken(recording) {
        command.args(["-d", &format!("tcp.port=={port},{protocol}")]);
    }
    command.args(arguments);
    // Nothing that a user has set changes what is read.
    command.env("WIRESHARK_CONFIG_DIR", env!("CARGO_TARGET_TMPDIR"));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    lines(command.spawn().expect("tshark starts"))
}

/// Lines of a program, until it ends well.
fn lines(mut child: Child) -> impl Iterator<Item = String> + use<> {
    let stdout = child.stdout.take().expect("stdout is piped");
    // Bounded, so that tshark waits and memory does not fill.
    let (sender, receiver) = mpsc::sync_channel(10_000);
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    std::iter::from_fn(move || match receiver.recv_timeout(PATIENCE) {
        Ok(line) => Some(line),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let status = child.wait().expect("a child can be waited for");
            assert!(status.success(), "tshark: {status}");
            None
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            child.kill().ok();
            panic!("tshark took over {PATIENCE:?}");
        }
    })
}

/// What each server speaks. Nothing in a capture tells tshark that a port without TLS speaks HTTP/2,
/// and a client's port that happens to be registered for something else would be believed.
fn spoken(recording: &Recording) -> BTreeMap<u16, &'static str> {
    let spoken = recording.connections.iter().filter_map(|connection| {
        let mut chunks = connection.chunks.iter();
        let first = chunks.find(|it| it.direction == Direction::Up)?;
        let protocol = match first.bytes.starts_with(PREFACE) {
            true => "http2",
            false => "http",
        };
        Some((connection.server.port(), protocol))
    });
    spoken.collect()
}

/// Reads tshark's JSON line by line: a field a line, in the order of the bytes.
///
/// A parser of JSON would keep hundreds of megabytes of payload in hexadecimal.
#[derive(Default)]
struct Reader {
    reading: Reading,
    key: Option<(usize, Direction)>,
    stream: u32,
    name: String,
    /// What the message that is being read says it is.
    media: Media,
}

impl Reader {
    fn packet(&mut self, key: (usize, Direction)) {
        self.key = Some(key);
    }

    fn key(&self, stream: u32) -> Key {
        let (connection, direction) = self.key.expect("a packet has begun");
        (connection, direction, stream)
    }

    fn line(&mut self, line: &str) {
        let Some((name, value)) = line.split_once("\": ") else {
            return;
        };
        let name = name.trim_start_matches('"');
        let text = || -> String {
            let value = value.trim_end_matches(',');
            serde_json::from_str(value).expect("a string in JSON")
        };
        match name {
            "http" | "http2" | "websocket" | "grpc" => self.media = Media::Other,
            "http.request.method" => self.heads().push(Http1Head {
                start: text(),
                fields: Vec::new(),
            }),
            "http.request.uri" => {
                let uri = text();
                self.head().start += &format!(" {uri}");
            }
            "http.response.code" => self.heads().push(Http1Head {
                start: text(),
                fields: Vec::new(),
            }),
            "http.request.line" | "http.response.line" => self.field(&text()),
            "http.file_data" => self.body(text()),
            "websocket.payload.text" => self.text(text()),
            "http2.streamid" => self.stream = text().parse().expect("a number"),
            "http2.header.count" => self.blocks().push(Vec::new()),
            "http2.header.name" => self.name = text(),
            "http2.header.value" => {
                let field = (std::mem::take(&mut self.name), text());
                let block = self.blocks().last_mut();
                block.expect("a block has begun").push(field);
            }
            "grpc.message_length" => {
                let key = self.key(self.stream);
                let length = text().parse().expect("a number");
                self.reading.grpc.entry(key).or_default().push(length);
            }
            _ => {}
        }
    }

    fn heads(&mut self) -> &mut Vec<Http1Head> {
        let key = self.key(0);
        self.reading.heads.entry(key).or_default()
    }

    fn head(&mut self) -> &mut Http1Head {
        let head = self.heads().last_mut();
        head.expect("a head has begun")
    }

    fn blocks(&mut self) -> &mut Vec<Vec<Field>> {
        let key = self.key(self.stream);
        self.reading.blocks.entry(key).or_default()
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').expect("a field has a colon");
        let value = value.trim_matches([' ', '\t', '\r', '\n']);
        if name.eq_ignore_ascii_case("content-type") {
            self.media = Media::of(value);
        }
        let field = (name.to_owned(), value.to_owned());
        self.head().fields.push(field);
    }

    fn body(&mut self, body: String) {
        match self.media {
            Media::Document => self.text(body),
            Media::Lines => {
                let lines = body.lines().filter(|line| !line.trim().is_empty());
                lines.for_each(|line| self.text(line.to_owned()));
            }
            Media::Other => {}
        }
    }

    fn text(&mut self, text: String) {
        let key = self.key(0);
        self.reading.texts.entry(key).or_default().push(text);
    }
}

/// What of a body is compared.
#[derive(Debug, Default, Clone, Copy)]
enum Media {
    /// One document of JSON or XML.
    Document,
    /// A document of JSON a line.
    Lines,
    #[default]
    Other,
}

impl Media {
    fn of(content_type: &str) -> Self {
        let media = content_type.split(';').next().unwrap_or_default();
        let media = media.trim().to_ascii_lowercase();
        match media.rsplit(['/', '+']).next().unwrap_or_default() {
            "json" | "json-rpc" | "xml" => Self::Document,
            "x-ndjson" => Self::Lines,
            _ => Self::Other,
        }
    }
}
