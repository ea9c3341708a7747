//! Demos that fail on stage, in every way that they can.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use slides::demo::{Demo, FOLDER};
use slides::live::{Failed, Limits, Ran, run};
use slides::stage::Stage;
use tempfile::TempDir;

/// Short enough for a test to wait for, long enough for a busy machine to start bash.
const LIMITS: Limits = Limits {
    hold: Duration::from_millis(100),
    first: Duration::from_secs(20),
    whole: Duration::from_secs(30),
};

/// A repository with one demo, of that head and those lines.
fn repository(text: &str) -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    let folder = root.path().join(FOLDER);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("a.sh"), format!("# About.\n{text}")).expect("a file");
    root
}

fn played(root: &Path, limits: Limits) -> (Result<Ran, Failed>, Vec<String>) {
    let stage = Stage::new(root, &root.join("none"));
    let demo = Demo::read(root, "a").expect("the demo is well written");
    let mut lines = Vec::new();
    let ran = run(&stage, &demo, limits, &mut |line| {
        lines.push(line.to_owned())
    });
    (ran, lines)
}

fn failure(text: &str, limits: Limits) -> Failed {
    let root = repository(text);
    let (ran, _) = played(root.path(), limits);
    ran.expect_err("it fails")
}

#[test]
fn a_demo_shows_both_its_outputs_in_their_order() {
    let root = repository("# expect: two\necho one\necho two >&2\necho three\n");
    let (ran, lines) = played(root.path(), LIMITS);
    let ran = ran.expect("it runs");
    assert_eq!(ran.output, "one\ntwo\nthree\n");
    assert_eq!(lines, ["one\n", "two\n", "three\n"]);
    assert!(ran.first <= ran.took);
}

#[test]
fn a_demo_runs_in_a_folder_of_its_own_and_knows_the_repository() {
    let root = repository("# expect: slides\n: >mine\nls\nls $ROOT\n");
    let (ran, _) = played(root.path(), LIMITS);
    assert_eq!(ran.expect("it runs").output, "mine\nslides\n");
    assert!(!root.path().join("mine").exists());
}

#[test]
fn a_missing_program_is_told_before_anything_is_shown() {
    let root = repository("# expect: 8\necho begin\ntrivium serve\n");
    let (ran, lines) = played(root.path(), LIMITS);
    assert_eq!(ran.expect_err("it fails").why, "trivium is not here");
    assert!(lines.is_empty());
    let needs = "# needs: a-program-that-nobody-has\n# expect: 8\necho 8\n";
    assert_eq!(
        failure(needs, LIMITS).why,
        "a-program-that-nobody-has is not here"
    );
}

#[test]
fn a_demo_that_ends_otherwise_than_its_head_says_has_failed() {
    assert_eq!(
        failure("# expect: 8\necho 8\nexit 3\n", LIMITS).why,
        "it ended with 3"
    );
    let root = repository("# expect: 8\n# ends: 3\necho 8\nexit 3\n");
    assert!(played(root.path(), LIMITS).0.is_ok());
}

#[test]
fn a_demo_that_says_something_else_has_failed_and_shows_nothing() {
    let root = repository("# expect: 8\necho 9\n");
    let patient = Limits {
        hold: LIMITS.whole,
        ..LIMITS
    };
    let (ran, lines) = played(root.path(), patient);
    assert_eq!(ran.expect_err("it fails").why, "\"8\" was not printed");
    assert!(lines.is_empty(), "{lines:?}");
}

#[test]
fn a_demo_that_is_silent_is_given_up() {
    let impatient = Limits {
        first: Duration::from_millis(50),
        ..LIMITS
    };
    let failed = failure("# expect: 8\nsleep 1000\n", impatient);
    assert!(failed.why.starts_with("it printed nothing"), "{failed}");
}

#[test]
fn a_demo_that_does_not_end_is_given_up_after_what_it_showed() {
    let impatient = Limits {
        hold: Duration::ZERO,
        first: LIMITS.first,
        whole: Duration::from_secs(2),
    };
    let root = repository("# expect: 8\necho 8\nexec sleep 1000\n");
    let (ran, lines) = played(root.path(), impatient);
    let failed = ran.expect_err("it fails");
    assert!(failed.why.starts_with("it did not end"), "{failed}");
    assert_eq!((failed.shown, lines.len()), (1, 1));
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_demo_starts_ends_with_it() {
    let root = repository("# expect: pid\nsleep 1000 >/dev/null 2>&1 &\necho pid $!\n");
    let (ran, _) = played(root.path(), LIMITS);
    let output = ran.expect("it runs").output;
    let pid = output
        .trim()
        .strip_prefix("pid ")
        .expect("it tells its child");
    // A signal takes a moment; nobody may have asked for its exit code yet.
    let until = Instant::now() + Duration::from_secs(20);
    let goes_on = || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    while goes_on() {
        assert!(Instant::now() < until, "sleep {pid} goes on");
        std::thread::yield_now();
    }
}
