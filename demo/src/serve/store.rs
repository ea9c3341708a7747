//! Where users and chat are kept: in memory unless told otherwise.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use services::chat::MemoryRoom;
use services::store::MemoryStore;
use services::{ChatRoom, UserStore};
use stores::Embedded;

use super::Service;
use crate::print::printable;

pub(super) struct Store {
    pub(super) users: Arc<dyn UserStore>,
    pub(super) chat: Arc<dyn ChatRoom>,
    /// What outlives the server, in a line.
    pub(super) told: String,
    /// What the store does not promise.
    pub(super) warning: Option<String>,
}

impl Store {
    pub(super) async fn open(service: &Service) -> anyhow::Result<Self> {
        match (&service.data, &service.redis) {
            (_, Some(url)) => Self::redis(url).await,
            (Some(directory), None) => Self::embedded(directory).await,
            (None, None) => Ok(Self::memory()),
        }
    }

    fn memory() -> Self {
        Self {
            users: Arc::new(MemoryStore::default()),
            chat: Arc::new(MemoryRoom::default()),
            told: "Users and chat in memory: gone when this server stops".into(),
            warning: None,
        }
    }

    async fn embedded(directory: &Path) -> anyhow::Result<Self> {
        let opened = directory.to_owned();
        // Opening checks the file from end to end.
        let opened = tokio::task::spawn_blocking(move || Embedded::open(&opened)).await;
        let users = opened.context("opening the store failed")??;
        let directory = printable(&directory.display().to_string());
        Ok(Self {
            users: Arc::new(users),
            told: format!("Users in {directory}; chat in memory"),
            ..Self::memory()
        })
    }

    async fn redis(url: &str) -> anyhow::Result<Self> {
        let connected = stores::redis::connect(url).await?;
        Ok(Self {
            users: connected.users,
            chat: connected.chat,
            told: format!(
                "Users and chat in Redis at {}",
                printable(&without_secret(url))
            ),
            warning: connected.warning,
        })
    }
}

/// The URL without its user and password.
fn without_secret(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
    format!("{scheme}://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_printed() {
        let url = without_secret("redis://ana:s3cret@127.0.0.1:6379/0");
        assert_eq!(url, "redis://127.0.0.1:6379/0");
        assert_eq!(without_secret("redis://h:1"), "redis://h:1");
    }
}
