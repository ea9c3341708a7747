//! The bytes of a call: a sequential pass of its own, through a tap, on a fresh connection for each
//! row and workload. What was recorded is counted after each answer. Frames that come late (an
//! acknowledgement of settings) come before the next answer, since a connection keeps its order, so
//! set-up and first call are whole in the count after the second. The digits of a deadline may move
//! a count by a byte. What the bytes are there for is told from what was recorded.

mod recorded;

use std::collections::BTreeMap;

use anyhow::Context as _;
use wire::Knowledge;

use crate::floor::Sizes;
use crate::host::Addresses;
use crate::measurement::Bytes;
use crate::target::Target;
use crate::workload::Workload;
use recorded::{Recorded, bytes_of};

/// Connections of a row under a workload; an odd number has a middle.
const CONNECTIONS: usize = 3;

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
    let knowledge = Knowledge::default();
    let knowledge = knowledge.with_descriptors(grpc::contract::FILE_DESCRIPTOR_SET)?;
    for target in targets.iter().filter(|target| target.server.is_some()) {
        let sizes = census.sizes_for(target);
        for workload in workloads {
            let bytes = of_row(target, workload, addresses, &sizes, &knowledge).await;
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
    knowledge: &Knowledge,
) -> anyhow::Result<Bytes> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Recorded::of(target, workload, addresses, sizes).await?);
    }
    Ok(bytes_of(&connections, knowledge))
}
