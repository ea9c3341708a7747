//! Files, in pieces that fit into a message.

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream};
use services::model::UploadReport;
use services::{Context, Error, Files, Stream};

use super::Client;
use super::upload::upload;
use crate::contract;
use crate::convert::{chunk_to_wire, upload_report_from_wire};

/// Most bytes of one piece: 1 MiB in Base64, which leaves room in a message of 2 MiB.
const PIECE_BYTES: usize = 768 * 1024;

#[async_trait]
impl Files for Client {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let pieces = chunks.flat_map(|chunk| match chunk {
            Ok(chunk) => stream::iter(pieces(chunk)).map(Ok).left_stream(),
            Err(error) => stream::iter([Err(error)]).right_stream(),
        });
        let items = pieces.map(|piece| piece.map(chunk_to_wire)).boxed();
        let uploaded = upload(
            self,
            context,
            contract::UPLOAD_FILE,
            items,
            upload_report_from_wire,
        );
        context.within(uploaded).await
    }
}

/// A chunk cut up, without copying it. One that is small enough stays as it is, an empty one too.
fn pieces(mut chunk: Bytes) -> impl Iterator<Item = Bytes> {
    let count = chunk.len().div_ceil(PIECE_BYTES).max(1);
    (0..count).map(move |_| chunk.split_to(chunk.len().min(PIECE_BYTES)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_chunk_that_is_too_large_is_cut() {
        let lengths = |bytes: usize| {
            let pieces = pieces(Bytes::from(vec![7; bytes]));
            pieces.map(|piece| piece.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(0), [0]);
        assert_eq!(lengths(PIECE_BYTES), [PIECE_BYTES]);
        assert_eq!(lengths(2 * PIECE_BYTES + 1), [PIECE_BYTES, PIECE_BYTES, 1]);
    }
}
