//! The contract as gRPC writes it: the code generated from `../proto`, one module a package, and
//! the path of each operation. Wire types, without promise of stability.

use std::fmt;

use services::Operation;
use services::operation as op;

/// `calculator.proto`: arithmetic and text.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod calculator {
    tonic::include_proto!("calculator");
}

/// `hello.proto`: the greeting.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod hello {
    tonic::include_proto!("hello");
}

/// `monitoring.proto`: metrics of a machine.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod monitoring {
    tonic::include_proto!("monitoring");
}

/// `streaming.proto`: streams of numbers.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod streaming {
    tonic::include_proto!("streaming");
}

/// `users.proto`: users, kept in a store.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod users {
    tonic::include_proto!("users");
}

/// `usuarios.proto`: the Portuguese course's users.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod usuarios {
    tonic::include_proto!("usuarios");
}

/// `files.proto`: uploads.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod files {
    tonic::include_proto!("files");
}

/// `chat.proto`: one room, and everybody hears everything.
#[allow(
    missing_docs,
    clippy::allow_attributes_without_reason,
    reason = "generated from the proto file, which says more"
)]
pub mod chat {
    tonic::include_proto!("chat");
}

/// Shows no password.
impl fmt::Debug for usuarios::Usuario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Usuario")
            .field("id", &self.id)
            .field("nome", &self.nome)
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// All of the above as an encoded `google.protobuf.FileDescriptorSet`: what reflection tells.
pub const FILE_DESCRIPTOR_SET: &[u8] = tonic::include_file_descriptor_set!("contract");

/// The path of each operation, `/package.Service/Method`, in the contract's order.
pub const PATHS: [(&str, &Operation); 24] = [
    ("/calculator.Calculator/Add", &op::ADD),
    ("/calculator.Calculator/Multiply", &op::MULTIPLY),
    ("/calculator.Calculator/Uppercase", &op::UPPERCASE),
    ("/calculator.Calculator/CalculateCube", &op::CUBE),
    ("/hello.DoStuff/say_hello", &op::SAY_HELLO),
    ("/hello.DoStuff/say_hello_again", &op::SAY_HELLO_AGAIN),
    (
        "/monitoring.MonitoringService/CalculateMetrics",
        &op::CALCULATE_METRICS,
    ),
    (
        "/monitoring.MonitoringService/GetSystemInfo",
        &op::GET_SYSTEM_INFO,
    ),
    ("/monitoring.MonitoringService/GetMetric", &op::GET_METRIC),
    (
        "/monitoring.MonitoringService/StreamMetrics",
        &op::STREAM_METRICS,
    ),
    (
        "/monitoring.MonitoringService/RecordMetrics",
        &op::RECORD_METRICS,
    ),
    (
        "/monitoring.MonitoringService/CheckHealth",
        &op::CHECK_HEALTH,
    ),
    (
        "/streaming.StreamService/StreamNumbers",
        &op::STREAM_NUMBERS,
    ),
    ("/users.UserService/CreateUser", &op::CREATE_USER),
    ("/users.UserService/GetUser", &op::GET_USER),
    ("/users.UserService/ListUsers", &op::LIST_USERS),
    ("/users.UserService/UpdateUser", &op::UPDATE_USER),
    ("/users.UserService/DeleteUser", &op::DELETE_USER),
    ("/usuarios.Usuarios/CriarUsuario", &op::CRIAR_USUARIO),
    ("/usuarios.Usuarios/ObterUsuarios", &op::OBTER_USUARIOS),
    ("/files.FileService/UploadFile", &op::UPLOAD_FILE),
    ("/chat.ChatService/ChatStream", &op::CHAT),
    ("/chat.ChatService/PostMessage", &op::POST_MESSAGE),
    ("/chat.ChatService/ListParticipants", &op::LIST_PARTICIPANTS),
];

/// The operation at that path.
#[must_use]
pub fn operation(path: &str) -> Option<&'static Operation> {
    let found = PATHS.iter().find(|(known, _)| *known == path)?;
    Some(found.1)
}
