//! The bytes of a call: a sequential pass of its own, through a counting proxy on fresh
//! connections. A connection is counted from opening to closing with one, two and three calls:
//! the first count is the cold call, the difference of the last two the warm one. So frames that
//! come late (an acknowledgement of settings, a farewell) always fall to the cold call.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::{Bytes, UpDown};
use crate::proxy::{Passed, Proxy};
use crate::target::Target;
use crate::workload::Workload;

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
/// Where a call fails, or a connection does not end with its client.
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

async fn of_row(
    target: &Target,
    workload: &Workload,
    addresses: &Addresses,
    sizes: &Sizes,
) -> anyhow::Result<Bytes> {
    let (one, body) = connection(target, workload, addresses, sizes, 1).await?;
    let (two, _) = connection(target, workload, addresses, sizes, 2).await?;
    let (three, _) = connection(target, workload, addresses, sizes, 3).await?;
    Ok(Bytes {
        body: body.or(one.content_length),
        cold: one.bytes,
        warm: UpDown {
            up: three.bytes.up.saturating_sub(two.bytes.up),
            down: three.bytes.down.saturating_sub(two.bytes.down),
        },
    })
}

/// A fresh client that makes that many calls and is dropped.
async fn connection(
    target: &Target,
    workload: &Workload,
    addresses: &Addresses,
    sizes: &Sizes,
    calls: usize,
) -> anyhow::Result<(Passed, Option<UpDown>)> {
    let proxy = Proxy::start(addresses.of(target)?).await?;
    let through = addresses.with(target, proxy.address);
    let caller = target.connect(&through, sizes).await?;
    let mut body = None;
    for _ in 0..calls {
        body = caller.body(workload).await?;
    }
    drop(caller);
    Ok((proxy.finish().await?, body))
}
