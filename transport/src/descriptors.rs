//! How many connections the system lets this process hold. Each takes a file descriptor, of which
//! many systems grant 1,024 at first and far more to a process that asks, as Go's runtime does.

/// Descriptors for all else: listeners, stores, connections to other servers.
const OTHERS: u64 = 128;

/// What is asked for at most; a process may serve several listeners.
const ENOUGH: u64 = 65_536;

/// So many of the connections that are wanted, after asking for as many descriptors. Without this a
/// server would find at its limit that it can neither accept a connection nor open a file.
pub(crate) fn connections(wanted: usize) -> usize {
    let Some(granted) = granted() else {
        return wanted;
    };
    let left = granted.saturating_sub(OTHERS).max(1);
    wanted.min(usize::try_from(left).unwrap_or(usize::MAX))
}

/// The descriptors that this process may have; `None` is no limit, or one that nobody tells.
#[cfg(unix)]
fn granted() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let current = current?;
    let more = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    let asked = Rlimit {
        current: Some(more),
        maximum,
    };
    let raised = more > current && setrlimit(Resource::Nofile, asked).is_ok();
    Some(if raised { more } else { current })
}

#[cfg(not(unix))]
fn granted() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_given_where_the_system_lets_it() {
        assert_eq!(connections(1), 1);
        let most = connections(usize::MAX);
        assert!(granted().is_none_or(|granted| (most as u64) < granted));
    }
}
