//! The bytes of this protocol, in and out, small enough to be read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod serving;

use futures::StreamExt;
use services::conformance::reference;
use services::model::NumberRange;
use services::{Calculator, ClientOptions, Code, Context, Numbers, ServeOptions};
use serving::{Raw, Running, add_2_3, call, int, soon, string};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

async fn named_server() -> Running {
    let options = ServeOptions {
        name: Some("trivium".into()),
        ..ServeOptions::default()
    };
    Running::start(reference(), options).await
}

/// Everything that comes, as text with visible line ends; the date's value is left out.
async fn exchanged(request: String) -> String {
    let server = named_server().await;
    let mut raw = server.connect().await;
    raw.write(request).await;
    let mut came = String::new();
    soon(raw.0.read_to_string(&mut came)).await.unwrap();
    let lines = came
        .split_inclusive("\r\n")
        .map(|line| match line.split_once("date: ") {
            Some(_) => "date: …\r\n",
            None => line,
        });
    lines.collect::<String>().replace("\r\n", "\\r\\n\n")
}

fn posted(document: &str) -> String {
    let length = document.len();
    format!(
        "POST /RPC2 HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/xml\r\n\
         connection: close\r\ncontent-length: {length}\r\n\r\n{document}"
    )
}

#[tokio::test]
async fn an_answer_in_bytes() {
    insta::assert_snapshot!(exchanged(posted(&add_2_3())).await, @r#"
    HTTP/1.1 200 OK\r\n
    content-type: text/xml\r\n
    server: trivium\r\n
    connection: close\r\n
    content-length: 130\r\n
    date: …\r\n
    \r\n
    <?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>
    "#);
}

#[tokio::test]
async fn a_fault_in_bytes() {
    let document = call("add", &[&int(i32::MAX), &int(1)]);
    insta::assert_snapshot!(exchanged(posted(&document)).await, @r#"
    HTTP/1.1 200 OK\r\n
    content-type: text/xml\r\n
    server: trivium\r\n
    connection: close\r\n
    content-length: 346\r\n
    date: …\r\n
    \r\n
    <?xml version="1.0" encoding="UTF-8"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>-32001</int></value></member><member><name>faultString</name><value><string>add(2147483647, 1) is 2147483648, which does not fit in 32 bits: use smaller numbers</string></value></member></struct></value></fault></methodResponse>
    "#);
}

#[tokio::test]
async fn a_refusal_in_bytes() {
    let request = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    insta::assert_snapshot!(exchanged(request.into()).await, @r#"
    HTTP/1.1 405 Method Not Allowed\r\n
    content-type: text/plain; charset=utf-8\r\n
    allow: POST\r\n
    server: trivium\r\n
    connection: close\r\n
    content-length: 26\r\n
    date: …\r\n
    \r\n
    XML-RPC is called by POST
    "#);
}

/// Serves one canned body on one connection and gives what the client sent, head and body.
async fn sent_by(reply: &str, make: impl AsyncFnOnce(xmlrpc::Client)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url = format!("http://{address}/RPC2");
    let client = xmlrpc::Client::connect(&url, ClientOptions::default())
        .await
        .unwrap();
    let serve = async {
        let (stream, _) = soon(listener.accept()).await.unwrap();
        let mut raw = Raw(stream);
        let mut came = Vec::new();
        while !came.ends_with(b"</methodCall>") {
            came.push(soon(raw.0.read_u8()).await.unwrap());
        }
        let length = reply.len();
        raw.write(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{reply}"
        ))
        .await;
        String::from_utf8(came).unwrap()
    };
    let (came, ()) = tokio::join!(serve, make(client));
    came.replace(&address.port().to_string(), "PORT")
        .replace("\r\n", "\\r\\n\n")
}

#[tokio::test]
async fn a_call_in_bytes_and_pythons_answer_is_read() {
    let answer = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n\
                  <value><int>8</int></value>\n</param>\n</params>\n</methodResponse>\n";
    let context = Context::with_timeout(std::time::Duration::from_secs(3_600));
    let came = sent_by(answer, async |client| {
        assert_eq!(client.add(&context, 5, 3).await, Ok(8));
    });
    let came = came.await;
    // How much time is left is the only thing that changes.
    let lines = came.lines().map(|line| {
        if line.starts_with("grpc-timeout: ") {
            "grpc-timeout: …\\r\\n"
        } else {
            line
        }
    });
    let came: Vec<_> = lines.collect();
    insta::assert_snapshot!(came.join("\n"), @r#"
    POST /RPC2 HTTP/1.1\r\n
    content-type: text/xml\r\n
    host: 127.0.0.1:PORT\r\n
    grpc-timeout: …\r\n
    content-length: 192\r\n
    \r\n
    <?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>add</methodName><params><param><value><int>5</int></value></param><param><value><int>3</int></value></param></params></methodCall>
    "#);
}

#[tokio::test]
async fn a_text_is_escaped_so_that_it_comes_back() {
    let answer =
        "<methodResponse><params><param><value>x</value></param></params></methodResponse>";
    let came = sent_by(answer, async |client| {
        let upper = client
            .uppercase(&Context::new(), "<a> & ]]>\r\n\t\"é'")
            .await;
        assert_eq!(upper, Ok("x".into()));
    });
    let came = came.await;
    let (_, body) = came.split_once("<params>").unwrap();
    insta::assert_snapshot!(body.escape_debug(), @r#"<param><value><string>&lt;a&gt; &amp; ]]&gt;&#13;\n\t\"é\'</string></value></param></params></methodCall>"#);
}

#[tokio::test]
async fn pythons_fault_keeps_its_code_and_text() {
    let fault = "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n<member>\n\
        <name>faultCode</name>\n<value><int>1</int></value>\n</member>\n<member>\n\
        <name>faultString</name>\n<value><string>&lt;class 'ValueError'&gt;:no</string></value>\n\
        </member>\n</struct></value>\n</fault>\n</methodResponse>\n";
    sent_by(fault, async |client| {
        let error = client.add(&Context::new(), 5, 3).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(error.to_string(), "fault 1: <class 'ValueError'>:no");
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_not_xml_rpc_is_internal() {
    sent_by("<html>oops</html>", async |client| {
        let error = client.add(&Context::new(), 5, 3).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        insta::assert_snapshot!(error, @r#"the server's answer is not XML-RPC: the root element is not methodResponse, at byte 6 of the document"#);
    })
    .await;
}

#[tokio::test]
async fn a_stream_in_bytes() {
    let server = named_server().await;
    let mut raw = server.connect().await;
    let opened = raw
        .post(call("stream_numbers.open", &[&int(3), &int(4)]))
        .await;
    let id = opened.reply().unwrap();
    let dxr::Value::String(id) = id else {
        panic!("{id:?}");
    };
    assert_eq!(id.len(), 32);
    let answer = raw
        .post(call(
            "stream_numbers.next",
            &[&string(&id), &int(0), &int(0)],
        ))
        .await;
    insta::assert_snapshot!(answer.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct><member><name>cursor</name><value><int>2</int></value></member><member><name>done</name><value><boolean>1</boolean></value></member><member><name>items</name><value><array><data><value><struct><member><name>message</name><value><string>The square of 3 is 9</string></value></member><member><name>number</name><value><int>3</int></value></member></struct></value><value><struct><member><name>message</name><value><string>The square of 4 is 16</string></value></member><member><name>number</name><value><int>4</int></value></member></struct></value></data></array></value></member></struct></value></param></params></methodResponse>"#);
    let range = NumberRange { start: 3, end: 4 };
    let numbers = server
        .client()
        .await
        .stream_numbers(&Context::new(), range)
        .await
        .unwrap();
    assert_eq!(soon(numbers.count()).await, 2);
}
