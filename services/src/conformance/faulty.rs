//! Backends that misbehave, to test what a server and a wire make of it.

mod away;
mod services;

use std::future::pending;
use std::sync::Arc;

use futures::{StreamExt, stream};
use tokio::sync::Notify;

use self::away::Away;
use super::{reference, reference_config};
use crate::error::Error;
use crate::local::{Local, LocalConfig};
use crate::stream::Stream;

/// A backend that misbehaves in one way, and tells when a call began and when one was given up.
#[derive(Debug)]
pub struct Faulty {
    fault: Fault,
    reference: Arc<Local>,
    started: Arc<Notify>,
    dropped: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Panics,
    NeverAnswers,
    NotFinite,
    StoreAway,
}

/// A call in progress: told to be dropped unless it [ended](Self::end) before.
struct InFlight {
    fault: Fault,
    dropped: Option<Arc<Notify>>,
}

impl InFlight {
    fn end(&mut self) {
        self.dropped = None;
    }

    /// Where the fault is to panic or to be silent, does so; else comes back.
    async fn misbehave(&mut self) {
        match self.fault {
            Fault::Panics => {
                self.end();
                panic!("a faulty backend panics, as it should");
            }
            Fault::NeverAnswers => pending().await,
            Fault::NotFinite | Fault::StoreAway => {}
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            dropped.notify_one();
        }
    }
}

impl Faulty {
    fn new(fault: Fault) -> Arc<Self> {
        Self::over(reference(), fault)
    }

    fn over(reference: Arc<Local>, fault: Fault) -> Arc<Self> {
        Arc::new(Self {
            fault,
            reference,
            started: Arc::default(),
            dropped: Arc::default(),
        })
    }

    /// Every call panics; a stream after its first item, an upload before its first, a chat after
    /// the first message that it gives.
    #[must_use]
    pub fn panicking() -> Arc<Self> {
        Self::new(Fault::Panics)
    }

    /// No call is ever answered; a stream gives one item and no more, an upload is read to its end,
    /// and so is what a participant of the chat says.
    #[must_use]
    pub fn never_answering() -> Arc<Self> {
        Self::new(Fault::NeverAnswers)
    }

    /// Metrics have values that are not finite: `calculate_metrics` and `record_metrics` tell an
    /// infinite mean, `get_metric` NaN, and so does `stream_metrics` in its only item. Everything
    /// else is as in [`reference()`].
    #[must_use]
    pub fn not_finite() -> Arc<Self> {
        Self::new(Fault::NotFinite)
    }

    /// The store of users and the room of the chat are away: their operations are Unavailable.
    /// Everything else is as in [`reference()`].
    #[must_use]
    pub fn store_down() -> Arc<Self> {
        let config = LocalConfig {
            users: Arc::new(Away),
            chat: Arc::new(Away),
            ..reference_config()
        };
        Self::over(Arc::new(Local::new(config)), Fault::StoreAway)
    }

    /// Waits until a call has begun since the last time that this was waited for.
    pub async fn started(&self) {
        self.started.notified().await;
    }

    /// Waits until a call or a stream was dropped unfinished since the last time.
    pub async fn dropped(&self) {
        self.dropped.notified().await;
    }

    fn begin(&self) -> InFlight {
        self.started.notify_one();
        InFlight {
            fault: self.fault,
            dropped: Some(Arc::clone(&self.dropped)),
        }
    }

    /// A call that misbehaves, or else gives that answer.
    async fn call<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut in_flight = self.begin();
        in_flight.misbehave().await;
        let answer = answer.await;
        in_flight.end();
        answer
    }

    /// A stream of that item, which then misbehaves, or else ends.
    fn stream<T: Send + 'static>(&self, item: T) -> Stream<T> {
        let state = (Some(item), self.begin());
        stream::unfold(state, |(item, mut in_flight)| async move {
            if let Some(item) = item {
                return Some((Ok(item), (None, in_flight)));
            }
            in_flight.misbehave().await;
            in_flight.end();
            None
        })
        .boxed()
    }

    /// A stream of that item, which then reads what comes the other way to its end and misbehaves.
    fn exchange<T: Send + 'static>(&self, item: T, other: Stream<T>) -> Stream<T> {
        let state = (Some(item), other, self.begin());
        stream::unfold(state, |(item, mut other, mut in_flight)| async move {
            if let Some(item) = item {
                return Some((Ok(item), (None, other, in_flight)));
            }
            if in_flight.fault == Fault::NeverAnswers {
                while other.next().await.is_some() {}
            }
            in_flight.misbehave().await;
            None
        })
        .boxed()
    }

    /// Whether calls are left to the reference, but for values that are not finite.
    fn answers(&self) -> bool {
        matches!(self.fault, Fault::NotFinite | Fault::StoreAway)
    }

    fn spoilt(&self, value: f64, by: f64) -> f64 {
        if self.fault == Fault::NotFinite {
            by
        } else {
            value
        }
    }
}
