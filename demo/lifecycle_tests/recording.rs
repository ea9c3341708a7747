//! A backend that records what it sees: the context of the last call, and how uploads end. Its
//! `stream_metrics` never opens, and all else is as in the reference.
#![allow(dead_code, reason = "each test file uses a part")]

#[path = "recorded_services.rs"]
mod recorded_services;

use std::sync::{Arc, Mutex};

use futures::{StreamExt, TryStreamExt};
use services::conformance::reference;
use services::{Code, Context, Error, Local, Stream};
use tokio::sync::Notify;

pub(crate) struct Recorder {
    reference: Arc<Local>,
    context: Mutex<Context>,
    upload: Arc<Upload>,
    item: Notify,
}

/// How the last upload ended.
#[derive(Default)]
struct Upload {
    end: Mutex<Option<Result<u64, Error>>>,
    ended: Notify,
}

impl Upload {
    fn end(&self, end: Result<u64, Error>) {
        *self.end.lock().unwrap() = Some(end);
        self.ended.notify_one();
    }
}

/// An upload in progress: cancelled when it is dropped before it [ended](Self::end).
struct InFlight(Option<Arc<Upload>>);

impl InFlight {
    fn end(mut self, end: Result<u64, Error>) {
        if let Some(upload) = self.0.take() {
            upload.end(end);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take() {
            upload.end(Err(Error::new(Code::Cancelled, "the upload was dropped")));
        }
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            reference: reference(),
            context: Mutex::default(),
            upload: Arc::default(),
            item: Notify::new(),
        }
    }
}

impl Recorder {
    /// The context of the last call.
    pub(crate) fn context(&self) -> Context {
        self.context.lock().unwrap().clone()
    }

    /// Waits for an item of an upload.
    pub(crate) async fn uploaded(&self) {
        self.item.notified().await;
    }

    /// Waits for the end of an upload: how many items came, or its error, which is `Cancelled`
    /// where the call was dropped.
    pub(crate) async fn upload_ended(&self) -> Result<u64, Error> {
        self.upload.ended.notified().await;
        self.upload.end.lock().unwrap().take().unwrap()
    }

    fn record(&self, context: &Context) {
        *self.context.lock().unwrap() = context.clone();
    }
    /// Reads an upload to its end, and records that.
    async fn upload<T>(&self, mut items: Stream<T>) -> Result<u64, Error> {
        let in_flight = InFlight(Some(Arc::clone(&self.upload)));
        let mut count = 0;
        let end = loop {
            match items.try_next().await {
                Ok(Some(_)) => {
                    count += 1;
                    self.item.notify_one();
                }
                Ok(None) => break Ok(count),
                Err(error) => {
                    assert!(items.next().await.is_none(), "an error is the last item");
                    break Err(error);
                }
            }
        };
        in_flight.end(end.clone());
        end
    }
}
