//! [`services::Error`] as a gRPC status, and back, by one table. To change the text of an error
//! that a service gives, look in `services`; what the protocol itself refuses is told in `codec`
//! and `transport`.
//!
//! What this side finds out itself, such as a connection that broke, goes through tonic as a
//! [`local`](crate::error::local) status, so that it is not taken for one that the peer sent.

use std::error::Error as _;
use std::sync::Arc;

use services::error::excerpt;
use services::{Code, Error};
use tonic::{Code as StatusCode, Status};

/// The status of each code; the numbers are gRPC's own (`grpc/doc/statuscodes.md`).
pub static TABLE: [(Code, StatusCode); 10] = [
    (Code::InvalidArgument, StatusCode::InvalidArgument),
    (Code::OutOfRange, StatusCode::OutOfRange),
    (Code::NotFound, StatusCode::NotFound),
    (Code::AlreadyExists, StatusCode::AlreadyExists),
    (Code::ResourceExhausted, StatusCode::ResourceExhausted),
    (Code::DeadlineExceeded, StatusCode::DeadlineExceeded),
    (Code::Cancelled, StatusCode::Cancelled),
    (Code::Unimplemented, StatusCode::Unimplemented),
    (Code::Unavailable, StatusCode::Unavailable),
    (Code::Internal, StatusCode::Internal),
];

/// The status of an error.
#[must_use]
pub fn to_wire(error: &Error) -> Status {
    let row = TABLE.iter().find(|(code, _)| *code == error.code());
    let status = row.map_or(StatusCode::Internal, |(_, status)| *status);
    Status::new(status, error.to_string())
}

/// The error of a status. One that is not in the table, such as UNKNOWN, which servers send for an
/// exception that nobody caught, is Internal with its code and text.
#[must_use]
pub fn from_wire(status: &Status) -> Error {
    if let Some(error) = marked(status) {
        return error;
    }
    let row = TABLE.iter().find(|(_, known)| *known == status.code());
    match row {
        Some((code, _)) => Error::new(*code, status.message()),
        None => Error::new(Code::Internal, foreign(status)),
    }
}

fn foreign(status: &Status) -> String {
    let code = status.code();
    let (number, name) = (code as i32, name(code));
    let text = excerpt(status.message());
    format!("gRPC status {number} ({name}): {text}")
}

/// The name of a status that the table lacks, as gRPC writes it.
fn name(code: StatusCode) -> &'static str {
    match code {
        StatusCode::Unknown => "UNKNOWN",
        StatusCode::PermissionDenied => "PERMISSION_DENIED",
        StatusCode::FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode::Aborted => "ABORTED",
        StatusCode::DataLoss => "DATA_LOSS",
        StatusCode::Unauthenticated => "UNAUTHENTICATED",
        _ => "not in the contract",
    }
}

/// A failure that this side found, in the shape that tonic carries through its decoder.
#[must_use]
pub fn local(error: Error) -> Status {
    let mut status = match error {
        // tonic takes CANCELLED in a request for the end of it.
        Error::Cancelled(_) => Status::aborted(error.to_string()),
        _ => to_wire(&error),
    };
    status.set_source(Arc::new(error));
    status
}

/// The error that [`local`] put into that status.
fn marked(status: &Status) -> Option<Error> {
    status.source()?.downcast_ref::<Error>().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_both_ways() {
        for code in Code::ALL {
            let error = Error::new(code, "text");
            assert_eq!(from_wire(&to_wire(&error)), error);
            assert_eq!(from_wire(&local(error.clone())), error);
        }
    }

    #[test]
    fn the_numbers_are_grpcs() {
        let numbers = TABLE.map(|(code, status)| (code.name(), status as i32));
        assert_eq!(numbers[0], ("InvalidArgument", 3));
        assert_eq!(numbers[1], ("OutOfRange", 11));
        assert_eq!(numbers[9], ("Internal", 13));
    }

    #[test]
    fn a_foreign_status_is_internal_with_code_and_text() {
        let error = from_wire(&Status::unauthenticated("who?"));
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(error.to_string(), "gRPC status 16 (UNAUTHENTICATED): who?");
    }

    #[test]
    fn no_local_failure_looks_like_the_end_of_an_upload() {
        for code in Code::ALL {
            assert_ne!(local(Error::new(code, "")).code(), StatusCode::Cancelled);
        }
    }
}
