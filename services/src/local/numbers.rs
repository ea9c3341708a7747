//! Numbers in order, each with its square.

use async_trait::async_trait;
use futures::StreamExt;

use super::{Local, paced};
use crate::backend::Numbers;
use crate::context::Context;
use crate::error::Error;
use crate::model::{NumberItem, NumberRange};
use crate::stream::{Stream, covered};

/// The widest range, end − start, from the contract: 1,001 numbers.
const WIDEST: i64 = 1_000;

#[async_trait]
impl Numbers for Local {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        context.within(async { checked(range) }).await?;
        let items = futures::stream::iter(range.start..=range.end).map(|n| Ok(squared(n)));
        Ok(covered(context, paced(items, self.config.pace)))
    }
}

fn checked(range: NumberRange) -> Result<(), Error> {
    let width = i64::from(range.end) - i64::from(range.start);
    if width < 0 {
        let wanted = format!("end must be at least start, which is {}", range.start);
        return Err(Error::invalid("end", range.end, &wanted));
    }
    if width > WIDEST {
        let wanted = format!(
            "end must be at most {WIDEST} past start, which is {}",
            range.start
        );
        return Err(Error::invalid("end", range.end, &wanted));
    }
    Ok(())
}

fn squared(number: i32) -> NumberItem {
    let square = i64::from(number) * i64::from(number);
    NumberItem {
        number,
        message: format!("The square of {number} is {square}"),
    }
}
