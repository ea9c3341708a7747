//! `upload`: a file, or standard input, to any server of the protocol.

/// The bytes that are sent, and what becomes known of them.
pub mod source;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use services::model::UploadReport;
use services::{ClientOptions, Context};

use crate::call::{given_url, url};
use crate::duration::Timeout;
use crate::print::{described, printable};
use crate::program::Program;
use crate::signals::Signals;
use crate::value::{Json, Value};
use source::{Sent, Source};

/// What `upload` is told.
#[derive(Debug, Clone, Args)]
pub struct UploadArguments {
    /// The file; - is standard input
    pub file: PathBuf,
    /// The server
    #[arg(long, value_parser = given_url)]
    pub url: Option<String>,
    /// How long it may take: a time, or none. Without it any time
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<Timeout>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Uploads and prints what came of it; Ctrl-C gives it up.
///
/// # Errors
/// Where the file cannot be read, the upload fails, or the server has seen another file.
pub async fn run(program: &Program, arguments: &UploadArguments) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be waited for")?;
    tokio::select! {
        report = upload(program, arguments) => {
            print(arguments, report?)?;
            Ok(ExitCode::SUCCESS)
        }
        signal = signals.next() => Ok(signal.exit_code()),
    }
}

async fn upload(program: &Program, arguments: &UploadArguments) -> anyhow::Result<UploadReport> {
    let source = Source::open(&arguments.file)
        .await
        .with_context(|| unreadable(&arguments.file))?;
    let url = url(
        program.scheme,
        arguments.url.as_deref().unwrap_or(program.address),
    );
    let client = (program.connect)(url, ClientOptions::default()).await;
    let client = client.map_err(|error| anyhow::anyhow!("{}", described(&error)))?;
    let context = match arguments.timeout {
        Some(Timeout(Some(timeout))) => Context::with_timeout(timeout),
        _ => Context::new(),
    };
    let (chunks, sent) = source.chunks();
    let report = client.upload_file(&context, chunks).await;
    if let Some(failure) = sent.failure() {
        return Err(failure).with_context(|| unreadable(&arguments.file));
    }
    let report = report.map_err(|error| anyhow::anyhow!("{}", described(&error)))?;
    check(&report, &sent)?;
    Ok(report)
}

fn unreadable(file: &Path) -> String {
    format!("{} cannot be read", file.display())
}

/// Two hashes that are equal are the proof that the whole file came.
fn check(report: &UploadReport, sent: &Sent) -> anyhow::Result<()> {
    let (size_bytes, sha256) = sent.size_and_hash();
    if (report.size_bytes, &report.sha256) != (size_bytes, &sha256) {
        bail!(
            "the server has seen {} bytes with the SHA-256 {}, sent were {size_bytes} with {sha256}: \
             send it again",
            report.size_bytes,
            printable(&report.sha256)
        );
    }
    Ok(())
}

fn print(arguments: &UploadArguments, report: UploadReport) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    if arguments.json {
        writeln!(out, "{}", Json(&Value::from(report)))?;
        return Ok(());
    }
    let chunks = match report.chunks {
        1 => "1 chunk".to_owned(),
        chunks => format!("{chunks} chunks"),
    };
    writeln!(out, "{} bytes in {chunks}", report.size_bytes)?;
    let file = printable(&arguments.file.display().to_string());
    writeln!(out, "{}  {file}", printable(&report.sha256))?;
    Ok(())
}
