//! `payload`: bring your own message, and see what each protocol makes of it.

pub mod difference;
pub mod document;
pub mod lane;
pub mod message;
pub mod names;
pub mod proto;
pub mod remarks;
pub mod report;
pub mod schema;
pub mod sizes;
pub mod timing;
pub mod values;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use prost_reflect::{DynamicMessage, MessageDescriptor};

use crate::report::progress;
use crate::target::Protocol;
use difference::SchemaOf;
use document::Json;
use lane::Lane;
use report::{PayloadReport, PayloadRow};

/// What `payload` is told.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "An array at the top holds samples of one message.\n\nExamples:\n  \
    trivium payload order.json\n      the .proto that it would need, sizes and times\n  \
    trivium payload order.json --proto shop.proto --message shop.Order\n      \
    with your own schema\n  \
    echo '{\"a\":5,\"b\":3}' | trivium payload - --json"
)]
pub struct PayloadArguments {
    /// A JSON file with a message, or with an array of them; - is stdin
    #[arg(value_name = "FILE.json")]
    pub file: PathBuf,
    /// Use this schema instead of inferring one
    #[arg(long, value_name = "FILE.proto", requires = "message")]
    pub proto: Option<PathBuf>,
    /// Which of its messages; the full name, or the last part of it
    #[arg(long, value_name = "NAME", requires = "proto")]
    pub message: Option<String>,
    /// Where imports of --proto are; may be given several times [default: beside it]
    #[arg(long, value_name = "DIR", requires = "proto")]
    pub include: Vec<PathBuf>,
    /// Write the inferred schema to this file too
    #[arg(long, value_name = "FILE.proto", conflicts_with = "proto")]
    pub write_proto: Option<PathBuf>,
    /// Only this protocol; may be given several times
    #[arg(long, value_name = "PROTOCOL", value_enum, value_delimiter = ',')]
    pub protocol: Vec<Protocol>,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

/// The messages, and what protobuf makes of them.
struct Messages {
    /// As they were given.
    samples: Vec<Json>,
    /// Full name of protobuf's message.
    name: String,
    /// What gRPC sends, or why it cannot.
    protobuf: Result<Protobuf, String>,
    /// The inferred schema; `None` where the user brought one.
    proto: Option<proto::Proto>,
}

/// The messages in protobuf.
struct Protobuf {
    /// What is sent.
    messages: Vec<DynamicMessage>,
    /// The JSON that they were made of.
    shaped: Vec<Json>,
    schema: SchemaOf,
}

/// Reads, encodes, times, prints.
///
/// # Errors
/// A file that cannot be read, that is not JSON, or that does not fit the schema; with the place.
pub fn run(arguments: &PayloadArguments) -> Result<ExitCode> {
    let report = report(arguments)?;
    let text = match arguments.json {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => report::text(&report),
    };
    let mut stdout = anstream::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn report(arguments: &PayloadArguments) -> Result<PayloadReport> {
    let shown = arguments.file.display().to_string();
    let text = read(&arguments.file)?;
    let messages = messages(arguments, &text, &shown)?;
    if let (Some(path), Some(proto)) = (&arguments.write_proto, &messages.proto) {
        let written = std::fs::write(path, &proto.text);
        written.with_context(|| format!("cannot write {}", path.display()))?;
    }
    let count = messages.samples.len();
    let (proto, remarks) = match &messages.proto {
        Some(proto) => (Some(proto.text.clone()), proto.remarks.clone()),
        None => (None, Vec::new()),
    };
    Ok(PayloadReport {
        file: shown,
        messages: count,
        message: messages.name.clone(),
        proto,
        remarks,
        codecs: "dynamic",
        rows: rows(arguments, messages)?,
    })
}

fn read(file: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(file).map(|read| bytes = read),
    };
    read.with_context(|| format!("cannot read {}", file.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let bad = document::at(
            &String::from_utf8_lossy(error.as_bytes()),
            place,
            "this is not UTF-8, as JSON has to be".into(),
        );
        anyhow!("{}: {bad}", file.display())
    })
}

fn messages(arguments: &PayloadArguments, text: &str, shown: &str) -> Result<Messages> {
    let bad = |error: document::BadJson| anyhow!("{shown}: {error}");
    let samples = document::samples(text).map_err(bad)?;
    if samples.is_empty() {
        return Err(anyhow!(
            "{shown}: an empty array has no sample: give one message at least"
        ));
    }
    match (&arguments.proto, &arguments.message) {
        (Some(proto), Some(name)) => {
            let descriptor = message::compile_file(proto, &arguments.include, Some(name))?;
            given(&descriptor, samples, text).map_err(|error| error.context(shown.to_owned()))
        }
        _ => Ok(inferred(
            samples.into_iter().map(|(sample, _)| sample).collect(),
        )),
    }
}

/// Messages of the user's schema; an error tells its place in the whole text.
fn given(
    descriptor: &MessageDescriptor,
    samples: Vec<(Json, &str)>,
    text: &str,
) -> Result<Messages> {
    let messages = samples
        .iter()
        .map(|(_, raw)| message::from_json(descriptor, raw, text));
    let messages = messages.collect::<Result<Vec<_>, _>>()?;
    let samples: Vec<_> = samples.into_iter().map(|(sample, _)| sample).collect();
    Ok(Messages {
        name: descriptor.full_name().to_owned(),
        protobuf: Ok(Protobuf {
            shaped: samples.clone(),
            schema: SchemaOf::User,
            messages,
        }),
        samples,
        proto: None,
    })
}

fn inferred(samples: Vec<Json>) -> Messages {
    let record = schema::infer(&samples);
    let proto = proto::write(&record);
    let protobuf = in_protobuf(&proto, message::wrapped(&samples, &record));
    Messages {
        name: proto::MESSAGE.to_owned(),
        protobuf: protobuf.map_err(|error| format!("{error:#}")),
        samples,
        proto: Some(proto),
    }
}

fn in_protobuf(proto: &proto::Proto, shaped: Vec<Json>) -> Result<Protobuf> {
    let descriptor = message::compile_text(&proto.text, proto::MESSAGE)?;
    let messages = shaped.iter().map(|sample| {
        let text = serde_json::to_string(sample)?;
        Ok(message::from_json(&descriptor, &text, &text)?)
    });
    let messages = messages.collect::<Result<Vec<_>>>()?;
    Ok(Protobuf {
        schema: SchemaOf::Samples,
        shaped,
        messages,
    })
}

/// What protobuf makes of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The inferred file.
    pub proto: String,
    /// Why no message can be made of the samples.
    pub problem: Option<String>,
    /// What the messages have lost on their way there and back, a sentence each.
    pub lost: Vec<String>,
}

/// What protobuf makes of the samples in a JSON text, without a schema of the user's.
///
/// # Errors
/// A text that is not JSON, with the place.
pub fn protobuf_of(text: &str) -> Result<Made> {
    let samples = document::samples(text)?;
    let messages = inferred(samples.into_iter().map(|(sample, _)| sample).collect());
    let proto = messages.proto.map(|proto| proto.text);
    let (problem, lost) = match messages.protobuf {
        Err(reason) => (Some(reason), Vec::new()),
        Ok(Protobuf {
            shaped,
            messages,
            schema,
        }) => {
            let lane = Lane::grpc(&shaped, messages, schema);
            (
                lane.as_ref().err().map(|error| format!("{error:#}")),
                lane.map_or(Vec::new(), |lane| lane.remarks),
            )
        }
    };
    Ok(Made {
        proto: proto.unwrap_or_default(),
        problem,
        lost,
    })
}

/// A lane for each protocol that was asked for, or why there is none.
fn lanes(
    arguments: &PayloadArguments,
    messages: Messages,
) -> Vec<(Protocol, Result<Lane, Vec<String>>)> {
    let wanted = |protocol| arguments.protocol.is_empty() || arguments.protocol.contains(&protocol);
    let samples = &messages.samples;
    let mut protobuf = Some(messages.protobuf);
    let order = [
        Protocol::Xmlrpc,
        Protocol::Jsonrpc,
        Protocol::Grpc,
        Protocol::Rest,
    ];
    let lanes = order
        .into_iter()
        .filter(|protocol| wanted(*protocol))
        .map(|protocol| {
            let lane = match protocol {
                Protocol::Xmlrpc => Lane::xmlrpc(samples),
                Protocol::Jsonrpc => Ok(Lane::jsonrpc(samples)),
                Protocol::Rest => Ok(Lane::rest(samples)),
                Protocol::Grpc => match protobuf.take() {
                    Some(Ok(Protobuf {
                        messages,
                        shaped,
                        schema,
                    })) => {
                        let lane = Lane::grpc(&shaped, messages, schema);
                        lane.map_err(|error| vec![format!("{error:#}")])
                    }
                    Some(Err(reason)) => Err(vec![reason]),
                    None => Err(Vec::new()),
                },
            };
            (protocol, lane)
        });
    lanes.collect()
}

fn rows(arguments: &PayloadArguments, messages: Messages) -> Result<Vec<PayloadRow>> {
    let mut outcomes = Vec::new();
    let mut carried = Vec::new();
    for (protocol, lane) in lanes(arguments, messages) {
        match lane {
            Ok(lane) => {
                outcomes.push((protocol, Ok(carried.len())));
                carried.push(lane);
            }
            Err(reasons) => outcomes.push((protocol, Err(reasons))),
        }
    }
    let bar = progress::bar(timing::ROUNDS).with_message("timing");
    let times = timing::times(&carried, || bar.inc(1));
    bar.finish_and_clear();
    let row = |(protocol, outcome): (Protocol, Result<usize, Vec<String>>)| {
        let protocol = name(protocol);
        Ok(match outcome {
            Err(remarks) => PayloadRow {
                protocol,
                bytes: None,
                encode: None,
                decode: None,
                remarks,
            },
            Ok(place) => PayloadRow {
                protocol,
                bytes: Some(sizes::of(&carried[place])?),
                encode: times.get(place).map(|times| times.encode.clone()),
                decode: times.get(place).map(|times| times.decode.clone()),
                remarks: carried[place].remarks.clone(),
            },
        })
    };
    outcomes.into_iter().map(row).collect()
}

fn name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Xmlrpc => "XML-RPC",
        Protocol::Jsonrpc => "JSON-RPC",
        Protocol::Grpc => "gRPC",
        Protocol::Rest => "REST",
    }
}
