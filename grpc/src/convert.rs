//! Model ↔ wire types, both ways. Hardly anything here can fail: every field of a proto3 message has
//! a default, so a message that has been decoded always converts, and the rules about its values
//! are the service's own. Wire types, without promise of stability.

mod chat;
mod files;
mod metrics;
mod numbers;
mod users;
mod usuarios;

pub use chat::{chat_message_from_wire, chat_message_to_wire, join_from_wire, join_to_wire};
pub use files::{chunk_from_wire, chunk_to_wire, upload_report_from_wire, upload_report_to_wire};
pub use metrics::{
    health_from_wire, health_to_wire, metric_from_wire, metric_request_from_wire,
    metric_request_to_wire, metric_to_wire, metrics_summary_from_wire, metrics_summary_to_wire,
    system_info_from_wire, system_info_to_wire, usage_from_wire, usage_report_from_wire,
    usage_report_to_wire, usage_to_wire,
};
pub use numbers::{
    number_item_from_wire, number_item_to_wire, number_range_from_wire, number_range_to_wire,
};
pub use users::{
    new_user_from_wire, new_user_to_wire, user_changes_from_wire, user_changes_to_wire,
    user_from_wire, user_page_from_wire, user_page_to_wire, user_to_wire,
};
pub use usuarios::{
    new_usuario_from_wire, new_usuario_to_wire, usuario_from_wire, usuario_to_wire,
};
