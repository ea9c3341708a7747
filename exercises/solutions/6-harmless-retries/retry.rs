//! A call that is sent again where that does no harm, and only there.

use std::time::Duration;

use crate::world::{Failure, Repeat, Request, World};

/// More than this many sends help nobody: the server that is down gets them from all its clients.
const SENDS: u32 = 5;
/// The longest first pause; each later one may be twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Makes the call within `deadline`, counted from now, all tries and pauses together.
///
/// # Errors
/// The failure of the last try.
pub fn call(world: &mut dyn World, request: &Request, deadline: Duration) -> Result<i32, Failure> {
    let end = world.now() + deadline;
    let mut sent = 0;
    loop {
        let left = end.saturating_sub(world.now());
        let failure = match world.send(request, left) {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        sent += 1;
        let pause = pause(world, sent);
        // A pause that outlasts the deadline would only keep the caller waiting for the same failure.
        let in_time = world.now() + pause < end;
        if sent == SENDS || !in_time || !harmless(failure, request) {
            return Err(failure);
        }
        world.sleep(pause);
    }
}

/// Whether the request may go out again: what was never sent may, what may have been done only where
/// twice is as good as once, or where the server knows the key again.
fn harmless(failure: Failure, request: &Request) -> bool {
    match failure {
        Failure::NotSent => true,
        Failure::Lost | Failure::DeadlineExceeded => {
            request.repeat == Repeat::Safe || request.key.is_some()
        }
        Failure::InvalidArgument => false,
    }
}

/// Between half of a bound that doubles and the whole of it, so that clients which failed together
/// do not come back together.
fn pause(world: &mut dyn World, sent: u32) -> Duration {
    let bound = (FIRST_PAUSE * 2_u32.pow(sent - 1)).min(LONGEST_PAUSE);
    bound.mul_f64(0.5 + world.random() / 2.0)
}
