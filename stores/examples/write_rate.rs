//! How many users a second each store creates, with one caller and with many: what grouping the
//! writes of a file buys. Prints figures and asserts none, for they are this machine's.
//!
//! ```sh
//! cargo run --release -p stores --example write_rate -- redis://127.0.0.1:6379
//! ```
//!
//! Without an address Redis is left out. It writes under `trivium:` there: give a spare one.

use std::sync::Arc;
use std::time::Instant;

use futures::future::join_all;
use services::store::NewRecord;
use services::{MemoryStore, UserStore};
use stores::Embedded;

/// Users that are created for a figure.
const USERS: usize = 2_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::temp_dir().join(format!("trivium-write-rate-{}", std::process::id()));
    let mut stores: Vec<(&str, Arc<dyn UserStore>)> = vec![
        ("memory", Arc::new(MemoryStore::default())),
        ("file", Arc::new(Embedded::open(&directory)?)),
    ];
    if let Some(url) = std::env::args().nth(1) {
        stores.push(("Redis", stores::redis::connect(&url).await?.users));
    }
    println!("{:8} {:>14} {:>14}", "store", "1 caller", "64 callers");
    for (name, store) in &stores {
        let (alone, together) = (rate(store, 1).await?, rate(store, 64).await?);
        println!("{name:8} {alone:>12.0}/s {together:>12.0}/s");
    }
    drop(stores);
    std::fs::remove_dir_all(&directory)?;
    Ok(())
}

/// Users a second, by that many callers who each wait for an answer before the next.
async fn rate(store: &Arc<dyn UserStore>, callers: usize) -> Result<f64, services::Error> {
    let start = Instant::now();
    let calling = (0..callers).map(|caller| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..USERS / callers {
                store.create(user(callers, caller, number)).await?;
            }
            Ok::<_, services::Error>(())
        })
    });
    for caller in join_all(calling).await {
        caller.expect("no caller panics")?;
    }
    Ok((USERS / callers * callers) as f64 / start.elapsed().as_secs_f64())
}

fn user(callers: usize, caller: usize, number: usize) -> NewRecord {
    let name = format!("{}-{callers}-{caller}-{number}", std::process::id());
    NewRecord {
        email: format!("{name}@example.org"),
        external_id: name.clone(),
        name,
        roles: Vec::new(),
        password_hash: None,
    }
}
