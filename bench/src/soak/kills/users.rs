//! Users written by several writers at once, and compared at the end with what is kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures::TryStreamExt;
use services::model::{NewUser, UserPage};
use services::{ClientOptions, Code, Context, Users};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::PATIENCE;
use crate::balancer::{BalancerOptions, RoundRobin};
use crate::endpoint::Endpoint;
use crate::report::table::{TableRow, Weight};

/// Who writes at the same time.
const WRITERS: usize = 8;

/// Writes that are acknowledged between two kills.
const BETWEEN_KILLS: u64 = 50;

/// Before a writer tries again: as long as a person would not notice.
const PAUSE: Duration = Duration::from_millis(10);

/// Writers who go on until they are stopped.
pub(super) struct Load {
    backend: Arc<RoundRobin>,
    writers: JoinSet<Result<Written>>,
    acknowledged: watch::Receiver<u64>,
    stop: watch::Sender<bool>,
}

/// What a writer wrote.
#[derive(Default)]
struct Written {
    /// E-mail addresses and ids that the server acknowledged.
    acknowledged: HashMap<String, i32>,
    /// Writes whose outcome the writer had to find out by trying again.
    unknown: u64,
}

impl Load {
    pub(super) async fn start(endpoints: &[Endpoint]) -> Result<Self> {
        let options = ClientOptions {
            timeout: Some(Duration::from_secs(5)),
            ..ClientOptions::default()
        };
        let servers = endpoints
            .iter()
            .map(|to| (to.to_string(), to.dial(options.clone())));
        let balancing = BalancerOptions::default();
        let backend = Arc::new(RoundRobin::connect(servers, balancing).await?);
        let (acknowledge, mut acknowledgements) = mpsc::unbounded_channel::<()>();
        let (count, acknowledged) = watch::channel(0);
        let (stop, stopped) = watch::channel(false);
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let backend = Arc::clone(&backend);
            writers.spawn(write(writer, backend, acknowledge.clone(), stopped.clone()));
        }
        tokio::spawn(async move {
            while acknowledgements.recv().await.is_some() {
                count.send_modify(|count| *count += 1);
            }
        });
        Ok(Self {
            backend,
            writers,
            acknowledged,
            stop,
        })
    }

    /// Waits for further acknowledged writes.
    pub(super) async fn goes_on(&self) -> Result<()> {
        let mut acknowledged = self.acknowledged.clone();
        let wanted = *acknowledged.borrow() + BETWEEN_KILLS;
        let reached = acknowledged.wait_for(|count| *count >= wanted);
        let reached = timeout(PATIENCE, reached).await;
        reached
            .context("nothing is acknowledged any more")?
            .context("the writers ended")?;
        Ok(())
    }

    /// Stops the writers and compares what they were told with what is there.
    pub(super) async fn row(mut self, killed: &str, kills: usize) -> Result<TableRow> {
        self.goes_on().await?;
        self.stop.send_replace(true);
        let mut written = Written::default();
        while let Some(writer) = self.writers.join_next().await {
            let writer = writer.context("a writer panicked")??;
            written.acknowledged.extend(writer.acknowledged);
            written.unknown += writer.unknown;
        }
        let context = Context::new();
        let users = self.backend.list_users(&context, UserPage::default());
        let users: Vec<_> = users.await?.try_collect().await?;
        let mut kept = HashMap::<&str, Vec<i32>>::new();
        for user in &users {
            kept.entry(&user.email).or_default().push(user.id);
        }
        let doubled = kept.values().filter(|ids| ids.len() > 1).count();
        let is_lost = |email: &str, id: &i32| !kept.get(email).is_some_and(|ids| ids.contains(id));
        let acknowledged = &written.acknowledged;
        let lost = acknowledged.iter().filter(|(email, id)| is_lost(email, id));
        let lost = lost.count();
        ensure!(
            lost == 0 && doubled == 0,
            "{killed}: {lost} lost, {doubled} doubled"
        );
        let cells = [
            kills,
            acknowledged.len(),
            written.unknown as usize,
            lost,
            doubled,
        ];
        let cells = cells.iter().map(ToString::to_string);
        Ok(TableRow {
            weight: Weight::Normal,
            cells: std::iter::once(killed.to_owned()).chain(cells).collect(),
        })
    }
}

/// Writes users until it is stopped. A write without an answer is tried again until it is known.
async fn write(
    writer: usize,
    backend: Arc<RoundRobin>,
    acknowledge: mpsc::UnboundedSender<()>,
    stopped: watch::Receiver<bool>,
) -> Result<Written> {
    let mut written = Written::default();
    for number in 0_u64.. {
        if *stopped.borrow() {
            break;
        }
        let email = format!("writer{writer}-{number}@example.org");
        let new = NewUser {
            name: format!("Writer {writer}"),
            email: email.clone(),
            ..NewUser::default()
        };
        let mut unknown = false;
        loop {
            match backend.create_user(&Context::new(), &new).await {
                Ok(user) => {
                    written.acknowledged.insert(email, user.id);
                    // Whoever counts may have stopped.
                    let _ = acknowledge.send(());
                    break;
                }
                // The try whose answer got lost was done.
                Err(error) if unknown && error.code() == Code::AlreadyExists => break,
                Err(error) if is_unknown(error.code()) => unknown = true,
                Err(error) => return Err(error).context("a write was refused"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        written.unknown += u64::from(unknown);
    }
    Ok(written)
}

/// Whether a write that failed so may have been done.
fn is_unknown(code: Code) -> bool {
    matches!(
        code,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    )
}
