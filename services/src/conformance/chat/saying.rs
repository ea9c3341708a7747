//! What becomes of a line.

use super::super::{Verdict, holds, same, unique};
use super::{Guest, line, post, texts};
use crate::backend::Backend;
use crate::chat::LARGEST_TEXT;
use crate::model::ChatMessage;

pub(crate) async fn own_line(backend: &dyn Backend) -> Verdict {
    let name = unique("João 日本");
    let mut guest = Guest::join(backend, &name).await?;
    let said = line(&name, "hello");
    guest.say(said.clone());
    let heard = guest.hear(&[&name], 1).await?.swap_remove(0);
    holds("a place is at least 1", heard.sequence >= 1)?;
    holds("the time is set", heard.timestamp != 0)?;
    let wanted = ChatMessage {
        sequence: heard.sequence,
        timestamp: heard.timestamp,
        ..said
    };
    same("one's own line", Ok(heard), Ok(wanted))
}

pub(crate) async fn said_again(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, &name).await?;
    let one = line(&name, "one");
    let changed = ChatMessage {
        text: "one again".into(),
        ..one.clone()
    };
    for said in [one.clone(), changed.clone(), line(&name, "two")] {
        guest.say(said);
    }
    let heard = guest.hear(&[&name], 2).await?;
    same("what was heard", Ok(texts(&heard)), Ok(vec!["one", "two"]))?;
    drop(guest);
    let mut back = Guest::resume(backend, &name, Some(heard[1].sequence)).await?;
    for said in [one, line(&name, "three")] {
        back.say(said);
    }
    let heard = back.hear(&[&name], 1).await?;
    same("heard when back", Ok(texts(&heard)), Ok(vec!["three"]))
}

pub(crate) async fn posted_again(backend: &dyn Backend) -> Verdict {
    let said = line(&unique("Ana"), "once");
    let first = post(backend, &said).await?;
    let changed = ChatMessage {
        text: "twice".into(),
        ..said.clone()
    };
    let second = post(backend, &changed).await?;
    same("the second post", Ok(second), Ok(&first).cloned())?;
    let anothers = ChatMessage {
        user: unique("Bia"),
        ..said
    };
    let anothers = post(backend, &anothers).await?;
    let apart = anothers.sequence > first.sequence;
    holds("another's line of the same id is another line", apart)
}

pub(crate) async fn without_ids(backend: &dyn Backend) -> Verdict {
    let said = ChatMessage {
        id: String::new(),
        ..line(&unique("Ana"), "hello")
    };
    let (first, second) = (post(backend, &said).await?, post(backend, &said).await?);
    let apart = second.sequence > first.sequence;
    holds("without an id a line is said again", apart)
}

pub(crate) async fn first_name(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, "").await?;
    for said in [line(&name, "named"), line("", "not named")] {
        guest.say(said);
    }
    let heard = guest.hear(&[&name], 2).await?;
    same(
        "both lines",
        Ok(texts(&heard)),
        Ok(vec!["named", "not named"]),
    )
}

pub(crate) async fn own_name(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, &format!(" {name}  ")).await?;
    for said in [line("", "not named"), line(&format!("{name} "), "named")] {
        guest.say(said);
    }
    let heard = guest.hear(&[&name], 2).await?;
    same(
        "both lines",
        Ok(texts(&heard)),
        Ok(vec!["not named", "named"]),
    )
}

pub(crate) async fn timestamps(backend: &dyn Backend) -> Verdict {
    for timestamp in [1, 86_400, 1_763_703_001, -1] {
        let said = ChatMessage {
            timestamp,
            ..line(&unique("Ana"), "then")
        };
        let posted = post(backend, &said).await?;
        same(
            "the time that was given",
            Ok(posted.timestamp),
            Ok(timestamp),
        )?;
    }
    let posted = post(backend, &line(&unique("Ana"), "now")).await?;
    holds("a time is set where none was given", posted.timestamp != 0)
}

pub(crate) async fn longest_line(backend: &dyn Backend) -> Verdict {
    let name = unique("Ana");
    let mut guest = Guest::join(backend, &name).await?;
    let longest = "日".repeat(5_461) + "x";
    holds("it has 16 KiB", longest.len() == LARGEST_TEXT)?;
    for text in [&*longest, "", "<a&b> ]]> \"'\\ %41 \t\n 🙂 \r\n\u{85}"] {
        let posted = post(backend, &line(&name, text)).await?;
        let heard = guest.hear(&[&name], 1).await?.swap_remove(0);
        same("the text posted", Ok(&*posted.text), Ok(text))?;
        same("the line heard", Ok(heard), Ok(posted))?;
    }
    Ok(())
}
