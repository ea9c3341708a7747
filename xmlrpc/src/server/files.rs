//! Files.

use std::sync::Arc;

use dxr::Value;
use services::{Context, Error};
use transport::sessions::Upload;

use super::Room;
use super::streams::Session;
use crate::convert::params;

/// The context's deadline covers the upload whole.
pub(super) fn upload_file(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let [] = params(values, [])?;
    let (backend, context) = (Arc::clone(&room.backend), context.clone());
    let hash = |chunks| async move { backend.upload_file(&context, chunks).await };
    let upload = Upload::start(room.closing.clone(), hash);
    Ok(Session::File(Arc::new(upload)))
}
