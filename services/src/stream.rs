//! The stream type of every service, both ways, and how a deadline covers one.

use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::time::timeout_at;

use crate::context::{Context, DeadlineScope};
use crate::error::Error;

/// A stream of results. A sender that breaks off yields `Err` as its last item, never an end, so
/// that a cut connection is not taken for a finished upload. Dropping the stream cancels it.
pub type Stream<T> = BoxStream<'static, Result<T, Error>>;

/// The same stream, ended by [`Error::DeadlineExceeded`] at the context's deadline where its scope
/// is [`DeadlineScope::Whole`].
pub fn covered<T: Send + 'static>(context: &Context, stream: Stream<T>) -> Stream<T> {
    let Some(deadline) = context
        .deadline
        .filter(|_| context.scope == DeadlineScope::Whole)
    else {
        return stream;
    };
    futures::stream::unfold(Some(stream), move |stream| async move {
        let mut stream = stream?;
        match timeout_at(deadline, stream.next()).await {
            Ok(item) => item.map(|item| (item, Some(stream))),
            Err(_) => Some((Err(Error::deadline_exceeded()), None)),
        }
    })
    .boxed()
}
