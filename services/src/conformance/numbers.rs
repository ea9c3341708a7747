//! Streams of numbers.

use super::{Verdict, collected, fails_with, reference, same};
use crate::backend::{Backend, Numbers};
use crate::context::Context;
use crate::error::Code;
use crate::model::{NumberItem, NumberRange};

pub(super) async fn in_order(backend: &dyn Backend) -> Verdict {
    let range = NumberRange { start: 1, end: 10 };
    let got = collected(backend.stream_numbers(&Context::new(), range)).await;
    let wanted = (1..=10).map(|number| NumberItem {
        number,
        message: format!("The square of {number} is {}", number * number),
    });
    same("stream_numbers(1, 10)", got, Ok(wanted.collect()))?;
    for (start, end) in [
        (7, 7),
        (-3, 3),
        (i32::MAX - 1, i32::MAX),
        (i32::MIN, i32::MIN),
    ] {
        compare(backend, NumberRange { start, end }).await?;
    }
    Ok(())
}

pub(super) async fn widest(backend: &dyn Backend) -> Verdict {
    for start in [0, -500, i32::MIN, i32::MAX - 1_000] {
        let end = start + 1_000;
        compare(backend, NumberRange { start, end }).await?;
    }
    Ok(())
}

pub(super) async fn refused(backend: &dyn Backend) -> Verdict {
    for (start, end) in [
        (2, 1),
        (0, 1_001),
        (i32::MIN, i32::MAX),
        (i32::MAX, i32::MIN),
    ] {
        let range = NumberRange { start, end };
        let got = collected(backend.stream_numbers(&Context::new(), range)).await;
        fails_with(&format!("{range:?}"), got, Code::InvalidArgument)?;
        compare(backend, range).await?;
    }
    Ok(())
}

async fn compare(backend: &dyn Backend, range: NumberRange) -> Verdict {
    let context = Context::new();
    let got = collected(backend.stream_numbers(&context, range)).await;
    let wanted = collected(reference().stream_numbers(&context, range)).await;
    same(&format!("stream_numbers({range:?})"), got, wanted)
}
