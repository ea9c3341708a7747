//! What every store of users does: one list of scenarios, for memory, the file and Redis.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::future::{BoxFuture, FutureExt, join_all};
use services::model::UserChanges;
use services::store::NewRecord;
use services::{Code, MemoryStore, UserStore};
use stores::Embedded;
use support::{Directory, Keeps, LIMIT, RedisServer, all_users, connect, record};

type Store = Arc<dyn UserStore>;

/// A scenario begins with an empty store.
type Scenario = fn(Store) -> BoxFuture<'static, ()>;

const SCENARIOS: [(&str, Scenario); 11] = [
    ("ids_begin_at_1", |store| ids_begin_at_1(store).boxed()),
    ("a_user_is_kept_as_written", |store| {
        a_user_is_kept_as_written(store).boxed()
    }),
    ("an_address_is_taken_once", |store| {
        an_address_is_taken_once(store).boxed()
    }),
    ("an_external_id_is_taken_once", |store| {
        an_external_id_is_taken_once(store).boxed()
    }),
    ("pages_follow_the_ids", |store| {
        pages_follow_the_ids(store).boxed()
    }),
    ("a_change_leaves_the_rest", |store| {
        a_change_leaves_the_rest(store).boxed()
    }),
    ("a_change_of_address_frees_the_old", |store| {
        a_change_of_address_frees_the_old(store).boxed()
    }),
    ("an_address_may_change_its_case", |store| {
        an_address_may_change_its_case(store).boxed()
    }),
    ("a_deleted_user_frees_all_but_its_id", |store| {
        a_deleted_user_frees_all_but_its_id(store).boxed()
    }),
    ("an_unknown_user_is_not_found", |store| {
        an_unknown_user_is_not_found(store).boxed()
    }),
    ("one_of_many_gets_the_address", |store| {
        one_of_many_gets_the_address(store).boxed()
    }),
];

async fn ids_begin_at_1(store: Store) {
    for id in 1..=3 {
        let user = store.create(record(&format!("user-{id}"))).await.unwrap();
        assert_eq!(user.id, id);
    }
}

async fn a_user_is_kept_as_written(store: Store) {
    let written = NewRecord {
        name: "Ana \u{1b}[31m 漢字 \"quoted\"\n\0".into(),
        email: "Ána@Example.ORG".into(),
        roles: vec![
            "b".into(),
            "a".into(),
            "b".into(),
            String::new(),
            "[\"x\"]".into(),
        ],
        external_id: "9f1c\u{0}:\r\n".into(),
        password_hash: Some("$argon2id$v=19$secret".into()),
    };
    let created = store.create(written.clone()).await.unwrap();
    assert_eq!(created.name, written.name);
    assert_eq!(created.email, written.email);
    assert_eq!(created.roles, written.roles);
    assert_eq!(created.external_id, written.external_id);
    assert_eq!(store.get(created.id).await.unwrap(), created);
    assert_eq!(store.page(0, 10).await.unwrap(), [created]);
    assert!(!format!("{store:?}").contains("secret"));
}

async fn an_address_is_taken_once(store: Store) {
    store.create(record("ana")).await.unwrap();
    // Compared without regard to case, beyond ASCII too.
    store.create(record("ÉVA")).await.unwrap();
    for name in ["ana", "ANA", "éva"] {
        let mut other = record(name);
        other.external_id = format!("other-{name}");
        let error = store.create(other).await.unwrap_err();
        assert_eq!(error.code(), Code::AlreadyExists);
        assert!(error.to_string().contains("email"), "{error}");
    }
    // What was refused took no id.
    assert_eq!(store.create(record("ben")).await.unwrap().id, 3);
}

async fn an_external_id_is_taken_once(store: Store) {
    let first = store.create(record("ana")).await.unwrap();
    let mut second = record("ben");
    second.external_id.clone_from(&first.external_id);
    let error = store.create(second).await.unwrap_err();
    assert_eq!(error.code(), Code::AlreadyExists);
    assert!(error.to_string().contains("external_id"), "{error}");
    assert_eq!(store.create(record("ben")).await.unwrap().id, 2);
}

async fn pages_follow_the_ids(store: Store) {
    for number in 1..=12 {
        store
            .create(record(&format!("user-{number}")))
            .await
            .unwrap();
    }
    store.delete(4).await.unwrap();
    let ids = async |after, limit| {
        let page = store.page(after, limit).await.unwrap();
        page.into_iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(0, 5).await, [1, 2, 3, 5, 6]);
    assert_eq!(ids(6, 5).await, [7, 8, 9, 10, 11]);
    assert_eq!(ids(11, 5).await, [12]);
    assert!(ids(12, 5).await.is_empty());
    assert!(ids(i32::MAX, 5).await.is_empty());
    assert!(ids(0, 0).await.is_empty());
}

async fn a_change_leaves_the_rest(store: Store) {
    let before = store.create(record("ana")).await.unwrap();
    let none = UserChanges::default();
    assert_eq!(store.update(1, &none).await.unwrap(), before);
    let changes = UserChanges {
        roles: Some(Vec::new()),
        ..UserChanges::default()
    };
    let after = store.update(1, &changes).await.unwrap();
    assert_eq!(after.roles, Vec::<String>::new());
    assert_eq!((&after.name, &after.email), (&before.name, &before.email));
    assert_eq!(after.external_id, before.external_id);
    assert_eq!(store.get(1).await.unwrap(), after);
}

fn address(email: &str) -> UserChanges {
    UserChanges {
        email: Some(email.into()),
        ..UserChanges::default()
    }
}

async fn a_change_of_address_frees_the_old(store: Store) {
    store.create(record("ana")).await.unwrap();
    store.create(record("ben")).await.unwrap();
    let error = store
        .update(2, &address("ANA@example.org"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::AlreadyExists);
    assert_eq!(store.get(2).await.unwrap().email, "ben@example.org");
    store.update(1, &address("ana@new.example")).await.unwrap();
    store.update(2, &address("ana@example.org")).await.unwrap();
    let error = store.create(record("ana")).await.unwrap_err();
    assert_eq!(error.code(), Code::AlreadyExists);
}

async fn an_address_may_change_its_case(store: Store) {
    store.create(record("ana")).await.unwrap();
    let user = store.update(1, &address("Ana@Example.org")).await.unwrap();
    assert_eq!(user.email, "Ana@Example.org");
    let error = store.create(record("ana")).await.unwrap_err();
    assert_eq!(error.code(), Code::AlreadyExists);
}

async fn a_deleted_user_frees_all_but_its_id(store: Store) {
    let first = store.create(record("ana")).await.unwrap();
    assert_eq!(store.delete(1).await.unwrap(), first);
    assert_eq!(store.get(1).await.unwrap_err().code(), Code::NotFound);
    let second = store.create(record("ana")).await.unwrap();
    assert_eq!((second.id, second.email), (2, first.email));
}

async fn an_unknown_user_is_not_found(store: Store) {
    for id in [0, -1, 1, i32::MAX, i32::MIN] {
        let errors = [
            store.get(id).await.unwrap_err(),
            store
                .update(id, &address("ana@example.org"))
                .await
                .unwrap_err(),
            store.delete(id).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error, services::store::unknown_user(id));
        }
    }
}

async fn one_of_many_gets_the_address(store: Store) {
    let tries = (0..50).map(|number| {
        let store = store.clone();
        let mut user = record("wanted");
        user.external_id = format!("external-{number}");
        tokio::spawn(async move { store.create(user).await })
    });
    let outcomes = join_all(tries).await;
    let outcomes = outcomes.into_iter().map(Result::unwrap);
    let (winners, losers): (Vec<_>, Vec<_>) = outcomes.partition(Result::is_ok);
    assert_eq!(winners.len(), 1);
    assert_eq!(losers.len(), 49);
    assert!(
        losers
            .into_iter()
            .all(|it| it.unwrap_err().code() == Code::AlreadyExists)
    );
    let ids: BTreeSet<_> = all_users(&*store)
        .await
        .into_iter()
        .map(|user| user.id)
        .collect();
    assert_eq!(ids, BTreeSet::from([1]));
}

async fn run(name: &str, scenario: Scenario, store: Store) {
    // With its name in the thread's output, where an assertion fails.
    println!("scenario {name}");
    let run = tokio::time::timeout(LIMIT, scenario(store)).await;
    run.unwrap_or_else(|_| panic!("{name} takes over {LIMIT:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_passes_the_scenarios() {
    for (name, scenario) in SCENARIOS {
        run(name, scenario, Arc::new(MemoryStore::default())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_passes_the_scenarios() {
    for (name, scenario) in SCENARIOS {
        let directory = Directory::new();
        let store = Embedded::open(directory.path()).unwrap();
        run(name, scenario, Arc::new(store)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_passes_the_scenarios() {
    let Some(server) = RedisServer::start(Keeps::Everything) else {
        return;
    };
    for (database, (name, scenario)) in SCENARIOS.into_iter().enumerate() {
        let url = format!("{}/{database}", server.url());
        run(name, scenario, connect(&url).await.users).await;
    }
}
