//! Uploads of files over the backend.

use std::sync::Arc;

use jsonrpsee::Extensions;
use jsonrpsee::core::async_trait;

use super::{Room, context};
use crate::contract::Answer;
use crate::contract::files::FilesServer;
use crate::convert::{Base64, UploadReport, chunk_from_wire, upload_report_to_wire};
use crate::error::to_wire;

#[async_trait]
impl FilesServer for Room {
    async fn upload_file_open(&self, call: &Extensions) -> Answer<String> {
        let backend = Arc::clone(&self.backend);
        let upload = |context, chunks| async move { backend.upload_file(&context, chunks).await };
        let id = self.files.open(context(call), upload);
        id.map_err(|error| to_wire(&error))
    }

    async fn upload_file_send(
        &self,
        call: &Extensions,
        id: String,
        seq: i32,
        items: Vec<Base64>,
    ) -> Answer<bool> {
        let chunks = items.into_iter().map(chunk_from_wire).collect();
        let sent = self.files.send(&context(call), &id, seq, chunks).await;
        sent.map_err(|error| to_wire(&error))
    }

    async fn upload_file_close(&self, call: &Extensions, id: String) -> Answer<UploadReport> {
        match self.files.close(&context(call), &id).await {
            Ok(report) => Ok(upload_report_to_wire(report)),
            Err(error) => Err(to_wire(&error)),
        }
    }

    async fn upload_file_cancel(&self, _call: &Extensions, id: String) -> Answer<bool> {
        let cancelled = self.files.cancel(&id);
        cancelled.map_err(|error| to_wire(&error))
    }
}
