//! Bodies that are read as they come.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::unfold;
use services::model::Metric;
use services::{Code, Error, Stream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Room;
use super::request::Refusal;
use crate::codec::json;
use crate::codec::lines::LineReader;
use crate::convert::{UploadedMetric, uploaded_metric_from_wire};
use crate::error::Problem;

/// A body that is being read.
pub(super) struct Upload {
    body: BodyDataStream,
    idle: Duration,
    broken: CancellationToken,
}

impl Upload {
    /// That body, and what is cancelled when it breaks off.
    pub(super) fn new(body: Body, room: &Room) -> (Self, CancellationToken) {
        let broken = CancellationToken::new();
        let upload = Self {
            body: body.into_data_stream(),
            idle: room.stream_idle,
            broken: broken.clone(),
        };
        (upload, broken)
    }

    /// The bytes in the pieces that they came in. A body that breaks off or stalls ends with an
    /// error: hyper tells one whose length or whose last chunk did not come from one that ended.
    pub(super) fn chunks(self) -> Stream<Bytes> {
        let chunks = unfold(Some(self), |upload| async {
            let mut upload = upload?;
            match upload.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), Some(upload))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        chunks.boxed()
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let idle = self.idle;
        let next = timeout(idle, self.body.next()).await.map_err(|_| {
            let text = format!("nothing was uploaded for {idle:?}: send items or end the upload");
            Error::new(Code::DeadlineExceeded, text)
        })?;
        next.transpose().map_err(|cause| {
            self.broken.cancel();
            let text = "the upload broke off before its end: send it again";
            Error::unavailable(text, cause)
        })
    }
}

/// What a backend makes of an upload. A connection that closes within a request is seen by who
/// reads the request, not by hyper, which would go on waiting for the answer; so the backend is
/// told, and then dropped.
pub(super) async fn received<T>(
    broken: CancellationToken,
    receiving: impl Future<Output = Result<T, Error>>,
) -> Result<T, Refusal> {
    let received = broken.run_until_cancelled(receiving).await;
    match received.unwrap_or_else(|| Err(gone())) {
        Ok(result) => Ok(result),
        // Of an upload it is the size, or that of a line, that is too much.
        Err(error @ Error::ResourceExhausted(_)) => {
            let code = Some(error.code());
            Err(Refusal(Problem::new(413, code, error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

/// The answer to an upload that broke off, which nobody reads.
fn gone() -> Error {
    Error::new(Code::Cancelled, "the upload broke off before its end")
}

/// The readings of an upload, each on a line of at most that many bytes. A bad line ends them.
pub(super) fn metrics(upload: Upload, line_bytes: usize) -> Stream<Metric> {
    let lines = Lines {
        upload,
        lines: LineReader::new(line_bytes),
        ended: false,
    };
    let metrics = unfold(Some(lines), |lines| async {
        let mut lines = lines?;
        match lines.next_metric().await {
            Ok(Some(metric)) => Some((Ok(metric), Some(lines))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    metrics.boxed()
}

/// An upload that is read by lines.
struct Lines {
    upload: Upload,
    lines: LineReader,
    ended: bool,
}

impl Lines {
    async fn next_metric(&mut self) -> Result<Option<Metric>, Error> {
        loop {
            let line = match self.lines.next_line()? {
                None if self.ended => self.lines.last_line(),
                line => line,
            };
            if let Some((number, line)) = line {
                return metric(number, &line).map(Some);
            }
            if self.ended {
                return Ok(None);
            }
            match self.upload.next().await? {
                Some(bytes) => self.lines.push(&bytes),
                None => self.ended = true,
            }
        }
    }
}

fn metric(number: u64, line: &[u8]) -> Result<Metric, Error> {
    let read = json::request::<UploadedMetric>(line);
    read.map(uploaded_metric_from_wire).map_err(|error| {
        let text = format!("line {number} of the upload: {error}");
        Error::new(Code::InvalidArgument, text)
    })
}
