//! A client stream, sent in numbered batches.

use dxr::Value;
use futures::StreamExt;
use services::model::{Metric, MetricsSummary};
use services::{Context, Error, Stream};

use super::{Client, readable, step, string};
use crate::contract::{RECORD_METRICS, Step};
use crate::convert::{metric_to_wire, metrics_summary_from_wire};

/// Most items of one batch.
const BATCH_ITEMS: usize = 100;

/// Sends metrics until their stream ends, and gives the server's summary. Where the stream breaks
/// off or this is dropped, the upload is cancelled at the server, so that it never counts as whole.
pub(super) async fn upload(
    client: &Client,
    context: &Context,
    metrics: Stream<Metric>,
) -> Result<MetricsSummary, Error> {
    let call = |next: Step, params| async move {
        let method = next.method(RECORD_METRICS);
        step(&client.http, context, &method, params).await
    };
    let id = readable(string(call(Step::Open, Vec::new()).await?))?;
    let cancel = Step::Cancel.method(RECORD_METRICS);
    let mut farewell = client.farewells.on_drop(cancel, id.clone());
    let mut batches = metrics.ready_chunks(BATCH_ITEMS);
    let mut seq = 0;
    while let Some(batch) = batches.next().await {
        let items = batch.into_iter().map(|metric| metric_to_wire(&metric?));
        let items = Value::Array(items.collect::<Result<_, Error>>()?);
        let params = vec![Value::String(id.clone()), Value::Integer(seq), items];
        call(Step::Send, params).await?;
        seq += 1;
    }
    let summary = call(Step::Close, vec![Value::String(id)]).await?;
    farewell.disarm();
    readable(metrics_summary_from_wire(summary))
}
