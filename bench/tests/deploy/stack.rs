//! The services of `deploy/compose.yaml` as plain processes: started in the order in which they
//! wait for each other, with its commands, and asked for their health by its checks.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::compose::{Compose, folder};
use crate::peers::Peer;

/// How long a service may take until it is well: far beyond what any of them takes.
const LIMIT: Duration = Duration::from_secs(60);
/// Between two questions whether something has come about.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until the answer is yes.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < LIMIT, "{what} did not come about");
        thread::sleep(PAUSE);
    }
}

/// A folder that is removed with this value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("trivium-deploy-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Services that run until this value is dropped, the last that started first.
pub(crate) struct Stack {
    pub(crate) compose: Compose,
    pub(crate) folder: Folder,
    running: Vec<(String, Child)>,
}

impl Stack {
    /// `None`, said aloud, where one of the tools is missing.
    pub(crate) fn new(tools: &[&str]) -> Option<Self> {
        let missing = tools.iter().any(|tool| Peer::tool(tool).is_none());
        Some(Self {
            compose: Compose::read().filter(|_| !missing)?,
            folder: Folder::new(),
            running: Vec::new(),
        })
    }

    /// Starts a service, and before it those that it waits for.
    pub(crate) fn start(&mut self, service: &str) {
        if self.running.iter().any(|(name, _)| name == service) {
            return;
        }
        for other in self.compose.waits_for(service) {
            self.start(&other);
        }
        let mut words = self.compose.command(service);
        self.with_files(service, &mut words);
        self.spawn(service, &words);
        until(&format!("the health of {service}"), || {
            self.is_well(service)
        });
    }

    /// Starts a program whose words are those of a container.
    pub(crate) fn spawn(&mut self, service: &str, words: &[String]) {
        let words = self.here(service, words);
        let log = File::create(self.log(service)).expect("the temporary folder can be written");
        let errors = log.try_clone().expect("a file can be opened twice");
        self.compose.release(service);
        let child = Command::new(program(&words[0]))
            .args(&words[1..])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|cause| panic!("{service} does not start: {cause}"));
        self.running.push((service.to_owned(), child));
    }

    /// Stops a service as Compose does, and waits until it is gone.
    pub(crate) fn stop(&mut self, service: &str) {
        let at = self.running.iter().position(|(name, _)| name == service);
        let (_, child) = self.running.remove(at.expect("it runs"));
        terminate(child);
    }

    /// Whether the service's own check says so. One that has ended is told with its last words.
    fn is_well(&mut self, service: &str) -> bool {
        let (_, child) = self.running.last_mut().expect("it was started");
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            let log = fs::read_to_string(self.log(service)).unwrap_or_default();
            panic!("{service} ended, {status}:\n{log}");
        }
        let check = self.here(service, &self.compose.health_check(service));
        let mut asked = Command::new(program(&check[0]));
        asked.args(&check[1..]).stdin(Stdio::null());
        let answer = asked.output().expect("the check can be started");
        let last = self.folder.path().join(format!("{service} check.log"));
        fs::write(last, &answer.stderr).expect("the temporary folder can be written");
        answer.status.success()
    }

    /// Puts its files, with the addresses of this machine, where its command finds them.
    fn with_files(&self, service: &str, words: &mut Vec<String>) {
        for (target, source) in self.compose.files(service) {
            let file = self.folder.path().join(format!("{service}.conf"));
            let pid = self.folder.path().join("pid");
            let text = self.compose.file(service, &source);
            let text = text.replace("/tmp/nginx.pid", &pid.to_string_lossy());
            fs::write(&file, text).expect("the temporary folder can be written");
            let file = file.to_string_lossy().into_owned();
            match words.iter_mut().find(|word| **word == target) {
                Some(word) => *word = file,
                // nginx knows its file's place without being told.
                None => words.extend(["-c".into(), file, "-e".into(), "stderr".into()]),
            }
        }
    }

    fn here(&self, service: &str, words: &[String]) -> Vec<String> {
        let mut here: Vec<_> = words
            .iter()
            .map(|word| self.compose.here(service, word))
            .collect();
        if let Some(at) = here.iter().position(|word| word == "--port") {
            let port = here[at + 1].parse().expect("a port");
            here[at + 1] = self.compose.port(service, port).to_string();
        }
        if here[0] == "redis-cli" {
            let port = self.compose.port(service, 6379).to_string();
            here.splice(1..1, ["-p".into(), port]);
        }
        here
    }

    fn log(&self, service: &str) -> PathBuf {
        self.folder.path().join(format!("{service}.log"))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if thread::panicking() {
            for entry in fs::read_dir(self.folder.path())
                .into_iter()
                .flatten()
                .flatten()
            {
                if entry.path().extension().is_some_and(|it| it == "log") {
                    let log = fs::read_to_string(entry.path()).unwrap_or_default();
                    eprintln!("-- {:?}:\n{log}", entry.file_name());
                }
            }
        }
        while let Some((_, child)) = self.running.pop() {
            terminate(child);
        }
    }
}

/// SIGTERM, which a proxy passes on to its workers, and SIGKILL where it does not help.
fn terminate(mut child: Child) {
    let id = child.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().ok();
    let started = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if started.elapsed() > LIMIT {
            child.kill().ok();
        }
        thread::sleep(PAUSE);
    }
}

/// Our own programs lie beside `trivium`; the others are peers, or the system's.
pub(crate) fn program(name: &str) -> PathBuf {
    let trivium = Path::new(env!("CARGO_BIN_EXE_trivium"));
    if name == "trivium" {
        return trivium.to_owned();
    }
    if name.ends_with("-demo") {
        return built(name, &trivium.with_file_name(name));
    }
    let peer = folder("peers/.installed/bin").join(name);
    if peer.exists() { peer } else { name.into() }
}

/// `cargo test --workspace` has built it; a test of this package alone builds it where it is missing
/// or older than what it is made of.
fn built(package: &str, path: &Path) -> PathBuf {
    let room = package.trim_end_matches("-demo");
    let parts = [room, "demo", "stores", "transport", "services"];
    let written = parts.iter().map(|part| newest(&folder(part).join("src")));
    if changed(path) < written.max().flatten() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--offline", "--package", package]);
        if path.with_file_name("").ends_with("release") {
            build.arg("--release");
        }
        let built = build.current_dir(folder(".")).status();
        assert!(built.is_ok_and(|status| status.success()), "{package}");
    }
    path.to_owned()
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// When a file of a folder was last written.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let times = entries.map(|entry| match entry.path() {
        inner if inner.is_dir() => newest(&inner),
        file => changed(&file),
    });
    times.max().flatten()
}
