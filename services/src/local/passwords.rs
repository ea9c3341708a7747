//! Passwords are hashed by two threads of their own: a hash takes tens of milliseconds and 19 MiB,
//! which is its purpose, and neither may be the caller's to multiply.

use std::fmt;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use argon2::{Argon2, PasswordHasher};
use tokio::sync::oneshot;

use crate::error::{Code, Error};
use crate::model::Password;

/// Threads that hash.
const WORKERS: usize = 2;

/// Passwords that may wait for a thread.
const QUEUE: usize = 16;

/// The threads, from the first password on until this is dropped.
#[derive(Default)]
pub(super) struct Passwords(Mutex<Option<Workers>>);

struct Workers {
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

struct Job {
    password: Password,
    hash: oneshot::Sender<Result<String, Error>>,
}

impl Passwords {
    /// The password's Argon2id hash in the PHC string format, with a salt of its own and the
    /// parameters of OWASP's Password Storage Cheat Sheet (m=19456, t=2, p=1).
    pub(super) async fn hash(&self, password: Password) -> Result<String, Error> {
        let (hash, hashed) = oneshot::channel();
        self.enqueue(Job { password, hash })?;
        let gone = |_| Err(Error::new(Code::Internal, "hashing the password failed"));
        hashed.await.unwrap_or_else(gone)
    }

    fn enqueue(&self, job: Job) -> Result<(), Error> {
        let mut workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let workers = match &mut *workers {
            Some(workers) => workers,
            none => none.insert(Workers::start()?),
        };
        let queue = workers.queue.as_ref();
        let queued = queue.is_some_and(|queue| queue.try_send(job).is_ok());
        if queued { Ok(()) } else { Err(too_many()) }
    }
}

fn too_many() -> Error {
    Error::ResourceExhausted(format!(
        "{QUEUE} passwords wait to be hashed already: try again later"
    ))
}

impl Workers {
    fn start() -> Result<Self, Error> {
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let threads = (0..WORKERS).map(|_| {
            let jobs = Arc::clone(&jobs);
            let worker = thread::Builder::new().name("passwords".into());
            worker.spawn(move || work(&jobs))
        });
        let threads: Result<_, _> = threads.collect();
        let failed = |cause| Error::internal("no thread can be had to hash passwords", cause);
        Ok(Self {
            queue: Some(queue),
            threads: threads.map_err(failed)?,
        })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // The threads end when the sender is gone; those who wait in the queue have given up.
        self.queue.take();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Shows no password.
impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

/// Hashes until the other end of the queue is gone.
fn work(jobs: &Mutex<Receiver<Job>>) {
    while let Ok(job) = next(jobs) {
        if !job.hash.is_closed() {
            // Who gave up while it was hashed does not want it.
            let _ = job.hash.send(hashed(&job.password));
        }
    }
}

/// The lock is held while this waits, and not while a password is hashed.
fn next(jobs: &Mutex<Receiver<Job>>) -> Result<Job, mpsc::RecvError> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

fn hashed(password: &Password) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.0.as_bytes());
    let hash = hash.map_err(|cause| Error::internal("hashing the password failed", cause))?;
    Ok(hash.to_string())
}
