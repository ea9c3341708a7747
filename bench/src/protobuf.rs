//! `protobuf`: a message as its bytes, each explained, and what readers with other schemas make of
//! them.

mod explained;
mod reading;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstyle::Style;
use anyhow::{Result, anyhow};
use clap::Args;
use demo::print::COLUMNS;
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, ReflectMessage};
use wire::view::paint::{Line, PLAIN, QUIET, STRONG};
use wire::view::{Colour, escape};

use crate::payload::message;
use reading::Reading;

/// What `protobuf` is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:\n  \
    trivium protobuf '{\"a\": 5, \"b\": 300}' --proto proto/calculator.proto \\\n          \
    --message OperandsRequest\n      every byte of the message, explained\n  \
    trivium protobuf '{\"id\": 7, \"name\": \"Ana\"}' --proto old.proto --read-by new.proto\n      \
    what a program that was built with new.proto reads in it")]
pub struct ProtobufArguments {
    /// The message as JSON
    #[arg(value_name = "JSON")]
    pub json: String,
    /// Its schema
    #[arg(long, value_name = "FILE.proto")]
    pub proto: PathBuf,
    /// Which of the schema's messages, if there are several; the full name, or the last part of it
    #[arg(long, value_name = "NAME")]
    pub message: Option<String>,
    /// Read the bytes with this schema, instead of explaining them; may be given several times
    #[arg(long, value_name = "FILE.proto")]
    pub read_by: Vec<PathBuf>,
}

/// Encodes, explains or reads, prints.
///
/// # Errors
/// A schema that cannot be read or does not have the message, a message that does not fit it.
pub fn run(arguments: &ProtobufArguments) -> Result<ExitCode> {
    let name = arguments.message.as_deref();
    let descriptor = message::compile_file(&arguments.proto, &[], name)?;
    let json = &arguments.json;
    let sent = message::from_json(&descriptor, json, json);
    let sent = sent.map_err(|error| anyhow!("the message: {error}"))?;
    let bytes = sent.encode_to_vec();
    let mut text = head(arguments, &sent, bytes.len());
    if arguments.read_by.is_empty() {
        text += &explained::text(&bytes, &descriptor);
    }
    for file in &arguments.read_by {
        let reader = message::compile_file(file, &[], name)?;
        text += &reading_text(file, reading::read(&sent, &bytes, &reader));
    }
    let mut stdout = anstream::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Which message, in how many bytes.
fn head(arguments: &ProtobufArguments, sent: &DynamicMessage, bytes: usize) -> String {
    let mut line = Line::new(Colour::Always);
    let count = match bytes {
        1 => "1 byte".to_owned(),
        count => format!("{count} bytes"),
    };
    line.push(STRONG, &format!("{}: {count}", sent.descriptor().name()));
    line.push(QUIET, &format!(" by {}", file_name(&arguments.proto)));
    line.end()
}

/// What a reader sees, and below it what became of the fields.
fn reading_text(file: &Path, reading: Result<Reading>) -> String {
    let file = format!("{} ", file_name(file));
    let (said, remarks) = match reading {
        Ok(reading) => (format!("reads {}", reading.values), reading.remarks),
        Err(error) => (format!("refuses the bytes: {error:#}"), Vec::new()),
    };
    let mut text = rows(&file, PLAIN, &said);
    for remark in remarks {
        text += &rows("  ", remark.style(), &remark.text);
    }
    text
}

/// A text behind a word or an indent, in lines that are no wider than a terminal.
fn rows(before: &str, style: Style, text: &str) -> String {
    let indent = escape::columns(before);
    let mut rows = String::new();
    for (number, row) in escape::wrap(text, COLUMNS.saturating_sub(indent))
        .iter()
        .enumerate()
    {
        let mut line = Line::new(Colour::Always);
        if number == 0 {
            line.push(STRONG, before);
        }
        line.pad(indent);
        line.push(style, row);
        rows += &line.end();
    }
    rows
}

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}
