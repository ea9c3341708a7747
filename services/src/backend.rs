//! One trait a service, and [`Backend`], their sum: what a server serves, and what a client is.
//!
//! Dropping a future or a stream cancels its work. Every operation takes the [`Context`] first;
//! its deadline covers a unary call and a client stream whole, and the opening of a server stream
//! or of a bidirectional one.
//! A backend keeps background work inside the stream that it returns instead of spawning it.
//!
//! Every operation can fail with [`Error::Unavailable`] where a wire lies between.

use async_trait::async_trait;
use bytes::Bytes;

use crate::context::Context;
use crate::error::Error;
use crate::model::{
    ChatMessage, Health, Join, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario,
    NumberItem, NumberRange, SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges,
    UserPage, Usuario,
};
use crate::stream::Stream;

/// Arithmetic and text.
#[async_trait]
pub trait Calculator: Send + Sync {
    /// The sum.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error>;

    /// The product.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error>;

    /// The text in upper case by Unicode's full mapping: `straße` becomes `STRASSE`.
    ///
    /// # Errors
    /// None of its own.
    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error>;

    /// The third power.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where it does not fit in 32 bits.
    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error>;
}

/// Greetings.
#[async_trait]
pub trait Greeter: Send + Sync {
    /// `Hello, 42!` to process 42.
    ///
    /// # Errors
    /// None of its own.
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error>;

    /// `Hello again, 42!` to process 42.
    ///
    /// # Errors
    /// None of its own.
    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error>;
}

/// Metrics of machines.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// Means and maximum of the caller's samples.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty list or a value that is not finite,
    /// [`Error::OutOfRange`] where a mean overflows.
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error>;

    /// The server's name, version and status.
    ///
    /// # Errors
    /// None of its own.
    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error>;

    /// One reading, now.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an unknown type.
    async fn get_metric(&self, context: &Context, request: &MetricRequest)
    -> Result<Metric, Error>;

    /// Ten readings, one an interval.
    ///
    /// # Errors
    /// As [`get_metric`](Self::get_metric), before the stream opens.
    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error>;

    /// Takes readings until their stream ends; gives their summary.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty stream or a value that is not finite,
    /// [`Error::OutOfRange`] where the mean overflows, and the stream's own last error.
    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error>;

    /// Whether a service runs.
    ///
    /// # Errors
    /// None of its own.
    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error>;
}

/// Streams of numbers.
#[async_trait]
pub trait Numbers: Send + Sync {
    /// Every number of the range, in order.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where start > end or end − start > 1000, before the stream opens.
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error>;
}

/// Users, kept in a store.
#[async_trait]
pub trait Users: Send + Sync {
    /// Keeps a new user. When this has answered, the user is there, whatever happens to the server.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for an empty or too long name or a malformed e-mail address,
    /// [`Error::AlreadyExists`] where the e-mail address or the external id is taken.
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error>;

    /// The user with that id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error>;

    /// Users in the order of their ids. What is created or deleted meanwhile may or may not be
    /// among them.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a negative limit, before the stream opens.
    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error>;

    /// Changes a user; gives it as it is then.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of [`create_user`](Self::create_user).
    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error>;

    /// Removes a user; gives it as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error>;
}

/// The Portuguese course's service, over the same store as [`Users`].
#[async_trait]
pub trait Usuarios: Send + Sync {
    /// Keeps a new user with a password, as [`create_user`](Users::create_user) does.
    ///
    /// # Errors
    /// As [`create_user`](Users::create_user); [`Error::InvalidArgument`] for an empty password,
    /// [`Error::ResourceExhausted`] where too many passwords wait to be hashed.
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error>;

    /// All users, in the order of their ids.
    ///
    /// # Errors
    /// None of its own.
    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error>;
}

/// Uploads, hashed and not kept.
#[async_trait]
pub trait Files: Send + Sync {
    /// Takes a file's bytes until their stream ends; holds one chunk at a time.
    ///
    /// # Errors
    /// The stream's own last error: an upload that broke off is never a file.
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error>;
}

/// One room in which everybody hears everything, in the same order.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Takes part: what the participant says goes up, what everybody says comes down, the
    /// participant's own lines among it. When the stream up ends, the participant has left: what
    /// was said up to its own last line still comes, then the stream down ends.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] where `after` is older than what the server keeps,
    /// [`Error::InvalidArgument`] for a name that is too long. The stream itself ends with
    /// [`Error::ResourceExhausted`] for a participant who reads too slowly,
    /// [`Error::InvalidArgument`] for a message in another's name or too long, and
    /// [`Error::Unavailable`] where the server closes.
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error>;

    /// Says one line without taking part; gives it with its place. The same user's message with
    /// the same id is said once: the second call gives what the first did.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a missing name, or a name or text that is too long.
    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error>;

    /// The names of those who take part now, sorted, each once.
    ///
    /// # Errors
    /// None of its own.
    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error>;
}

/// All services: what a server serves, and what a client is.
pub trait Backend:
    Calculator + Greeter + Metrics + Numbers + Users + Usuarios + Files + Chat + 'static
{
}

impl<T: Calculator + Greeter + Metrics + Numbers + Users + Usuarios + Files + Chat + 'static>
    Backend for T
{
}
