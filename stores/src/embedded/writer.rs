//! One thread that writes. Writes that wait while it commits are done together in the next
//! transaction: one flush to the disk acknowledges them all, and each has its own outcome.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use redb::Database;
use services::Error;
use services::model::{User, UserChanges};
use services::store::NewRecord;
use tokio::sync::{mpsc, oneshot};

use super::records::Tables;

/// Writes that wait. At some hundred commits a second and up to [`GROUP`] writes a commit that is
/// well under a second; who comes then is told to come later.
const WAITING: usize = 1_024;

/// Writes of one transaction at most, so that the first of them does not wait for ever.
const GROUP: usize = 256;

/// What is to be written.
pub(super) enum Write {
    Create(NewRecord),
    Update(i32, UserChanges),
    Delete(i32),
}

struct Job {
    write: Write,
    reply: oneshot::Sender<Result<User, Error>>,
}

/// The thread's handle, its owner: dropping it lets the thread finish what waits, and joins it.
pub(super) struct Writer {
    /// Taken when this is dropped, which is what tells the thread to end.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(database: Arc<Database>) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let work = Work { database };
        let thread = thread::Builder::new().name("users".into());
        let thread = thread.spawn(move || work.run(waiting))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Writes, and answers when it is on the disk.
    pub(super) async fn write(&self, write: Write) -> Result<User, Error> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().expect("taken only when it is dropped");
        match jobs.try_send(Job { write, reply }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => return Err(too_many()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(stopped()),
        }
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told when it happened.
            thread.join().ok();
        }
    }
}

fn too_many() -> Error {
    Error::ResourceExhausted(format!("{WAITING} writes are waiting already: try later"))
}

fn stopped() -> Error {
    Error::Internal {
        message: "the server has stopped writing its file of users: start it again".into(),
        source: None,
    }
}

/// After a failure redb refuses the file until it is opened anew.
fn unwritable(cause: redb::Error) -> Error {
    let message = "the server's file of users cannot be written: free space on its disk, and start \
                   it again";
    Error::internal(message, cause)
}

/// What the thread has.
struct Work {
    database: Arc<Database>,
}

impl Work {
    fn run(&self, mut waiting: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(GROUP);
        while waiting.blocking_recv_many(&mut jobs, GROUP) > 0 {
            self.write(jobs.drain(..));
        }
    }

    /// Writes all of them in one transaction, and only then answers.
    fn write(&self, jobs: impl Iterator<Item = Job>) {
        // Who has given up does not want it any more.
        let jobs = jobs.filter(|job| !job.reply.is_closed());
        let (writes, replies): (Vec<_>, Vec<_>) = jobs.map(|job| (job.write, job.reply)).unzip();
        let outcomes = match self.commit(writes) {
            Ok(outcomes) => outcomes,
            Err(cause) => vec![Err(unwritable(cause)); replies.len()],
        };
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            // The caller may have given up meanwhile; it is written all the same.
            reply.send(outcome).ok();
        }
    }

    /// Where this fails nothing is acknowledged. The commit returns when the disk has it.
    fn commit(&self, writes: Vec<Write>) -> Result<Vec<Result<User, Error>>, redb::Error> {
        let transaction = self.database.begin_write()?;
        let mut tables = Tables::open(&transaction)?;
        let outcomes = writes.into_iter().map(|write| tables.apply(write));
        let outcomes = outcomes.collect::<Result<Vec<_>, _>>()?;
        drop(tables);
        transaction.commit()?;
        Ok(outcomes)
    }
}
