//! Files.

use bytes::Bytes;
use dxr::Value;
use services::Error;
use services::model::UploadReport;

use super::fields::{Members, bytes, integer, integer_to_wire, record_to_wire, text, text_to_wire};

/// A chunk of a file.
#[must_use]
pub fn chunk_to_wire(chunk: Bytes) -> Value {
    Value::Base64(chunk.into())
}

/// The reverse of [`chunk_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn chunk_from_wire(value: Value) -> Result<Bytes, Error> {
    bytes("chunk", value).map(Bytes::from)
}

/// The result of `upload_file`.
///
/// # Errors
/// [`Error::InvalidArgument`] for a size past 2⁵³.
pub fn upload_report_to_wire(report: &UploadReport) -> Result<Value, Error> {
    Ok(record_to_wire([
        (
            "size_bytes",
            integer_to_wire("size_bytes", report.size_bytes)?,
        ),
        ("chunks", integer_to_wire("chunks", report.chunks)?),
        ("sha256", text_to_wire("sha256", &report.sha256)?),
    ]))
}

/// The reverse of [`upload_report_to_wire`].
///
/// # Errors
/// [`Error::InvalidArgument`] for another value.
pub fn upload_report_from_wire(value: Value) -> Result<UploadReport, Error> {
    let mut members = Members::of("report", value)?;
    Ok(UploadReport {
        size_bytes: members.take("size_bytes", integer)?,
        chunks: members.take("chunks", integer)?,
        sha256: members.take("sha256", text)?,
    })
}
