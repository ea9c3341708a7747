//! Who answered: the header `server`. Where the backend of a server is a client (of a gateway, of a
//! balancer), the one who did the work is named, so that callers can tell servers apart however
//! many stand between.

use http::HeaderValue;
use services::{Context, ServeOptions};

/// This server's own name; none where it has none, or one that is no header.
#[must_use]
pub fn own_name(options: &ServeOptions) -> Option<HeaderValue> {
    header(options.name.as_deref()?)
}

/// The name that an answer carries: the one that the call's context has learnt, else this server's
/// own.
#[must_use]
pub fn answered_by(context: &Context, own: Option<&HeaderValue>) -> Option<HeaderValue> {
    let learnt = context.exchange().server;
    let learnt = learnt.and_then(|name| header(&name));
    learnt.or_else(|| own.cloned())
}

/// Leaves in a message's context the name that all its calls have learnt. Where they differ it
/// learns none: this server has put the answers together, and names itself.
pub fn answered_together(message: &Context, calls: &[Context]) {
    let mut names = calls.iter().map(|call| call.exchange().server);
    let first = names.next().flatten();
    let same = names.all(|name| name == first);
    message.learn(|exchange| exchange.server = first.filter(|_| same));
}

fn header(name: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(name: Option<&str>) -> Context {
        let context = Context::new();
        context.learn(|exchange| exchange.server = name.map(str::to_owned));
        context
    }

    #[test]
    fn who_did_the_work_is_named_before_who_passed_it_on() {
        let own = HeaderValue::from_static("front");
        let name = |learnt| answered_by(&answered(learnt), Some(&own)).unwrap();
        assert_eq!(name(Some("a")), "a");
        assert_eq!(name(None), "front");
        assert_eq!(name(Some("a\r\nx: y")), "front");
        assert_eq!(answered_by(&Context::new(), None), None);
    }

    #[test]
    fn calls_that_two_servers_answered_have_no_name_in_common() {
        let together = |names: &[Option<&str>]| {
            let calls: Vec<_> = names.iter().copied().map(answered).collect();
            let message = Context::new();
            answered_together(&message, &calls);
            message.exchange().server
        };
        assert_eq!(together(&[Some("a"), Some("a")]).as_deref(), Some("a"));
        assert_eq!(together(&[Some("a"), Some("b")]), None);
        assert_eq!(together(&[None, Some("b")]), None);
        assert_eq!(together(&[]), None);
    }
}
