//! Uploads of files over the wire.

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use services::model::UploadReport;
use services::operation::UPLOAD_FILE;
use services::{Context, Error, Files, Stream};

use super::Client;
use super::batches::BATCH_BYTES;
use super::stream::Upward;
use crate::convert::{chunk_to_wire, upload_report_from_wire};

#[async_trait]
impl Files for Client {
    /// A chunk that is too large for one message goes as several.
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let chunks = chunks.flat_map(|chunk| stream::iter(pieces(chunk))).boxed();
        let how = Upward {
            bytes: encoded_bytes,
            item: chunk_to_wire,
        };
        let report = self.upload(context, &UPLOAD_FILE, chunks, how);
        report.await.map(upload_report_from_wire)
    }
}

/// The chunk, cut where it is longer than what fits a batch. One without bytes is a chunk too.
fn pieces(chunk: Result<Bytes, Error>) -> impl Iterator<Item = Result<Bytes, Error>> {
    /// Base64 makes four letters of three bytes.
    const PIECE_BYTES: usize = BATCH_BYTES / 4 * 3;
    let mut rest = Some(chunk);
    std::iter::from_fn(move || match rest.take()? {
        Ok(mut chunk) if chunk.len() > PIECE_BYTES => {
            let piece = chunk.split_to(PIECE_BYTES);
            rest = Some(Ok(chunk));
            Some(Ok(piece))
        }
        last => Some(last),
    })
}

/// How long a chunk is in Base64.
const fn encoded_bytes(chunk: &Bytes) -> usize {
    chunk.len().div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use services::Code;

    use super::*;

    fn lengths(chunk: usize) -> Vec<usize> {
        let pieces = pieces(Ok(Bytes::from(vec![7; chunk])));
        pieces.map(|piece| piece.unwrap().len()).collect()
    }

    #[test]
    fn only_a_chunk_too_large_for_a_message_is_cut() {
        const MOST: usize = BATCH_BYTES / 4 * 3;
        assert_eq!(lengths(0), [0]);
        assert_eq!(lengths(1), [1]);
        assert_eq!(lengths(MOST), [MOST]);
        assert_eq!(lengths(2 * MOST + 1), [MOST, MOST, 1]);
        assert!(encoded_bytes(&Bytes::from(vec![7; MOST])) <= BATCH_BYTES);
        let broken = pieces(Err(Error::new(Code::Cancelled, "broken off")));
        assert_eq!(broken.count(), 1);
    }
}
