//! The calls that every row makes: the same values on every run and every machine.

use services::Error;
use services::model::{Usage, UsageReport};

/// One kind of call, with its arguments.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Its name on the command line.
    pub name: &'static str,
    /// The call in words, for a table's head.
    pub title: &'static str,
    /// The same in at most 13 columns.
    pub short: &'static str,
    /// What to call.
    pub call: Call,
}

/// What to call.
#[derive(Debug, Clone)]
pub enum Call {
    /// `add` of two integers.
    Add(i32, i32),
    /// `uppercase` of a text.
    Uppercase(String),
    /// `calculate_metrics` of samples.
    CalculateMetrics(Usage),
}

/// What a call gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Of `add`.
    Integer(i32),
    /// Of `uppercase`.
    Text(String),
    /// Of `calculate_metrics`.
    Report(UsageReport),
    /// Of a floor, which knows no values: the size of its reply in bytes.
    Echo(u64),
}

/// Names of the workloads, in the order of the report.
pub const NAMES: [&str; 4] = ["add", "uppercase", "metrics", "metrics-1000"];

/// The workload with the fewest values.
pub const SMALLEST: &str = "add";

/// The workload with many values, for which codecs differ most.
pub const LARGEST: &str = "metrics-1000";

/// Values of each kind in the largest workload.
const MANY: u32 = 1_000;

/// 64 bytes of ASCII.
const TEXT: &str = "remote procedure calls look local until the network has its say.";

/// Every workload, in the order of the report.
#[must_use]
pub fn all() -> Vec<Workload> {
    let samples = |cpu: &[f64], memory: &[f64]| {
        Call::CalculateMetrics(Usage {
            cpu_usage: cpu.to_vec(),
            memory_usage: memory.to_vec(),
        })
    };
    vec![
        Workload {
            name: NAMES[0],
            title: "add(5, 3)",
            short: "add",
            call: Call::Add(5, 3),
        },
        Workload {
            name: NAMES[1],
            title: "uppercase of 64 B",
            short: "uppercase",
            call: Call::Uppercase(TEXT.into()),
        },
        Workload {
            name: NAMES[2],
            title: "calculate_metrics of 5 + 5 values",
            short: "metrics 5+5",
            call: samples(&[45.0, 67.0, 89.0, 34.0, 56.0], &[2.1, 2.3, 2.5, 2.2, 2.4]),
        },
        Workload {
            name: NAMES[3],
            title: "calculate_metrics of 1,000 + 1,000 values",
            short: "metrics 1k+1k",
            call: samples(&two_decimals(7_919, 100), &two_decimals(6_007, 64)),
        },
    ]
}

/// Values from 0 up to `limit` with two decimals, spread by a prime so that they do not repeat
/// in a pattern that a codec could profit from.
fn two_decimals(prime: u32, limit: u32) -> Vec<f64> {
    let hundredths = (1..=MANY).map(|index| (index * prime) % (limit * 100));
    hundredths.map(|value| f64::from(value) / 100.0).collect()
}

impl Workload {
    /// Makes the call.
    ///
    /// # Errors
    /// The backend's.
    pub async fn run(&self, backend: &dyn services::Backend) -> Result<Answer, Error> {
        self.run_with(backend, &services::Context::new()).await
    }

    /// Makes the call with a context that the caller reads afterwards.
    ///
    /// # Errors
    /// The backend's.
    pub async fn run_with(
        &self,
        backend: &dyn services::Backend,
        context: &services::Context,
    ) -> Result<Answer, Error> {
        match &self.call {
            Call::Add(a, b) => backend.add(context, *a, *b).await.map(Answer::Integer),
            Call::Uppercase(text) => backend.uppercase(context, text).await.map(Answer::Text),
            Call::CalculateMetrics(usage) => {
                let report = backend.calculate_metrics(context, usage).await;
                report.map(Answer::Report)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_64_bytes() {
        assert_eq!(TEXT.len(), 64);
    }

    #[test]
    fn the_names_are_those_of_the_workloads() {
        let names: Vec<_> = all().iter().map(|workload| workload.name).collect();
        assert_eq!(names, NAMES);
    }

    #[test]
    fn the_smallest_is_one_of_them() {
        assert!(NAMES.contains(&SMALLEST));
    }

    #[test]
    fn the_largest_has_a_thousand_values_of_two_decimals_of_each_kind() {
        let Call::CalculateMetrics(usage) = all().remove(3).call else {
            panic!("the last workload calculates metrics");
        };
        assert_eq!(
            (usage.cpu_usage.len(), usage.memory_usage.len()),
            (1_000, 1_000)
        );
        for value in usage.cpu_usage.iter().chain(&usage.memory_usage) {
            assert!(value.to_string().len() <= "99.99".len(), "{value}");
        }
    }
}
