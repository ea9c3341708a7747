//! Uploads.

use super::{Kind, Operation, Shape, field, unary};

/// See [`Files::upload_file`](crate::Files::upload_file).
pub static UPLOAD_FILE: Operation = Operation {
    kind: Kind::ClientStream,
    ..unary(
        "files",
        "upload_file",
        &[field("data", Shape::Bytes)],
        Shape::Record(&[
            field("size_bytes", Shape::Integer),
            field("chunks", Shape::Integer),
            field("sha256", Shape::Text),
        ]),
        "The size and the SHA-256 of a file that is sent in chunks.",
    )
};
