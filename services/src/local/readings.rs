//! Readings of a machine: the real ones, and fixed ones for tests.

use std::fmt::Debug;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_trait::async_trait;
use sysinfo::{DiskRefreshKind, Disks, MINIMUM_CPU_UPDATE_INTERVAL, System};
use tokio::sync::watch;

use crate::error::{Code, Error};

/// Bytes in the `GB` of the contract.
const GB: f64 = 1e9;

/// How often the sampler reads the CPU, once it has its first sample.
const CPU_INTERVAL: Duration = Duration::from_secs(1);

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// Use of all CPUs, in percent.
    Cpu,
    /// Memory in use, in GB.
    Memory,
    /// Space in use on the file system of the working directory, in GB.
    Disk,
}

impl MetricType {
    /// The type of that name; an empty name is memory.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for any other.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "cpu" => Ok(Self::Cpu),
            // The courses' grpcurl call sends no type.
            "memory" | "" => Ok(Self::Memory),
            "disk" => Ok(Self::Disk),
            _ => Err(Error::invalid(
                "metric_type",
                name,
                "use cpu, memory or disk",
            )),
        }
    }

    /// Its name on every wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Disk => "disk",
        }
    }

    /// The unit that its values are in.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Cpu => "percent",
            Self::Memory | Self::Disk => "GB",
        }
    }
}

/// A source of readings.
#[async_trait]
pub trait Readings: Send + Sync + Debug {
    /// One reading, in the type's [unit](MetricType::unit).
    ///
    /// # Errors
    /// [`Error::Internal`] where the machine does not tell.
    async fn read(&self, metric_type: MetricType) -> Result<f64, Error>;
}

/// The same readings for ever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedReadings {
    /// Use of all CPUs, in percent.
    pub cpu_percent: f64,
    /// Memory in use, in GB.
    pub memory_gb: f64,
    /// Disk space in use, in GB.
    pub disk_gb: f64,
}

#[async_trait]
impl Readings for FixedReadings {
    async fn read(&self, metric_type: MetricType) -> Result<f64, Error> {
        Ok(match metric_type {
            MetricType::Cpu => self.cpu_percent,
            MetricType::Memory => self.memory_gb,
            MetricType::Disk => self.disk_gb,
        })
    }
}

/// This machine's readings. The use of a CPU is a difference between two looks at its counters, so
/// a thread looks at them all the time; it ends with this value.
#[derive(Debug)]
pub struct SystemReadings {
    cpu_percent: watch::Receiver<Option<f64>>,
    stop: Option<mpsc::Sender<()>>,
    sampler: Option<JoinHandle<()>>,
}

impl Default for SystemReadings {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemReadings {
    /// Starts the sampler; its first sample is there after a fifth of a second.
    #[must_use]
    pub fn new() -> Self {
        let (sample, cpu_percent) = watch::channel(None);
        let (stop, stopped) = mpsc::channel();
        // Where no thread can be had `sample` is dropped, and reading the CPU is an error.
        let sampler = thread::Builder::new().name("cpu-sampler".into());
        let sampler = sampler.spawn(move || sample_cpu(&sample, &stopped)).ok();
        Self {
            cpu_percent,
            stop: Some(stop),
            sampler,
        }
    }

    /// Waits for the first sample: there is no use to tell before it.
    async fn cpu_percent(&self) -> Result<f64, Error> {
        let mut cpu_percent = self.cpu_percent.clone();
        let sampled = cpu_percent.wait_for(Option::is_some).await;
        let sampled = sampled.ok().and_then(|percent| *percent);
        sampled.ok_or_else(|| Error::new(Code::Internal, "the sampler of the CPU does not run"))
    }
}

#[async_trait]
impl Readings for SystemReadings {
    async fn read(&self, metric_type: MetricType) -> Result<f64, Error> {
        match metric_type {
            MetricType::Cpu => self.cpu_percent().await,
            MetricType::Memory => blocking(memory_gb).await,
            MetricType::Disk => blocking(disk_gb).await,
        }
    }
}

impl Drop for SystemReadings {
    fn drop(&mut self) {
        // The sampler wakes when the sender is gone.
        self.stop.take();
        if let Some(sampler) = self.sampler.take() {
            // A sampler that panicked has said so already.
            let _ = sampler.join();
        }
    }
}

/// Samples until the other end of `stopped` is gone.
fn sample_cpu(sample: &watch::Sender<Option<f64>>, stopped: &mpsc::Receiver<()>) {
    let mut system = System::new();
    system.refresh_cpu_usage();
    let mut interval = MINIMUM_CPU_UPDATE_INTERVAL;
    while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
        system.refresh_cpu_usage();
        sample.send_replace(Some(f64::from(system.global_cpu_usage())));
        interval = CPU_INTERVAL;
    }
}

/// Asks the kernel away from the threads that serve calls: a file system may take its time.
async fn blocking(read: fn() -> Result<f64, Error>) -> Result<f64, Error> {
    let read = tokio::task::spawn_blocking(read).await;
    read.unwrap_or_else(|cause| Err(Error::internal("reading the machine failed", cause)))
}

fn memory_gb() -> Result<f64, Error> {
    let mut system = System::new();
    system.refresh_memory();
    Ok(system.used_memory() as f64 / GB)
}

/// Of the file systems that hold the working directory, the one mounted nearest to it. Network
/// file systems are not looked at, since a server that is away blocks for ever.
fn disk_gb() -> Result<f64, Error> {
    let here = std::env::current_dir()
        .map_err(|cause| Error::internal("the working directory cannot be told", cause))?;
    let disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage());
    let used_bytes = used_bytes(&disks, &here);
    let used_bytes = used_bytes.ok_or_else(|| {
        let message = "the file system of the working directory is not known";
        Error::new(Code::Internal, message)
    })?;
    Ok(used_bytes as f64 / GB)
}

fn used_bytes(disks: &Disks, path: &Path) -> Option<u64> {
    let holding = disks
        .iter()
        .filter(|disk| path.starts_with(disk.mount_point()));
    let nearest = holding.max_by_key(|disk| disk.mount_point().components().count())?;
    Some(
        nearest
            .total_space()
            .saturating_sub(nearest.available_space()),
    )
}
