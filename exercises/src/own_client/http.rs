//! A request as a client wrote it, as far as a server of HTTP/1.1 has to read it.

use std::io::{self, BufRead, Read};

use serde_json::Value;

/// More than any call of this exercise has.
const LONGEST_BODY: u64 = 1 << 20;

/// A request that was read whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    pub(super) method: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The next request on a connection; nothing where it has ended.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let first = line(reader)?;
        if first.is_empty() {
            return Ok(None);
        }
        let method = first.split(' ').next().unwrap_or_default().to_owned();
        let mut request = Self {
            method,
            ..Self::default()
        };
        loop {
            let line = line(reader)?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                let field = (name.to_ascii_lowercase(), value.trim().to_owned());
                request.fields.push(field);
            }
        }
        request.read_body(reader)?;
        Ok(Some(request))
    }

    fn read_body(&mut self, reader: &mut impl BufRead) -> io::Result<()> {
        // Node and Go send in chunks what they do not know the length of.
        if self.field("transfer-encoding").is_some() {
            return self.read_chunks(reader);
        }
        let length = self
            .field("content-length")
            .and_then(|length| length.parse().ok());
        read_bytes(reader, length.unwrap_or(0), &mut self.body)
    }

    fn read_chunks(&mut self, reader: &mut impl BufRead) -> io::Result<()> {
        loop {
            let size = line(reader)?;
            let size = size.split(';').next().unwrap_or_default();
            let size = u64::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            read_bytes(reader, size, &mut self.body)?;
            line(reader)?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    /// A header field's value.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null where it is none.
    pub(super) fn document(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

fn read_bytes(reader: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    if length > LONGEST_BODY {
        return Err(io::Error::other("a body that long is no call"));
    }
    reader.by_ref().take(length).read_to_end(body)?;
    Ok(())
}

/// A line without its end; at most as long as a body may be.
fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(LONGEST_BODY)
        .read_until(b'\n', &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_chunks_is_put_together() {
        let bytes =
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n";
        let request = Request::read(&mut &bytes[..])
            .expect("it is whole")
            .expect("there is one");
        assert_eq!(request.document(), serde_json::json!([1]));
    }

    #[test]
    fn a_connection_that_ends_has_no_request() {
        assert!(
            Request::read(&mut &b""[..])
                .expect("an end is no error")
                .is_none()
        );
    }
}
