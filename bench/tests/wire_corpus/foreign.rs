//! Clients that we did not write, or scripts over their libraries, through the tap.

use std::io::{self, Write};
use std::path::Path;

use demo::Program;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use trivium::rooms::{GRPC, JSONRPC, REST, XMLRPC};

use crate::peers::Peer;
use crate::record::{Capture, Tapped, soon};

/// A client and what it is told.
pub(crate) struct Foreign {
    kind: Kind,
    /// What it is called by [`Peer`].
    name: &'static str,
    room: Program,
    /// `URL` and `ADDRESS` in them stand for where the tap listens, `FOLDER` for where
    /// [`messages`] are.
    arguments: &'static [&'static str],
}

enum Kind {
    Python,
    Node,
    Tool,
}

/// Python's, Node's and Go's libraries, and curl.
pub(crate) const CLIENTS: &[Foreign] = &[
    python("xmlrpc_client.py", XMLRPC, &["URL"]),
    python("xmlrpc_people.py", XMLRPC, &["URL"]),
    python("jsonrpc_client.py", JSONRPC, &["URL"]),
    python("jsonrpc_users.py", JSONRPC, &["URL"]),
    python("grpc_client.py", GRPC, &["ADDRESS"]),
    python("grpc_gzip_client.py", GRPC, &["ADDRESS"]),
    python("grpc_users_client.py", GRPC, &["ADDRESS"]),
    python("grpc_usuarios_client.py", GRPC, &["ADDRESS"]),
    python("grpc_upload_client.py", GRPC, &["ADDRESS", FILE]),
    python("rest_client.py", REST, &["URL"]),
    node("xmlrpc_client.js", XMLRPC, &["URL"]),
    node("xmlrpc_people.js", XMLRPC, &["URL"]),
    node("jsonrpc_client.js", JSONRPC, &["URL"]),
    node("jsonrpc_chat.js", JSONRPC, &["URL"]),
    node("jsonrpc_openrpc.js", JSONRPC, &["URL"]),
    node("grpc_client.js", GRPC, &["ADDRESS"]),
    grpcurl(&["-plaintext", "ADDRESS", "list"]),
    grpcurl(&["-plaintext", "ADDRESS", "describe"]),
    grpcurl(&[
        "-plaintext",
        "-d",
        SUMMANDS,
        "ADDRESS",
        "calculator.Calculator/Add",
    ]),
    grpcurl(&[
        "-plaintext",
        "-d",
        RANGE,
        "ADDRESS",
        "streaming.StreamService/StreamNumbers",
    ]),
    curl(REST, &["--json", SUMMANDS, "URL/api/calculator/add"]),
    curl(
        REST,
        &[
            "URL/api/numbers?start=1&end=50",
            "URL/openapi.json",
            "URL/api/system",
            "URL/no",
        ],
    ),
    curl(
        REST,
        &[
            "--header",
            TEXT,
            "--data-binary",
            FILE_OF_CURL,
            "URL/api/files",
        ],
    ),
    // It asks for an upgrade to HTTP/2 that no room makes.
    curl(REST, &["--http2", "URL/api/system", "URL/api/system"]),
    curl(JSONRPC, &["--json", ADD_JSON, "URL/"]),
    curl(
        XMLRPC,
        &[
            "--header",
            "content-type: text/xml",
            "--data-binary",
            ADD_XML,
            "URL/RPC2",
        ],
    ),
    // The one room that speaks HTTP/2; curl knows nothing of gRPC.
    curl(
        GRPC,
        &[
            H2,
            "-H",
            IS_GRPC,
            "-H",
            TE,
            "--data-binary",
            "@FOLDER/add",
            "URL/calculator.Calculator/Add",
        ],
    ),
    curl(
        GRPC,
        &[
            H2,
            "-H",
            IS_GRPC,
            "-H",
            TE,
            "-H",
            "grpc-encoding: gzip",
            "-H",
            "grpc-accept-encoding: gzip",
            "--data-binary",
            "@FOLDER/add.gzip",
            "URL/calculator.Calculator/Add",
        ],
    ),
    curl(
        GRPC,
        &[
            H2,
            "-H",
            IS_GRPC,
            "-H",
            TE,
            "--data-binary",
            "@FOLDER/range",
            "URL/streaming.StreamService/StreamNumbers",
        ],
    ),
];

const H2: &str = "--http2-prior-knowledge";
const IS_GRPC: &str = "content-type: application/grpc";
const TE: &str = "te: trailers";
const TEXT: &str = "content-type: text/plain";
/// Some hundred kilobytes that everybody who runs this test has.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
const FILE_OF_CURL: &str = concat!("@", env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");
const SUMMANDS: &str = r#"{"a": 5, "b": 3}"#;
const RANGE: &str = r#"{"start": 1, "end": 50}"#;
const ADD_JSON: &str = r#"{"jsonrpc": "2.0", "method": "add", "params": [5, 3], "id": 1}"#;
const ADD_XML: &str = "<?xml version=\"1.0\"?>\n<methodCall>\n  <methodName>add</methodName>\n  <params>\n\
    <param><value><int>5</int></value></param>\n<param><value><int>3</int></value></param>\n\
    </params>\n</methodCall>";

/// The fields 1 and 2, both integers: (5, 3) for `Add`, and (1, 50) for `StreamNumbers`.
const MESSAGES: [(&str, [u8; 4]); 2] =
    [("add", [0x08, 5, 0x10, 3]), ("range", [0x08, 1, 0x10, 50])];

const fn python(name: &'static str, room: Program, arguments: &'static [&'static str]) -> Foreign {
    Foreign {
        kind: Kind::Python,
        name,
        room,
        arguments,
    }
}

const fn node(name: &'static str, room: Program, arguments: &'static [&'static str]) -> Foreign {
    Foreign {
        kind: Kind::Node,
        name,
        room,
        arguments,
    }
}

const fn grpcurl(arguments: &'static [&'static str]) -> Foreign {
    Foreign {
        kind: Kind::Tool,
        name: "grpcurl",
        room: GRPC,
        arguments,
    }
}

const fn curl(room: Program, arguments: &'static [&'static str]) -> Foreign {
    Foreign {
        kind: Kind::Tool,
        name: "curl",
        room,
        arguments,
    }
}

impl Foreign {
    /// `None`, said aloud, where it is not installed.
    pub(crate) async fn record(&self) -> Option<Capture> {
        let peer = match self.kind {
            Kind::Python => Peer::python(self.name),
            Kind::Node => Peer::node(self.name),
            Kind::Tool => Peer::tool(self.name),
        }?;
        messages();
        let tapped = Tapped::start(self.room).await;
        let title = format!("{} {}", self.name, self.arguments.join(" "));
        run(peer, &tapped, self.arguments).await;
        Some(tapped.capture(title).await)
    }
}

async fn run(peer: Peer, tapped: &Tapped, arguments: &[&str]) {
    let address = tapped.tap.address().to_string();
    let url = format!("http://{address}");
    let filled = |it: &&str| {
        it.replace("URL", &url)
            .replace("ADDRESS", &address)
            .replace("FOLDER", FOLDER)
    };
    let arguments: Vec<String> = arguments.iter().map(filled).collect();
    let running = spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        peer.run(&arguments)
    });
    let output = soon(running).await.expect("it runs to its end");
    assert!(output.status.success(), "{output:?}");
}

/// Writes what curl sends as messages of gRPC: a prefix of 5 bytes, and protobuf.
fn messages() {
    for (name, message) in MESSAGES {
        let write = |name: String, is_compressed: u8, message: &[u8]| {
            let size = u32::try_from(message.len()).expect("it is short");
            let bytes = [&[is_compressed], &size.to_be_bytes()[..], message].concat();
            std::fs::write(Path::new(FOLDER).join(name), bytes).expect("the folder is ours");
        };
        write(name.to_owned(), 0, &message);
        write(format!("{name}.gzip"), 1, &gzip(&message));
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// What no room gives: compressed JSON, with a length and in chunks.
pub(crate) async fn gzipped() -> Option<Capture> {
    let curl = Peer::tool("curl")?;
    let tapped = Tapped::before(serve_gzip).await;
    let arguments = ["--compressed", "URL/whole", "URL/chunked"];
    run(curl, &tapped, &arguments).await;
    Some(tapped.capture("curl --compressed".into()).await)
}

/// Answers each request of one connection after the other, the second in chunks.
async fn serve_gzip(listener: TcpListener) -> io::Result<()> {
    let json = format!("[{}]", [r#"{"metric":"cpu","value":42.5}"#; 40].join(","));
    let body = gzip(json.as_bytes());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let whole = format!("{head}Content-Length: {}\r\n\r\n", body.len());
    let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for chunk in body.chunks(16) {
        chunked.extend(format!("{:x}\r\n", chunk.len()).bytes());
        chunked.extend(chunk.iter().chain(b"\r\n"));
    }
    chunked.extend(b"0\r\n\r\n");
    loop {
        let (mut stream, _) = listener.accept().await?;
        for answer in [[whole.as_bytes(), &body].concat(), chunked.clone()] {
            // curl's requests are shorter, and it waits for an answer before the next.
            if stream.read(&mut [0; 4096]).await? == 0 {
                break;
            }
            stream.write_all(&answer).await?;
        }
    }
}
