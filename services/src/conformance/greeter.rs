//! Greetings.

use super::{Verdict, same};
use crate::backend::Backend;
use crate::context::Context;

pub(super) async fn greetings(backend: &dyn Backend) -> Verdict {
    let context = Context::new();
    for pid in [42, 0, -7, i32::MAX, i32::MIN] {
        let got = backend.say_hello(&context, pid).await;
        same("say_hello", got, Ok(format!("Hello, {pid}!")))?;
        let got = backend.say_hello_again(&context, pid).await;
        same("say_hello_again", got, Ok(format!("Hello again, {pid}!")))?;
    }
    Ok(())
}
