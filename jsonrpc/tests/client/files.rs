//! Files larger than a message.

use bytes::Bytes;
use futures::{StreamExt, stream};
use services::conformance::reference;
use services::model::UploadReport;
use services::{Code, Context, Error, Files, ServeOptions};

use crate::support::{Server, within};

/// More than two messages hold.
const LARGE: usize = 5 * 1024 * 1024;

async fn uploaded(
    backend: &impl Files,
    chunks: impl IntoIterator<Item = Result<Bytes, Error>>,
) -> Result<UploadReport, Error> {
    let chunks: Vec<_> = chunks.into_iter().collect();
    let upload = stream::iter(chunks).boxed();
    within(backend.upload_file(&Context::new(), upload)).await
}

#[tokio::test]
async fn a_chunk_larger_than_a_message_goes_as_several() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    for scheme in ["http", "ws"] {
        let client = server.client(scheme).await;
        let chunks = [Bytes::from(vec![7; LARGE]), Bytes::new(), "end".into()];
        let report = uploaded(&client, chunks.clone().map(Ok)).await;
        let wanted = uploaded(&*reference(), chunks.map(Ok)).await;
        let (report, wanted) = (report.unwrap(), wanted.unwrap());
        assert_eq!(report.size_bytes, wanted.size_bytes);
        assert_eq!(report.sha256, wanted.sha256);
        assert_eq!(report.chunks, 9, "seven of the first, and two more");
    }
    server.stop().await;
}

#[tokio::test]
async fn chunks_keep_their_bounds_where_they_fit() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    let client = server.client("ws").await;
    let chunks = vec![Ok(Bytes::from(vec![7; 600_000])); 6];
    assert_eq!(uploaded(&client, chunks).await.unwrap().chunks, 6);
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_breaks_off_is_no_file() {
    let server = Server::start(reference(), ServeOptions::default()).await;
    for scheme in ["http", "ws"] {
        let client = server.client(scheme).await;
        let broken = Error::new(Code::Cancelled, "the disk was pulled out");
        let chunks = vec![Ok(Bytes::from_static(b"half")), Err(broken.clone())];
        assert_eq!(uploaded(&client, chunks).await, Err(broken));
    }
    server.stop().await;
}
