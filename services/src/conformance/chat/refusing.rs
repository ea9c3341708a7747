//! What cannot be said.

use super::super::{Verdict, fails_with, reference, same, unique};
use super::{Guest, line, refuses};
use crate::backend::{Backend, Chat};
use crate::chat::LARGEST_TEXT;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::model::{ChatMessage, Join};

/// A line that is too long, and one that no wire takes as a message by default but gRPC's.
const TOO_LONG: [usize; 2] = [LARGEST_TEXT + 1, 2_200_000];

pub(crate) async fn anothers_name(backend: &dyn Backend) -> Verdict {
    let guest = Guest::join(backend, &unique("Ana")).await?;
    guest.say(line(&unique("Bia"), "I am somebody else"));
    fails_with::<()>(
        "another's name",
        Err(guest.ends().await?),
        Code::InvalidArgument,
    )
}

pub(crate) async fn refused(backend: &dyn Backend) -> Verdict {
    let (context, reference) = (Context::new(), reference());
    let name = unique("Ana");
    for wrong in wrong_lines(&name) {
        let got = backend.post_message(&context, &wrong).await;
        fails_with("what cannot be said", got.clone(), Code::InvalidArgument)?;
        let wanted = reference.post_message(&context, &wrong).await;
        same("post_message", got, wanted)?;
    }
    for bytes in TOO_LONG {
        let guest = Guest::join(backend, &name).await?;
        guest.say(line(&name, &"x".repeat(bytes)));
        let ended: Result<(), Error> = Err(guest.ends().await?);
        let wanted = format!("text has {bytes} bytes: send at most {LARGEST_TEXT}");
        let wanted = Err(Error::InvalidArgument(wanted));
        same("a line that is too long", ended, wanted)?;
    }
    for user in ["n".repeat(65), "two\nlines".into()] {
        let join = Join { user, after: None };
        refuses(backend, &join, Code::InvalidArgument).await?;
    }
    Ok(())
}

fn wrong_lines(name: &str) -> impl Iterator<Item = ChatMessage> {
    let long_id = ChatMessage {
        id: "i".repeat(65),
        ..line(name, "")
    };
    let long_texts = TOO_LONG.map(|bytes| line(name, &"x".repeat(bytes)));
    let names = ["", "  ", "two\nlines", "a\u{7f}b"].map(str::to_owned);
    let names = names.into_iter().chain(["ä".repeat(65)]);
    let wrong_names = names.map(|name| line(&name, "hello"));
    wrong_names.chain([long_id]).chain(long_texts)
}
