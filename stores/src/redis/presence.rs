//! Who is in the room, for the other servers to see: the names at this server, which expire unless
//! it writes them again. So those of a server that was killed are gone within [`LIVES`].

use std::collections::HashSet;
use std::sync::OnceLock;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use redis::Script;
use services::Error;
use services::chat::Name;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::keys;
use super::link::Link;

/// How long a name that is not written again is taken to be in the room.
pub(super) const LIVES: Duration = Duration::from_secs(5);
/// Between two times that all names are written: so many that one or two may fail.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Those who join and wait for being written; they are written together.
const WAITING: usize = 1_024;

type Written = oneshot::Sender<Result<(), Error>>;

/// Writes the names, from one task, which ends with this.
pub(super) struct Presence {
    requests: mpsc::Sender<Written>,
    left: Arc<Notify>,
    /// Those who joined without a name and may have got one since.
    unnamed: Mutex<Vec<Weak<OnceLock<String>>>>,
    server: String,
    _writer: AbortOnDropHandle<()>,
}

/// Tells the writer, when it is dropped, that somebody has left.
pub(super) struct Leaves(Arc<Notify>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Presence {
    /// `names` are those at this server, whenever they are asked for.
    pub(super) fn start(link: Arc<Link>, names: impl Fn() -> Vec<String> + Send + 'static) -> Self {
        let (requests, waiting) = mpsc::channel(WAITING);
        let left = Arc::new(Notify::new());
        let server = server();
        let writer = Writer {
            link,
            script: Script::new(include_str!("scripts/write_present.lua")),
            names,
            server: server.clone(),
            announced: HashSet::new(),
        };
        let writer = tokio::spawn(writer.run(waiting, left.clone()));
        Self {
            requests,
            left,
            unnamed: Mutex::default(),
            server,
            _writer: AbortOnDropHandle::new(writer),
        }
    }

    /// Somebody has joined: answers when every server can see it.
    pub(super) async fn joined(&self, name: &Name) -> Result<(), Error> {
        if name.get().is_none() {
            self.unnamed().push(Arc::downgrade(name));
            return Ok(());
        }
        self.write().await
    }

    /// Somebody speaks, and so may have got a name.
    pub(super) async fn spoken(&self) -> Result<(), Error> {
        let somebody_named = {
            let mut unnamed = self.unnamed();
            let before = unnamed.len();
            unnamed.retain(|name| name.upgrade().is_some_and(|name| name.get().is_none()));
            unnamed.len() < before
        };
        if somebody_named {
            self.write().await
        } else {
            Ok(())
        }
    }

    /// What this server writes before its names.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// To be held by a participant until it leaves.
    pub(super) fn leaves(&self) -> Leaves {
        Leaves(self.left.clone())
    }

    async fn write(&self) -> Result<(), Error> {
        let (written, answer) = oneshot::channel();
        // Either fails only when the task has ended, and this owns it.
        if self.requests.send(written).await.is_err() {
            return Err(Error::closing());
        }
        answer.await.unwrap_or_else(|_| Err(Error::closing()))
    }

    /// Held for a moment, and never while waiting.
    fn unnamed(&self) -> std::sync::MutexGuard<'_, Vec<Weak<OnceLock<String>>>> {
        self.unnamed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name for this process among the servers: short, since it is read by people.
fn server() -> String {
    let id = Uuid::new_v4().simple().to_string();
    id.chars().take(8).collect()
}

struct Writer<N> {
    link: Arc<Link>,
    script: Script,
    names: N,
    server: String,
    /// The names that Redis has of this server, as far as is known.
    announced: HashSet<String>,
}

/// Which names are to be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Changes,
    All,
}

impl<N: Fn() -> Vec<String>> Writer<N> {
    async fn run(mut self, mut waiting: mpsc::Receiver<Written>, left: Arc<Notify>) {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut requests = Vec::new();
        loop {
            let extent = tokio::select! {
                _ = heartbeat.tick() => Extent::All,
                () = left.notified() => Extent::Changes,
                received = waiting.recv_many(&mut requests, WAITING) => match received {
                    0 => return,
                    _ => Extent::Changes,
                },
            };
            let outcome = self.write(extent).await;
            for written in requests.drain(..) {
                // Who does not wait any more has left.
                written.send(outcome.clone()).ok();
            }
        }
    }

    async fn write(&mut self, extent: Extent) -> Result<(), Error> {
        let present: HashSet<String> = (self.names)().into_iter().collect();
        let left = || self.announced.difference(&present);
        let mut script = self.script.prepare_invoke();
        script.key(keys::CHAT_PRESENT);
        script.arg(u64::try_from(LIVES.as_millis()).unwrap_or(u64::MAX));
        script.arg(left().count());
        for name in left() {
            script.arg(self.member(name));
        }
        for name in &present {
            if extent == Extent::All || !self.announced.contains(name) {
                script.arg(self.member(name));
            }
        }
        self.link.run::<()>(&script).await?;
        self.announced = present;
        Ok(())
    }

    fn member(&self, name: &str) -> String {
        format!("{}/{name}", self.server)
    }
}
