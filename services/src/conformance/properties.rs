//! Property tests: whatever the arguments, a wire gives what [`Local`](crate::Local) gives, to the
//! last bit, and fails with the same code and text where that fails.

mod people;

use std::fmt::Debug;
use std::sync::Arc;

use futures::{StreamExt, stream};
use proptest::collection::vec;
use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Handle;

use super::{Verdict, collected, reference, same};
use crate::backend::{Backend, Calculator, Greeter, Metrics, Numbers};
use crate::context::Context;
use crate::local::Local;
use crate::model::{Metric, MetricRequest, NumberRange, Usage};

/// Random arguments tried for each property; each is at least one call over the wire.
const CASES: u32 = 64;

/// The same for properties whose arguments are long.
const LONG_CASES: u32 = 24;

/// The longest list that is tried.
const LONGEST_LIST: usize = 10_000;

/// Seconds since the epoch of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: the years that
/// XML-RPC's `dateTime.iso8601` can write.
const TIMESTAMPS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Which texts are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Any Unicode.
    Any,
    /// What XML 1.0 can carry (section 2.2, production 2).
    Xml,
}

impl Text {
    /// Texts of up to that many characters, half of them from those that formats give a meaning.
    fn up_to(self, characters: usize) -> impl Strategy<Value = String> {
        const SPECIAL: &[char] = &[
            '<', '>', '&', '"', '\'', '\\', '/', '%', '?', '#', ' ', '\t', '\n', '\r', ']', '\0',
            '\u{1}', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{feff}', '\u{ffff}', 'ß', '日',
        ];
        let special = proptest::sample::select(SPECIAL);
        let character = prop_oneof![any::<char>(), special];
        let carried = character.prop_filter("XML cannot carry it", move |&character| {
            self == Self::Any || xml_can_carry(character)
        });
        vec(carried, 0..=characters).prop_map(String::from_iter)
    }
}

fn xml_can_carry(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Tries all properties. Call it outside of async code, with a multi-thread runtime's handle.
///
/// # Panics
/// With the smallest arguments found for which the backend differs from `Local`.
pub fn check(runtime: &Handle, remote: Arc<dyn Backend>, text: Text) {
    let checker = Checker {
        runtime,
        remote: &*remote,
        local: reference(),
        context: Context::new(),
    };
    checker.arithmetic();
    checker.texts(text);
    checker.reports();
    checker.longest_lists();
    checker.ranges();
    checker.metric_requests(text);
    checker.uploads(text);
    checker.users(text);
    checker.changes(text);
    checker.files();
    checker.posts(text);
    checker.chats();
}

struct Checker<'a> {
    runtime: &'a Handle,
    remote: &'a dyn Backend,
    local: Arc<Local>,
    context: Context,
}

impl Checker<'_> {
    /// Runs one property over random arguments.
    fn property<S: Strategy>(
        &self,
        name: &str,
        cases: u32,
        arguments: S,
        property: impl AsyncFn(S::Value) -> Verdict,
    ) where
        S::Value: Debug,
    {
        let config = Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        };
        let tried = TestRunner::new(config).run(&arguments, |arguments| {
            let verdict = self.runtime.block_on(property(arguments));
            verdict.map_err(TestCaseError::fail)
        });
        if let Err(failure) = tried {
            panic!("{name} differs from Local: {failure}");
        }
    }

    fn arithmetic(&self) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        let pair = (integer(), integer());
        self.property("arithmetic", CASES, pair, async |(a, b)| {
            let (got, wanted) = (remote.add(context, a, b), local.add(context, a, b));
            same("add", got.await, wanted.await)?;
            let (got, wanted) = (
                remote.multiply(context, a, b),
                local.multiply(context, a, b),
            );
            same("multiply", got.await, wanted.await)?;
            let (got, wanted) = (remote.cube(context, a), local.cube(context, a));
            same("cube", got.await, wanted.await)?;
            let (got, wanted) = (remote.say_hello(context, a), local.say_hello(context, a));
            same("say_hello", got.await, wanted.await)
        });
    }

    fn texts(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        self.property("texts", CASES, text.up_to(200), async |text: String| {
            let got = remote.uppercase(context, &text).await;
            same("uppercase", got, local.uppercase(context, &text).await)?;
            let got = remote.check_health(context, &text).await;
            same(
                "check_health",
                got,
                local.check_health(context, &text).await,
            )
        });
    }

    fn reports(&self) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        let usage = (vec(double(), 0..8), vec(double(), 0..8)).prop_map(usage);
        self.property("calculate_metrics", 2 * CASES, usage, async |usage| {
            let got = remote.calculate_metrics(context, &usage).await;
            let wanted = local.calculate_metrics(context, &usage).await;
            same("calculate_metrics", got, wanted)
        });
    }

    fn longest_lists(&self) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        // Of a size that does not overflow, so that the answer depends on every value.
        let values = || vec(-1e300_f64..1e300, LONGEST_LIST);
        let usage = (values(), values()).prop_map(usage);
        self.property("a list of 10,000", 1, usage, async |usage| {
            let got = remote.calculate_metrics(context, &usage).await;
            let wanted = local.calculate_metrics(context, &usage).await;
            same("calculate_metrics", got, wanted)
        });
    }

    fn ranges(&self) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        self.property("stream_numbers", LONG_CASES, range(), async |range| {
            let got = collected(remote.stream_numbers(context, range)).await;
            let wanted = collected(local.stream_numbers(context, range)).await;
            same("stream_numbers", got, wanted)
        });
    }

    fn metric_requests(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        let request = request(text);
        self.property("get_metric", CASES, request, async |request| {
            let got = remote.get_metric(context, &request).await;
            same("get_metric", got, local.get_metric(context, &request).await)
        });
    }

    fn uploads(&self, text: Text) {
        let (context, remote, local) = (&self.context, self.remote, &*self.local);
        let metrics = vec(metric(text), 0..50);
        let upload = |metrics: Vec<Metric>| stream::iter(metrics).map(Ok).boxed();
        self.property("record_metrics", LONG_CASES, metrics, async |metrics| {
            let wanted = local.record_metrics(context, upload(metrics.clone())).await;
            let got = remote.record_metrics(context, upload(metrics)).await;
            same("record_metrics", got, wanted)
        });
    }
}

/// Any integer, the limits and small ones more often than chance has it.
fn integer() -> impl Strategy<Value = i32> {
    let limits = prop_oneof![Just(i32::MAX), Just(i32::MIN), Just(0), Just(-1)];
    prop_oneof![any::<i32>(), -2_000..2_000, limits]
}

/// Any finite double: subnormal, -0.0 and the largest too.
fn double() -> impl Strategy<Value = f64> {
    let special = prop_oneof![
        Just(f64::MAX),
        Just(f64::MIN),
        Just(f64::MIN_POSITIVE),
        Just(5e-324),
        Just(-0.0),
    ];
    let hundredths = (-1_000_000..1_000_000).prop_map(|n| f64::from(n) / 100.0);
    prop_oneof![
        POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
        special,
        hundredths,
        any::<i32>().prop_map(f64::from),
    ]
}

fn usage((cpu_usage, memory_usage): (Vec<f64>, Vec<f64>)) -> Usage {
    Usage {
        cpu_usage,
        memory_usage,
    }
}

/// Ranges around the edges of what is allowed.
fn range() -> impl Strategy<Value = NumberRange> {
    let width = prop_oneof![-2..1_003, Just(1_000), Just(1_001), any::<i32>()];
    (integer(), width).prop_map(|(start, width)| NumberRange {
        start,
        end: start.saturating_add(width),
    })
}

fn request(text: Text) -> impl Strategy<Value = MetricRequest> {
    let known = proptest::sample::select(&["cpu", "memory", "disk", ""]);
    let metric_type = prop_oneof![known.prop_map(str::to_owned), text.up_to(80)];
    (text.up_to(80), metric_type).prop_map(|(hostname, metric_type)| MetricRequest {
        hostname,
        metric_type,
    })
}

fn metric(text: Text) -> impl Strategy<Value = Metric> {
    let names = (text.up_to(20), text.up_to(20), text.up_to(20));
    let fields = (names, double(), TIMESTAMPS);
    fields.prop_map(|((hostname, metric_type, unit), value, timestamp)| Metric {
        hostname,
        metric_type,
        value,
        timestamp,
        unit,
    })
}
