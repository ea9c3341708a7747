//! Yours to write: a call that is sent again where that does no harm, and only there.

use std::time::Duration;

use crate::world::{Failure, Request, World};

/// Makes the call within `deadline`, counted from now, all tries and pauses together.
///
/// # Errors
/// The failure of the last try.
pub fn call(world: &mut dyn World, request: &Request, deadline: Duration) -> Result<i32, Failure> {
    // One try is all that is here. The sheet tells what is missing.
    world.send(request, deadline)
}
