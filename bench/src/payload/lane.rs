//! One protocol's way with the messages: what it sends, how it writes and reads it. Every codec here
//! is dynamic: it learns the message's shape while it runs.

use std::hint::black_box;

use anyhow::{Result, anyhow};
use dxr::{MethodCall, Value};
use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor, ReflectMessage};
use serde::Serialize;

use services::error::excerpt;

use super::difference::{self, SchemaOf};
use super::document::Json;
use super::remarks::{Remarks, root};
use super::{message, values};

/// What the calls are named; its length is part of XML-RPC's and of JSON-RPC's bodies.
const METHOD: &str = "send";

/// gRPC's prefix: a flag and a length of 32 bits (PROTOCOL-HTTP2, "Length-Prefixed-Message").
pub const GRPC_PREFIX_BYTES: usize = 5;

/// A protocol with all messages ready to be written.
pub struct Lane {
    /// Bodies, one a message, as they go over the wire but for compression.
    pub bodies: Vec<Vec<u8>>,
    /// Bytes at the front of each body that compression leaves alone.
    pub prefix_bytes: usize,
    /// What a reader of the row has to know, a sentence each.
    pub remarks: Vec<String>,
    codec: Codec,
}

enum Codec {
    Xmlrpc(Vec<MethodCall<'static>>),
    Jsonrpc(Vec<Json>),
    Grpc(Vec<DynamicMessage>, MessageDescriptor),
    Rest(Vec<Json>),
}

/// A request of JSON-RPC 2.0 with the message as its only parameter.
#[derive(Serialize)]
struct Request<'a> {
    jsonrpc: &'static str,
    id: u32,
    method: &'static str,
    params: [&'a Json; 1],
}

impl Lane {
    /// XML-RPC: a call with the message as its only parameter.
    ///
    /// # Errors
    /// What it cannot carry, a sentence each.
    pub fn xmlrpc(samples: &[Json]) -> Result<Self, Vec<String>> {
        let mut problems = Remarks::default();
        let values: Vec<_> = samples
            .iter()
            .enumerate()
            .map(|(place, sample)| values::of(sample, &root(samples, place), &mut problems))
            .collect();
        if !problems.is_empty() {
            return Err(problems.told());
        }
        let call = |value: Value| MethodCall {
            name: METHOD.into(),
            params: vec![value],
        };
        let calls: Vec<_> = values.into_iter().map(call).collect();
        let bodies = calls.iter().map(|call| {
            let body = xmlrpc::codec::write_call(call).map_err(|error| vec![error.to_string()])?;
            let back = xmlrpc::codec::read_call(&body).map_err(|error| vec![error.to_string()])?;
            match back.params == call.params {
                true => Ok(body),
                false => Err(vec![
                    "a value changed on its way: this is a fault of ours".into(),
                ]),
            }
        });
        let bodies = bodies.collect::<Result<_, _>>()?;
        Ok(Self::new(bodies, Codec::Xmlrpc(calls)))
    }

    /// JSON-RPC: a request with the message as its only parameter.
    #[must_use]
    pub fn jsonrpc(samples: &[Json]) -> Self {
        let bodies = samples.iter().map(|sample| json(&request(sample)));
        let mut lane = Self::new(bodies.collect(), Codec::Jsonrpc(samples.to_vec()));
        lane.remarks = rounded_elsewhere(samples);
        lane
    }

    /// REST: the message is the body.
    #[must_use]
    pub fn rest(samples: &[Json]) -> Self {
        let bodies = samples.iter().map(json).collect();
        let mut lane = Self::new(bodies, Codec::Rest(samples.to_vec()));
        lane.remarks = rounded_elsewhere(samples);
        lane
    }

    /// gRPC: the message in protobuf behind its prefix. `samples` is the JSON that the messages were
    /// made of; what each has lost once it is read again is told.
    ///
    /// # Errors
    /// A message that cannot be read again.
    pub fn grpc(samples: &[Json], messages: Vec<DynamicMessage>, schema: SchemaOf) -> Result<Self> {
        let descriptor = messages.first().map(DynamicMessage::descriptor);
        let descriptor = descriptor.ok_or_else(|| anyhow!("there is no message"))?;
        let bodies: Vec<_> = messages.iter().map(framed).collect();
        let mut lost = Remarks::default();
        for (place, body) in bodies.iter().enumerate() {
            let back = DynamicMessage::decode(descriptor.clone(), &body[GRPC_PREFIX_BYTES..])?;
            let back = message::to_json(&back)?;
            let root = root(samples, place);
            lost.extend(difference::between(&samples[place], &back, &root, schema));
        }
        let mut lane = Self::new(bodies, Codec::Grpc(messages, descriptor));
        lane.prefix_bytes = GRPC_PREFIX_BYTES;
        lane.remarks = lost.told();
        Ok(lane)
    }

    fn new(bodies: Vec<Vec<u8>>, codec: Codec) -> Self {
        Self {
            bodies,
            prefix_bytes: 0,
            remarks: Vec::new(),
            codec,
        }
    }

    /// Writes every message once.
    pub fn encode(&self) {
        match &self.codec {
            Codec::Xmlrpc(calls) => calls.iter().for_each(|call| {
                // It has been written before.
                let _ = black_box(xmlrpc::codec::write_call(black_box(call)));
            }),
            Codec::Jsonrpc(samples) => samples.iter().for_each(|sample| {
                black_box(json(&request(black_box(sample))));
            }),
            Codec::Rest(samples) => samples.iter().for_each(|sample| {
                black_box(json(black_box(sample)));
            }),
            Codec::Grpc(messages, _) => messages.iter().for_each(|message| {
                black_box(framed(black_box(message)));
            }),
        }
    }

    /// Reads every message once.
    pub fn decode(&self) {
        for body in &self.bodies {
            let body = black_box(&body[..]);
            // All of them have been read before.
            match &self.codec {
                Codec::Xmlrpc(_) => drop(black_box(xmlrpc::codec::read_call(body))),
                Codec::Jsonrpc(_) | Codec::Rest(_) => {
                    drop(black_box(serde_json::from_slice::<Json>(body)));
                }
                Codec::Grpc(_, descriptor) => {
                    let body = &body[GRPC_PREFIX_BYTES..];
                    drop(black_box(DynamicMessage::decode(descriptor.clone(), body)));
                }
            }
        }
    }
}

fn request(sample: &Json) -> Request<'_> {
    Request {
        jsonrpc: "2.0",
        id: 1,
        method: METHOD,
        params: [sample],
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a document that was read can be written")
}

fn framed(message: &DynamicMessage) -> Vec<u8> {
    let length = message.encoded_len();
    let mut body = Vec::with_capacity(GRPC_PREFIX_BYTES + length);
    body.push(0);
    body.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    message.encode_raw(&mut body);
    body
}

/// Integers that JSON carries, and that many of its readers round.
fn rounded_elsewhere(samples: &[Json]) -> Vec<String> {
    let mut found = Remarks::default();
    for (place, sample) in samples.iter().enumerate() {
        past_doubles(sample, &root(samples, place), &mut found);
    }
    found.told()
}

fn past_doubles(json: &Json, path: &str, found: &mut Remarks) {
    match json {
        Json::Number(number) if number.is_past_doubles() => {
            let told = "is past 2^53: readers whose numbers are doubles round it";
            found.push(format!("{path} {told}"));
        }
        Json::List(elements) => {
            for (place, element) in elements.iter().enumerate() {
                past_doubles(element, &format!("{path}[{place}]"), found);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                past_doubles(value, &format!("{path}.{}", excerpt(name)), found);
            }
        }
        _ => {}
    }
}
