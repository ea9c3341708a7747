//! Who is in the room, and how one leaves it.

use std::time::Duration;

use futures::TryStreamExt;

use super::super::{Verdict, answer, holds, same, unique};
use super::{Guest, line};
use crate::backend::Backend;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::model::ChatMessage;

/// Between two looks at who takes part; the scenario's limit of time ends them.
const LOOK: Duration = Duration::from_millis(10);

async fn listed(backend: &dyn Backend) -> Result<Vec<String>, String> {
    let listed = backend.list_participants(&Context::new()).await;
    answer("list_participants", listed)
}

async fn gone(backend: &dyn Backend, name: &str) -> Verdict {
    while listed(backend).await?.iter().any(|listed| listed == name) {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

pub(crate) async fn participants(backend: &dyn Backend) -> Verdict {
    let (ana, bia) = (unique("Ana"), unique("Bia"));
    let guests = [
        Guest::join(backend, &bia).await?,
        Guest::join(backend, &ana).await?,
        Guest::join(backend, &ana).await?,
    ];
    let all = listed(backend).await?;
    let ours: Vec<_> = all
        .iter()
        .filter(|name| [&ana, &bia].contains(name))
        .collect();
    same("who takes part", Ok(ours), Ok(vec![&ana, &bia]))?;
    holds(
        "names are sorted, each once",
        all.is_sorted_by(|a, b| a < b),
    )?;
    let [second, first, _again] = guests;
    drop(second);
    gone(backend, &bia).await?;
    drop(first);
    let still = listed(backend).await?.contains(&ana);
    holds("who has two streams and drops one takes part", still)
}

pub(crate) async fn dropped(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, &name).await?;
    guest.say(line(&name, "hello"));
    guest.hear(&[&name], 1).await?;
    drop(guest);
    gone(backend, &name).await
}

pub(crate) async fn leaving(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let guest = Guest::join(backend, &name).await?;
    for text in ["one", "two", "bye"] {
        guest.say(line(&name, text));
    }
    drop(guest.says);
    let heard: Result<Vec<ChatMessage>, _> = guest.hears.try_collect().await;
    let heard = answer("the chat up to its end", heard)?;
    // What others say before the server sees the end may follow the last own line.
    let own = heard.iter().filter(|line| line.user == name);
    let own: Vec<_> = own.map(|line| &*line.text).collect();
    same("one's own lines", Ok(own), Ok(vec!["one", "two", "bye"]))?;
    gone(backend, &name).await?;
    let silent = Guest::join(backend, &name).await?;
    drop(silent.says);
    let heard: Result<Vec<_>, _> = silent.hears.try_collect().await;
    answer("the chat of who says nothing", heard)?;
    gone(backend, &name).await
}

pub(crate) async fn breaking_off(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, &name).await?;
    guest.say(line(&name, "hello"));
    guest.hear(&[&name], 1).await?;
    let broken = Error::new(Code::Cancelled, "the keyboard is gone");
    // Fails where the chat has ended, of which hearing tells.
    let _ = guest.says.unbounded_send(Err(broken.clone()));
    same::<()>("the end", Err(guest.ends().await?), Err(broken))?;
    gone(backend, &name).await
}
