//! Calls and subscriptions over WebSocket.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use services::{ByteCount, ClientOptions, Context, Error};

use super::written;
use crate::codec::reply::result_of;
use crate::codec::request::Outgoing;
use crate::transport::link::{Link, Subscription};

/// The WebSocket, opened when it is needed first, and again when it broke.
#[derive(Debug)]
pub(super) struct WebSocket {
    authority: String,
    path: String,
    options: ClientOptions,
    link: Mutex<Option<Arc<Link>>>,
    /// Held while connecting, so that calls at the same time share one connection.
    connecting: tokio::sync::Mutex<()>,
}

impl WebSocket {
    pub(super) fn new(authority: &str, path: &str, options: &ClientOptions) -> Self {
        Self {
            authority: authority.into(),
            path: path.into(),
            options: options.clone(),
            link: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
        }
    }

    /// The link, and what it had carried when this call began: nothing, where the call opens it.
    pub(super) async fn link(&self) -> Result<(Arc<Link>, ByteCount), Error> {
        if let Some(link) = self.open_link() {
            let before = link.bytes();
            return Ok((link, before));
        }
        let _connecting = self.connecting.lock().await;
        if let Some(link) = self.open_link() {
            let before = link.bytes();
            return Ok((link, before));
        }
        let link = Link::connect(&self.authority, &self.path, &self.options).await?;
        let link = Arc::new(link);
        *self.lock() = Some(Arc::clone(&link));
        Ok((link, ByteCount::default()))
    }

    pub(super) fn open_link(&self) -> Option<Arc<Link>> {
        self.lock().as_ref().filter(|link| link.is_open()).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Link>>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn call<P: Serialize, T: DeserializeOwned>(
        &self,
        context: &Context,
        method: &str,
        params: P,
    ) -> Result<T, Error> {
        let (link, before) = self.link().await?;
        asked(&link, before, context, method, params).await
    }

    /// Opens a subscription.
    pub(super) async fn subscribe<P: Serialize>(
        &self,
        context: &Context,
        methods: [String; 2],
        params: P,
    ) -> Result<Subscription, Error> {
        let [subscribe, unsubscribe] = methods;
        let (link, before) = self.link().await?;
        let id = link.next_id();
        let request = Outgoing::new(&subscribe, params, Some(id));
        let text = written(&beside(context, request))?;
        let up = text.len();
        let (reply, subscription) = link.subscribe(id, text, unsubscribe).await?;
        learn(context, &link, before, (up, reply.len()));
        // An error reply has opened nothing.
        result_of::<IgnoredAny>(&reply)?;
        Ok(subscription)
    }
}

/// One call on that link, which the caller has chosen.
pub(in crate::client) async fn ask<P: Serialize, T: DeserializeOwned>(
    link: &Link,
    context: &Context,
    method: &str,
    params: P,
) -> Result<T, Error> {
    asked(link, link.bytes(), context, method, params).await
}

/// `before` is what the link had carried when the call began.
async fn asked<P: Serialize, T: DeserializeOwned>(
    link: &Link,
    before: ByteCount,
    context: &Context,
    method: &str,
    params: P,
) -> Result<T, Error> {
    let id = link.next_id();
    let text = written(&beside(context, Outgoing::new(method, params, Some(id))))?;
    let up = text.len();
    let reply = link.call(id, text).await?;
    learn(context, link, before, (up, reply.len()));
    result_of(&reply)
}

/// Puts what the context holds beside the parameters: over WebSocket there are no headers.
fn beside<'a, P>(context: &'a Context, mut request: Outgoing<'a, P>) -> Outgoing<'a, P> {
    request.timeout_ms = context.remaining().map(|remaining| {
        // Rounded up, so that the server never gives up before its caller.
        let millis = remaining.as_nanos().div_ceil(1_000_000);
        u64::try_from(millis).unwrap_or(u64::MAX)
    });
    request.metadata = (!context.metadata.is_empty()).then(|| context.metadata.iter().collect());
    request
}

fn learn(context: &Context, link: &Link, before: ByteCount, (up, down): (usize, usize)) {
    let after = link.bytes();
    context.learn(|exchange| {
        exchange.server = link.server().map(str::to_owned);
        exchange.body = ByteCount {
            up: up as u64,
            down: down as u64,
        };
        exchange.wire = ByteCount {
            up: after.up - before.up,
            down: after.down - before.down,
        };
    });
}
