//! A stream with the context that opened it: the calls that follow have contexts of their own, which
//! learn nothing of who does the work.

use services::Context;

use super::Session;

/// A session, and the context that it was opened with.
#[derive(Debug, Clone)]
pub struct Opened<S> {
    /// The context of the call that opened it.
    pub context: Context,
    /// The session itself.
    pub stream: S,
}

impl<S> Opened<S> {
    /// Tells a later call who does the work, as far as that is known by now.
    pub fn tell(&self, call: &Context) {
        let server = self.context.exchange().server;
        call.learn(|exchange| exchange.server = server);
    }
}

impl<S: Session> Session for Opened<S> {
    fn is_finished(&self) -> bool {
        self.stream.is_finished()
    }
}
