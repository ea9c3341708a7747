//! Whole calls over every wire, a group a workload, so that Criterion's own report shows the wires
//! together. One call at a time, servers in this same process; `trivium` measures two processes,
//! load and bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use tokio::runtime::Runtime;
use trivium::caller::Caller;
use trivium::floor::Sizes;
use trivium::host::{self, Addresses};
use trivium::measurement::Kind;
use trivium::runtime::Flavor;
use trivium::target::{self, Target};
use trivium::workload::{self, Workload};

/// Nine rows under four workloads, four seconds each with Criterion's own analysis and plots: the
/// whole set ends within three minutes, on a busy machine within five.
const MEASUREMENT: Duration = Duration::from_secs(2);
const WARM_UP: Duration = Duration::from_millis(500);
const SAMPLES: usize = 50;
/// Criterion's default of 100,000 takes longer than the measuring.
const RESAMPLES: usize = 10_000;

fn calls(criterion: &mut Criterion) {
    let runtime = Flavor::Multi.build().expect("the system has threads");
    let addresses = runtime
        .block_on(host::start())
        .expect("the system has ports");
    for workload in workload::all() {
        let mut group = criterion.benchmark_group(workload.title);
        group
            .measurement_time(MEASUREMENT)
            .warm_up_time(WARM_UP)
            .sample_size(SAMPLES)
            .nresamples(RESAMPLES);
        // Floors need the rows' body sizes, which only `trivium` counts.
        for target in target::ALL
            .iter()
            .filter(|target| target.kind != Kind::Floor)
        {
            bench(&mut group, &runtime, &addresses, target, &workload);
        }
        group.finish();
    }
}

fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    runtime: &Runtime,
    addresses: &Addresses,
    target: &Target,
    workload: &Workload,
) {
    let caller = runtime.block_on(target.connect(addresses, &Sizes::new()));
    let caller = caller.expect("the server runs");
    runtime.block_on(prove(&caller, target, workload));
    group.bench_function(target.title, |bencher| {
        bencher.iter_custom(|calls| {
            let calling = call(calls, Arc::clone(&caller), workload.clone());
            // In a task, since the thread that blocks on a runtime is not one of its workers.
            let called = runtime.block_on(runtime.spawn(calling));
            called.expect("a call that was proved does not fail")
        });
    });
}

/// Only what has been proved equal is timed.
async fn prove(caller: &Arc<dyn Caller>, target: &Target, workload: &Workload) {
    let workloads = std::slice::from_ref(workload);
    let proved = trivium::prove::workloads(target, caller, workloads, &Sizes::new()).await;
    proved.expect("every row gives Local's answer");
}

async fn call(calls: u64, caller: Arc<dyn Caller>, workload: Workload) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        let answer = caller.call(&workload).await;
        answer.expect("a call that was proved does not fail");
    }
    start.elapsed()
}

criterion_group!(benches, calls);
criterion_main!(benches);
