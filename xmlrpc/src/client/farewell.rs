//! A stream that is dropped is ended at the server too, as far as that is possible: what is
//! dropped cannot wait for an answer, so a task says goodbye for it.

use std::sync::Arc;
use std::time::Duration;

use dxr::Value;
use services::Context;
use tokio::sync::mpsc;
use transport::HttpClient;

use super::exchange;

/// Goodbyes that wait. Past it, and where a goodbye fails, the server's idle expiry has to do.
const WAITING: usize = 1_000;

/// How long one goodbye may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A call that ends a stream.
#[derive(Debug)]
struct Goodbye {
    method: String,
    id: String,
}

/// Where goodbyes are left. Their task ends when this and all its clones are gone, which a client
/// and its streams hold, and the goodbyes said.
#[derive(Debug, Clone)]
pub(super) struct Farewells(mpsc::Sender<Goodbye>);

impl Farewells {
    pub(super) fn new(http: Arc<HttpClient>) -> Self {
        let (goodbyes, waiting) = mpsc::channel(WAITING);
        tokio::spawn(say(http, waiting));
        Self(goodbyes)
    }

    /// Calls that method with that id when what it gives is dropped, unless it is disarmed.
    pub(super) fn on_drop(&self, method: String, id: String) -> Farewell {
        Farewell {
            farewells: self.clone(),
            goodbye: Some(Goodbye { method, id }),
        }
    }
}

async fn say(http: Arc<HttpClient>, mut goodbyes: mpsc::Receiver<Goodbye>) {
    while let Some(Goodbye { method, id }) = goodbyes.recv().await {
        let context = Context::with_timeout(TIMEOUT);
        let call = exchange(&http, &context, &method, vec![Value::String(id)]);
        // Nobody is left who could be told how it went.
        let _ = context.within(call).await;
    }
}

/// Ends a stream at the server when it is dropped.
#[derive(Debug)]
pub(super) struct Farewell {
    farewells: Farewells,
    goodbye: Option<Goodbye>,
}

impl Farewell {
    /// The stream has ended: there is nothing left to say.
    pub(super) fn disarm(&mut self) {
        self.goodbye = None;
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        if let Some(goodbye) = self.goodbye.take() {
            let _ = self.farewells.0.try_send(goodbye);
        }
    }
}
