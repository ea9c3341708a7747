//! One of the four: a client of a protocol, and what came to it.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context as _, Result, bail, ensure};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use services::model::{ChatMessage, Join};
use services::{ClientOptions, Context, Stream};
use tokio::time::timeout;

use super::hall::Door;

/// How long a line may take to come back: far more than it needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who takes part, in the order of the rooms.
const NAMES: [&str; 4] = ["Ana", "Bruno", "Carla", "Davi"];

/// The colour of each protocol, legible on black and on white.
const COLOURS: [AnsiColor; 4] = [
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Cyan,
    AnsiColor::Magenta,
];

/// One of the four.
pub(super) struct Person {
    name: &'static str,
    protocol: &'static str,
    colour: AnsiColor,
    up: UnboundedSender<ChatMessage>,
    down: Stream<ChatMessage>,
    heard: Vec<ChatMessage>,
}

impl Person {
    /// Connects over the door's protocol and joins.
    pub(super) async fn join(door: &Door) -> Result<Self> {
        let (name, room) = (NAMES[door.number], &door.room);
        let url = format!("{}://{}", room.scheme, door.address);
        let client = (room.connect)(url, ClientOptions::default()).await;
        let client = client.with_context(|| format!("{name} does not reach {}", room.protocol))?;
        let (up, lines) = unbounded();
        let join = Join {
            user: name.into(),
            after: None,
        };
        let context = Context::new();
        let joining = client.chat(&context, &join, lines.map(Ok).boxed());
        let down = timeout(PATIENCE, joining)
            .await
            .with_context(|| format!("{name} waits too long to join"))?;
        Ok(Self {
            name,
            protocol: room.protocol,
            colour: COLOURS[door.number],
            up,
            down: down.with_context(|| format!("{name} cannot join over {}", room.protocol))?,
            heard: Vec::new(),
        })
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    /// `Carla, gRPC`.
    pub(super) fn title(&self) -> String {
        format!("{}, {}", self.name, self.protocol)
    }

    pub(super) fn style(&self) -> Style {
        self.colour.on_default().bold()
    }

    pub(super) fn say(&self, text: &str) -> Result<()> {
        let line = ChatMessage {
            user: self.name.into(),
            text: text.into(),
            ..ChatMessage::default()
        };
        let said = self.up.unbounded_send(line);
        said.with_context(|| format!("the chat takes no more lines of {}", self.title()))
    }

    /// The next line that comes.
    pub(super) async fn hear(&mut self) -> Result<()> {
        match timeout(PATIENCE, self.down.next()).await {
            Ok(Some(Ok(line))) => self.heard.push(line),
            Ok(Some(Err(error))) => {
                return Err(error).with_context(|| format!("{} is cut off", self.title()));
            }
            Ok(None) => bail!("the chat of {} ended", self.title()),
            Err(_) => bail!(
                "a line did not reach {} within {} s",
                self.title(),
                PATIENCE.as_secs()
            ),
        }
        Ok(())
    }

    pub(super) fn heard(&self) -> &[ChatMessage] {
        &self.heard
    }

    /// The newest line, which [`hear`](Self::hear) has got.
    pub(super) fn last(&self) -> &ChatMessage {
        self.heard.last().expect("somebody has said a line")
    }

    /// Hangs up, and waits until the server has let go.
    pub(super) async fn leave(mut self) -> Result<()> {
        let title = self.title();
        drop(self.up);
        let ended = timeout(PATIENCE, self.down.next()).await;
        let ended = ended.with_context(|| format!("the chat of {title} does not end"))?;
        ensure!(ended.is_none(), "{title} heard more than was said");
        Ok(())
    }
}
