//! A participant in the chat who outlives connections: it goes to the next server when one is gone,
//! resumes after the last line seen, and says again what was not seen to come back. No terminal is
//! in it.
//!
//! With servers that number their lines and keep the senders' ids (ours), every line comes once, in
//! order, and every own line is said once. A course's server has neither: what is said while the
//! connection is down is lost there, and an own line may be said twice.

mod event;
mod link;
mod place;
mod setbacks;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use services::chat::LARGEST_TEXT;
use services::model::ChatMessage;
use services::{Backend, Code, Error};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

pub use event::{Event, Refused};
use link::{Link, Opening};
use place::Place;
use setbacks::{Setbacks, pause};

/// Reaches the server at a URL: a room's [`Connect`](crate::Connect) with its options.
pub type Dial = dyn Fn(String) -> BoxFuture<'static, Result<Arc<dyn Backend>, Error>> + Send + Sync;

/// Own lines that may wait to come back: past it nothing more is taken.
pub const LARGEST_WAITING: usize = 1_000;

/// How long a server may take to end the stream of who has left and has all own lines back. Over
/// protocols of separate calls it would else take who has gone for there until they are idle.
const FAREWELL: Duration = Duration::from_secs(1);

/// A connection that lived so long was a good one: the next failure is tried again at once.
const GOOD_LIFE: Duration = Duration::from_secs(1);

/// See the [module](self). Work is done in [`next`](Self::next) only.
pub struct Session {
    user: String,
    urls: Vec<String>,
    /// Which of the URLs is in use.
    at: usize,
    dial: Arc<Dial>,
    place: Place,
    /// Own lines that were not yet seen to come back, in order.
    waiting: VecDeque<ChatMessage>,
    state: State,
    joined: bool,
    failures: usize,
    setbacks: Setbacks,
    leaving: Option<Instant>,
    farewell: bool,
}

enum State {
    Opening(Opening),
    Open(Link),
    Over,
}

impl Session {
    /// A participant of that name. It begins at the first of the URLs, of which there is at least
    /// one, after that line, or from now on.
    pub fn new(
        user: impl Into<String>,
        urls: Vec<String>,
        after: Option<u64>,
        dial: impl Fn(String) -> BoxFuture<'static, Result<Arc<dyn Backend>, Error>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let mut session = Self {
            user: user.into(),
            urls,
            at: 0,
            dial: Arc::new(dial),
            place: Place::first(after),
            waiting: VecDeque::new(),
            state: State::Over,
            joined: false,
            failures: 0,
            setbacks: Setbacks::default(),
            leaving: None,
            farewell: false,
        };
        session.open(Duration::ZERO);
        session
    }

    /// Says a line, now or when there is a server again.
    ///
    /// # Errors
    /// [`Refused`] where too many own lines wait to come back, or the line is too long: a server
    /// that got it would end the connection, and so would the next.
    pub fn say(&mut self, text: impl Into<String>) -> Result<(), Refused> {
        let text = text.into();
        if text.len() > LARGEST_TEXT {
            return Err(Refused::TooLong { bytes: text.len() });
        }
        if !self.has_room() {
            return Err(Refused::Full);
        }
        let message = ChatMessage {
            user: self.user.clone(),
            text,
            id: Uuid::new_v4().to_string(),
            ..ChatMessage::default()
        };
        self.waiting.push_back(message.clone());
        match &self.state {
            State::Opening(opening) => opening.up.send(message),
            State::Open(link) => link.up.send(message),
            State::Over => {}
        }
        Ok(())
    }

    /// Whether [`say`](Self::say) takes a further line.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.waiting.len() < LARGEST_WAITING
    }

    /// How many own lines were not yet seen to come back.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The server that it is connected to.
    #[must_use]
    pub fn backend(&self) -> Option<Arc<dyn Backend>> {
        match &self.state {
            State::Open(link) => Some(Arc::clone(&link.backend)),
            _ => None,
        }
    }

    /// Leaves as soon as all own lines have come back, at the latest after that time.
    /// [`Event::Left`] follows.
    pub fn leave(&mut self, patience: Duration) {
        self.leaving = Instant::now().checked_add(patience);
        match &mut self.state {
            State::Opening(opening) => opening.up.close(),
            State::Open(link) => link.up.close(),
            State::Over => {}
        }
    }

    /// What happens next; `None` when it is over. It may be dropped and called again: nothing is
    /// lost by it.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if matches!(self.state, State::Over) {
                return None;
            }
            self.hasten();
            let stepped = match self.leaving {
                None => self.step().await,
                Some(latest) => match timeout_at(latest, self.step()).await {
                    Ok(event) => event,
                    Err(_) => return Some(self.left()),
                },
            };
            if let Some(event) = stepped {
                return Some(event);
            }
        }
    }

    /// Who leaves and has all own lines back only says farewell, and to nobody where there is no
    /// connection.
    fn hasten(&mut self) {
        let Some(latest) = self.leaving.filter(|_| self.waiting.is_empty()) else {
            return;
        };
        if !std::mem::replace(&mut self.farewell, true) {
            let now = Instant::now();
            let patience = match self.state {
                State::Open(_) => FAREWELL,
                _ => Duration::ZERO,
            };
            self.leaving = Some(latest.min(now + patience));
        }
    }

    /// One thing that happens, where it is worth an event.
    async fn step(&mut self) -> Option<Event> {
        match &mut self.state {
            State::Over => None,
            State::Opening(opening) => match opening.link().await {
                Ok(link) => self.opened(link),
                Err(error) => Some(self.lost(error)),
            },
            State::Open(link) => match link.next().await {
                link::Step::Said(message) => self.heard(message),
                link::Step::CaughtUp(lines) => {
                    let url = self.url().to_owned();
                    let caught_up = lines;
                    Some(Event::Resumed { url, caught_up })
                }
                link::Step::Ended(error) => {
                    let lived = link.lived();
                    Some(self.broken(lived, error))
                }
            },
        }
    }

    fn url(&self) -> &str {
        &self.urls[self.at]
    }

    /// Begins to connect to the server in use, with all that waits.
    fn open(&mut self, pause: Duration) {
        let mut opening = Opening::begin(link::Request {
            dial: Arc::clone(&self.dial),
            url: self.url().to_owned(),
            join: self.place.join(&self.user),
            pause,
        });
        for message in &self.waiting {
            opening.up.send(message.clone());
        }
        if self.leaving.is_some() {
            opening.up.close();
        }
        self.state = State::Opening(opening);
    }

    fn opened(&mut self, mut link: Link) -> Option<Event> {
        self.place.joined();
        let again = std::mem::replace(&mut self.joined, true);
        if again {
            link.count_lines();
        }
        self.state = State::Open(link);
        let url = self.url().to_owned();
        (!again).then_some(Event::Joined { url })
    }

    /// A line of the stream: an event, unless it was seen before or belongs to the time before.
    fn heard(&mut self, message: ChatMessage) -> Option<Event> {
        self.failures = 0;
        let own = self.came_back(&message);
        let State::Open(link) = &mut self.state else {
            return None;
        };
        if link.was_silent() {
            self.place.all_is_news();
        }
        if !self.place.takes(&message, own) {
            link.hid_line();
            return None;
        }
        link.took_line(&message);
        Some(Event::Said(message))
    }

    /// Whether that is an own line that waited. One without an id, from a server that has none, is
    /// known by name and text.
    fn came_back(&mut self, message: &ChatMessage) -> bool {
        let is_it = |waiting: &ChatMessage| {
            if message.id.is_empty() {
                (&waiting.user, &waiting.text) == (&message.user, &message.text)
            } else {
                waiting.id == message.id
            }
        };
        let found = self.waiting.iter().position(is_it);
        found.and_then(|at| self.waiting.remove(at)).is_some()
    }

    /// A connection that was made has ended.
    fn broken(&mut self, lived: Duration, error: Error) -> Event {
        let good = lived >= GOOD_LIFE;
        if good {
            self.failures = 0;
        }
        let line = self.waiting.front().filter(|_| !good);
        if !self.farewell && self.setbacks.are_enough(line, &error) {
            return self.failed(error);
        }
        self.lost(error)
    }

    fn lost(&mut self, error: Error) -> Event {
        match error.code() {
            _ if self.farewell => self.left(),
            Code::InvalidArgument | Code::Unimplemented => self.failed(error),
            Code::OutOfRange if self.place.give_up() => {
                let url = self.url().to_owned();
                self.open(Duration::ZERO);
                Event::Missed { url, error }
            }
            Code::OutOfRange => self.failed(error),
            _ => self.go_on(error),
        }
    }

    fn failed(&mut self, error: Error) -> Event {
        self.state = State::Over;
        Event::Failed(error)
    }

    /// To the next server.
    fn go_on(&mut self, error: Error) -> Event {
        let url = self.url().to_owned();
        self.at = (self.at + 1) % self.urls.len();
        self.failures += 1;
        let pause = pause(self.failures, self.urls.len());
        self.open(pause);
        Event::Lost {
            url,
            error,
            next: self.url().to_owned(),
            pause,
            failures: self.failures,
        }
    }

    fn left(&mut self) -> Event {
        self.state = State::Over;
        let unseen = self.waiting.len();
        Event::Left { unseen }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.user)
            .field("urls", &self.urls)
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}
