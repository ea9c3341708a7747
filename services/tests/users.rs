//! The users of `Local`: how the store is read, and how passwords are kept.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use async_trait::async_trait;
use futures::future::join_all;
use futures::{FutureExt, StreamExt, TryStreamExt};
use services::model::{NewUser, NewUsuario, Password, User, UserChanges, UserPage};
use services::store::NewRecord;
use services::{Code, Context, Error, Local, LocalConfig, MemoryStore, UserStore, Users, Usuarios};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

fn over(users: Arc<dyn UserStore>) -> Local {
    Local::new(LocalConfig {
        users,
        ..LocalConfig::default()
    })
}

/// A store that counts how often a page of it is read.
#[derive(Debug, Default)]
struct Counting {
    store: MemoryStore,
    pages: AtomicUsize,
}

#[async_trait]
impl UserStore for Counting {
    async fn create(&self, user: NewRecord) -> Result<User, Error> {
        self.store.create(user).await
    }

    async fn get(&self, id: i32) -> Result<User, Error> {
        self.store.get(id).await
    }

    async fn page(&self, after: i32, limit: usize) -> Result<Vec<User>, Error> {
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.store.page(after, limit).await
    }

    async fn update(&self, id: i32, changes: &UserChanges) -> Result<User, Error> {
        self.store.update(id, changes).await
    }

    async fn delete(&self, id: i32) -> Result<User, Error> {
        self.store.delete(id).await
    }
}

#[tokio::test]
async fn a_list_is_read_from_the_store_a_page_at_a_time() {
    let store = Arc::new(Counting::default());
    let (local, context) = (over(store.clone()), Context::new());
    for n in 0..250 {
        let user = NewUser {
            name: "Ana".into(),
            email: format!("{n}@example.org"),
            ..NewUser::default()
        };
        local.create_user(&context, &user).await.unwrap();
    }
    for (page, taken, wanted, pages) in [
        (UserPage::default(), 1, 1, 1),
        (UserPage::default(), 101, 101, 2),
        (UserPage::default(), usize::MAX, 250, 3),
        (
            UserPage {
                after: 200,
                limit: 0,
            },
            usize::MAX,
            50,
            1,
        ),
        (
            UserPage {
                after: 0,
                limit: 150,
            },
            usize::MAX,
            150,
            2,
        ),
        (
            UserPage {
                after: 0,
                limit: 100,
            },
            usize::MAX,
            100,
            1,
        ),
        (
            UserPage {
                after: 250,
                limit: 5,
            },
            usize::MAX,
            0,
            1,
        ),
    ] {
        store.pages.store(0, Ordering::Relaxed);
        let users = local.list_users(&context, page).await.unwrap();
        let users: Vec<_> = users.take(taken).try_collect().await.unwrap();
        assert_eq!(users.len(), wanted, "{page:?}");
        let ids = (page.after + 1..).take(wanted);
        assert!(users.iter().map(|user| user.id).eq(ids), "{page:?}");
        assert_eq!(store.pages.load(Ordering::Relaxed), pages, "{page:?}");
    }
    assert_eq!(local.obter_usuarios(&context).await.unwrap().len(), 250);
}

fn usuario(n: usize) -> NewUsuario {
    NewUsuario {
        nome: "Ana".into(),
        email: format!("{n}@example.org"),
        senha: Password("s3cret".into()),
        ..NewUsuario::default()
    }
}

#[tokio::test]
async fn a_password_is_kept_as_a_hash_that_verifies() {
    let store = Arc::new(MemoryStore::default());
    let (local, context) = (over(store.clone()), Context::new());
    for n in 0..2 {
        local.criar_usuario(&context, &usuario(n)).await.unwrap();
    }
    let (first, second) = (
        store.password_hash(1).unwrap(),
        store.password_hash(2).unwrap(),
    );
    // The parameters that OWASP's Password Storage Cheat Sheet names.
    assert!(
        first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{first}"
    );
    assert_ne!(first, second, "each hash has a salt of its own");
    let hash = PasswordHash::new(&first).unwrap();
    let verified = |password: &[u8]| Argon2::default().verify_password(password, &hash);
    assert!(verified(b"s3cret").is_ok() && verified(b"s3cret ").is_err());
}

#[tokio::test]
async fn passwords_past_the_queue_are_refused_and_the_others_hashed() {
    let (local, context) = (Local::default(), Context::new());
    let all: Vec<_> = (0..64).map(usuario).collect();
    let creating = join_all(all.iter().map(|one| local.criar_usuario(&context, one)));
    let created = timeout(PATIENCE, creating).await.unwrap();
    let (kept, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
    assert!(
        kept.len() >= 16,
        "the queue holds 16, {} were kept",
        kept.len()
    );
    assert!(!refused.is_empty(), "64 at once are more than 16 and 2");
    for refused in refused {
        assert_eq!(refused.unwrap_err().code(), Code::ResourceExhausted);
    }
    local.criar_usuario(&context, &usuario(100)).await.unwrap();
}

#[tokio::test]
async fn who_gives_up_a_password_makes_room_for_another() {
    let (local, context) = (Local::default(), Context::new());
    for n in 0..64 {
        let usuario = usuario(n);
        // Sent to be hashed, or refused, and then given up.
        let given_up = local.criar_usuario(&context, &usuario).now_or_never();
        assert!(given_up.is_none_or(|refused| refused.is_err()));
    }
    let again = async {
        while local.criar_usuario(&context, &usuario(0)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, again).await.unwrap();
    assert_eq!(local.obter_usuarios(&context).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_shown_has_a_secret_or_a_person() {
    let store = Arc::new(MemoryStore::default());
    let (local, context) = (over(store.clone()), Context::new());
    let usuario = usuario(1);
    let record = NewRecord {
        name: "Ana".into(),
        email: "1@example.org".into(),
        roles: Vec::new(),
        external_id: "1".into(),
        password_hash: Some("s3cret".into()),
    };
    let shown = format!("{usuario:?} {record:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
    local.criar_usuario(&context, &usuario).await.unwrap();
    let hash = store.password_hash(1).unwrap();
    let shown = format!("{store:?} {local:?}");
    assert!(
        !shown.contains(&hash) && !shown.contains("example.org"),
        "{shown}"
    );
}
