//! Which operation has which method and path: here REST writes its contract. An argument whose name
//! stands in the path is a segment of it; the others are the query of a GET or a DELETE, the body of
//! a POST or a PATCH.

use http::Method;
use services::operation::{self, Field, Operation};

/// One operation as a resource.
#[derive(Debug)]
pub struct Route {
    /// What it does.
    pub operation: &'static Operation,
    /// GET where nothing but the answer is worth telling, POST where arguments have a body.
    pub method: Method,
    /// The path; a segment in braces is an argument.
    pub path: &'static str,
    /// The status of success: 201 where the call makes something.
    pub status: u16,
    /// What stands in the body of success.
    pub answer: Answer,
}

/// What stands in the body of a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A record as itself, any other value as the member `result` of an object.
    Result,
    /// The value as a member of that name.
    Member(&'static str),
    /// The value as a member of that name, beside a sentence as the member `mensagem`.
    Told(&'static str),
    /// A page of the stream's items, as a member of that name; the header `Link` leads to the next.
    Page(&'static str),
    /// The stream's items as server-sent events.
    Events,
}

/// Where an argument stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In the body.
    Body,
}

const fn route(method: Method, operation: &'static Operation, path: &'static str) -> Route {
    Route {
        operation,
        method,
        path,
        status: 200,
        answer: Answer::Result,
    }
}

const fn get(operation: &'static Operation, path: &'static str, answer: Answer) -> Route {
    Route {
        operation,
        method: Method::GET,
        path,
        status: 200,
        answer,
    }
}

const fn post(operation: &'static Operation, path: &'static str) -> Route {
    route(Method::POST, operation, path)
}

const fn create(operation: &'static Operation, path: &'static str, answer: Answer) -> Route {
    Route {
        operation,
        method: Method::POST,
        path,
        status: 201,
        answer,
    }
}

/// The sum of two integers.
// region: add
pub static ADD: Route = post(&operation::ADD, "/api/calculator/add");
// endregion: add
/// Their product.
pub static MULTIPLY: Route = post(&operation::MULTIPLY, "/api/calculator/multiply");
/// Text in upper case.
pub static UPPERCASE: Route = post(&operation::UPPERCASE, "/api/calculator/uppercase");
/// The third power.
pub static CUBE: Route = post(&operation::CUBE, "/api/calculator/cube");
/// A greeting.
pub static SAY_HELLO: Route = post(&operation::SAY_HELLO, "/api/greeter/say_hello");
/// A second greeting.
pub static SAY_HELLO_AGAIN: Route =
    post(&operation::SAY_HELLO_AGAIN, "/api/greeter/say_hello_again");
/// Means and maximum of samples.
pub static CALCULATE_METRICS: Route = post(&operation::CALCULATE_METRICS, "/api/metrics/calculate");
/// The server's name.
pub static GET_SYSTEM_INFO: Route = get(&operation::GET_SYSTEM_INFO, "/api/system", Answer::Result);
/// One reading. The segment may be empty (`/api/metrics/?hostname=a`), which means memory.
pub static GET_METRIC: Route = get(
    &operation::GET_METRIC,
    "/api/metrics/{type}",
    Answer::Result,
);
/// Ten readings as server-sent events. The segment may be empty here too.
pub static STREAM_METRICS: Route = get(
    &operation::STREAM_METRICS,
    "/api/metrics/{type}/stream",
    Answer::Events,
);
/// The summary of readings that come as lines of JSON.
pub static RECORD_METRICS: Route = post(&operation::RECORD_METRICS, "/api/metrics/record");
/// Whether a service runs.
pub static CHECK_HEALTH: Route = get(
    &operation::CHECK_HEALTH,
    "/api/health/{service}",
    Answer::Result,
);
/// Numbers as server-sent events.
pub static STREAM_NUMBERS: Route = get(&operation::STREAM_NUMBERS, "/api/numbers", Answer::Events);
/// A user that is to be.
pub static CREATE_USER: Route = create(&operation::CREATE_USER, "/api/users", Answer::Result);
/// One user.
pub static GET_USER: Route = get(&operation::GET_USER, "/api/users/{id}", Answer::Result);
/// Users, a page at a time.
pub static LIST_USERS: Route = get(&operation::LIST_USERS, "/api/users", Answer::Page("users"));
/// Changes of a user: the body is the changes, and what it leaves out stays.
pub static UPDATE_USER: Route = route(Method::PATCH, &operation::UPDATE_USER, "/api/users/{id}");
/// A user's end.
pub static DELETE_USER: Route = route(Method::DELETE, &operation::DELETE_USER, "/api/users/{id}");
/// A user with a password, as the Portuguese course makes one.
pub static CRIAR_USUARIO: Route = create(
    &operation::CRIAR_USUARIO,
    "/usuarios",
    Answer::Told("usuario"),
);
/// All users, as the Portuguese course tells them.
pub static OBTER_USUARIOS: Route = get(
    &operation::OBTER_USUARIOS,
    "/usuarios",
    Answer::Member("usuarios"),
);
/// The bytes of a file: the body is the file.
pub static UPLOAD_FILE: Route = post(&operation::UPLOAD_FILE, "/api/files");
/// What is said in the chat, as server-sent events whose ids are the sequence numbers.
pub static CHAT: Route = get(&operation::CHAT, "/api/chat", Answer::Events);
/// One line for the chat.
pub static POST_MESSAGE: Route = create(&operation::POST_MESSAGE, "/api/chat", Answer::Result);
/// Who takes part in the chat.
pub static LIST_PARTICIPANTS: Route = get(
    &operation::LIST_PARTICIPANTS,
    "/api/chat/participants",
    Answer::Member("participants"),
);

/// Every operation's route, in the contract's order.
pub static ROUTES: [&Route; 24] = [
    &ADD,
    &MULTIPLY,
    &UPPERCASE,
    &CUBE,
    &SAY_HELLO,
    &SAY_HELLO_AGAIN,
    &CALCULATE_METRICS,
    &GET_SYSTEM_INFO,
    &GET_METRIC,
    &STREAM_METRICS,
    &RECORD_METRICS,
    &CHECK_HEALTH,
    &STREAM_NUMBERS,
    &CREATE_USER,
    &GET_USER,
    &LIST_USERS,
    &UPDATE_USER,
    &DELETE_USER,
    &CRIAR_USUARIO,
    &OBTER_USUARIOS,
    &UPLOAD_FILE,
    &CHAT,
    &POST_MESSAGE,
    &LIST_PARTICIPANTS,
];

/// Where the OpenAPI document is.
pub const OPENAPI: &str = "/openapi.json";

/// The media type of bodies and answers.
pub const JSON: &str = "application/json";
/// The media type of uploads: newline-delimited JSON.
pub const LINES: &str = "application/x-ndjson";
/// The media type of a file's bytes.
pub const BYTES: &str = "application/octet-stream";
/// The media type of server streams (WHATWG HTML, section 9.2).
pub const EVENTS: &str = "text/event-stream";

/// What the events of a stream are called.
pub mod event {
    /// One item; its `id` counts from 1, and is the sequence number of a message of the chat.
    pub const ITEM: &str = "item";
    /// The stream is over. Without it a stream has broken off.
    pub const END: &str = "end";
    /// The stream has failed and is over; the data is a problem.
    pub const ERROR: &str = "error";
}

impl Route {
    /// The path with that segment, which is encoded already, in place of the braces.
    #[must_use]
    pub fn with_segment(&self, segment: &str) -> String {
        let parts = self.path.split_once('{').zip(self.path.split_once('}'));
        match parts {
            Some(((before, _), (_, after))) => format!("{before}{segment}{after}"),
            None => self.path.to_owned(),
        }
    }

    /// Where an argument of this operation stands.
    #[must_use]
    pub fn place(&self, field: &Field) -> Place {
        if self.path.contains(&format!("{{{}}}", wire_name(field))) {
            Place::Path
        } else if self.method == Method::GET || self.method == Method::DELETE {
            Place::Query
        } else {
            Place::Body
        }
    }
}

/// What an argument is called in a path or a query.
#[must_use]
pub fn wire_name(field: &Field) -> &'static str {
    match field.name {
        "metric_type" => "type",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_route() {
        let routed = ROUTES.map(|route| route.operation.name);
        assert_eq!(routed, operation::ALL.map(|operation| operation.name));
    }

    #[test]
    fn a_segment_takes_the_place_of_the_braces() {
        assert_eq!(GET_METRIC.with_segment("cpu"), "/api/metrics/cpu");
        assert_eq!(STREAM_METRICS.with_segment(""), "/api/metrics//stream");
        assert_eq!(ADD.with_segment("x"), ADD.path);
    }

    #[test]
    fn arguments_stand_where_the_path_and_the_method_say() {
        let places = |route: &Route| -> Vec<Place> {
            let fields = route.operation.parameters.iter();
            fields.map(|field| route.place(field)).collect()
        };
        assert_eq!(places(&GET_METRIC), [Place::Query, Place::Path]);
        assert_eq!(places(&ADD), [Place::Body, Place::Body]);
        assert_eq!(places(&STREAM_NUMBERS), [Place::Query, Place::Query]);
        assert_eq!(places(&UPDATE_USER), [Place::Path, Place::Body]);
        assert_eq!(places(&DELETE_USER), [Place::Path]);
        assert_eq!(places(&CHAT), [Place::Query, Place::Query]);
    }
}
