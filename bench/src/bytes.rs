//! The bytes of a call: a sequential pass of its own, through a counting proxy, on a fresh
//! connection for each row and workload. The counters are read after each answer. Frames that come
//! late (an acknowledgement of settings) come before the next answer, since a connection keeps its
//! order, so set-up and first call are whole in the count after the second. The digits of a deadline
//! may move a count by a byte.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::{Bytes, UpDown};
use crate::proxy::Proxy;
use crate::target::Target;
use crate::workload::Workload;

/// Connections of a row under a workload; an odd number has a middle.
const CONNECTIONS: usize = 3;

/// Calls after the second; likewise.
const LATER_CALLS: usize = 3;

/// Bytes by the names of row and workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census(BTreeMap<(&'static str, &'static str), Bytes>);

impl Census {
    /// The bytes of one call; `None` where there is no wire.
    #[must_use]
    pub fn of(&self, target: &Target, workload: &Workload) -> Option<Bytes> {
        self.0.get(&(target.name, workload.name)).copied()
    }

    /// The body sizes that a floor sends; none for other rows.
    #[must_use]
    pub fn sizes_for(&self, target: &Target) -> Sizes {
        let of_model = self
            .0
            .iter()
            .filter(|((row, _), _)| Some(*row) == target.sizes_of);
        let sizes = of_model.filter_map(|((_, workload), bytes)| Some((*workload, bytes.body?)));
        sizes.collect()
    }
}

/// Counts every row under every workload. A floor has to come after the row whose sizes it sends.
///
/// # Errors
/// Where a call fails, or the system has no port left.
pub async fn count(
    targets: &[Target],
    workloads: &[Workload],
    addresses: &Addresses,
) -> anyhow::Result<Census> {
    let mut census = Census::default();
    for target in targets.iter().filter(|target| target.server.is_some()) {
        let sizes = census.sizes_for(target);
        for workload in workloads {
            let bytes = of_row(target, workload, addresses, &sizes).await;
            let bytes = bytes.with_context(|| {
                format!(
                    "cannot count the bytes of {} over {}",
                    workload.name, target.name
                )
            })?;
            census.0.insert((target.name, workload.name), bytes);
        }
    }
    Ok(census)
}

/// The middle of several connections: once a second a date in a header changes, which costs a
/// compressing protocol some bytes.
async fn of_row(
    target: &Target,
    workload: &Workload,
    addresses: &Addresses,
    sizes: &Sizes,
) -> anyhow::Result<Bytes> {
    let mut seen = Vec::new();
    for _ in 0..CONNECTIONS {
        seen.push(of_connection(target, workload, addresses, sizes).await?);
    }
    let all = |count: fn(&Bytes) -> UpDown| seen.iter().map(count).collect::<Vec<_>>();
    Ok(Bytes {
        body: seen[0].body,
        cold: middle(&all(|bytes| bytes.cold)),
        warm: middle(&all(|bytes| bytes.warm)),
    })
}

/// A fresh client makes its calls through a fresh proxy.
async fn of_connection(
    target: &Target,
    workload: &Workload,
    addresses: &Addresses,
    sizes: &Sizes,
) -> anyhow::Result<Bytes> {
    let proxy = Proxy::start(addresses.of(target)?).await?;
    let through = addresses.with(target, proxy.address);
    let caller = target.connect(&through, sizes).await?;
    let told = caller.body(workload).await?;
    let told = told.or(proxy.passed().content_length);
    caller.call(workload).await?;
    let second = proxy.passed().bytes;
    let mut counts = vec![second];
    for _ in 0..LATER_CALLS {
        caller.call(workload).await?;
        counts.push(proxy.passed().bytes);
    }
    let later = counts.windows(2).map(|pair| difference(pair[1], pair[0]));
    let warm = middle(&later.collect::<Vec<_>>());
    Ok(Bytes {
        body: told,
        cold: difference(second, warm),
        warm,
    })
}

fn difference(after: UpDown, before: UpDown) -> UpDown {
    UpDown {
        up: after.up.saturating_sub(before.up),
        down: after.down.saturating_sub(before.down),
    }
}

/// The median of each direction.
fn middle(counts: &[UpDown]) -> UpDown {
    let median = |side: fn(&UpDown) -> u64| {
        let mut counts: Vec<_> = counts.iter().map(side).collect();
        counts.sort_unstable();
        counts[counts.len() / 2]
    };
    UpDown {
        up: median(|count| count.up),
        down: median(|count| count.down),
    }
}
