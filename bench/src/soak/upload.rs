//! A large file up, hashed at both ends, with the memory of both.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, ensure};
use bytes::Bytes;
use demo::print::say;
use futures::{StreamExt, stream};
use services::{ClientOptions, Context, Stream};
use sha2::{Digest, Sha256};

use super::UploadArguments;
use super::memory;
use super::server::ServerProcess;
use crate::report::progress;
use crate::report::table::{Table, TableRow, Weight};

/// Bytes of a chunk.
const CHUNK: usize = 64 * 1024;

pub(super) async fn run(arguments: &UploadArguments) -> Result<ExitCode> {
    let mut rows = Vec::new();
    let schemes: Vec<_> = arguments.wires.schemes().collect();
    let bar = progress::bar(schemes.len());
    for scheme in schemes {
        bar.set_message(scheme);
        rows.push(of_scheme(scheme, arguments.size).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let table = Table {
        caption: format!(
            "Upload of {} bytes: hash and size equal at both ends",
            arguments.size
        ),
        groups: Vec::new(),
        heads: vec![
            "wire",
            "seconds",
            "MiB/s",
            "peak of client",
            "peak of server",
        ],
        rows,
    };
    say(&table.text())?;
    Ok(ExitCode::SUCCESS)
}

async fn of_scheme(scheme: &str, size: u64) -> Result<TableRow> {
    let server = ServerProcess::start(&[format!("{scheme}://127.0.0.1:0")], &[]).await?;
    let client = server.endpoints[0]
        .connect(ClientOptions::default())
        .await?;
    memory::forget_peak(std::process::id());
    let started = Instant::now();
    let report = client.upload_file(&Context::new(), file(size)).await?;
    let seconds = started.elapsed().as_secs_f64();
    let peaks = [Some(std::process::id()), server.process()]
        .map(|process| memory::of(process?).map(|memory| memory.peak));
    ensure!(
        report.size_bytes == size,
        "{scheme}: {} bytes came",
        report.size_bytes
    );
    ensure!(report.sha256 == hash(size), "{scheme}: another hash came");
    let mut cells = vec![
        scheme.to_owned(),
        format!("{seconds:.1}"),
        format!("{:.0}", size as f64 / 1_048_576.0 / seconds),
    ];
    cells.extend(peaks.map(memory::written));
    Ok(TableRow {
        weight: Weight::Normal,
        cells,
    })
}

/// The file's bytes, made as they are read: each chunk begins with its number, so that one lost,
/// doubled or in another's place changes the hash.
fn chunks(size: u64) -> impl Iterator<Item = Bytes> + Send {
    let count = size.div_ceil(CHUNK as u64);
    (0..count).map(move |number| {
        let length = (size - number * CHUNK as u64).min(CHUNK as u64) as usize;
        let mut chunk = vec![b'.'; length];
        let head = number.to_be_bytes();
        let head = &head[..length.min(head.len())];
        chunk[..head.len()].copy_from_slice(head);
        chunk.into()
    })
}

fn file(size: u64) -> Stream<Bytes> {
    stream::iter(chunks(size)).map(Ok).boxed()
}

fn hash(size: u64) -> String {
    let mut hash = Sha256::new();
    chunks(size).for_each(|chunk| hash.update(&chunk));
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
