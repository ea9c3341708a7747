//! A person who chats as the programs' `chat` does, without a terminal.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use demo::Program;
use demo::chat::{Event, Session};
use services::ClientOptions;
use services::model::ChatMessage;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How long own lines may take to come back to who leaves.
const FAREWELL: Duration = Duration::from_secs(30);

/// What happened to a person so far.
#[derive(Debug, Default)]
struct Seen {
    /// The lines, as `[Name] text`, in the order in which they came.
    lines: Vec<String>,
    /// How many of them are the person's own.
    own: usize,
    /// The place of the last one in the order that all share.
    sequence: u64,
    joined: bool,
    /// How often a server was lost.
    losses: usize,
}

/// A person in the chat, until [`leave`](Self::leave).
pub(crate) struct Person {
    pub(crate) name: &'static str,
    /// Dropped, the person leaves.
    saying: mpsc::UnboundedSender<String>,
    said: Arc<Mutex<Vec<String>>>,
    seen: watch::Receiver<Seen>,
    chat: JoinHandle<()>,
}

impl Person {
    /// Joins at the first of those addresses, and goes to the next when it is lost.
    pub(crate) async fn join(
        name: &'static str,
        room: &'static Program,
        addresses: Vec<String>,
    ) -> Self {
        let urls = addresses
            .iter()
            .map(|address| format!("{}://{address}", room.scheme));
        let session = Session::new(name, urls.collect(), None, move |url| {
            (room.connect)(url, ClientOptions::default())
        });
        let (saying, lines) = mpsc::unbounded_channel();
        let (tell, mut seen) = watch::channel(Seen::default());
        let chat = tokio::spawn(chat(session, name, lines, tell));
        let joined = seen.wait_for(|seen| seen.joined).await;
        drop(joined.expect("the chat goes on"));
        Self {
            name,
            saying,
            said: Arc::default(),
            seen,
            chat,
        }
    }

    pub(crate) fn say(&self, text: &str) {
        let mut said = self.said.lock().expect("nobody panicked with it");
        said.push(line(self.name, text));
        self.saying.send(text.into()).expect("the chat goes on");
    }

    /// The lines that were said, in order, as everybody hears them.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().expect("nobody panicked with it").clone()
    }

    /// How often a server was lost.
    pub(crate) fn losses(&self) -> usize {
        self.seen.borrow().losses
    }

    /// Until somebody's line that ends so is there.
    pub(crate) async fn hears(&self, text: &str) {
        self.sees(|seen| seen.lines.iter().any(|line| line.ends_with(text)))
            .await;
    }

    /// Until so many lines are there.
    pub(crate) async fn has_heard(&self, lines: usize) {
        self.sees(|seen| seen.lines.len() >= lines).await;
    }

    /// Until all but a few of the lines that were said have come back.
    pub(crate) async fn has_waiting_at_most(&self, said: usize, few: usize) {
        self.sees(|seen| seen.own + few >= said).await;
    }

    /// Leaves; gives the lines.
    pub(crate) async fn leave(self) -> Vec<String> {
        drop(self.saying);
        self.chat.await.expect("the chat ends well");
        self.seen.borrow().lines.clone()
    }

    async fn sees(&self, what: impl FnMut(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        let saw = seen.wait_for(what).await;
        drop(saw.expect("the chat goes on"));
    }
}

/// Says what is to be said, and keeps what happens, until there is no more to say.
async fn chat(
    mut session: Session,
    name: &'static str,
    mut lines: mpsc::UnboundedReceiver<String>,
    tell: watch::Sender<Seen>,
) {
    let mut leaving = false;
    loop {
        tokio::select! {
            line = lines.recv(), if !leaving => match line {
                Some(text) => session.say(text).expect("few lines wait"),
                None => {
                    leaving = true;
                    session.leave(FAREWELL);
                }
            },
            event = session.next() => match event {
                Some(event) => tell.send_modify(|seen| happened(seen, name, event)),
                None => return,
            },
        }
    }
}

fn happened(seen: &mut Seen, name: &str, event: Event) {
    match event {
        Event::Joined { .. } => seen.joined = true,
        Event::Said(message) => heard(seen, name, &message),
        Event::Lost { failures: 1, .. } => seen.losses += 1,
        Event::Lost { .. } | Event::Resumed { .. } => {}
        Event::Left { unseen } => assert_eq!(unseen, 0, "{name}'s own lines came back"),
        Event::Missed { .. } | Event::Failed(_) => panic!("{name}: {event:?}"),
    }
}

fn heard(seen: &mut Seen, name: &str, message: &ChatMessage) {
    assert!(message.sequence > seen.sequence, "{name}: {message:?}");
    seen.sequence = message.sequence;
    seen.own += usize::from(message.user == name);
    seen.lines.push(line(&message.user, &message.text));
}

fn line(name: &str, text: &str) -> String {
    format!("[{name}] {text}")
}
