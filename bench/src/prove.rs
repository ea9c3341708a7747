//! Only what has been proved equal is measured: every wire gives `Local`'s answers in every
//! scenario, every reference the right answer to every workload.

use std::fmt;
use std::sync::Arc;

use demo::print::printable;
use futures::future::try_join_all;
use services::Error;
use services::conformance::{self, Failure, SCENARIOS, reference};

use crate::caller::Caller;
use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::{Kind, Proof};
use crate::target::Target;
use crate::workload::{Answer, Workload};

/// Failures of a row that are told one by one: what breaks a row mostly breaks all its scenarios.
const TOLD: usize = 5;

/// Characters of a failure that are told: two and a half lines of a terminal. An answer of a
/// thousand values has a hundred times as many.
const TOLD_CHARACTERS: usize = 200;

/// The same of one answer, so that the expected one stands within the line too.
const ANSWER_CHARACTERS: usize = 70;

/// The rows that differ, and how.
#[derive(Debug)]
pub struct Different(Vec<String>);

impl Different {
    /// A line each, fit for a terminal.
    #[must_use]
    pub fn failures(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Different {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("answers differ, so nothing was measured")
    }
}

impl std::error::Error for Different {}

/// Puts every backend through the conformance scenarios, all rows at once.
///
/// # Errors
/// [`Different`], or a row that cannot be reached.
pub async fn backends(targets: &[Target], addresses: &Addresses) -> anyhow::Result<Proof> {
    let checks = targets.iter().map(|target| scenarios(target, addresses));
    let failures = try_join_all(checks).await?.concat();
    refuse(failures)?;
    let count = |kind| targets.iter().filter(|target| target.kind == kind).count();
    Ok(Proof {
        scenarios: SCENARIOS.len(),
        wires: count(Kind::Wire),
        references: count(Kind::Stock) + count(Kind::Floor),
    })
}

async fn scenarios(target: &Target, addresses: &Addresses) -> Result<Vec<String>, Error> {
    let Some(backend) = target.backend(addresses).await? else {
        return Ok(Vec::new());
    };
    let failures = conformance::check(backend).await.err().unwrap_or_default();
    let failures: Vec<_> = failures.iter().map(Failure::to_string).collect();
    Ok(told(target, &failures))
}

/// Compares one row's answer to each workload with the expected one.
///
/// # Errors
/// [`Different`], or a call that fails.
pub async fn workloads(
    target: &Target,
    caller: &Arc<dyn Caller>,
    workloads: &[Workload],
    sizes: &Sizes,
) -> anyhow::Result<()> {
    let mut failures = Vec::new();
    for workload in workloads {
        let expected = match sizes.get(workload.name) {
            Some(size) => Answer::Echo(size.down),
            None => workload.run(&*reference()).await?,
        };
        let answer = caller.call(workload).await?;
        if answer != expected {
            let [answer, expected] = [answer, expected]
                .map(|answer| shortened(&format!("{answer:?}"), ANSWER_CHARACTERS));
            failures.push(format!("{} gave {answer}, not {expected}", workload.name));
        }
    }
    refuse(told(target, &failures))
}

/// The first failures of a row, a line each, and how many more there are.
fn told(target: &Target, failures: &[String]) -> Vec<String> {
    let name = target.name;
    let first = failures.iter().take(TOLD);
    let mut lines: Vec<_> = first
        .map(|failure| shortened(&printable(&format!("{name}: {failure}")), TOLD_CHARACTERS))
        .collect();
    if failures.len() > TOLD {
        lines.push(format!("{name}: and {} more", failures.len() - TOLD));
    }
    lines
}

/// That text, or its beginning where it has more characters.
pub(crate) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn refuse(failures: Vec<String>) -> anyhow::Result<()> {
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Different(failures).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target;

    #[test]
    fn a_row_tells_five_failures_in_short_lines_and_counts_the_rest() {
        let long = format!("got\n{}", "7.5, ".repeat(40_000));
        let lines = told(&target::ALL[0], &vec![long; 32]);
        assert_eq!(lines.len(), 6);
        for line in &lines {
            assert!(line.chars().count() <= TOLD_CHARACTERS + 1, "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
        assert_eq!(lines[5], "local: and 27 more");
    }

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(shortened("straße", 6), "straße");
        assert_eq!(shortened("straße", 5), "straß…");
    }
}
