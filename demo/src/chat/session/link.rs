//! One connection of a participant, from the first try to its end.

use std::sync::Arc;
use std::time::Duration;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use services::local::Clock;
use services::model::{ChatMessage, Join};
use services::{Backend, Code, Context, Error, Stream};
use tokio::time::{Instant, timeout, timeout_at};

use super::Dial;

/// How long a server may take to let a participant in; connecting has the client's own limit.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was said meanwhile is over when nothing has come for so long: the protocol has no mark.
const QUIET: Duration = Duration::from_millis(200);
/// Where people talk without a pause it is over after this.
const LONGEST_CATCHING_UP: Duration = Duration::from_secs(2);

/// What a server keeps it sends in one go: a line after a silence of so long was said just now,
/// though the server's clock, if it is behind this one, tells another time.
const SILENCE: Duration = Duration::from_secs(10);

/// The way up: what it holds is bounded by what a session lets wait.
#[derive(Debug, Default)]
pub(super) struct Up(Option<UnboundedSender<ChatMessage>>);

impl Up {
    /// A connection that is gone has no use for it: it is said again over the next.
    pub(super) fn send(&self, message: ChatMessage) {
        if let Some(sender) = &self.0 {
            let _ = sender.unbounded_send(message);
        }
    }

    /// Tells the server that nothing more comes.
    pub(super) fn close(&mut self) {
        self.0 = None;
    }
}

/// What a connection is to be.
pub(super) struct Request {
    pub(super) dial: Arc<Dial>,
    pub(super) url: String,
    pub(super) join: Join,
    pub(super) pause: Duration,
}

/// A connection that is being made.
pub(super) struct Opening {
    pub(super) up: Up,
    ways: BoxFuture<'static, Result<Ways, Error>>,
}

/// The server, and the way down from it.
type Ways = (Arc<dyn Backend>, Stream<ChatMessage>);

impl Opening {
    /// Nothing happens before [`link`](Self::link) is awaited.
    pub(super) fn begin(request: Request) -> Self {
        let (sender, messages) = unbounded();
        Self {
            up: Up(Some(sender)),
            ways: open(request, messages).boxed(),
        }
    }

    /// The connection. It may be dropped and called again, until it has given one.
    pub(super) async fn link(&mut self) -> Result<Link, Error> {
        let (backend, down) = (&mut self.ways).await?;
        Ok(Link {
            backend,
            up: std::mem::take(&mut self.up),
            down,
            opened: Instant::now(),
            last_line: Instant::now(),
            silence: Duration::ZERO,
            catching_up: None,
        })
    }
}

async fn open(request: Request, messages: UnboundedReceiver<ChatMessage>) -> Result<Ways, Error> {
    if !request.pause.is_zero() {
        tokio::time::sleep(request.pause).await;
    }
    let backend = (request.dial)(request.url).await?;
    let (context, messages) = (Context::new(), messages.map(Ok).boxed());
    // Not the context's deadline: over gRPC a chat is open before the server has answered, which a
    // course's does with the first line, and a deadline would cover that too.
    let opened = timeout(PATIENCE, backend.chat(&context, &request.join, messages)).await;
    let down = opened.unwrap_or_else(|_| Err(Error::deadline_exceeded()))?;
    Ok((backend, down))
}

/// A connection.
pub(super) struct Link {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) up: Up,
    down: Stream<ChatMessage>,
    opened: Instant,
    last_line: Instant,
    /// Before the last line.
    silence: Duration,
    catching_up: Option<CatchingUp>,
}

/// How many lines came of those that were said meanwhile.
struct CatchingUp {
    lines: usize,
    /// In seconds since 1970-01-01T00:00:00Z: a line that was said later is not one of them.
    since: i64,
    quiet: Instant,
    latest: Instant,
}

/// What comes over a connection.
pub(super) enum Step {
    Said(ChatMessage),
    /// All that was said meanwhile has come: so many lines.
    CaughtUp(usize),
    Ended(Error),
}

impl Link {
    /// Counts the lines that were said meanwhile: [`Step::CaughtUp`] follows.
    pub(super) fn count_lines(&mut self) {
        let now = Instant::now();
        self.catching_up = Some(CatchingUp {
            lines: 0,
            since: Clock::System.now(),
            quiet: now + QUIET,
            latest: now + LONGEST_CATCHING_UP,
        });
    }

    /// That line, which came last, was news.
    pub(super) fn took_line(&mut self, message: &ChatMessage) {
        let Some(catching_up) = &mut self.catching_up else {
            return;
        };
        if message.timestamp > catching_up.since {
            catching_up.latest = Instant::now();
        } else {
            catching_up.lines += 1;
        }
    }

    /// The last line was an old one, so what was said meanwhile is still to come.
    pub(super) fn hid_line(&mut self) {
        if let Some(catching_up) = &mut self.catching_up {
            catching_up.latest = Instant::now() + LONGEST_CATCHING_UP;
        }
    }

    /// Whether nothing had come for long before the last line.
    pub(super) fn was_silent(&self) -> bool {
        self.silence >= SILENCE
    }

    pub(super) fn lived(&self) -> Duration {
        self.opened.elapsed()
    }

    /// Loses nothing when it is dropped.
    pub(super) async fn next(&mut self) -> Step {
        let item = match &mut self.catching_up {
            None => self.down.next().await,
            Some(catching_up) => {
                let until = catching_up.quiet.min(catching_up.latest);
                // The time first: where people talk without a pause there is always a line.
                let item = match until <= Instant::now() {
                    true => None,
                    false => timeout_at(until, self.down.next()).await.ok(),
                };
                let Some(item) = item else {
                    let lines = catching_up.lines;
                    self.catching_up = None;
                    return Step::CaughtUp(lines);
                };
                catching_up.quiet = Instant::now() + QUIET;
                item
            }
        };
        let now = Instant::now();
        self.silence = now.duration_since(std::mem::replace(&mut self.last_line, now));
        match item {
            Some(Ok(message)) => Step::Said(message),
            Some(Err(error)) => Step::Ended(error),
            None => Step::Ended(Error::new(Code::Unavailable, "the server ended the chat")),
        }
    }
}
