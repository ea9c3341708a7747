//! Only what has been proved equal is measured: every wire gives `Local`'s answers in every
//! scenario, every reference the right answer to every workload.

use std::fmt;
use std::sync::Arc;

use futures::future::try_join_all;
use services::Error;
use services::conformance::{self, Failure, SCENARIOS, reference};

use crate::caller::Caller;
use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::{Kind, Proof};
use crate::target::Target;
use crate::workload::{Answer, Workload};

/// A row that differs, and how.
#[derive(Debug)]
pub struct Different(Vec<String>);

impl fmt::Display for Different {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "answers differ, so nothing was measured:")?;
        self.0.iter().try_for_each(|line| writeln!(f, "  {line}"))
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
    let told = |failure: &Failure| format!("{}: {failure}", target.name);
    let failures = conformance::check(backend).await.err().unwrap_or_default();
    Ok(failures.iter().map(told).collect())
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
            let (target, workload) = (target.name, workload.name);
            failures.push(format!(
                "{target}: {workload} gave {answer:?}, not {expected:?}"
            ));
        }
    }
    refuse(failures)
}

fn refuse(failures: Vec<String>) -> anyhow::Result<()> {
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Different(failures).into()),
    }
}
