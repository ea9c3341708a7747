//! Uploads.

use serde::{Deserialize, Serialize};
use services::model;

/// The result of `upload_file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the members are the model's")]
pub struct UploadReport {
    pub size_bytes: u64,
    pub chunks: u64,
    pub sha256: String,
}

/// A report to its object.
#[must_use]
pub fn upload_report_to_wire(report: model::UploadReport) -> UploadReport {
    UploadReport {
        size_bytes: report.size_bytes,
        chunks: report.chunks,
        sha256: report.sha256,
    }
}

/// An object to its report.
#[must_use]
pub fn upload_report_from_wire(report: UploadReport) -> model::UploadReport {
    model::UploadReport {
        size_bytes: report.size_bytes,
        chunks: report.chunks,
        sha256: report.sha256,
    }
}
