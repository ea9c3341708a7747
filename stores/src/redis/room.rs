//! The room that several servers share: the order is that of a stream in Redis, and each server
//! tells its own participants from what it has read of it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use redis::{Client, Script, Value};
use services::chat::{HallLimits, Name, Seat};
use services::model::ChatMessage;
use services::{ChatRoom, Error};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::entry::Entry;
use super::epoch::Epoch;
use super::keys;
use super::link::Link;
use super::presence::Presence;
use super::reader;

/// How long who joins may wait until this server has read what was said before.
const CATCH_UP: Duration = Duration::from_secs(2);

/// The chat in Redis. Its tasks end when it is dropped, and the participants' streams with them.
pub struct RedisRoom {
    shared: Arc<Shared>,
    presence: Presence,
    post: Script,
    list_present: Script,
    _reader: AbortOnDropHandle<()>,
}

/// Shows nothing of what was said.
impl fmt::Debug for RedisRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.shared;
        f.debug_struct("RedisRoom")
            .field("shared", shared)
            .finish_non_exhaustive()
    }
}

/// What the calls and the reader have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) link: Arc<Link>,
    epoch: Mutex<Epoch>,
}

impl Shared {
    pub(super) fn epoch(&self) -> Epoch {
        self.lock().clone()
    }

    /// Ends all streams with that error; who joins from now on is in a hall that reads the stream
    /// from its beginning.
    pub(super) fn begin_again(&self, error: Error) {
        let over = std::mem::replace(&mut *self.lock(), Epoch::new());
        over.end(error);
    }

    /// Held for a moment, and never while waiting.
    fn lock(&self) -> std::sync::MutexGuard<'_, Epoch> {
        self.epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RedisRoom {
    pub(super) fn start(client: Client, link: Arc<Link>) -> Self {
        let shared = Arc::new(Shared {
            link: link.clone(),
            epoch: Mutex::new(Epoch::new()),
        });
        let reader = tokio::spawn(reader::read(client, shared.clone()));
        let hall = shared.clone();
        Self {
            presence: Presence::start(link, move || hall.epoch().hall.names()),
            post: Script::new(include_str!("scripts/post_message.lua")),
            list_present: Script::new(include_str!("scripts/list_present.lua")),
            shared,
            _reader: AbortOnDropHandle::new(reader),
        }
    }

    /// The place of the newest message, whichever server it was said at.
    async fn newest(&self) -> Result<u64, Error> {
        let mut command = redis::cmd("XREVRANGE");
        command
            .arg(keys::CHAT)
            .arg("+")
            .arg("-")
            .arg("COUNT")
            .arg(1);
        let entries = Entry::list(self.shared.link.query(&command).await?);
        let place = entries.first().and_then(Entry::place);
        Ok(place.map_or(0, |place| place.0))
    }
}

#[async_trait]
impl ChatRoom for RedisRoom {
    async fn join(&self, name: Name, after: Option<u64>) -> Result<Seat, Error> {
        // Who comes from another server has seen what was said there, and must not be told that
        // it is ahead; and whoever comes now does not want as new what was said before.
        let newest = self.newest().await?;
        let epoch = self.shared.epoch();
        let read = timeout(CATCH_UP, epoch.until_read(newest)).await;
        read.map_err(|_| behind())?;
        let seat = epoch.hall.join(name.clone(), after)?;
        let seat = epoch.bounded(seat, self.presence.leaves());
        self.presence.joined(&name).await?;
        Ok(seat)
    }

    async fn post(&self, message: ChatMessage) -> Result<ChatMessage, Error> {
        self.presence.spoken().await?;
        let mut script = self.post.prepare_invoke();
        script.key(keys::CHAT).key(keys::CHAT_IDS);
        script.arg(HallLimits::default().kept).arg(said(&message));
        script.arg(&message.user).arg(&message.text);
        script.arg(message.timestamp).arg(&message.id);
        let entry: Value = self.shared.link.run(&script).await?;
        Entry::one(entry).message().ok_or_else(unexpected)
    }

    async fn participants(&self) -> Result<Vec<String>, Error> {
        let mut script = self.list_present.prepare_invoke();
        script.key(keys::CHAT_PRESENT);
        let members: Vec<String> = self.shared.link.run(&script).await?;
        // Who is here is known here, and better.
        let members = members.iter().filter_map(|member| member.split_once('/'));
        let elsewhere = members.filter(|(server, _)| *server != self.presence.server());
        let mut names = self.shared.epoch().hall.names();
        names.extend(elsewhere.map(|(_, name)| name.to_owned()));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// The sender and its own id for a message, so that no two of them are the same text: the name's
/// length in bytes tells where it ends.
fn said(message: &ChatMessage) -> String {
    let ChatMessage { user, id, .. } = message;
    format!("{}:{user}:{id}", user.len())
}

fn behind() -> Error {
    Error::Unavailable {
        message: "this server has not read the chat from its Redis in time: try again, or another \
                  server"
            .into(),
        source: None,
    }
}

fn unexpected() -> Error {
    Error::Internal {
        message: "a message in Redis is not as this server writes it: see who else writes to the keys trivium:*".into(),
        source: None,
    }
}
