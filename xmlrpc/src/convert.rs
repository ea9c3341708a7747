//! Between the services' model and XML-RPC's values, both ways. What a call takes becomes its list
//! of parameters, what it gives one value. Both directions can fail: XML cannot carry every text,
//! XML-RPC not every double and time. Errors name the field.

mod chat;
mod fields;
mod files;
mod metrics;
mod numbers;
mod params;
mod users;
mod usuarios;

pub use chat::{
    chat_line_from_wire, chat_line_to_wire, chat_message_from_wire, chat_message_to_wire,
    join_from_wire, join_to_wire, participants_from_wire, participants_to_wire, post_from_wire,
    post_to_wire,
};
pub use fields::{
    Members, boolean, bytes, double, double_to_wire, int, integer, integer_to_wire, list,
    record_to_wire, shown_to_wire, text, text_to_wire, texts, texts_to_wire, time, time_to_wire,
};
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
pub use params::{only, optional_params, params};
pub use users::{
    new_user_from_wire, new_user_to_wire, user_changes_from_wire, user_changes_to_wire,
    user_from_wire, user_page_from_wire, user_page_to_wire, user_to_wire,
};
pub use usuarios::{
    new_usuario_from_wire, new_usuario_to_wire, usuario_from_wire, usuario_to_wire,
    usuarios_from_wire, usuarios_to_wire,
};
