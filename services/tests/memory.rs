//! What one who never reads costs: a program of its own, since the memory of all tests is one.

use std::sync::{Arc, OnceLock};

use services::MemoryRoom;
use services::chat::ChatRoom;
use services::model::ChatMessage;

/// What this process has in memory, in bytes; `None` where the system does not tell.
fn resident_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1_024)
}

async fn post(room: &MemoryRoom, messages: usize) {
    for n in 0..messages {
        let message = ChatMessage {
            user: "Ana".into(),
            text: "x".repeat(1_024),
            id: n.to_string(),
            ..ChatMessage::default()
        };
        let posted = room.post(message).await;
        assert!(posted.is_ok());
    }
}

#[tokio::test]
async fn memory_stays_flat_with_a_participant_that_never_reads() {
    let room = MemoryRoom::default();
    let silent = Arc::new(OnceLock::from("Silent".to_owned()));
    let seat = room.join(silent, None).await;
    // The ring is full, and the silent one is out.
    post(&room, 20_000).await;
    assert_eq!(room.participants().await, Ok(Vec::new()));
    let Some(before) = resident_bytes() else {
        eprintln!("skipped: this system does not tell what a process has in memory");
        return;
    };
    post(&room, 100_000).await;
    let grown = resident_bytes().unwrap_or_default().saturating_sub(before);
    // 100 MiB went through the room.
    assert!(grown < 10 * 1_024 * 1_024, "{grown} bytes more");
    drop(seat);
}
