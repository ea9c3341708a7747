//! The calls of one connection that can be given up by their ids.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;

/// What gives each call up, by its id as the caller wrote it. Of two calls with the same id the
/// later one can be given up.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    tokens: Mutex<Tokens>,
    next_serial: AtomicU64,
}

/// Beside each token the serial number of its call, since a caller may use an id twice.
type Tokens = HashMap<Box<str>, (u64, CancellationToken)>;

impl InFlight {
    /// Runs a call under its id; `None` where it was given up.
    pub(super) async fn run<T>(&self, id: &RawValue, call: impl Future<Output = T>) -> Option<T> {
        let token = CancellationToken::new();
        let serial = self.next_serial.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id.get().into(), (serial, token.clone()));
        let _registered = Registered {
            calls: self,
            id,
            serial,
        };
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
        if let Some((_, token)) = token {
            token.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets a call when it is over.
struct Registered<'a> {
    calls: &'a InFlight,
    id: &'a RawValue,
    serial: u64,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        let mut tokens = self.calls.lock();
        let registered = tokens.get(self.id.get());
        if registered.is_some_and(|(serial, _)| *serial == self.serial) {
            tokens.remove(self.id.get());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_call_that_ends_leaves_the_later_one_of_the_same_id_to_be_given_up() {
        let calls = InFlight::default();
        let id = RawValue::from_string("1".into()).unwrap();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let mut first = Box::pin(calls.run(&id, ended));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(calls.run(&id, pending::<()>()));
        assert!(second.as_mut().now_or_never().is_none());
        end.send(()).unwrap();
        assert_eq!(first.now_or_never(), Some(Some(Ok(()))));
        let params = RawValue::from_string(r#"{"id":1}"#.into()).unwrap();
        calls.cancel(Some(&params));
        assert_eq!(second.now_or_never(), Some(None));
        assert_eq!(calls.run(&id, ready(8)).now_or_never(), Some(Some(8)));
    }
}
