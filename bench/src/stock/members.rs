//! A usage report as both libraries' derive macros read and write it. In a module of its own,
//! since dxr's macros look for `dxr` where they stand.

use dxr::{TryFromValue, TryToValue};
use serde::{Deserialize, Serialize};
use services::model::UsageReport;

/// A usage report by members.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TryFromValue, TryToValue)]
pub(super) struct ReportMembers {
    avg_cpu: f64,
    max_cpu: f64,
    avg_memory: f64,
    alert: bool,
}

impl From<UsageReport> for ReportMembers {
    fn from(report: UsageReport) -> Self {
        Self {
            avg_cpu: report.avg_cpu,
            max_cpu: report.max_cpu,
            avg_memory: report.avg_memory,
            alert: report.alert,
        }
    }
}

impl From<ReportMembers> for UsageReport {
    fn from(members: ReportMembers) -> Self {
        Self {
            avg_cpu: members.avg_cpu,
            max_cpu: members.max_cpu,
            avg_memory: members.avg_memory,
            alert: members.alert,
        }
    }
}
