//! What can be timed: a client of one row, behind one method. The harness knows no protocol.

use std::sync::Arc;

use async_trait::async_trait;
use services::{Backend, Context, Error};

use crate::measurement::UpDown;
use crate::workload::{Answer, Workload};

/// A connected client of one row.
#[async_trait]
pub trait Caller: Send + Sync {
    /// Makes one call.
    ///
    /// # Errors
    /// [`Error::Unavailable`] and whatever else a call can fail with.
    async fn call(&self, workload: &Workload) -> Result<Answer, Error>;

    /// Makes one call and gives the size of its encoded messages; `None` where the client does
    /// not tell.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    async fn body(&self, workload: &Workload) -> Result<Option<UpDown>, Error> {
        self.call(workload).await.map(|_| None)
    }
}

/// The caller of a backend: the service in this process, or the client of a room.
pub struct BackendCaller(pub Arc<dyn Backend>);

#[async_trait]
impl Caller for BackendCaller {
    async fn call(&self, workload: &Workload) -> Result<Answer, Error> {
        workload.run(&*self.0).await
    }

    async fn body(&self, workload: &Workload) -> Result<Option<UpDown>, Error> {
        let context = Context::new();
        workload.run_with(&*self.0, &context).await?;
        let body = context.exchange().body;
        let told = UpDown {
            up: body.up,
            down: body.down,
        };
        Ok((told != UpDown::default()).then_some(told))
    }
}
