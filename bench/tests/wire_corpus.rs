//! What Wireshark reads in a capture is what the dissectors read, for every operation over every
//! wire and for clients that we did not write. `peers/install` brings tshark.

#[path = "wire_corpus/compare.rs"]
mod compare;
#[path = "wire_corpus/foreign.rs"]
mod foreign;
#[path = "../../peers/support.rs"]
mod peers;
#[path = "wire_corpus/record.rs"]
mod record;
#[path = "wire_corpus/tshark.rs"]
mod tshark;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use compare::Count;
use peers::Peer;
use record::Capture;
use wire::{Dissector, Knowledge};

/// Exchanges that the corpus has at least.
const LEAST: usize = 200;
/// Differences that are told of a capture at most; the first tells the most.
const TOLD: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn tshark_reads_in_every_capture_what_the_dissectors_read() {
    let Some(tshark) = Peer::tool("tshark") else {
        return;
    };
    let mut corpus = Vec::new();
    for scheme in record::SCHEMES {
        corpus.push(record::scenarios(scheme).await);
    }
    for client in foreign::CLIENTS {
        corpus.extend(client.record().await);
    }
    corpus.extend(foreign::gzipped().await);
    let program = tshark.program().to_owned();
    let checking = tokio::task::spawn_blocking(move || check(&program, &corpus));
    let (count, failures) = checking.await.expect("no panic");
    println!("compared with tshark: {count:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count.exchanges >= LEAST, "{count:?}");
}

fn check(tshark: &Path, corpus: &[Capture]) -> (Count, Vec<String>) {
    let mut count = Count::default();
    let mut failures = Vec::new();
    for (number, capture) in corpus.iter().enumerate() {
        let (counted, mut differences) = check_one(tshark, number, capture);
        println!("{}: {counted:?}", capture.title);
        count += counted;
        if differences.len() > TOLD {
            let more = differences.len() - TOLD;
            differences.truncate(TOLD);
            differences.push(format!("and {more} more"));
        }
        let told = differences.iter();
        failures.extend(told.map(|it| format!("{}: {it}", capture.title)));
    }
    (count, failures)
}

fn check_one(tshark: &Path, number: usize, capture: &Capture) -> (Count, Vec<String>) {
    let path = file(number);
    let out = BufWriter::new(File::create(&path).expect("the folder is ours"));
    wire::pcapng::write(&capture.recording, out).expect("the disk has room");
    let knowledge = Knowledge::default().with_descriptors(grpc::contract::FILE_DESCRIPTOR_SET);
    let knowledge = knowledge.expect("the contract describes itself");
    let dissection = Dissector::dissect(&capture.recording, &knowledge);
    let theirs = tshark::read(tshark, &path, &capture.recording);
    let compared = compare::compare(capture, &dissection, &theirs);
    if compared.1.is_empty() {
        std::fs::remove_file(&path).expect("it is ours");
    }
    compared
}

/// Stays there for whoever wants to look, where the two differ.
fn file(number: usize) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("wire_corpus_{number}.pcapng"))
}
