//! Uploads ↔ wire types.

use bytes::Bytes;
use services::model::UploadReport;

use crate::contract::files::{Chunk, UploadReply};

/// Bytes of a file as their message.
#[must_use]
pub fn chunk_to_wire(data: &Bytes) -> Chunk {
    Chunk { data: data.clone() }
}

/// Bytes of a file from their message.
#[must_use]
pub fn chunk_from_wire(message: Chunk) -> Bytes {
    message.data
}

/// The report on a file as its message.
#[must_use]
pub fn upload_report_to_wire(report: &UploadReport) -> UploadReply {
    UploadReply {
        size_bytes: signed(report.size_bytes),
        chunks: signed(report.chunks),
        sha256: report.sha256.clone(),
    }
}

/// The report on a file from its message.
#[must_use]
pub fn upload_report_from_wire(message: UploadReply) -> UploadReport {
    UploadReport {
        size_bytes: unsigned(message.size_bytes),
        chunks: unsigned(message.chunks),
        sha256: message.sha256,
    }
}

/// A count as protobuf's courses write it, with a sign; 2⁶³ of anything never came.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count from a field with a sign. One below zero counts nothing.
pub(super) fn unsigned(field: i64) -> u64 {
    u64::try_from(field).unwrap_or_default()
}
