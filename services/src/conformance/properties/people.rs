//! Users, uploads and chat: what a wire and `Local` make of the same arguments, but for the ids and
//! places, which each store and room gives for itself.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use sha2::{Digest, Sha256};

use super::super::{answer, same, unique};
use super::{CASES, Checker, LONG_CASES, TIMESTAMPS, Text};
use crate::backend::{Backend, Chat, Users};
use crate::context::Context;
use crate::model::{ChatMessage, Join, NewUser, User, UserChanges};

impl Checker<'_> {
    pub(super) fn users(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        self.property("create_user", CASES, new_user(text), async |user| {
            let got = remote.create_user(context, &user).await;
            let wanted = local.create_user(context, &user).await;
            let both = (got.clone(), wanted.clone());
            same("create_user", got.map(values), wanted.map(values))?;
            let (Ok(kept), Ok(here)) = both else {
                return Ok(());
            };
            // So that its e-mail address is as free here as there.
            answer("delete_user", local.delete_user(context, here.id).await)?;
            let got = remote.get_user(context, kept.id).await;
            same("get_user", got, Ok(kept.clone()))?;
            let got = remote.delete_user(context, kept.id).await;
            same("delete_user", got, Ok(kept))
        });
    }

    pub(super) fn changes(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        let changes = user_changes(text);
        self.property("update_user", CASES, changes, async |changes| {
            let user = somebody();
            let here = answer("create_user", local.create_user(context, &user).await)?;
            let there = answer("create_user", remote.create_user(context, &user).await)?;
            let got = remote.update_user(context, there.id, &changes).await;
            let wanted = local.update_user(context, here.id, &changes).await;
            same("update_user", got.map(values), wanted.map(values))?;
            // So that its e-mail address is free for the next.
            answer("delete_user", local.delete_user(context, here.id).await)?;
            answer("delete_user", remote.delete_user(context, there.id).await).map(drop)
        });
    }

    pub(super) fn files(&self) {
        let chunks = vec(vec(any::<u8>(), 0..3_000), 0..20);
        self.property("upload_file", LONG_CASES, chunks, async |chunks| {
            let whole = chunks.concat();
            let upload = stream::iter(chunks).map(Bytes::from).map(Ok).boxed();
            let got = self.remote.upload_file(&self.context, upload).await;
            let got = got.map(|report| (report.size_bytes, report.sha256));
            let digest = Sha256::digest(&whole);
            let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            same("upload_file", got, Ok((whole.len() as u64, hash)))
        });
    }

    pub(super) fn posts(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        self.property("post_message", CASES, message(text), async |message| {
            let got = remote.post_message(context, &message).await;
            let wanted = local.post_message(context, &message).await;
            same("post_message", got.map(line), wanted.map(line))
        });
    }

    /// All that is said comes back, in order. Only what may be said: who says anything else is out.
    pub(super) fn chats(&self) {
        let texts = vec(Text::Xml.up_to(80), 0..20);
        self.property("chat", LONG_CASES, texts, async |texts| {
            let heard = heard(self.remote, &self.context, &texts).await?;
            same("what was heard", Ok(heard), Ok(texts))
        });
    }
}

/// What a participant who says that hears of its own.
async fn heard(
    backend: &dyn Backend,
    context: &Context,
    texts: &[String],
) -> Result<Vec<String>, String> {
    let join = Join {
        user: unique("Ana"),
        after: None,
    };
    let said: Vec<_> = texts
        .iter()
        .map(|text| Ok(said(&join.user, text)))
        .collect();
    let chat = backend
        .chat(context, &join, stream::iter(said).boxed())
        .await;
    let heard: Result<Vec<_>, _> = answer("chat", chat)?.try_collect().await;
    let heard = answer("the chat up to its end", heard)?.into_iter();
    let own = heard.filter(|line| line.user == join.user);
    Ok(own.map(|line| line.text).collect())
}

fn said(user: &str, text: &str) -> ChatMessage {
    ChatMessage {
        user: user.into(),
        text: text.into(),
        ..ChatMessage::default()
    }
}

fn somebody() -> NewUser {
    NewUser {
        name: "Ana".into(),
        email: format!("{}@example.org", unique("ana")),
        ..NewUser::default()
    }
}

/// What of a user is not given by its store.
fn values(user: User) -> (String, String, Vec<String>) {
    (user.name, user.email, user.roles)
}

/// What of a line is not given by its room.
fn line(message: ChatMessage) -> ChatMessage {
    ChatMessage {
        sequence: 0,
        ..message
    }
}

/// Some with an address that one can have, and that nobody else has.
fn email(text: Text) -> impl Strategy<Value = String> {
    let own = text
        .up_to(20)
        .prop_map(|text| unique(&text) + "@example.org");
    prop_oneof![own, text.up_to(20)]
}

fn new_user(text: Text) -> impl Strategy<Value = NewUser> {
    let external_id = option::of(Just(()).prop_map(|()| unique("id")));
    let fields = (name(text), email(text), roles(text), external_id);
    fields.prop_map(|(name, email, roles, external_id)| NewUser {
        name,
        email,
        roles,
        external_id,
    })
}

fn user_changes(text: Text) -> impl Strategy<Value = UserChanges> {
    let fields = (
        option::of(name(text)),
        option::of(email(text)),
        option::of(roles(text)),
    );
    fields.prop_map(|(name, email, roles)| UserChanges { name, email, roles })
}

/// Most of them are names that one can have.
fn name(text: Text) -> impl Strategy<Value = String> {
    prop_oneof![text.up_to(8), "[A-Za-zÀ-ÿ日本🙂 '.-]{1,40}"]
}

fn roles(text: Text) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![vec("[a-zà-ÿ日]{1,12}", 0..4), vec(text.up_to(8), 0..3)]
}

fn message(text: Text) -> impl Strategy<Value = ChatMessage> {
    let id = prop_oneof![Just(String::new()), text.up_to(4)];
    let fields = (name(text), text.up_to(200), TIMESTAMPS, 0..1_u64 << 53, id);
    fields.prop_map(|(user, text, timestamp, sequence, id)| ChatMessage {
        user,
        text,
        timestamp,
        sequence,
        // Said by nobody before, where there is one.
        id: if id.is_empty() {
            id
        } else {
            id + &unique("")[..20]
        },
    })
}
