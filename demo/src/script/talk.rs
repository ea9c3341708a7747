//! The chat of the demo: two people, each in a stream of their own, and one order for both.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use services::model::{ChatMessage, Join};
use services::{Backend, Context, Error, Stream};
use tokio::time::timeout;

use super::calls::timed;
use super::page::Page;
use crate::print::printable;

/// How long a line may take to come back: far more than it needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// One of the two.
struct Person {
    name: &'static str,
    up: UnboundedSender<ChatMessage>,
    down: Stream<ChatMessage>,
}

impl Person {
    async fn join(client: &dyn Backend, name: &'static str) -> Result<Self, Error> {
        let (up, lines) = unbounded();
        let join = Join {
            user: name.into(),
            after: None,
        };
        let lines = lines.map(Ok).boxed();
        let down = client.chat(&Context::new(), &join, lines).await?;
        Ok(Self { name, up, down })
    }

    fn say(&self, text: &str) -> anyhow::Result<()> {
        let message = ChatMessage {
            user: self.name.into(),
            text: text.into(),
            ..ChatMessage::default()
        };
        let said = self.up.unbounded_send(message);
        said.context("the chat takes no more lines")
    }

    async fn hear(&mut self) -> anyhow::Result<ChatMessage> {
        let line = timeout(PATIENCE, self.down.next()).await;
        let line = line.context("the line does not come back")?;
        Ok(line.context("the chat ended")??)
    }

    /// The server lets go of who has left.
    async fn leave(mut self) -> anyhow::Result<()> {
        drop(self.up);
        let ended = timeout(PATIENCE, self.down.next()).await;
        let ended = ended.context("the chat does not end")?;
        ensure!(ended.is_none(), "the chat goes on: {ended:?}");
        Ok(())
    }
}

pub(super) async fn talk(
    client: &dyn Backend,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    page.items("two people say a line each, and hear both:")?;
    // What the two cost together is told by no single exchange.
    let (talked, cost) = timed(&Context::new(), two_people(client, page)).await;
    talked.context("the chat failed")?;
    page.call("2 lines, in one order for both", &cost)?;
    Ok(())
}

async fn two_people(client: &dyn Backend, page: &mut Page<'_, impl Write>) -> anyhow::Result<()> {
    let mut ana = Person::join(client, "Ana").await?;
    let mut bob = Person::join(client, "Bob").await?;
    ana.say("hi Bob")?;
    hear(&mut ana, &mut bob, page).await?;
    bob.say("hi Ana")?;
    hear(&mut ana, &mut bob, page).await?;
    page.items_end()?;
    tokio::try_join!(ana.leave(), bob.leave())?;
    Ok(())
}

async fn hear(
    ana: &mut Person,
    bob: &mut Person,
    page: &mut Page<'_, impl Write>,
) -> anyhow::Result<()> {
    let (line, same) = tokio::try_join!(ana.hear(), bob.hear())?;
    ensure!(
        line == same,
        "they heard different lines: {line:?} and {same:?}"
    );
    page.item(&printable(&format!("[{}] {}", line.user, line.text)))?;
    Ok(())
}
