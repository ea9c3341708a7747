//! Uploads. How many chunks came is not compared: a protocol may cut them in its own way.

use std::time::Duration;

use bytes::Bytes;
use futures::future::try_join_all;
use futures::{StreamExt, stream};

use super::{Verdict, fails_with, same};
use crate::backend::Backend;
use crate::context::Context;
use crate::error::{Code, Error};
use crate::stream::Stream;

/// A MiB in bytes.
const MIB: usize = 1_024 * 1_024;

/// The SHA-256 of nothing, of one zero byte, of the first 3 MiB and the first 5 MiB of
/// [`pattern`], as `sha256sum` tells them.
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ONE_BYTE: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const THREE_MIB: &str = "a1feacf0d812ba4d0b0e463ed45bbd583cea1de55c54693116754b30b5794745";
const FIVE_MIB: &str = "16b632f11cf950dda67dc4c184a3f9e0aa1ffa4c18927bb8977e7da97ca25bca";

/// 0 to 250, again and again: no power of two is a multiple of its length.
fn pattern(size: usize) -> Bytes {
    (0..=250_u8).cycle().take(size).collect()
}

fn chunks(bytes: &Bytes, size: usize) -> Stream<Bytes> {
    let starts = (0..bytes.len()).step_by(size);
    let chunk = |start: usize| Ok(bytes.slice(start..bytes.len().min(start + size)));
    let chunks: Vec<_> = starts.map(chunk).collect();
    stream::iter(chunks).boxed()
}

async fn uploaded(backend: &dyn Backend, chunks: Stream<Bytes>, wanted: (usize, &str)) -> Verdict {
    let got = backend.upload_file(&Context::new(), chunks).await;
    let got = got.map(|report| (report.size_bytes, report.sha256));
    same(
        "upload_file",
        got,
        Ok((wanted.0 as u64, wanted.1.to_owned())),
    )
}

pub(super) async fn nothing(backend: &dyn Backend) -> Verdict {
    uploaded(backend, stream::empty().boxed(), (0, NOTHING)).await?;
    let empty = stream::iter([Ok(Bytes::new())]).boxed();
    uploaded(backend, empty, (0, NOTHING)).await
}

pub(super) async fn one_byte(backend: &dyn Backend) -> Verdict {
    uploaded(backend, chunks(&pattern(1), 1), (1, ONE_BYTE)).await
}

pub(super) async fn three_mebibytes(backend: &dyn Backend) -> Verdict {
    let bytes = pattern(3 * MIB);
    let chunks = chunks(&bytes, 64 * 1_024);
    uploaded(backend, chunks, (3 * MIB, THREE_MIB)).await
}

pub(super) async fn large_chunk(backend: &dyn Backend) -> Verdict {
    let bytes = pattern(5 * MIB);
    uploaded(backend, chunks(&bytes, 5 * MIB), (5 * MIB, FIVE_MIB)).await
}

pub(super) async fn at_once(backend: &dyn Backend) -> Verdict {
    let bytes = pattern(3 * MIB);
    let sizes = [64 * 1_024, 100_000, 300_000, MIB];
    let uploads = sizes.map(|size| uploaded(backend, chunks(&bytes, size), (3 * MIB, THREE_MIB)));
    try_join_all(uploads).await.map(drop)
}

pub(super) async fn broken_off(backend: &dyn Backend) -> Verdict {
    let broken = Error::new(Code::Cancelled, "the disk is gone");
    let whole = chunks(&pattern(200_000), 64 * 1_024);
    let broken = whole.chain(stream::iter([Err(broken)])).boxed();
    if let Ok(report) = backend.upload_file(&Context::new(), broken).await {
        return Err(format!("a broken upload was taken for a file: {report:?}"));
    }
    one_byte(backend).await
}

pub(super) async fn stalled(backend: &dyn Backend) -> Verdict {
    let context = Context::with_timeout(Duration::from_millis(100));
    let stalled = chunks(&pattern(1), 1).chain(stream::pending()).boxed();
    let got = backend.upload_file(&context, stalled).await;
    fails_with("a stalled upload", got, Code::DeadlineExceeded)?;
    one_byte(backend).await
}
