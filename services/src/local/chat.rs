//! The chat: what is said is checked here, and gets its place from the room.

mod participation;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;

use self::participation::Participation;
use super::{Clock, Local, rules};
use crate::backend::Chat;
use crate::chat::Name;
use crate::context::Context;
use crate::error::{Error, excerpt};
use crate::model::{ChatMessage, Join};
use crate::stream::{Stream, covered};

/// Characters of a participant's name; from the contract.
const LONGEST_NAME: usize = 64;

#[async_trait]
impl Chat for Local {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let seat = async {
            let name = joined(&join.user)?;
            let seat = self.config.chat.join(Arc::clone(&name), join.after).await?;
            Ok((name, seat))
        };
        let (name, seat) = context.within(seat).await?;
        let (room, clock) = (Arc::clone(&self.config.chat), self.config.clock);
        let participation = Participation::new(room, clock, name, seat, messages);
        Ok(covered(context, participation.messages()))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        let post = async {
            let message = checked(message.clone(), &Name::default(), self.config.clock)?;
            self.config.chat.post(message).await
        };
        context.within(post).await
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        context.within(self.config.chat.participants()).await
    }
}

/// The name joined with: none yet where that is empty.
fn joined(user: &str) -> Result<Name, Error> {
    if user.is_empty() {
        return Ok(Name::default());
    }
    let user = rules::name("user", user, LONGEST_NAME)?;
    Ok(Arc::new(OnceLock::from(user)))
}

/// That message as the room takes it: in the participant's name, which is the first message's
/// where there was none, and with a time.
fn checked(message: ChatMessage, name: &Name, clock: Clock) -> Result<ChatMessage, Error> {
    rules::text(&message.text)?;
    rules::id("id", &message.id)?;
    rules::timestamp(message.timestamp)?;
    let timestamp = match message.timestamp {
        0 => clock.now(),
        given => given,
    };
    // Last, so that a message that is refused gives nobody a name.
    let user = speaker(&message.user, name)?;
    Ok(ChatMessage {
        user,
        timestamp,
        ..message
    })
}

fn speaker(user: &str, name: &Name) -> Result<String, Error> {
    if let (true, Some(name)) = (user.is_empty(), name.get()) {
        return Ok(name.clone());
    }
    let user = rules::name("user", user, LONGEST_NAME)?;
    let name = name.get_or_init(|| user.clone());
    if user == *name {
        return Ok(user);
    }
    let wanted = format!("you joined as \"{}\", speak in that name", excerpt(name));
    Err(Error::invalid("user", user, &wanted))
}
