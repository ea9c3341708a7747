//! The one error of all services. Each room has a table (`src/error.rs`) between this and what its
//! protocol writes, both ways, so that the same failure is the same [`Error`] after any wire.

use std::fmt::{self, Display};
use std::sync::Arc;

/// The cause of an [`Error`], shared so that errors stay cheap to clone.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// The longest excerpt of a caller's value that an error text repeats, in characters.
const EXCERPT_CHARACTERS: usize = 64;

/// Why a call failed. The variant says what the caller can do.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The arguments are wrong whatever the server's state: change them.
    #[error("{0}")]
    InvalidArgument(String),
    /// The arguments are of the right kind, the result or the place asked for is out of reach.
    #[error("{0}")]
    OutOfRange(String),
    /// What the call names does not exist.
    #[error("{0}")]
    NotFound(String),
    /// What the call would create is there already.
    #[error("{0}")]
    AlreadyExists(String),
    /// Too large or too many: send less, or later.
    #[error("{0}")]
    ResourceExhausted(String),
    /// The call's deadline passed; whether the work was done is unknown.
    #[error("{0}")]
    DeadlineExceeded(String),
    /// The caller gave the call up.
    #[error("{0}")]
    Cancelled(String),
    /// The server has no such operation.
    #[error("{0}")]
    Unimplemented(String),
    // region: unavailable
    /// The other side cannot be reached, or broke off. Only a remote
    /// dependency causes this variant: it is what a remote call adds to a
    /// local one. Whether the work was done is unknown.
    #[error("{message}")]
    Unavailable {
        // endregion: unavailable
        /// What failed and what to do next.
        message: String,
        /// The cause, where there is one.
        #[source]
        source: Option<Cause>,
    },
    /// A fault of the server, or a reply that cannot be read.
    #[error("{message}")]
    Internal {
        /// What failed.
        message: String,
        /// The cause, where there is one.
        #[source]
        source: Option<Cause>,
    },
}

/// The variant of an [`Error`] without its text: what the rooms' tables are keyed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "each is explained at the variant of Error that has its name"
)]
pub enum Code {
    InvalidArgument,
    OutOfRange,
    NotFound,
    AlreadyExists,
    ResourceExhausted,
    DeadlineExceeded,
    Cancelled,
    Unimplemented,
    Unavailable,
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 10] = [
        Self::InvalidArgument,
        Self::OutOfRange,
        Self::NotFound,
        Self::AlreadyExists,
        Self::ResourceExhausted,
        Self::DeadlineExceeded,
        Self::Cancelled,
        Self::Unimplemented,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The variant's name, `InvalidArgument` and so on: what REST and the reports print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "InvalidArgument",
            Self::OutOfRange => "OutOfRange",
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::ResourceExhausted => "ResourceExhausted",
            Self::DeadlineExceeded => "DeadlineExceeded",
            Self::Cancelled => "Cancelled",
            Self::Unimplemented => "Unimplemented",
            Self::Unavailable => "Unavailable",
            Self::Internal => "Internal",
        }
    }

    /// The code of that [`name`](Self::name).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Error {
    /// The error of that code and text, without a cause: what a client makes of a wire's error.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        match code {
            Code::InvalidArgument => Self::InvalidArgument(message),
            Code::OutOfRange => Self::OutOfRange(message),
            Code::NotFound => Self::NotFound(message),
            Code::AlreadyExists => Self::AlreadyExists(message),
            Code::ResourceExhausted => Self::ResourceExhausted(message),
            Code::DeadlineExceeded => Self::DeadlineExceeded(message),
            Code::Cancelled => Self::Cancelled(message),
            Code::Unimplemented => Self::Unimplemented(message),
            Code::Unavailable => Self::Unavailable {
                message,
                source: None,
            },
            Code::Internal => Self::Internal {
                message,
                source: None,
            },
        }
    }

    /// The peer cannot be reached or broke off.
    pub fn unavailable(
        message: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Unavailable {
            message: message.into(),
            source: Some(Arc::new(source)),
        }
    }

    /// A fault of the server, or a reply that cannot be read, with its cause.
    pub fn internal(
        message: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Internal {
            message: message.into(),
            source: Some(Arc::new(source)),
        }
    }

    /// An argument that is wrong: names the field, an excerpt of the value, and what is wanted.
    ///
    /// ```
    /// let error = services::Error::invalid("metric_type", "fan", "use cpu, memory or disk");
    /// assert_eq!(error.to_string(), "metric_type is \"fan\": use cpu, memory or disk");
    /// ```
    pub fn invalid(field: &str, value: impl Display, wanted: &str) -> Self {
        Self::InvalidArgument(format!("{field} is \"{}\": {wanted}", excerpt(value)))
    }

    /// The call's deadline passed.
    #[must_use]
    pub fn deadline_exceeded() -> Self {
        Self::DeadlineExceeded(
            "the deadline passed before the call was done: allow it more time".into(),
        )
    }

    /// The server is closing: its streams end and its calls are refused.
    #[must_use]
    pub fn closing() -> Self {
        Self::new(
            Code::Unavailable,
            "the server is closing: connect again, or to another server",
        )
    }

    /// The server has no operation of that name.
    #[must_use]
    pub fn unknown_operation(name: &str) -> Self {
        Self::Unimplemented(format!("there is no operation \"{}\"", excerpt(name)))
    }

    /// The variant without its text.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::InvalidArgument(_) => Code::InvalidArgument,
            Self::OutOfRange(_) => Code::OutOfRange,
            Self::NotFound(_) => Code::NotFound,
            Self::AlreadyExists(_) => Code::AlreadyExists,
            Self::ResourceExhausted(_) => Code::ResourceExhausted,
            Self::DeadlineExceeded(_) => Code::DeadlineExceeded,
            Self::Cancelled(_) => Code::Cancelled,
            Self::Unimplemented(_) => Code::Unimplemented,
            Self::Unavailable { .. } => Code::Unavailable,
            Self::Internal { .. } => Code::Internal,
        }
    }
}

/// Two errors are equal when their code and text are; causes stay on one side of a wire.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code() && self.to_string() == other.to_string()
    }
}

/// A value of the caller's, fit to be printed: escaped, and cut at 64 characters.
///
/// ```
/// assert_eq!(services::error::excerpt("a\u{1b}[31mb"), "a\\u{1b}[31mb");
/// assert_eq!(services::error::excerpt("x".repeat(1_000)), format!("{}…", "x".repeat(64)));
/// ```
pub fn excerpt(value: impl Display) -> String {
    let text = value.to_string();
    let mut escaped = text.chars().flat_map(char::escape_debug);
    let mut cut: String = escaped.by_ref().take(EXCERPT_CHARACTERS).collect();
    if escaped.next().is_some() {
        cut.push('…');
    }
    cut
}
