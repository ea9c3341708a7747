//! The bytes that are sent, in chunks as they are asked for: one at a time is in memory here.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use services::{Code, Error, Stream};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes of a chunk. What a chunk costs by itself is small beside it over every protocol, and
/// Base64 makes it no longer than 88 KiB, far below what any server takes as one message.
const CHUNK_BYTES: usize = 64 * 1024;

/// An upload that is over sooner shows no progress.
const UNTIL_BAR: Duration = Duration::from_secs(2);

/// What is read from.
pub struct Source {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    /// Its size, where it has one.
    size_bytes: Option<u64>,
}

impl Source {
    /// A file, or standard input where the path is `-`.
    ///
    /// # Errors
    /// The system's, and a path that is a directory.
    pub async fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self {
                reader: Box::pin(tokio::io::stdin()),
                size_bytes: None,
            });
        }
        let file = File::open(path).await?;
        let metadata = file.metadata().await?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Self {
            reader: Box::pin(file),
            size_bytes: metadata.is_file().then_some(metadata.len()),
        })
    }

    /// Its bytes, and what becomes known of them while they are taken.
    #[must_use]
    pub fn chunks(self) -> (Stream<Bytes>, Sent) {
        let sent = Sent::default();
        let reading = Reading {
            reader: self.reader,
            sent: sent.clone(),
            progress: Progress::of(self.size_bytes),
        };
        let chunks = futures::stream::unfold(Some(reading), |reading| async {
            let mut reading = reading?;
            match reading.chunk().await {
                Ok(None) => None,
                Ok(Some(chunk)) => Some((Ok(chunk), Some(reading))),
                Err(error) => Some((Err(error), None)),
            }
        });
        (chunks.boxed(), sent)
    }
}

struct Reading {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    sent: Sent,
    progress: Progress,
}

impl Reading {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = read(&mut self.reader).await.map_err(|failure| {
            let error = Error::new(Code::Cancelled, "the file cannot be read to its end");
            self.sent.lock().failure = Some(failure);
            error
        })?;
        if chunk.is_empty() {
            return Ok(None);
        }
        self.sent.lock().take(&chunk);
        self.progress.moved(chunk.len());
        Ok(Some(chunk))
    }
}

/// A whole chunk, or what is left. Pipes give less at a time.
async fn read(reader: &mut Pin<Box<dyn AsyncRead + Send>>) -> io::Result<Bytes> {
    let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
    while chunk.len() < CHUNK_BYTES && reader.read_buf(&mut chunk).await? > 0 {}
    Ok(chunk.freeze())
}

/// What was sent so far.
#[derive(Debug, Clone, Default)]
pub struct Sent(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    size_bytes: u64,
    hash: Sha256,
    failure: Option<io::Error>,
}

impl Seen {
    fn take(&mut self, chunk: &[u8]) {
        self.size_bytes += chunk.len() as u64;
        self.hash.update(chunk);
    }
}

impl Sent {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why reading ended before the end, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<io::Error> {
        self.lock().failure.take()
    }

    /// How many bytes, and their SHA-256 in hexadecimal digits.
    #[must_use]
    pub fn size_and_hash(&self) -> (u64, String) {
        let seen = self.lock();
        let digits = seen.hash.clone().finalize();
        let digits = digits.iter().map(|byte| format!("{byte:02x}"));
        (seen.size_bytes, digits.collect())
    }
}

/// How far it is, on a terminal's stderr, once it takes long.
struct Progress {
    started: Instant,
    size_bytes: Option<u64>,
    sent_bytes: u64,
    is_shown: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn of(size_bytes: Option<u64>) -> Self {
        Self {
            started: Instant::now(),
            size_bytes,
            sent_bytes: 0,
            is_shown: io::stderr().is_terminal(),
            bar: None,
        }
    }

    fn moved(&mut self, bytes: usize) {
        self.sent_bytes += bytes as u64;
        if !self.is_shown || self.started.elapsed() < UNTIL_BAR {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| bar(self.size_bytes));
        bar.set_position(self.sent_bytes);
    }
}

/// The row is free for what is printed next.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(size_bytes: Option<u64>) -> ProgressBar {
    let template = match size_bytes {
        Some(_) => "{bytes} of {total_bytes} [{bar:30}] {bytes_per_sec}, {eta} left",
        None => "{bytes} {bytes_per_sec}",
    };
    let style = ProgressStyle::with_template(template);
    let style = style
        .expect("the templates are indicatif's")
        .progress_chars("=> ");
    let target = ProgressDrawTarget::stderr_with_hz(4);
    ProgressBar::with_draw_target(size_bytes, target).with_style(style)
}
