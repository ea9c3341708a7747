//! Uploads.

/// What [`upload_file`](crate::Files::upload_file) tells of a file that came whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadReport {
    /// How many bytes came.
    pub size_bytes: u64,
    /// In how many chunks they reached the service. A protocol whose body has no chunks of its own
    /// (REST) counts those that its transport made.
    pub chunks: u64,
    /// The SHA-256 of all bytes, in 64 hexadecimal digits, lower case.
    pub sha256: String,
}
