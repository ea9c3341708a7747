//! Memory of a process, as the kernel counts it. Only Linux tells it of another process without
//! further rights, so elsewhere it is not available.

/// Resident memory of a process in bytes: now, and at its highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// The highest so far, or since [`forget_peak`].
    pub peak: u64,
}

/// What a process uses; `None` where the system does not tell.
#[must_use]
pub fn of(process: u32) -> Option<Memory> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some(Memory {
        resident: field(&status, "VmRSS:")?,
        peak: field(&status, "VmHWM:")?,
    })
}

/// Lets the peak begin anew; without effect where the system does not have it.
pub fn forget_peak(process: u32) {
    // "5" resets the peak resident set size: proc(5), /proc/pid/clear_refs.
    let _ = std::fs::write(format!("/proc/{process}/clear_refs"), "5");
}

/// A line such as `VmRSS:      5620 kB`, whose kB are 1,024 bytes: proc(5).
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1_024)
}

/// `12.3 MiB`, or that it is not known.
#[must_use]
pub fn written(bytes: Option<u64>) -> String {
    let Some(bytes) = bytes else {
        return "not available here".into();
    };
    match bytes {
        0..10_240 => format!("{bytes} B"),
        10_240..10_485_760 => format!("{:.1} KiB", bytes as f64 / 1_024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_in_bytes() {
        let status = "Name:\tx\nVmHWM:\t    5620 kB\nVmRSS:\t    20 kB\n";
        assert_eq!(field(status, "VmHWM:"), Some(5_620 * 1_024));
        assert_eq!(field(status, "VmRSS:"), Some(20 * 1_024));
        assert_eq!(field(status, "VmSwap:"), None);
    }

    #[test]
    fn bytes_are_written_in_the_unit_that_suits_them() {
        let written = [None, Some(900), Some(20_480), Some(64 << 20)].map(written);
        assert_eq!(
            written,
            ["not available here", "900 B", "20.0 KiB", "64.0 MiB"]
        );
    }
}
