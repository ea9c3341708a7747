//! Uploads: the body is the file, hashed as it comes, whatever its size.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use http::HeaderMap;

use super::request::{Address, Call, check_file};
use super::uploads::{Upload, received};
use super::{Answer, Room, Server, reply};
use crate::codec::percent;
use crate::{contract, convert};

pub(super) fn routes() -> Router<Arc<Room>> {
    Router::new().route(contract::UPLOAD_FILE.path, post(upload_file))
}

async fn upload_file(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let [] = percent::query(address.query(), [])?;
    check_file(&headers)?;
    let (upload, broken) = Upload::new(body, &room);
    let uploading = room.backend.upload_file(&context, upload.chunks());
    let report = received(broken, uploading).await?;
    reply(&convert::upload_report_to_wire(report))
}
