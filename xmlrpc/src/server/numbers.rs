//! Numbers.

use dxr::Value;
use services::{Context, Error};

use super::Room;
use super::streams::{Session, download};
use crate::convert::{number_item_to_wire, number_range_from_wire};

pub(super) async fn stream_numbers(
    room: &Room,
    context: &Context,
    values: Vec<Value>,
) -> Result<Session, Error> {
    let range = number_range_from_wire(values)?;
    let numbers = room.backend.stream_numbers(context, range).await?;
    Ok(download(numbers, number_item_to_wire))
}
