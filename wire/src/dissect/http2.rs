//! http2

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
