//! Items that go up, gathered into calls: as many as are ready, and as fit a message.

use std::pin::Pin;

use futures::stream::Peekable;
use futures::{FutureExt, StreamExt, stream};
use services::{Error, Stream};

/// Items in one call, where so many are ready.
const BATCH_ITEMS: usize = 256;

/// Bytes of the items of one call, as JSON: half of what a server takes as one message by default,
/// so that there is room for what is around them.
pub(super) const BATCH_BYTES: usize = 1024 * 1024;

/// The items in batches of at least one, in their order. `bytes` tells how long an item is as JSON,
/// and may guess too much. The items before an error come first.
pub(super) fn batches<T: Send + 'static>(
    items: Stream<T>,
    bytes: fn(&T) -> usize,
) -> impl futures::Stream<Item = Result<Vec<T>, Error>> + Send {
    let gather = move |mut items: Peekable<Stream<T>>| async move {
        let first = match items.next().await? {
            Ok(first) => first,
            Err(error) => return Some((Err(error), items)),
        };
        let mut left = BATCH_BYTES.saturating_sub(bytes(&first));
        let mut batch = vec![first];
        while batch.len() < BATCH_ITEMS {
            let Some(item) = ready(&mut items, |item| bytes(item) <= left) else {
                break;
            };
            left -= bytes(&item);
            batch.push(item);
        }
        Some((Ok(batch), items))
    };
    stream::unfold(items.peekable(), gather)
}

/// The next item, where it is here already and fits.
fn ready<T>(items: &mut Peekable<Stream<T>>, fits: impl FnOnce(&T) -> bool) -> Option<T> {
    let fits = |item: &Result<T, Error>| item.as_ref().is_ok_and(fits);
    let next = Pin::new(items).next_if(fits).now_or_never();
    next.flatten().and_then(Result::ok)
}

#[cfg(test)]
mod tests {
    use services::Code;

    use super::*;

    async fn gathered(items: Vec<Result<usize, Error>>) -> Vec<Result<Vec<usize>, Error>> {
        let items = stream::iter(items).boxed();
        batches(items, |item| *item).collect().await
    }

    #[tokio::test]
    async fn a_batch_holds_what_is_ready_and_fits_and_an_error_comes_after_it() {
        let half = BATCH_BYTES / 2;
        let broken = Error::new(Code::Cancelled, "broken off");
        let batches = gathered(vec![
            Ok(half),
            Ok(half),
            Ok(1),
            Ok(2 * BATCH_BYTES),
            Ok(1),
            Err(broken.clone()),
        ])
        .await;
        let wanted = [
            Ok(vec![half, half]),
            Ok(vec![1]),
            Ok(vec![2 * BATCH_BYTES]),
            Ok(vec![1]),
            Err(broken),
        ];
        assert_eq!(batches, wanted);
        let many = gathered(vec![Ok(0); 2 * BATCH_ITEMS + 1]).await;
        let lengths = many.into_iter().map(|batch| batch.unwrap().len());
        assert_eq!(lengths.collect::<Vec<_>>(), [BATCH_ITEMS, BATCH_ITEMS, 1]);
        assert_eq!(gathered(vec![]).await, []);
    }
}
