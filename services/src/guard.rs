//! What every server puts around its backend: deadlines are kept, a panic is an Internal error,
//! streams end when the server closes, and the observer is told. A backend around a backend, so
//! that no room has to do any of it.

mod services;

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as TaskContext, Poll, ready};

use futures::{FutureExt, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::backend::Backend;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::operation::Operation;
use crate::options::{CallRecord, Observer, ServeOptions};
use crate::stream::{Stream, covered};

/// That backend, guarded: see the [module](self). When `closing` is cancelled, open server streams
/// end with [`Error::Unavailable`]; calls in flight go on.
pub fn guarded(
    backend: Arc<dyn Backend>,
    options: &ServeOptions,
    closing: CancellationToken,
) -> Arc<dyn Backend> {
    Arc::new(Guard {
        backend,
        observer: options.observer.clone(),
        closing,
    })
}

struct Guard {
    backend: Arc<dyn Backend>,
    observer: Option<Arc<dyn Observer>>,
    closing: CancellationToken,
}

impl Guard {
    /// A call with one answer.
    async fn call<T>(
        &self,
        operation: &'static Operation,
        context: &Context,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        let watch = self.watch(operation, context);
        watched(watch, context, call).await
    }

    /// A call that reads a stream, whose items that counter counts.
    async fn read<T>(
        &self,
        operation: &'static Operation,
        context: &Context,
        read: Arc<AtomicU64>,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Error> {
        let mut watch = self.watch(operation, context);
        watch.read = Some(read);
        watched(watch, context, call).await
    }

    /// That stream of the caller's, whose items are counted and told to the observer as the backend
    /// reads them.
    fn counted<T: Send + 'static>(
        &self,
        operation: &'static Operation,
        stream: Stream<T>,
        read: &Arc<AtomicU64>,
    ) -> Stream<T> {
        let (read, observer) = (Arc::clone(read), self.observer.clone());
        let count = move |item: &Result<T, Error>| {
            if item.is_ok() {
                read.fetch_add(1, Ordering::Relaxed);
                if let Some(observer) = &observer {
                    observer.item_received(operation);
                }
            }
        };
        stream.inspect(count).boxed()
    }

    /// A call that opens a stream.
    async fn open<T: Send + 'static>(
        &self,
        operation: &'static Operation,
        context: &Context,
        call: impl Future<Output = Result<Stream<T>, Error>> + Send,
    ) -> Result<Stream<T>, Error> {
        self.opened(self.watch(operation, context), context, call)
            .await
    }

    /// A call that opens a stream and reads one, whose items that counter counts.
    async fn exchange<T: Send + 'static>(
        &self,
        operation: &'static Operation,
        context: &Context,
        read: Arc<AtomicU64>,
        call: impl Future<Output = Result<Stream<T>, Error>> + Send,
    ) -> Result<Stream<T>, Error> {
        let mut watch = self.watch(operation, context);
        watch.read = Some(read);
        self.opened(watch, context, call).await
    }

    async fn opened<T: Send + 'static>(
        &self,
        watch: Watch,
        context: &Context,
        call: impl Future<Output = Result<Stream<T>, Error>> + Send,
    ) -> Result<Stream<T>, Error> {
        match context.within(caught(call)).await {
            Err(error) => {
                watch.end(Some(error.code()));
                Err(error)
            }
            Ok(stream) => {
                let closing = Box::pin(self.closing.clone().cancelled_owned());
                Ok(GuardedStream {
                    inner: Some((covered(context, stream), watch)),
                    closing,
                }
                .boxed())
            }
        }
    }

    fn watch(&self, operation: &'static Operation, context: &Context) -> Watch {
        let peer = context.peer;
        let observer = self.observer.clone();
        if let Some(observer) = &observer {
            observer.call_started(operation);
        }
        Watch {
            observer,
            operation,
            peer,
            started: Instant::now(),
            items: 0,
            read: None,
        }
    }
}

/// Tells the observer once: what it was told to, or, when dropped before, that the caller gave up.
struct Watch {
    observer: Option<Arc<dyn Observer>>,
    operation: &'static Operation,
    peer: Option<std::net::SocketAddr>,
    started: Instant,
    /// Items given to the caller.
    items: u64,
    /// Items that came from the caller: the backend reads those, so they are counted there.
    read: Option<Arc<AtomicU64>>,
}

impl Watch {
    fn end(mut self, outcome: Option<Code>) {
        self.tell(outcome);
    }

    fn gave_item(&mut self) {
        self.items += 1;
        if let Some(observer) = &self.observer {
            observer.item_sent(self.operation);
        }
    }

    fn tell(&mut self, outcome: Option<Code>) {
        if let Some(observer) = self.observer.take() {
            let read = self.read.as_ref();
            let read = read.map_or(0, |read| read.load(Ordering::Relaxed));
            observer.call_ended(&CallRecord {
                operation: self.operation,
                peer: self.peer,
                outcome,
                elapsed: self.started.elapsed(),
                items: self.items + read,
            });
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.tell(Some(Code::Cancelled));
    }
}

async fn watched<T>(
    watch: Watch,
    context: &Context,
    call: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    // region: watched
    let result = context.within(caught(call)).await;
    watch.end(result.as_ref().err().map(Error::code));
    result
    // endregion: watched
}

async fn caught<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(call)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// The panic's text stays at the server, whose panic hook has printed it.
fn panicked(_panic: &(dyn Any + Send)) -> Error {
    Error::new(
        Code::Internal,
        "the operation panicked: the server's log has the reason",
    )
}

struct GuardedStream<T> {
    inner: Option<(Stream<T>, Watch)>,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<T> GuardedStream<T> {
    fn end(&mut self, outcome: Option<Code>) {
        if let Some((stream, watch)) = self.inner.take() {
            drop(stream);
            watch.end(outcome);
        }
    }
}

impl<T> futures::Stream for GuardedStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some((stream, watch)) = &mut this.inner else {
            return Poll::Ready(None);
        };
        if this.closing.poll_unpin(task).is_ready() {
            this.end(Some(Code::Unavailable));
            return Poll::Ready(Some(Err(Error::closing())));
        }
        let polled = catch_unwind(AssertUnwindSafe(|| stream.poll_next_unpin(task)));
        let item = ready!(polled.unwrap_or_else(|panic| Poll::Ready(Some(Err(panicked(&*panic))))));
        match &item {
            Some(Ok(_)) => watch.gave_item(),
            Some(Err(error)) => this.end(Some(error.code())),
            None => this.end(None),
        }
        Poll::Ready(item)
    }
}
