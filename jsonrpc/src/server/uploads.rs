//! The open uploads of one operation, whose calls need not share a connection.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use ::transport::sessions::{Opened, Sessions, Upload};
use jsonrpsee::BoundedSubscriptions;
use services::{Context, Error, Operation, Stream};
use tokio_util::sync::CancellationToken;

/// Uploads of `T` that give an `R`.
pub(super) struct Uploads<T, R> {
    operation: &'static Operation,
    sessions: Sessions<Opened<Arc<Upload<T, R>>>>,
    closing: CancellationToken,
}

impl<T, R> Uploads<T, R>
where
    T: Send + 'static,
    R: Clone + Send + Sync + 'static,
{
    /// None yet. Each takes a place among the `streams`.
    pub(super) fn new(
        operation: &'static Operation,
        streams: &BoundedSubscriptions,
        idle: Duration,
        closing: &CancellationToken,
    ) -> Arc<Self> {
        let streams = streams.clone();
        Arc::new(Self {
            operation,
            sessions: Sessions::new(move || streams.acquire(), idle),
            closing: closing.clone(),
        })
    }

    /// Begins the work that reads an upload; gives the upload's id. A deadline of this call covers
    /// the upload whole, where the work keeps it.
    pub(super) fn open<F>(
        &self,
        context: Context,
        work: impl FnOnce(Context, Stream<T>) -> F,
    ) -> Result<String, Error>
    where
        F: Future<Output = Result<R, Error>> + Send + 'static,
    {
        let place = self.sessions.place()?;
        let work = |items| work(context.clone(), items);
        let upload = Upload::start(self.closing.clone(), work);
        let stream = Arc::new(upload);
        let opened = Opened { context, stream };
        self.sessions.insert(place, self.operation, opened)
    }

    pub(super) async fn send(
        &self,
        context: &Context,
        id: &str,
        seq: i32,
        items: Vec<T>,
    ) -> Result<bool, Error> {
        let sent = async {
            let upload = self.sessions.lease(self.operation, id)?;
            upload.session.tell(context);
            upload.session.stream.send(seq, items).await
        };
        context.within(sent).await.map(|()| true)
    }

    pub(super) async fn close(&self, context: &Context, id: &str) -> Result<R, Error> {
        let closed = async {
            let upload = self.sessions.remove(self.operation, id)?;
            let result = upload.stream.finish().await;
            // It is known only now.
            upload.tell(context);
            result
        };
        context.within(closed).await
    }

    pub(super) fn cancel(&self, id: &str) -> Result<bool, Error> {
        self.sessions.remove(self.operation, id)?.stream.cancel();
        Ok(true)
    }

    /// Ends idle uploads, for as long as it is polled.
    pub(super) async fn expire(&self) -> Infallible {
        self.sessions.expire().await
    }
}
