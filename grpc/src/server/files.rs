//! Uploads.

use tonic::{Request, Response, Status, Streaming};

use super::{Servicer, open, reply, until_error};
use crate::contract::files::file_service_server::FileService;
use crate::contract::files::{Chunk, UploadReply};
use crate::convert;

#[tonic::async_trait]
impl FileService for Servicer {
    async fn upload_file(
        &self,
        request: Request<Streaming<Chunk>>,
    ) -> Result<Response<UploadReply>, Status> {
        let (context, messages) = open(request);
        let chunks = until_error(messages, convert::chunk_from_wire);
        let report = self.0.upload_file(&context, chunks).await;
        reply(report, |report| convert::upload_report_to_wire(&report))
    }
}
