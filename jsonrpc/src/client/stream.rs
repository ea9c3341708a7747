//! Both kinds of stream: a subscription for those that come, an upload for those that go.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use futures::StreamExt;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use services::operation::Operation;
use services::{ByteCount, Context, Error, Stream};

use super::batches::batches;
use super::{Client, NOTHING};
use crate::contract;
use crate::convert::{StreamItem, stream_item_from_wire};
use crate::transport::link::{Link, Subscription};

/// How an item goes up.
pub(super) struct Upward<T, W> {
    /// At most so many bytes it is as JSON.
    pub(super) bytes: fn(&T) -> usize,
    /// What it is on the wire.
    pub(super) item: fn(T) -> W,
}

impl Client {
    /// A server stream: the context's deadline covers its opening.
    pub(super) async fn subscribe<P, W, T>(
        &self,
        context: &Context,
        operation: &Operation,
        params: P,
        item: fn(W) -> T,
    ) -> Result<Stream<T>, Error>
    where
        P: Serialize + Send,
        W: DeserializeOwned + 'static,
        T: Send + 'static,
    {
        let items = self.items(context, operation, params, item).await?;
        Ok(services::stream::covered(context, items.boxed()))
    }

    /// Opens a subscription: the context's deadline covers that.
    pub(super) async fn items<P, W, T>(
        &self,
        context: &Context,
        operation: &Operation,
        params: P,
        item: fn(W) -> T,
    ) -> Result<Items<W, T>, Error>
    where
        P: Serialize + Send,
    {
        let name = operation.name;
        let methods = [contract::subscribe(name), contract::unsubscribe(name)];
        let opened = self.wire.subscribe(context, methods, params);
        let subscription = context.within(opened).await?;
        Ok(Items {
            context: context.clone(),
            before: subscription.link().bytes(),
            subscription: Some(subscription),
            item,
        })
    }

    /// A client stream: the context's deadline covers it whole. Where this is dropped or the
    /// items break off, the upload is cancelled at the server, so that it never counts as whole.
    pub(super) async fn upload<T, W, R>(
        &self,
        context: &Context,
        operation: &Operation,
        items: Stream<T>,
        how: Upward<T, W>,
    ) -> Result<R, Error>
    where
        T: Send + 'static,
        W: Serialize + Send,
        R: DeserializeOwned,
    {
        let name = operation.name;
        let (open, send, close) = (
            contract::open(name),
            contract::send(name),
            contract::close(name),
        );
        let upload = async {
            let id: String = self.part(context, &open, NOTHING).await?;
            let mut unfinished = Unfinished {
                client: self,
                operation,
                id: Some(&id),
            };
            let batches = batches(items, how.bytes).enumerate();
            futures::pin_mut!(batches);
            while let Some((seq, batch)) = batches.next().await {
                let batch: Vec<W> = batch?.into_iter().map(how.item).collect();
                // What a server answers to this does not matter.
                let _: IgnoredAny = self.part(context, &send, (&id, seq, batch)).await?;
            }
            let result = self.part(context, &close, [&id]).await;
            // The server has given its answer, or cannot be reached.
            unfinished.id = None;
            result
        };
        context.within(upload).await
    }

    /// One call of several that make an exchange: its bytes are added to theirs.
    async fn part<P, R>(&self, context: &Context, method: &str, params: P) -> Result<R, Error>
    where
        P: Serialize + Send,
        R: DeserializeOwned,
    {
        let own = context.fresh_exchange();
        let result = self.wire.call(&own, method, params).await;
        let part = own.exchange();
        context.learn(|whole| {
            whole.body = sum(whole.body, part.body);
            whole.wire = sum(whole.wire, part.wire);
            whole.server = part.server;
        });
        result
    }
}

/// An upload that is open at the server; dropping it cancels it there.
struct Unfinished<'a> {
    client: &'a Client,
    operation: &'a Operation,
    id: Option<&'a str>,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            let cancel = contract::cancel(self.operation.name);
            self.client.wire.farewell(&cancel, [id]);
        }
    }
}

fn sum(a: ByteCount, b: ByteCount) -> ByteCount {
    ByteCount {
        up: a.up + b.up,
        down: a.down + b.down,
    }
}

/// The items of a subscription. When it ends or is dropped the context learns their bytes.
pub(super) struct Items<W, T> {
    context: Context,
    before: ByteCount,
    subscription: Option<Subscription>,
    item: fn(W) -> T,
}

impl<W: DeserializeOwned, T> Items<W, T> {
    /// What the text of an item gives; all but an item is the end.
    fn read(&mut self, text: &str) -> Option<Result<T, Error>> {
        self.context
            .learn(|exchange| exchange.body.down += text.len() as u64);
        let read = match serde_json::from_str::<StreamItem<W>>(text) {
            Ok(received) => stream_item_from_wire(received, self.item),
            Err(cause) => {
                // The server goes on: dropping the subscription tells it to stop.
                self.subscription = None;
                let text = "an item of the stream cannot be read";
                return Some(Err(Error::internal(text, cause)));
            }
        };
        if !matches!(read, Some(Ok(_)))
            && let Some(subscription) = &mut self.subscription
        {
            subscription.ended();
            self.finish();
        }
        read
    }
}

impl<W, T> Items<W, T> {
    /// The connection of the subscription and its id there, as long as it is open.
    pub(super) fn place(&self) -> Option<(Arc<Link>, Box<RawValue>)> {
        self.subscription.as_ref()?.place()
    }

    /// Whether the last item has been given.
    pub(super) const fn is_over(&self) -> bool {
        self.subscription.is_none()
    }

    /// Unsubscribes: there will be no more items.
    pub(super) fn give_up(&mut self) {
        self.finish();
    }

    fn finish(&mut self) {
        if let Some(subscription) = self.subscription.take() {
            let after = subscription.link().bytes();
            let passed = ByteCount {
                up: after.up - self.before.up,
                down: after.down - self.before.down,
            };
            self.context
                .learn(|exchange| exchange.wire = sum(exchange.wire, passed));
        }
    }
}

impl<W, T> Drop for Items<W, T> {
    fn drop(&mut self) {
        self.finish();
    }
}

impl<W: DeserializeOwned, T> futures::Stream for Items<W, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(subscription) = &mut this.subscription else {
            return Poll::Ready(None);
        };
        match ready!(subscription.poll_next(task)) {
            Ok(text) => Poll::Ready(this.read(&text)),
            Err(error) => {
                this.finish();
                Poll::Ready(Some(Err(error)))
            }
        }
    }
}
