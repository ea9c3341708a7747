//! How long to wait after failures, and which are not to be tried again.

use std::time::Duration;

use services::model::ChatMessage;
use services::{Code, Error};

/// The pause after all servers were tried in vain; it doubles with each further failure.
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);
/// The pause grows no longer than this, so that a server that is back is soon found.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// So many refusals in a row are no accident.
const ENOUGH: u32 = 3;

/// None until every server was tried once, and none for the first failure of a single one.
pub(super) fn pause(failures: usize, servers: usize) -> Duration {
    let at_once = servers.max(2) - 1;
    let Some(doublings) = failures.checked_sub(at_once + 1) else {
        return Duration::ZERO;
    };
    let factor = 1_u32.checked_shl(u32::try_from(doublings).unwrap_or(u32::MAX));
    let pause = factor.and_then(|factor| SHORTEST_PAUSE.checked_mul(factor));
    pause.map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// Connections that were refused for want of resources at once after joining, while the same own
/// line waited: it is the line that a server does not take, and it would be sent for ever.
#[derive(Debug, Default)]
pub(super) struct Setbacks {
    line: String,
    count: u32,
}

impl Setbacks {
    /// Whether it is enough with that one: `line` is the first that waits, where the connection did
    /// not live long.
    pub(super) fn are_enough(&mut self, line: Option<&ChatMessage>, error: &Error) -> bool {
        let refused = line.filter(|_| error.code() == Code::ResourceExhausted);
        let Some(line) = refused else {
            self.count = 0;
            return false;
        };
        if self.line != line.id {
            self.line.clone_from(&line.id);
            self.count = 0;
        }
        self.count += 1;
        self.count >= ENOUGH
    }
}
