//! http1

use super::connection::{Input, Progress, Read};
use super::output::Output;

/// Reads a connection.
#[derive(Debug, Default)]
pub struct Reader {}

impl Read for Reader {
    fn read(&mut self, input: Input<'_>, output: &mut Output) -> Progress {
        let _ = (input, output);
        Progress::NeedsMore
    }
}

/// Whether a connection whose client begins so may speak HTTP/1.1: a method and a space, or what may
/// become one.
#[must_use]
pub fn may_begin(first: &[u8]) -> bool {
    let method = first
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    method > 0 && first.get(method).is_none_or(|byte| *byte == b' ')
}
