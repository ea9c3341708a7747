//! A request as it stands in a file, and what is wrong with it: RFC 9112 says how it is written.

use super::Protocol;
use super::line::{self, End};
use crate::language::{Text, excerpt};

/// How the next request begins, where several stand in a file.
const NEXT: &[u8] = b"POST ";

/// One request, read as far as it can be.
pub(super) struct Request {
    first_line: String,
    /// Names in lower case, values trimmed.
    fields: Vec<(String, String)>,
    /// What is wrong with the lines themselves.
    broken: Vec<Text>,
    /// Whether there is an empty line behind the head.
    is_ended: bool,
    /// Bytes of the head, the empty line included.
    head_length: usize,
    /// What stands between this head and the next request, or the end of the file.
    behind_head: Vec<u8>,
}

impl Request {
    /// The request at the beginning of these bytes, and what is behind it. Where it ends is looked
    /// for without its Content-Length, which may be wrong. Its first line is line `number` of the file.
    pub(super) fn read(bytes: &[u8], number: usize, is_last: bool) -> (Self, &[u8]) {
        let mut request = Self {
            first_line: String::new(),
            fields: Vec::new(),
            broken: Vec::new(),
            is_ended: false,
            head_length: 0,
            behind_head: Vec::new(),
        };
        let rest = request.read_head(bytes, number);
        request.head_length = bytes.len() - rest.len();
        let next = rest.windows(NEXT.len()).position(|window| window == NEXT);
        let next = next.filter(|_| !is_last).unwrap_or(rest.len());
        let (behind_head, behind) = rest.split_at(next);
        request.behind_head = behind_head.to_vec();
        (request, behind)
    }

    /// The body, without the line ends that a writer of files leaves behind it.
    pub(super) fn body(&self) -> &[u8] {
        self.behind_head.trim_ascii_end()
    }

    /// Reads up to the empty line; gives what is behind it.
    fn read_head<'a>(&mut self, bytes: &'a [u8], first: usize) -> &'a [u8] {
        let (mut rest, mut number, mut bare) = (bytes, first, None);
        loop {
            let (line, behind) = line::first(rest);
            if line.end == End::Lf {
                bare = bare.or(Some(number));
            }
            self.is_ended = line.text.is_empty() && line.end != End::None;
            let text = String::from_utf8_lossy(line.text).into_owned();
            if self.is_ended || line.end == End::None {
                self.end_head(&text, number, bare);
                return behind;
            }
            match number == first {
                true => self.first_line = text,
                false => self.field(&text, number),
            }
            rest = behind;
            number += 1;
        }
    }

    fn end_head(&mut self, last: &str, number: usize, bare: Option<usize>) {
        if looks_like_a_body(last) {
            self.field(last, number);
        } else if !self.is_ended {
            self.broken.push(tell!(
                "The file ends with line {number} of the head. An empty line has to stand between head and body: without it a server reads on for more header fields.",
                "O arquivo acaba na linha {number}, ainda no cabeçalho. Entre o cabeçalho e o corpo vai uma linha vazia: sem ela, o servidor continua lendo à espera de mais campos."
            ));
        }
        if let Some(number) = bare {
            self.broken.push(tell!(
                "Line {number} ends with LF alone. HTTP ends each line of a head with CR LF (RFC 9112, section 2.2). This server is lenient, others are not.",
                "A linha {number} termina só com LF. No HTTP, cada linha do cabeçalho termina com CR LF (RFC 9112, seção 2.2). Este servidor tolera isso, outros não."
            ));
        }
    }

    fn field(&mut self, text: &str, number: usize) {
        if looks_like_a_body(text) {
            self.broken.push(tell!(
                "Line {number} looks like the body, but the head has not ended: something is missing between the two.",
                "A linha {number} parece ser o corpo, mas o cabeçalho ainda não terminou: falta algo entre os dois."
            ));
            return;
        }
        match text.split_once(':') {
            Some((name, value)) if is_name(name) => {
                let field = (name.to_ascii_lowercase(), value.trim().to_owned());
                self.fields.push(field);
            }
            _ => self.broken.push(tell!(
                "Line {number} is no header field: {shown}. A field is a name, a colon right behind it, and a value.",
                "A linha {number} não é um campo do cabeçalho: {shown}. Um campo é um nome, dois-pontos colados nele, e um valor.",
                shown = excerpt(text),
            )),
        }
    }

    fn values(&self, name: &str) -> Vec<&str> {
        let fields = self.fields.iter().filter(|(field, _)| field == name);
        fields.map(|(_, value)| value.as_str()).collect()
    }

    /// What Content-Length says.
    fn announced(&self) -> Option<usize> {
        self.values("content-length").first()?.parse().ok()
    }

    /// All that is wrong, in the order of the bytes.
    pub(super) fn findings(&self, protocol: Protocol) -> Vec<Text> {
        let mut findings = self.request_line();
        findings.extend(self.broken.iter().cloned());
        findings.extend(self.host());
        findings.extend(self.content_type(protocol));
        if self.is_ended {
            findings.extend(self.content_length());
            findings.extend(self.encoding());
        }
        findings
    }

    fn request_line(&self) -> Vec<Text> {
        let line = &self.first_line;
        let mut findings = Vec::new();
        if line.starts_with('\u{feff}') {
            findings.push(tell!(
                "The file begins with a byte order mark, three bytes that no request has: save it as UTF-8 without one.",
                "O arquivo começa com uma marca de ordem (BOM), três bytes que nenhuma requisição tem: salve em UTF-8 sem ela."
            ));
        }
        let words: Vec<_> = line.split(' ').collect();
        let [method, target, version] = words[..] else {
            findings.push(tell!(
                "The first line is {shown}. It has three parts with one space between them: a method, a path, a version.",
                "A primeira linha é {shown}. Ela tem três partes separadas por um espaço: método, caminho, versão.",
                shown = excerpt(line),
            ));
            return findings;
        };
        if method.trim_start_matches('\u{feff}') != "POST" {
            findings.push(tell!(
                "The method is {shown}. A call has a body that the server acts upon: which method is made for that?",
                "O método é {shown}. Uma chamada leva um corpo sobre o qual o servidor age: qual método serve para isso?",
                shown = excerpt(method),
            ));
        }
        if !target.starts_with('/') {
            findings.push(tell!(
                "A path begins with a slash.",
                "Um caminho começa com uma barra."
            ));
        }
        if version != "HTTP/1.1" {
            findings.push(tell!(
                "The version is {shown}; the sheet asks for HTTP/1.1, in capitals.",
                "A versão é {shown}; o enunciado pede HTTP/1.1, em maiúsculas.",
                shown = excerpt(version),
            ));
        }
        findings
    }

    fn host(&self) -> Option<Text> {
        (self.values("host").len() != 1).then(|| {
            tell!(
                "A request of HTTP/1.1 has one field Host, no more and no fewer (RFC 9112, section 3.2). This server goes on without, others answer 400.",
                "Uma requisição HTTP/1.1 tem um campo Host no cabeçalho, nem mais nem menos (RFC 9112, seção 3.2). Este servidor segue sem ele, outros respondem 400."
            )
        })
    }

    fn content_type(&self, protocol: Protocol) -> Option<Text> {
        let given = self.values("content-type");
        let types: &[&str] = match protocol {
            Protocol::XmlRpc => &["text/xml"],
            Protocol::JsonRpc => &["application/json", "application/json-rpc"],
        };
        let name = protocol.name();
        let [value] = given[..] else {
            return Some(tell!(
                "Nothing says what kind of document the body is: {name} wants one Content-Type.",
                "Nada diz que tipo de documento é o corpo: {name} quer um Content-Type."
            ));
        };
        let media = value.split(';').next().unwrap_or_default().trim();
        let known = types.iter().any(|it| it.eq_ignore_ascii_case(media));
        (!known).then(|| {
            tell!(
                "Content-Type says {shown}, which is not what {name} is sent as.",
                "Content-Type diz {shown}, e não é assim que se envia {name}.",
                shown = excerpt(value),
            )
        })
    }

    fn content_length(&self) -> Option<Text> {
        let values = self.values("content-length");
        let [value] = values[..] else {
            return Some(tell!(
                "There has to be one field that says how long the body is: TCP is a stream, so nothing else tells the server where the body ends.",
                "É preciso um campo que diga o tamanho do corpo: TCP é um fluxo, e nada mais diz ao servidor onde o corpo acaba."
            ));
        };
        let Some(announced) = self.announced() else {
            return Some(tell!(
                "Content-Length is {shown}, and has to be a number in decimal digits.",
                "Content-Length é {shown}, e tem que ser um número em dígitos decimais.",
                shown = excerpt(value),
            ));
        };
        let fits = (self.body().len()..=self.behind_head.len()).contains(&announced);
        (!fits).then(|| self.off_by(announced))
    }

    /// Why a Content-Length is not the body's, as far as the number tells.
    fn off_by(&self, announced: usize) -> Text {
        let (least, most) = (self.body().len(), self.behind_head.len());
        let characters = String::from_utf8_lossy(self.body()).chars().count();
        let carriage_returns = self.body().iter().filter(|byte| **byte == b'\r').count();
        if (self.head_length + least..=self.head_length + most).contains(&announced) {
            return tell!(
                "Content-Length counts the head too; it is to count the body alone, what stands behind the empty line.",
                "Content-Length conta também o cabeçalho; ele deve contar só o corpo, o que vem depois da linha vazia."
            );
        }
        if (characters..=characters + most - least).contains(&announced) {
            return tell!(
                "Content-Length seems to count characters. What travels are bytes, and in UTF-8 some characters take more than one.",
                "Content-Length parece contar caracteres. O que viaja são bytes, e em UTF-8 alguns caracteres ocupam mais de um."
            );
        }
        if carriage_returns > 0 && announced == least - carriage_returns {
            return tell!(
                "Content-Length seems to count each line end of the body as one byte; in this file they are two.",
                "Content-Length parece contar cada fim de linha do corpo como um byte; neste arquivo são dois."
            );
        }
        match announced < least {
            true => tell!(
                "Content-Length is off by {off}: too small. The server takes so many bytes for the document, and the rest for the beginning of a next request.",
                "Content-Length está errado por {off}: pequeno demais. O servidor toma só esses bytes como documento, e o resto como o começo de uma próxima requisição.",
                off = least - announced,
            ),
            false => tell!(
                "Content-Length is off by {off}: too great. The server waits for bytes that never come.",
                "Content-Length está errado por {off}: grande demais. O servidor espera por bytes que nunca chegam.",
                off = announced - most,
            ),
        }
    }

    fn encoding(&self) -> Option<Text> {
        let error = str::from_utf8(self.body()).err()?;
        Some(tell!(
            "Byte {at} of the body is not UTF-8: in which encoding does your editor save?",
            "O byte {at} do corpo não é UTF-8: em que codificação o seu editor salva?",
            at = error.valid_up_to() + 1,
        ))
    }
}

fn looks_like_a_body(line: &str) -> bool {
    line.starts_with(['<', '{'])
}

/// A field's name: a token of RFC 9110, section 5.6.2.
fn is_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}
