//! A server that answers as it is told to, and keeps what it was asked.

use std::io::{self, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::http::Request;

/// Between two pieces of a reply: long enough that each is read by itself.
const BETWEEN_PIECES: Duration = Duration::from_millis(20);
/// Between two bytes of a reply that never ends: shorter than any patience for one read.
const BETWEEN_DROPS: Duration = Duration::from_millis(200);
/// No client of this exercise stays longer.
const LONGEST_STAY: Duration = Duration::from_secs(20);

/// How a request is answered.
pub(super) enum Reply {
    /// With a document, in one piece.
    Whole(Value),
    /// With a document in several pieces, on a connection that stays open.
    Pieces(Value),
    /// With a page that is no document.
    Page,
    /// Half of a document, then the connection ends.
    Half(Value),
    /// Not at all, on a connection that stays open.
    Silence,
    /// A byte now and then, without end.
    Drops,
}

/// What answers: from a request's document and its place among the requests.
pub(super) type Answer = fn(&Value, usize) -> Reply;

/// A running server; dropped, it ends.
pub(super) struct Scripted {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    answer: Answer,
    requests: Mutex<Vec<Request>>,
    /// When the first request had come whole.
    asked: OnceLock<Instant>,
    streams: Mutex<Vec<TcpStream>>,
    ending: AtomicBool,
}

impl Scripted {
    /// Answers so on a free port.
    pub(super) fn start(answer: Answer) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            answer,
            requests: Mutex::default(),
            asked: OnceLock::new(),
            streams: Mutex::default(),
            ending: AtomicBool::new(false),
        });
        let accepting = Some(thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.accept(&listener)
        }));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Where it listens, as `127.0.0.1:PORT`.
    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What it was asked so far.
    pub(super) fn requests(&self) -> Vec<Request> {
        locked(&self.shared.requests).clone()
    }

    /// How long ago it was asked first; `None` where it was not.
    pub(super) fn asked_ago(&self) -> Option<Duration> {
        self.shared.asked.get().map(Instant::elapsed)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        for stream in locked(&self.shared.streams).iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Whoever waits for a connection gets this one, and sees that it is the end.
        let _ = TcpStream::connect(self.address);
        let _ = self.accepting.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming().flatten() {
            if self.ending.load(Ordering::SeqCst) {
                return;
            }
            let Ok(kept) = stream.try_clone() else {
                continue;
            };
            locked(&self.streams).push(kept);
            let shared = Arc::clone(self);
            // It ends with its stream, at the latest when the server is dropped. A client that
            // breaks off is the student's affair: the program's own output tells of it.
            thread::spawn(move || shared.serve(stream));
        }
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(LONGEST_STAY))?;
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut reader)? {
            self.asked.get_or_init(Instant::now);
            let document = request.document();
            let place = {
                let mut requests = locked(&self.requests);
                requests.push(request);
                requests.len() - 1
            };
            self.write(&mut stream, &(self.answer)(&document, place))?;
        }
        Ok(())
    }

    fn write(&self, stream: &mut TcpStream, reply: &Reply) -> io::Result<()> {
        match reply {
            Reply::Whole(document) => stream.write_all(&answered(document)),
            Reply::Pieces(document) => in_pieces(stream, &answered(document)),
            Reply::Page => stream.write_all(PAGE),
            Reply::Half(document) => {
                let bytes = answered(document);
                stream.write_all(&bytes[..bytes.len() - 5])?;
                stream.shutdown(Shutdown::Both)
            }
            Reply::Silence => Ok(()),
            Reply::Drops => self.drops(stream),
        }
    }

    /// A reply whose every read succeeds, and that is never whole.
    fn drops(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
        )?;
        while !self.ending.load(Ordering::SeqCst) {
            stream.write_all(b" ")?;
            thread::sleep(BETWEEN_DROPS);
        }
        Ok(())
    }
}

/// What stands between a client and a server that is down.
const PAGE: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n<html><h1>Bad Gateway</h1></html>";

/// The document in HTTP. Names of fields are the same in any case (RFC 9110, section 5.1), and this
/// server proves it.
fn answered(document: &Value) -> Vec<u8> {
    let body = document.to_string();
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-TYPE: application/json\r\nCONTENT-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Cut in the head, behind it, and in the body.
fn in_pieces(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    for piece in bytes.chunks(bytes.len() / 6) {
        stream.write_all(piece)?;
        stream.flush()?;
        thread::sleep(BETWEEN_PIECES);
    }
    Ok(())
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
