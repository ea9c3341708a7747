//! Uploads.

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::iter;
use services::model::UploadReport;
use services::{Context, Error, Files, Stream};

use super::Client;
use crate::convert;

/// The longest chunk that goes into one message, in bytes: a quarter of what gRPC's servers take
/// by default. A longer one goes in several.
const CHUNK_BYTES: usize = 1024 * 1024;

#[async_trait]
impl Files for Client {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let mut stub = self.files.clone();
        let call = async move |request| stub.upload_file(request).await;
        let chunks = chunks.flat_map(|chunk| iter(pieces(chunk))).boxed();
        let report = self.upload(context, chunks, convert::chunk_to_wire, call);
        Ok(convert::upload_report_from_wire(report.await?))
    }
}

/// A chunk in pieces that each fit into a message, in order. They share its memory.
fn pieces(chunk: Result<Bytes, Error>) -> impl Iterator<Item = Result<Bytes, Error>> {
    let mut left = Some(chunk);
    std::iter::from_fn(move || match left.take()? {
        Ok(mut chunk) if chunk.len() > CHUNK_BYTES => {
            let piece = chunk.split_to(CHUNK_BYTES);
            left = Some(Ok(chunk));
            Some(Ok(piece))
        }
        last => Some(last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_goes_whole_in_pieces_that_fit() {
        for length in [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES] {
            let chunk = Bytes::from((0..length).map(|at| at as u8).collect::<Vec<_>>());
            let sent: Vec<_> = pieces(Ok(chunk.clone())).map(Result::unwrap).collect();
            assert_eq!(sent.len(), length.div_ceil(CHUNK_BYTES).max(1), "{length}");
            assert!(sent.iter().all(|piece| piece.len() <= CHUNK_BYTES));
            assert_eq!(sent.concat(), chunk);
        }
    }

    #[test]
    fn an_error_stays_one() {
        let sent: Vec<_> = pieces(Err(Error::closing())).collect();
        assert_eq!(sent, [Err(Error::closing())]);
    }
}
