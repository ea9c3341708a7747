//! A server on port 0 for the tests, and requests to it without any of this room's client: HTTP/1.1
//! on a bare socket, with every byte chosen by the test.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use services::{Backend, ClientOptions, ServeOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use xmlrpc::codec::{Reply, read_reply};

/// No step of a test takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Fails the test where the future is not done in time.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, future).await;
    done.expect("the step is done in time")
}

/// A server that serves until it is stopped or dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    pub(crate) async fn start(backend: Arc<dyn Backend>, options: ServeOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            // Dropping the sender stops the server too.
            let _ = stopped.await;
        };
        let task = tokio::spawn(xmlrpc::serve(listener, backend, options, shutdown));
        Self {
            address,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/RPC2", self.address)
    }

    pub(crate) async fn client(&self) -> xmlrpc::Client {
        let url = self.url();
        let connected = xmlrpc::Client::connect(&url, ClientOptions::default());
        soon(connected).await.unwrap()
    }

    pub(crate) async fn connect(&self) -> Raw {
        Raw(soon(TcpStream::connect(self.address)).await.unwrap())
    }

    /// Waits until the server has stopped.
    pub(crate) async fn stopped(mut self) {
        self.stop.take();
        soon(&mut self.task).await.unwrap().unwrap();
    }
}

/// An answer of HTTP, head and body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Lines of the head, in lower case, without the status line.
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.head.iter().filter_map(|line| line.split_once(": "));
        values
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn reply(&self) -> Reply {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("text/xml"));
        read_reply(&self.body).unwrap()
    }

    pub(crate) fn fault_code(&self) -> i32 {
        self.reply().unwrap_err().code()
    }
}

/// A connection on which the test writes what it likes.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        soon(self.0.write_all(bytes.as_ref())).await.unwrap();
    }

    /// Reads one answer by its Content-Length.
    pub(crate) async fn answer(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(soon(self.0.read_u8()).await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let mut answer = Answer {
            status: status.parse().unwrap(),
            head: lines.map(str::to_ascii_lowercase).collect(),
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        answer.body = vec![0; length];
        soon(self.0.read_exact(&mut answer.body)).await.unwrap();
        answer
    }

    /// Posts a document as any client would.
    pub(crate) async fn post(&mut self, document: impl AsRef<[u8]>) -> Answer {
        self.post_with("content-type: text/xml\r\n", document).await
    }

    /// Posts a document with those header lines.
    pub(crate) async fn post_with(&mut self, headers: &str, document: impl AsRef<[u8]>) -> Answer {
        let document = document.as_ref();
        let length = document.len();
        let head = format!(
            "POST /RPC2 HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {length}\r\n\r\n"
        );
        self.write([head.as_bytes(), document].concat()).await;
        self.answer().await
    }
}

/// A call of that method; each parameter is what stands in `<param>`.
pub(crate) fn call(method: &str, params: &[&str]) -> String {
    let params: String = params
        .iter()
        .map(|param| format!("<param>{param}</param>"))
        .collect();
    format!(
        "<?xml version='1.0'?>\n<methodCall>\n<methodName>{method}</methodName>\n\
         <params>\n{params}</params>\n</methodCall>\n"
    )
}

pub(crate) fn int(number: i32) -> String {
    format!("<value><int>{number}</int></value>")
}

pub(crate) fn string(text: &str) -> String {
    format!("<value><string>{text}</string></value>")
}

/// `add(2, 3)`.
pub(crate) fn add_2_3() -> String {
    call("add", &[&int(2), &int(3)])
}

/// Proves that the server answers the next correct call, on a new connection.
pub(crate) async fn still_answers(server: &Running) {
    let answer = server.connect().await.post(add_2_3()).await;
    assert_eq!(answer.reply(), Ok(dxr::Value::Integer(5)));
}
