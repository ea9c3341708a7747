//! Uploads.

use async_trait::async_trait;
use bytes::Bytes;
use services::model::UploadReport;
use services::{Context, Error, Files, Stream};
use transport::RequestBody;

use super::Client;
use crate::contract::{self, BYTES};
use crate::convert;

#[async_trait]
impl Files for Client {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let route = &contract::UPLOAD_FILE;
        let report = self.upload(context, route, BYTES, RequestBody::streamed(chunks));
        report.await.map(convert::upload_report_from_wire)
    }
}
