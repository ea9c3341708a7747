//! Metrics that Prometheus reads: the same names and labels whatever the wire.
//!
//! | name | labels | what it counts |
//! |---|---|---|
//! | `trivium_requests_total` | `operation`, `outcome` | calls that are over; the outcome is `ok` or the error's code |
//! | `trivium_request_duration_seconds` | `operation` | from a call's start to its end, a stream's last item |
//! | `trivium_streams_open` | `operation` | streams that are open now |
//! | `trivium_messages_total` | `operation`, `direction` | messages, as the server sees them: a unary call is one received and, answered well, one sent |
//! | `trivium_bytes_total` | `direction` | bytes of all connections, as the server sees them |

mod endpoint;
mod text;

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use services::operation::{ALL, Kind};
use services::{CallRecord, Code, Observer, Operation, Traffic};

pub(crate) use endpoint::PATH;
pub use endpoint::serve;
pub use text::Format;

/// Upper bounds in seconds. Calls on one machine take a tenth of a millisecond, hence those below
/// one; a client's default timeout is 10 s, hence the last. Two or three a decade tell a median
/// within a factor of two and a half.
const BUCKETS: [f64; 16] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0,
];

const RECEIVED: &str = "received";
const SENT: &str = "sent";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    operation: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Moved {
    operation: &'static str,
    direction: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Toward {
    direction: &'static str,
}

/// Counts what a server does.
pub struct Meter {
    registry: Registry,
    requests: Family<Ended, Counter>,
    durations: Family<Of, Histogram, fn() -> Histogram>,
    streams: Family<Of, Gauge>,
    messages: Family<Moved, Counter>,
}

impl Meter {
    /// A meter that has counted nothing, and tells the bytes of that traffic.
    #[must_use]
    pub fn new(traffic: Arc<Traffic>) -> Self {
        let mut meter = Self {
            registry: Registry::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            streams: Family::default(),
            messages: Family::default(),
        };
        meter.register(traffic);
        meter.begin_at_zero();
        meter
    }

    /// The client library adds `_total` to counters, and a full stop to each help text.
    fn register(&mut self, traffic: Arc<Traffic>) {
        let registry = &mut self.registry;
        registry.register(
            "trivium_requests",
            "Calls that are over, by operation and outcome",
            self.requests.clone(),
        );
        registry.register(
            "trivium_request_duration_seconds",
            "Time from a call's start to its end",
            self.durations.clone(),
        );
        registry.register(
            "trivium_streams_open",
            "Streams that are open now",
            self.streams.clone(),
        );
        registry.register(
            "trivium_messages",
            "Messages of calls and streams, as the server sees them",
            self.messages.clone(),
        );
        registry.register_collector(Box::new(Bytes(traffic)));
    }

    /// A series that appears with its first call has no rate until its second: those that will
    /// surely come are there from the start.
    fn begin_at_zero(&self) {
        for operation in ALL {
            let ended = Ended {
                operation: operation.name,
                outcome: "ok",
            };
            drop(self.requests.get_or_create(&ended));
            if operation.kind != Kind::Unary {
                drop(self.streams.get_or_create(&of(operation)));
            }
        }
    }

    fn count_message(&self, operation: &Operation, direction: &'static str) {
        let moved = Moved {
            operation: operation.name,
            direction,
        };
        self.messages.get_or_create(&moved).inc();
    }
}

fn of(operation: &Operation) -> Of {
    Of {
        operation: operation.name,
    }
}

impl Observer for Meter {
    fn call_started(&self, operation: &'static Operation) {
        if operation.kind != Kind::Unary {
            self.streams.get_or_create(&of(operation)).inc();
        }
        if matches!(operation.kind, Kind::Unary | Kind::ServerStream) {
            self.count_message(operation, RECEIVED);
        }
    }

    fn item_received(&self, operation: &'static Operation) {
        self.count_message(operation, RECEIVED);
    }

    fn item_sent(&self, operation: &'static Operation) {
        self.count_message(operation, SENT);
    }

    fn call_ended(&self, call: &CallRecord) {
        let operation = call.operation;
        // region: requests
        let ended = Ended {
            operation: operation.name,
            outcome: call.outcome.map_or("ok", Code::name),
        };
        self.requests.get_or_create(&ended).inc();
        // endregion: requests
        let seconds = call.elapsed.as_secs_f64();
        self.durations
            .get_or_create(&of(operation))
            .observe(seconds);
        if operation.kind != Kind::Unary {
            self.streams.get_or_create(&of(operation)).dec();
        }
        let one_answer = matches!(operation.kind, Kind::Unary | Kind::ClientStream);
        if one_answer && call.outcome.is_none() {
            self.count_message(operation, SENT);
        }
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}

/// Bytes are counted at the sockets already: read when they are asked for.
#[derive(Debug)]
struct Bytes(Arc<Traffic>);

impl Collector for Bytes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut family = encoder.encode_descriptor(
            "trivium_bytes",
            "Bytes of all connections, as the server sees them.",
            None,
            MetricType::Counter,
        )?;
        let count = self.0.as_server();
        for (direction, bytes) in [(RECEIVED, count.up), (SENT, count.down)] {
            let labels = Toward { direction };
            ConstCounter::new(bytes).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
