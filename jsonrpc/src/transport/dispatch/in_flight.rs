//! The calls of one connection that can be given up by their ids.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;

/// What gives each call up, by its id as the caller wrote it.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<HashMap<Box<str>, CancellationToken>>);

impl InFlight {
    /// Runs a call under its id; `None` where it was given up.
    pub(super) async fn run<T>(&self, id: &RawValue, call: impl Future<Output = T>) -> Option<T> {
        let token = CancellationToken::new();
        self.lock().insert(id.get().into(), token.clone());
        let _registered = Registered { calls: self, id };
        token.run_until_cancelled(call).await
    }

    /// Gives up the call that is named by the parameters of `$/cancelRequest`, where it is here.
    pub(super) fn cancel(&self, params: Option<&RawValue>) {
        #[derive(Deserialize)]
        struct Which<'a> {
            #[serde(borrow)]
            id: &'a RawValue,
        }
        let which = params.and_then(|params| serde_json::from_str::<Which<'_>>(params.get()).ok());
        let token = which.and_then(|which| self.lock().remove(which.id.get()));
        if let Some(token) = token {
            token.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets a call when it is over.
struct Registered<'a> {
    calls: &'a InFlight,
    id: &'a RawValue,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.calls.lock().remove(self.id.get());
    }
}
