//! Health checks: what puts a silent server out of turn before a call finds out, and takes one that
//! is back in again.

use std::sync::Arc;

use services::{Code, Context, Error};
use tokio::time::{MissedTickBehavior, interval};

use super::BalancerOptions;
use super::target::Target;

/// What is asked for: any answer says that the server is there.
const SERVICE: &str = "";

/// Checks all servers at once, time after time, for as long as it is polled.
pub(super) async fn watch(targets: Arc<[Target]>, options: BalancerOptions) {
    let mut ticks = interval(options.check_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let checks = targets.iter().map(|target| check(target, options));
        futures::future::join_all(checks).await;
    }
}

async fn check(target: &Target, options: BalancerOptions) {
    let context = Context::with_timeout(options.check_timeout);
    let answered = async { target.client().await?.check_health(&context, SERVICE).await };
    match context.within(answered).await {
        Err(error) if is_absence(&error) => target.eject(),
        Ok(health) if !health.healthy => target.eject(),
        Ok(_) | Err(_) => target.take_back(),
    }
}

/// Whether that error says that nobody answers. Any other is an answer: a server of a course, for
/// one, has no health to tell.
fn is_absence(error: &Error) -> bool {
    matches!(error.code(), Code::Unavailable | Code::DeadlineExceeded)
}
