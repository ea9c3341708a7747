//! What `retry.rs` may use: a clock, chance, and a service that fails. The check stands its own
//! world behind this trait, so do not change this file.

use std::time::Duration;

/// One call, as often as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The operation's name, for messages only: what may be repeated is told by `repeat`.
    pub operation: &'static str,
    /// What the contract says of sending it twice.
    pub repeat: Repeat,
    /// An id that the client chose for this one call. A server that has seen it before gives the
    /// first answer again instead of doing the work again.
    pub key: Option<String>,
}

/// Whether a call may be done twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once: it reads, or it sets what is set already.
    Safe,
    /// Twice may do the work twice.
    Unsafe,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The connection was refused: not one byte of the request has left.
    NotSent,
    /// The connection broke after the request was sent: it may have been done, or not.
    Lost,
    /// No answer in time: it may have been done, or not, or be in work now.
    DeadlineExceeded,
    /// The server has read the request and says that it is wrong.
    InvalidArgument,
}

/// Everything outside of the function that you write.
pub trait World {
    /// Time on a clock that never goes back.
    fn now(&mut self) -> Duration;
    /// Waits.
    fn sleep(&mut self, time: Duration);
    /// A number by chance, from 0 up to but not including 1.
    fn random(&mut self) -> f64;
    /// Sends the request once, and waits so long for an answer and no longer.
    ///
    /// # Errors
    /// Why there is no answer.
    fn send(&mut self, request: &Request, wait: Duration) -> Result<i32, Failure>;
}
