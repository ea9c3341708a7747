//! A session at a face: what is typed is said, what happens is shown.

use std::collections::BTreeSet;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::FutureExt;
use futures::future::BoxFuture;
use services::chat::LARGEST_TEXT;
use services::model::ChatMessage;
use services::{Code, Context, Error};

use super::look::name;
use super::session::{Event, Session};
use super::typed::{HELP, Typed};
use crate::print::{QUIET, described, printable, shown_url};
use crate::signals::Signals;

/// Where lines are typed and shown.
pub(super) trait Face {
    /// How long who has left waits for the own lines that have not come back.
    const PATIENCE: Duration;

    /// Whether each typed line waits until the one before is answered, as scripts expect it.
    const IN_TURN: bool;

    /// What is typed next; `None` at the end of input. Nothing is lost when it is dropped.
    async fn typed(&mut self) -> anyhow::Result<Option<Typed>>;

    /// A line that somebody said.
    fn said(&mut self, message: &ChatMessage) -> io::Result<()>;

    /// Something that is to be known, but is no line of the chat. It is fit for a terminal.
    fn note(&mut self, text: &str) -> io::Result<()>;

    /// The same, for people only.
    fn welcome(&mut self, text: &str) -> io::Result<()>;

    /// So many own lines wait while there is no server.
    fn waiting(&mut self, lines: usize) -> io::Result<()>;
}

/// How long the names of those who take part may take.
const WHO_PATIENCE: Duration = Duration::from_secs(5);

type Names = BoxFuture<'static, Result<Vec<String>, Error>>;

pub(super) struct Talk<F> {
    pub(super) session: Session,
    pub(super) face: F,
    /// How many servers there are to try.
    servers: usize,
    /// Who has said something, for servers that do not tell who takes part.
    spoken: BTreeSet<String>,
    asked: Option<Names>,
    /// The names are to be asked for when there is a connection.
    to_ask: bool,
    /// Own lines that were not said.
    refused: usize,
    joined: bool,
    leaving: bool,
}

impl<F: Face> Talk<F> {
    pub(super) fn new(session: Session, servers: usize, face: F) -> Self {
        Self {
            session,
            face,
            servers,
            spoken: BTreeSet::new(),
            asked: None,
            to_ask: false,
            refused: 0,
            joined: false,
            leaving: false,
        }
    }

    /// Until the end of input, `/quit`, a signal, or an error that cannot get better.
    pub(super) async fn run(mut self) -> anyhow::Result<ExitCode> {
        let mut signals = Signals::listen().context("signals cannot be waited for")?;
        loop {
            let takes_lines = !self.leaving && self.session.has_room() && !self.owes_an_answer();
            tokio::select! {
                event = self.session.next() => match event {
                    None => return self.over(),
                    Some(event) => {
                        self.happened(event)?;
                        self.ask_when_connected();
                    }
                },
                typed = self.face.typed(), if takes_lines => match typed? {
                    None => self.leave(),
                    Some(typed) => self.typed(typed)?,
                },
                names = answer(&mut self.asked) => {
                    self.asked = None;
                    self.told_names(names)?;
                }
                signal = signals.next() => return Ok(signal.exit_code()),
            }
            self.show_waiting()?;
        }
    }

    /// Lines that were not said are no success.
    fn over(&self) -> anyhow::Result<ExitCode> {
        match self.refused {
            0 => Ok(ExitCode::SUCCESS),
            refused => bail!("{} of yours was not said", lines(refused)),
        }
    }

    fn typed(&mut self, typed: Typed) -> io::Result<()> {
        match typed {
            Typed::Line(text) => self.say(text),
            Typed::Overlong => self.face.note(&format!(
                "that is too long: a line has at most {LARGEST_TEXT} bytes"
            )),
            Typed::Who => self.ask_names(),
            Typed::Quit => {
                self.leave();
                Ok(())
            }
            Typed::Help => HELP.lines().try_for_each(|line| self.face.note(line)),
            Typed::Unknown(command) => {
                let command = printable(&command);
                let text = format!("there is no {command}: /help tells what there is");
                self.face.note(&text)
            }
            Typed::Nothing => Ok(()),
        }
    }

    /// A full session takes no lines to begin with: see `run`.
    fn say(&mut self, text: String) -> io::Result<()> {
        let Err(refused) = self.session.say(text) else {
            return Ok(());
        };
        self.refused += 1;
        self.face.note(&refused.to_string())
    }

    fn leave(&mut self) {
        self.leaving = true;
        self.session.leave(F::PATIENCE);
    }

    fn show_waiting(&mut self) -> io::Result<()> {
        let down = self.session.backend().is_none();
        let lines = if down { self.session.waiting() } else { 0 };
        self.face.waiting(lines)
    }

    /// Whether what is typed next has to wait until the names are there.
    fn owes_an_answer(&self) -> bool {
        F::IN_TURN && (self.to_ask || self.asked.is_some())
    }

    fn ask_names(&mut self) -> io::Result<()> {
        self.to_ask = true;
        self.ask_when_connected();
        if self.to_ask && !F::IN_TURN {
            return self
                .face
                .note("there is no connection: who takes part is told when there is one");
        }
        Ok(())
    }

    fn ask_when_connected(&mut self) {
        let Some(backend) = self.session.backend().filter(|_| self.to_ask) else {
            return;
        };
        self.to_ask = false;
        let context = Context::with_timeout(WHO_PATIENCE);
        let names = async move { backend.list_participants(&context).await };
        self.asked = Some(names.boxed());
    }

    fn told_names(&mut self, names: Result<Vec<String>, Error>) -> io::Result<()> {
        let listed = |names: &mut dyn Iterator<Item = &String>| {
            // A note is dim, and a name's own colour is not.
            let names: Vec<_> = names.map(|one| format!("{QUIET:#}{}", name(one))).collect();
            names.join(" ")
        };
        let text = match names {
            Ok(names) => format!("here: {}", listed(&mut names.iter())),
            Err(error) if error.code() == Code::Unimplemented && self.spoken.is_empty() => {
                "this server does not tell, and nobody has spoken yet".to_owned()
            }
            Err(error) if error.code() == Code::Unimplemented => {
                format!("spoken so far: {}", listed(&mut self.spoken.iter()))
            }
            Err(error) => format!("who takes part is not known: {}", described(&error)),
        };
        self.face.note(&text)
    }

    fn happened(&mut self, event: Event) -> anyhow::Result<()> {
        match event {
            Event::Joined { url } => {
                self.joined = true;
                let text = format!(
                    "connected to {}; /help tells what can be typed",
                    shown_url(&url)
                );
                self.face.welcome(&text)?;
            }
            Event::Said(message) => {
                self.spoken.insert(message.user.clone());
                self.face.said(&message)?;
            }
            Event::Lost {
                url,
                error,
                next,
                failures,
                ..
            } => self.lost(&url, &error, &next, failures)?,
            Event::Resumed { url, caught_up } => {
                let (url, lines) = (shown_url(&url), lines(caught_up));
                self.face
                    .note(&format!("connected to {url} again, {lines} caught up"))?;
            }
            Event::Missed { error, .. } => {
                let text = format!(
                    "lines are missing ({}): going on from now",
                    described(&error)
                );
                self.face.note(&text)?;
            }
            Event::Left { unseen: 0 } => {}
            Event::Left { unseen } => {
                bail!(
                    "{} of yours did not come back: they may not have been said",
                    lines(unseen)
                )
            }
            Event::Failed(error) => bail!("{}", described(&error)),
        }
        Ok(())
    }

    /// Tells the first failure, and that all servers failed; the rest would only fill the screen.
    fn lost(
        &mut self,
        url: &str,
        error: &Error,
        next: &str,
        failures: usize,
    ) -> anyhow::Result<()> {
        let next = shown_url(next);
        if !self.joined {
            let reason = described(error);
            if failures >= self.servers {
                bail!("{reason}");
            }
            let url = shown_url(url);
            self.face
                .note(&format!("{url} is not there, trying {next} ({reason})"))?;
        } else if failures == 1 {
            self.face.note(&format!("{}, trying {next}", loss(error)))?;
        } else if failures == self.servers.max(2) {
            self.face
                .note("no server answers: trying on until one does")?;
        }
        Ok(())
    }
}

/// How a connection was lost. That one broke needs no more words; all else is for the participant
/// to know, such as having read too slowly.
fn loss(error: &Error) -> String {
    match error {
        closing if *closing == Error::closing() => "the server is closing".to_owned(),
        Error::Unavailable { .. } => "connection lost".to_owned(),
        other => format!("connection lost ({})", described(other)),
    }
}

/// The answer, once there is one.
async fn answer(asked: &mut Option<Names>) -> Result<Vec<String>, Error> {
    match asked {
        Some(names) => names.await,
        None => std::future::pending().await,
    }
}

fn lines(count: usize) -> String {
    match count {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    }
}
