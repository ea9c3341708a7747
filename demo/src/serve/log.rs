//! Who is told of calls: `--verbose` prints them, `--metrics-addr` counts them.

use std::sync::Arc;

use services::{CallRecord, Observer, Operation};

use crate::print::{HEADING, note};

/// Prints a line for each call on stderr.
#[derive(Debug)]
pub(super) struct CallLog;

impl Observer for CallLog {
    fn call_ended(&self, call: &CallRecord) {
        note(&line(call));
    }
}

/// Tells several.
#[derive(Debug)]
pub(super) struct All(pub(super) Vec<Arc<dyn Observer>>);

impl Observer for All {
    fn call_started(&self, operation: &'static Operation) {
        self.0.iter().for_each(|one| one.call_started(operation));
    }

    fn item_received(&self, operation: &'static Operation) {
        self.0.iter().for_each(|one| one.item_received(operation));
    }

    fn item_sent(&self, operation: &'static Operation) {
        self.0.iter().for_each(|one| one.item_sent(operation));
    }

    fn call_ended(&self, call: &CallRecord) {
        self.0.iter().for_each(|one| one.call_ended(call));
    }
}

/// Names and addresses only: nothing in it comes from the peer's arguments.
fn line(call: &CallRecord) -> String {
    let name = call.operation.name;
    let peer = call
        .peer
        .map_or("this process".to_owned(), |peer| peer.to_string());
    let outcome = call.outcome.map_or("ok", services::Code::name);
    let milliseconds = call.elapsed.as_secs_f64() * 1e3;
    let items = match call.items {
        0 => String::new(),
        items => format!("  {items} items"),
    };
    format!("{HEADING}{name}{HEADING:#}  {peer}  {outcome}  {milliseconds:.2} ms{items}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::{Code, operation};
    use std::time::Duration;

    #[test]
    fn a_call_is_logged_in_a_line() {
        let call = CallRecord {
            operation: &operation::STREAM_NUMBERS,
            peer: Some(([127, 0, 0, 1], 5).into()),
            outcome: Some(Code::Cancelled),
            elapsed: Duration::from_micros(1_234),
            items: 3,
        };
        let plain = anstream::adapter::strip_str(&line(&call)).to_string();
        insta::assert_snapshot!(plain, @"stream_numbers  127.0.0.1:5  Cancelled  1.23 ms  3 items");
        let well = CallRecord {
            outcome: None,
            items: 0,
            peer: None,
            ..call
        };
        let plain = anstream::adapter::strip_str(&line(&well)).to_string();
        insta::assert_snapshot!(plain, @"stream_numbers  this process  ok  1.23 ms");
    }
}
