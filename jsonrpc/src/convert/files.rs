//! The types of uploads of files.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use services::model;

use super::{Base64, Integer};

/// A chunk to an item of `upload_file.send`.
#[must_use]
pub const fn chunk_to_wire(chunk: Bytes) -> Base64 {
    Base64(chunk)
}

/// An item of `upload_file.send` to its chunk.
#[must_use]
pub fn chunk_from_wire(chunk: Base64) -> Bytes {
    chunk.0
}

/// The result of `upload_file.close`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UploadReport {
    pub size_bytes: Integer,
    pub chunks: Integer,
    pub sha256: String,
}

/// A report to its object.
#[must_use]
pub fn upload_report_to_wire(report: model::UploadReport) -> UploadReport {
    UploadReport {
        size_bytes: Integer(report.size_bytes),
        chunks: Integer(report.chunks),
        sha256: report.sha256,
    }
}

/// An object to its report.
#[must_use]
pub fn upload_report_from_wire(report: UploadReport) -> model::UploadReport {
    model::UploadReport {
        size_bytes: report.size_bytes.0,
        chunks: report.chunks.0,
        sha256: report.sha256,
    }
}
