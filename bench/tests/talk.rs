//! The talk's demos on a bad day: no program, and no free default port.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use slides::demo::Demo;
use slides::live::{self, Limits};
use slides::stage::Stage;

/// Where the programs listen unless they are told otherwise.
const DEFAULT_PORTS: [u16; 8] = [8000, 8001, 8888, 9000, 50050, 50051, 50052, 9464];

/// These programs are not optimised, and other tests run beside them. Whether a demo is quick enough for
/// a room is asked of release programs, by `trivium talk --check`.
const PATIENT: Limits = Limits {
    hold: Duration::from_millis(600),
    first: Duration::from_secs(60),
    whole: Duration::from_secs(180),
};

fn root() -> PathBuf {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    bench
        .parent()
        .expect("bench lies in the workspace")
        .to_owned()
}

fn names() -> Vec<String> {
    let names = Demo::names(&root()).expect("there are demos");
    assert!(!names.is_empty());
    names
}

/// `slides/run NAME`, with the programs of a folder.
fn run(name: &str, programs: &Path) -> Output {
    let mut command = Command::new(root().join("slides/run"));
    command.arg(name).env("TALK_PROGRAMS", programs);
    command.output().expect("sh is there")
}

#[test]
fn with_every_program_deleted_every_demo_plays_its_tape() {
    let empty = tempfile::tempdir().expect("a temporary folder");
    for name in names() {
        let output = run(&name, empty.path());
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {output:?}");
        assert!(
            shown.contains("tape of 2"),
            "{name} does not say that it is a tape: {shown}"
        );
        let demo = Demo::read(&root(), &name).expect("a demo");
        let plain = slides::mask::without_colours(&shown);
        for expected in demo.expected {
            assert!(
                plain.contains(&expected),
                "{name} lacks {expected:?}: {shown}"
            );
        }
    }
}

#[test]
fn with_every_default_port_taken_every_demo_runs_live() {
    // One that is taken by somebody else already is as good.
    let _taken: Vec<_> = DEFAULT_PORTS
        .iter()
        .filter_map(|port| TcpListener::bind(("127.0.0.1", *port)).ok())
        .collect();
    let programs = Path::new(env!("CARGO_BIN_EXE_trivium"))
        .parent()
        .expect("a folder");
    let stage = Stage::new(&root(), programs);
    for name in names() {
        let demo = Demo::read(&root(), &name).expect("a demo");
        let missing = demo.needs.iter().find(|it| stage.find(it).is_none());
        if let Some(program) = missing {
            skip(&format!("{name} needs {program}: run peers/install"));
            continue;
        }
        let ran = live::run(&stage, &demo, PATIENT, &mut |_| ());
        if let Err(failed) = ran {
            panic!("{name}: {failed}; it printed\n{}", failed.output);
        }
    }
}

#[test]
fn a_program_that_breaks_down_leaves_its_tape() {
    let broken = tempfile::tempdir().expect("a temporary folder");
    let program = broken.path().join("trivium");
    fs::write(&program, "#!/bin/sh\necho broken >&2\nexit 70\n").expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let name = &names()[0];
    let output = run(name, broken.path());
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("tape of 2"));
}

#[test]
fn a_demo_that_does_not_exist_is_told() {
    let output = run("no-such-demo", Path::new("/"));
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("no-such-demo has no tape"), "{told}");
}

#[allow(clippy::print_stderr, reason = "a skip is said aloud")]
fn skip(why: &str) {
    assert!(std::env::var_os("REQUIRE_PEERS").is_none(), "{why}");
    eprintln!("SKIPPED: {why}");
}
