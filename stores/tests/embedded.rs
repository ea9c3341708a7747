//! What only the file does: it outlives its process, has one owner, and notices damage.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use futures::future::join_all;
use redb::{Database, TableDefinition};
use services::model::User;
use services::{Code, UserStore};
use stores::{Embedded, Error};
use support::{Directory, all_users, record};

fn file(directory: &Directory) -> std::path::PathBuf {
    directory.path().join(stores::embedded::FILE_NAME)
}

async fn with_users(directory: &Path, count: usize) -> Vec<User> {
    let store = Embedded::open(directory).unwrap();
    let creating = (0..count).map(|number| store.create(record(&format!("user-{number}"))));
    let mut users: Vec<_> = join_all(creating)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    users.sort_by_key(|user| user.id);
    users
}

#[tokio::test]
async fn users_outlive_the_process_and_ids_are_not_given_again() {
    let directory = Directory::new();
    let mut users = with_users(directory.path(), 10).await;
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(all_users(&store).await, users);
    store.delete(10).await.unwrap();
    users.pop();
    drop(store);
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(all_users(&store).await, users);
    assert_eq!(store.create(record("late")).await.unwrap().id, 11);
}

#[tokio::test]
async fn a_file_in_use_tells_who_has_it_in_one_line() {
    let directory = Directory::new();
    let _store = Embedded::open(directory.path()).unwrap();
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(matches!(error, Error::Locked { .. }), "{error:?}");
    let path = file(&directory);
    let process = std::process::id();
    let line = format!(
        "{} is in use by process {process}: stop that, or give another directory",
        path.display()
    );
    assert_eq!(error.to_string(), line);
}

#[tokio::test]
async fn a_directory_that_is_none_is_told() {
    let directory = Directory::new();
    let path = directory.path().join("a-file");
    fs::write(&path, "").unwrap();
    let error = Embedded::open(&path).unwrap_err();
    assert!(matches!(error, Error::Directory { .. }), "{error:?}");
    assert!(error.to_string().contains("a-file"), "{error}");
}

#[tokio::test]
async fn a_file_of_something_else_is_told() {
    let directory = Directory::new();
    fs::write(file(&directory), "id,name\n1,Ana\n".repeat(1_000)).unwrap();
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    // It is not touched: it may be somebody's only copy of something.
    assert!(
        fs::read_to_string(file(&directory))
            .unwrap()
            .starts_with("id,name")
    );
}

#[tokio::test]
async fn a_file_that_was_cut_is_told() {
    let directory = Directory::new();
    with_users(directory.path(), 500).await;
    let whole = fs::read(file(&directory)).unwrap();
    fs::write(file(&directory), &whole[..whole.len() / 2]).unwrap();
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_changed_byte_is_told_or_matters_nothing() {
    let directory = Directory::new();
    let users = with_users(directory.path(), 200).await;
    let whole = fs::read(file(&directory)).unwrap();
    let mut told = 0;
    // The header, and one byte in every few pages, at a place that moves through the page.
    let pages = (0..whole.len()).step_by(4 * 4_096).enumerate();
    let pages = pages.map(|(turn, start)| start + turn * 397 % 4_096);
    for position in (0..320).step_by(16).chain(pages) {
        let position = position.min(whole.len() - 1);
        let mut damaged = whole.clone();
        damaged[position] ^= 0x55;
        fs::write(file(&directory), &damaged).unwrap();
        match Embedded::open(directory.path()) {
            Ok(store) => assert_eq!(all_users(&store).await, users, "byte {position}"),
            Err(Error::Damaged { .. }) => told += 1,
            Err(error) => panic!("byte {position}: {error:?}"),
        }
    }
    assert!(told > 0);
}

#[tokio::test]
async fn a_file_of_another_version_is_told() {
    let directory = Directory::new();
    with_users(directory.path(), 1).await;
    let database = Database::open(file(&directory)).unwrap();
    let transaction = database.begin_write().unwrap();
    let meta: TableDefinition<'_, &str, i64> = TableDefinition::new("meta");
    transaction
        .open_table(meta)
        .unwrap()
        .insert("format", 2)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = Embedded::open(directory.path()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Format {
                found: 2,
                wanted: 1,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn more_writes_than_can_wait_are_refused_and_the_others_done() {
    let directory = Directory::new();
    let store = Embedded::open(directory.path()).unwrap();
    // All are sent before the first is answered, for this runtime has one thread.
    let creating = (0..20_000).map(|number| store.create(record(&format!("user-{number}"))));
    let (done, refused): (Vec<_>, Vec<_>) = join_all(creating)
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert!(!refused.is_empty());
    for refusal in refused {
        assert_eq!(refusal.unwrap_err().code(), Code::ResourceExhausted);
    }
    let mut done: Vec<_> = done.into_iter().map(Result::unwrap).collect();
    done.sort_by_key(|user| user.id);
    assert_eq!(all_users(&store).await, done);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_any_more_hurts_nobody() {
    let directory = Directory::new();
    let store = Embedded::open(directory.path()).unwrap();
    let given_up = store.create(record("given-up"));
    // Polled once, so that it is on its way, and dropped.
    let _unfinished = tokio::time::timeout(std::time::Duration::ZERO, given_up).await;
    store.create(record("ana")).await.unwrap();
    let names: Vec<_> = all_users(&store)
        .await
        .into_iter()
        .map(|user| user.name)
        .collect();
    assert!(names.contains(&"ana".to_owned()), "{names:?}");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
fn modes_inside(directory: &Path) -> Vec<u32> {
    let files = fs::read_dir(directory).unwrap();
    let modes: Vec<_> = files.map(|file| mode(&file.unwrap().path())).collect();
    assert_eq!(modes.len(), 2, "the users and who has them");
    modes
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_kept_is_its_owners_alone() {
    let directory = Directory::new();
    let made = directory.path().join("of").join("users");
    with_users(&made, 1).await;
    assert_eq!(mode(&made), 0o700);
    assert_eq!(modes_inside(&made), [0o600; 2]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_was_there_keeps_its_mode_and_its_files_are_closed_to_others() {
    let directory = Directory::new();
    let users = with_users(directory.path(), 1).await;
    set_mode(directory.path(), 0o755);
    for file in fs::read_dir(directory.path()).unwrap() {
        set_mode(&file.unwrap().path(), 0o644);
    }
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(all_users(&store).await, users);
    assert_eq!(mode(directory.path()), 0o755);
    assert_eq!(modes_inside(directory.path()), [0o600; 2]);
}
