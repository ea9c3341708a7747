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
use xmlrpc::codec::write_call;
use xmlrpc::convert::chunk_to_wire;

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

#[tokio::test]
async fn a_user_in_bytes() {
    let server = named_server().await;
    let mut raw = server.connect().await;
    let roles = format!(
        "<value><array><data>{}</data></array></value>",
        string("admin")
    );
    let params = [
        &*string("Ana"),
        &string("ana@example.org"),
        &roles,
        &string("a-1"),
    ];
    let created = raw.post(call("create_user", &params)).await;
    insta::assert_snapshot!(created.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct><member><name>email</name><value><string>ana@example.org</string></value></member><member><name>external_id</name><value><string>a-1</string></value></member><member><name>id</name><value><int>1</int></value></member><member><name>name</name><value><string>Ana</string></value></member><member><name>roles</name><value><array><data><value><string>admin</string></value></data></array></value></member></struct></value></param></params></methodResponse>"#);
    let taken = raw.post(call("create_user", &params)).await;
    insta::assert_snapshot!(taken.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>-32003</int></value></member><member><name>faultString</name><value><string>email is "ana@example.org": another user has it, take another one</string></value></member></struct></value></fault></methodResponse>"#);
}

/// The same answer whatever id the server made.
fn without(id: &str, text: &str) -> String {
    text.replace(id, "ID")
}

#[tokio::test]
async fn a_chat_in_bytes() {
    let server = named_server().await;
    let mut raw = server.connect().await;
    let opened = raw.post(call("chat.open", &[&string("Ana")])).await;
    let Ok(dxr::Value::String(id)) = opened.reply() else {
        panic!("{}", opened.text());
    };
    insta::assert_snapshot!(without(&id, opened.text()), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><string>ID</string></value></param></params></methodResponse>"#);
    let member = |name: &str, text| format!("<member><name>{name}</name>{}</member>", string(text));
    let line = [member("text", "<olá>"), member("id", "a-0")].concat();
    let lines = format!(
        "<value><array><data><value><struct>{line}</struct></value></data></array></value>"
    );
    let lines = lines.replace("<olá>", "&lt;olá&gt;");
    let sent = raw
        .post(call("chat.send", &[&string(&id), &int(0), &lines]))
        .await;
    insta::assert_snapshot!(sent.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><boolean>1</boolean></value></param></params></methodResponse>"#);
    let next = call("chat.next", &[&string(&id), &int(0), &int(20_000)]);
    let heard = raw.post(next).await;
    insta::assert_snapshot!(heard.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct><member><name>cursor</name><value><int>1</int></value></member><member><name>done</name><value><boolean>0</boolean></value></member><member><name>items</name><value><array><data><value><struct><member><name>id</name><value><string>a-0</string></value></member><member><name>sequence</name><value><int>1</int></value></member><member><name>text</name><value><string>&lt;olá&gt;</string></value></member><member><name>timestamp</name><value><dateTime.iso8601>20251121T05:30:00</dateTime.iso8601></value></member><member><name>user</name><value><string>Ana</string></value></member></struct></value></data></array></value></member></struct></value></param></params></methodResponse>"#);
    let closed = raw.post(call("chat.close", &[&string(&id)])).await;
    insta::assert_snapshot!(closed.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><boolean>1</boolean></value></param></params></methodResponse>"#);
    let next = call("chat.next", &[&string(&id), &int(1), &int(20_000)]);
    let ended = raw.post(next).await;
    insta::assert_snapshot!(ended.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct><member><name>cursor</name><value><int>1</int></value></member><member><name>done</name><value><boolean>1</boolean></value></member><member><name>items</name><value><array><data></data></array></value></member></struct></value></param></params></methodResponse>"#);
}

#[tokio::test]
async fn a_file_in_bytes() {
    let server = named_server().await;
    let mut raw = server.connect().await;
    let opened = raw.post(call("upload_file.open", &[])).await;
    let Ok(dxr::Value::String(id)) = opened.reply() else {
        panic!("{}", opened.text());
    };
    let chunk = dxr::Value::Array(vec![chunk_to_wire("olá".into())]);
    let sent = write_call(&dxr::MethodCall {
        name: "upload_file.send".into(),
        params: vec![
            dxr::Value::String(id.clone()),
            dxr::Value::Integer(0),
            chunk,
        ],
    });
    let sent = String::from_utf8(sent.unwrap()).unwrap();
    insta::assert_snapshot!(without(&id, &sent), @r#"<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>upload_file.send</methodName><params><param><value><string>ID</string></value></param><param><value><int>0</int></value></param><param><value><array><data><value><base64>b2zDoQ==</base64></value></data></array></value></param></params></methodCall>"#);
    assert_eq!(raw.post(sent).await.reply(), Ok(dxr::Value::Boolean(true)));
    let closed = raw.post(call("upload_file.close", &[&string(&id)])).await;
    insta::assert_snapshot!(closed.text(), @r#"<?xml version="1.0" encoding="UTF-8"?><methodResponse><params><param><value><struct><member><name>chunks</name><value><int>1</int></value></member><member><name>sha256</name><value><string>9b186e077c7c6d044f5789d76e6d8070a5b0aaa902ebc608bc34170722dba903</string></value></member><member><name>size_bytes</name><value><int>4</int></value></member></struct></value></param></params></methodResponse>"#);
}
