//! The operations as data: what introspection, OpenRPC, OpenAPI and the command line tell of them.
//! The signatures that the compiler checks are in [`backend`](crate::backend).

/// One operation of the contract.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its flat name, the same over every protocol that has flat names.
    pub name: &'static str,
    /// Its service, in lower case.
    pub service: &'static str,
    /// Which side streams.
    pub kind: Kind,
    /// Whether a caller who does not know if a call was done may send it again.
    pub repeat: Repeat,
    /// Its parameters, in the order of positional protocols. A client stream's are those of one
    /// item, a bidirectional one's those of its opening.
    pub parameters: &'static [Field],
    /// Its result; a server stream's is that of one item. A bidirectional one's items have this
    /// shape both ways.
    pub result: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

/// Which side of a call is a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Neither.
    Unary,
    /// The answer.
    ServerStream,
    /// The question.
    ClientStream,
    /// Both.
    Bidirectional,
}

/// Whether a call may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once.
    Safe,
    /// Twice may do the work twice.
    Unsafe,
}

/// A named value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name on every wire that names values.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it may be left out. Only last parameters are.
    pub optional: bool,
}

/// What a value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An integer of 32 bits, signed.
    Int32,
    /// An integer from 0 to 2⁵³, which every protocol's double holds exactly.
    Integer,
    /// A finite IEEE 754 double; integers are welcome.
    Double,
    /// Unicode text.
    Text,
    /// True or false.
    Boolean,
    /// Bytes; protocols of text write them in Base64.
    Bytes,
    /// Seconds since 1970-01-01T00:00:00Z; protocols write it in their own way.
    Timestamp,
    /// Any number of one shape.
    List(&'static Shape),
    /// Named values.
    Record(&'static [Field]),
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        optional: false,
    }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field {
        optional: true,
        ..field(name, shape)
    }
}

const OPERANDS: &[Field] = &[field("a", Shape::Int32), field("b", Shape::Int32)];
const PID: &[Field] = &[field("pid", Shape::Int32)];
const METRIC_REQUEST: &[Field] = &[
    field("hostname", Shape::Text),
    field("metric_type", Shape::Text),
];
const METRIC: &[Field] = &[
    field("hostname", Shape::Text),
    field("metric_type", Shape::Text),
    field("value", Shape::Double),
    field("timestamp", Shape::Timestamp),
    field("unit", Shape::Text),
];

const ROLES: Shape = Shape::List(&Shape::Text);
const USER: Shape = Shape::Record(&[
    field("id", Shape::Int32),
    field("name", Shape::Text),
    field("email", Shape::Text),
    field("roles", ROLES),
    field("external_id", Shape::Text),
]);
const USER_CHANGES: Shape = Shape::Record(&[
    optional("name", Shape::Text),
    optional("email", Shape::Text),
    optional("roles", ROLES),
]);
const USUARIO: Shape = Shape::Record(&[
    field("id", Shape::Text),
    field("nome", Shape::Text),
    field("email", Shape::Text),
]);
const ID: &[Field] = &[field("id", Shape::Int32)];
const CHAT_MESSAGE: &[Field] = &[
    field("user", Shape::Text),
    field("text", Shape::Text),
    optional("timestamp", Shape::Timestamp),
    optional("sequence", Shape::Integer),
    optional("id", Shape::Text),
];

const fn unary(
    service: &'static str,
    name: &'static str,
    parameters: &'static [Field],
    result: Shape,
    summary: &'static str,
) -> Operation {
    Operation {
        name,
        service,
        kind: Kind::Unary,
        repeat: Repeat::Safe,
        parameters,
        result,
        summary,
    }
}

/// See [`Calculator::add`](crate::Calculator::add).
pub static ADD: Operation = unary(
    "calculator",
    "add",
    OPERANDS,
    Shape::Int32,
    "The sum of two integers.",
);

/// See [`Calculator::multiply`](crate::Calculator::multiply).
pub static MULTIPLY: Operation = unary(
    "calculator",
    "multiply",
    OPERANDS,
    Shape::Int32,
    "The product of two integers.",
);

/// See [`Calculator::uppercase`](crate::Calculator::uppercase).
pub static UPPERCASE: Operation = unary(
    "calculator",
    "uppercase",
    &[field("text", Shape::Text)],
    Shape::Text,
    "The text in upper case.",
);

/// See [`Calculator::cube`](crate::Calculator::cube).
pub static CUBE: Operation = unary(
    "calculator",
    "cube",
    &[field("number", Shape::Int32)],
    Shape::Int32,
    "The third power of an integer.",
);

/// See [`Greeter::say_hello`](crate::Greeter::say_hello).
pub static SAY_HELLO: Operation = unary(
    "greeter",
    "say_hello",
    PID,
    Shape::Text,
    "A greeting to the process of that number.",
);

/// See [`Greeter::say_hello_again`](crate::Greeter::say_hello_again).
pub static SAY_HELLO_AGAIN: Operation = unary(
    "greeter",
    "say_hello_again",
    PID,
    Shape::Text,
    "A second greeting to the process of that number.",
);

/// See [`Metrics::calculate_metrics`](crate::Metrics::calculate_metrics).
pub static CALCULATE_METRICS: Operation = unary(
    "metrics",
    "calculate_metrics",
    &[
        field("cpu_usage", Shape::List(&Shape::Double)),
        field("memory_usage", Shape::List(&Shape::Double)),
    ],
    Shape::Record(&[
        field("avg_cpu", Shape::Double),
        field("max_cpu", Shape::Double),
        field("avg_memory", Shape::Double),
        field("alert", Shape::Boolean),
    ]),
    "Means and maximum of samples, and an alert past 80 percent of CPU.",
);

/// See [`Metrics::get_system_info`](crate::Metrics::get_system_info).
pub static GET_SYSTEM_INFO: Operation = unary(
    "metrics",
    "get_system_info",
    &[],
    Shape::Record(&[
        field("server", Shape::Text),
        field("version", Shape::Text),
        field("status", Shape::Text),
    ]),
    "The server's name, version and status.",
);

/// See [`Metrics::get_metric`](crate::Metrics::get_metric).
pub static GET_METRIC: Operation = unary(
    "metrics",
    "get_metric",
    METRIC_REQUEST,
    Shape::Record(METRIC),
    "One reading of cpu, memory or disk, now.",
);

/// See [`Metrics::stream_metrics`](crate::Metrics::stream_metrics).
pub static STREAM_METRICS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "metrics",
        "stream_metrics",
        METRIC_REQUEST,
        Shape::Record(METRIC),
        "Ten readings of cpu, memory or disk, one an interval.",
    )
};

/// See [`Metrics::record_metrics`](crate::Metrics::record_metrics).
pub static RECORD_METRICS: Operation = Operation {
    kind: Kind::ClientStream,
    repeat: Repeat::Unsafe,
    ..unary(
        "metrics",
        "record_metrics",
        METRIC,
        Shape::Record(&[
            field("count", Shape::Int32),
            field("min", Shape::Double),
            field("max", Shape::Double),
            field("mean", Shape::Double),
        ]),
        "The summary of a stream of readings.",
    )
};

/// See [`Metrics::check_health`](crate::Metrics::check_health).
pub static CHECK_HEALTH: Operation = unary(
    "metrics",
    "check_health",
    &[field("service", Shape::Text)],
    Shape::Record(&[
        field("healthy", Shape::Boolean),
        field("message", Shape::Text),
    ]),
    "Whether a service runs.",
);

/// See [`Numbers::stream_numbers`](crate::Numbers::stream_numbers).
pub static STREAM_NUMBERS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "numbers",
        "stream_numbers",
        &[field("start", Shape::Int32), field("end", Shape::Int32)],
        Shape::Record(&[field("number", Shape::Int32), field("message", Shape::Text)]),
        "Every number of a range, with its square told.",
    )
};

/// See [`Users::create_user`](crate::Users::create_user).
pub static CREATE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "create_user",
        &[
            field("name", Shape::Text),
            field("email", Shape::Text),
            optional("roles", ROLES),
            optional("external_id", Shape::Text),
        ],
        USER,
        "Keeps a new user.",
    )
};

/// See [`Users::get_user`](crate::Users::get_user).
pub static GET_USER: Operation = unary("users", "get_user", ID, USER, "The user with an id.");

/// See [`Users::list_users`](crate::Users::list_users).
pub static LIST_USERS: Operation = Operation {
    kind: Kind::ServerStream,
    ..unary(
        "users",
        "list_users",
        &[
            optional("after", Shape::Int32),
            optional("limit", Shape::Int32),
        ],
        USER,
        "Users in the order of their ids, all or a page of them.",
    )
};

/// See [`Users::update_user`](crate::Users::update_user).
pub static UPDATE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "update_user",
        &[field("id", Shape::Int32), field("changes", USER_CHANGES)],
        USER,
        "Changes a user's name, e-mail address or roles.",
    )
};

/// See [`Users::delete_user`](crate::Users::delete_user).
pub static DELETE_USER: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "users",
        "delete_user",
        ID,
        USER,
        "Removes a user; gives it as it was.",
    )
};

/// See [`Usuarios::criar_usuario`](crate::Usuarios::criar_usuario).
pub static CRIAR_USUARIO: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "usuarios",
        "criar_usuario",
        &[
            field("nome", Shape::Text),
            field("email", Shape::Text),
            field("senha", Shape::Text),
            optional("id", Shape::Text),
        ],
        USUARIO,
        "Keeps a new user with a password.",
    )
};

/// See [`Usuarios::obter_usuarios`](crate::Usuarios::obter_usuarios).
pub static OBTER_USUARIOS: Operation = unary(
    "usuarios",
    "obter_usuarios",
    &[],
    Shape::List(&USUARIO),
    "All users, without their passwords.",
);

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

/// See [`Chat::chat`](crate::Chat::chat).
pub static CHAT: Operation = Operation {
    kind: Kind::Bidirectional,
    repeat: Repeat::Unsafe,
    ..unary(
        "chat",
        "chat",
        &[
            optional("user", Shape::Text),
            optional("after", Shape::Integer),
        ],
        Shape::Record(CHAT_MESSAGE),
        "Takes part in the chat: everybody hears everything, in the same order.",
    )
};

/// See [`Chat::post_message`](crate::Chat::post_message).
pub static POST_MESSAGE: Operation = Operation {
    repeat: Repeat::Unsafe,
    ..unary(
        "chat",
        "post_message",
        CHAT_MESSAGE,
        Shape::Record(CHAT_MESSAGE),
        "Says one line without taking part; gives it with its place in the order.",
    )
};

/// See [`Chat::list_participants`](crate::Chat::list_participants).
pub static LIST_PARTICIPANTS: Operation = unary(
    "chat",
    "list_participants",
    &[],
    Shape::List(&Shape::Text),
    "The names of those who take part now.",
);

/// Every operation, in the contract's order.
pub static ALL: [&Operation; 24] = [
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

impl Operation {
    /// The operation of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|operation| operation.name == name)
    }
}
