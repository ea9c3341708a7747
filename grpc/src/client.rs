//! The client: a [`Backend`](services::Backend) at the other end of a wire, over the stubs that
//! tonic generates from the contract.

mod calculator;
mod calls;
mod chat;
mod conversations;
mod exchange;
mod files;
mod greeter;
mod metrics;
mod numbers;
mod users;
mod usuarios;

use http::Uri;
use http::uri::Authority;
use services::{ClientOptions, Context, Error};

use self::conversations::Conversations;

use crate::contract::calculator::calculator_client::CalculatorClient;
use crate::contract::chat::chat_service_client::ChatServiceClient;
use crate::contract::files::file_service_client::FileServiceClient;
use crate::contract::hello::do_stuff_client::DoStuffClient;
use crate::contract::monitoring::monitoring_service_client::MonitoringServiceClient;
use crate::contract::streaming::stream_service_client::StreamServiceClient;
use crate::contract::users::user_service_client::UserServiceClient;
use crate::contract::usuarios::usuarios_client::UsuariosClient;
use crate::transport::channel::Channel;

/// A client of one gRPC server. HTTP/2 carries all its calls side by side over one connection, so
/// `ClientOptions.connections` says nothing here; only when it takes part in many conversations
/// there are more. A connection that broke is made again by the next call.
pub struct Client {
    channel: Channel,
    calculator: CalculatorClient<Channel>,
    greeter: DoStuffClient<Channel>,
    metrics: MonitoringServiceClient<Channel>,
    numbers: StreamServiceClient<Channel>,
    users: UserServiceClient<Channel>,
    usuarios: UsuariosClient<Channel>,
    files: FileServiceClient<Channel>,
    chat: ChatServiceClient<Channel>,
    conversations: Conversations,
    origin: Uri,
    options: ClientOptions,
}

impl Client {
    /// Connects to `http://host:port` or `grpc://host:port`, within `options.timeout`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where nobody answers, [`Error::InvalidArgument`] for another URL.
    pub async fn connect(url: &str, options: ClientOptions) -> Result<Self, Error> {
        let authority = authority(url)?;
        let opening = Channel::connect(authority.clone(), options.clone());
        let context = Context::new().or_timeout(options.timeout);
        let channel = context.within(opening).await?;
        let origin = origin(authority);
        let bytes = options.reply_bytes;
        macro_rules! stub {
            ($Client:ident) => {
                $Client::with_origin(channel.clone(), origin.clone())
                    .max_decoding_message_size(bytes)
            };
        }
        Ok(Self {
            calculator: stub!(CalculatorClient),
            greeter: stub!(DoStuffClient),
            metrics: stub!(MonitoringServiceClient),
            numbers: stub!(StreamServiceClient),
            users: stub!(UserServiceClient),
            usuarios: stub!(UsuariosClient),
            files: stub!(FileServiceClient),
            chat: stub!(ChatServiceClient),
            conversations: Conversations::new(channel.clone()),
            origin: origin.clone(),
            channel,
            options,
        })
    }
}

/// The address in a URL.
fn authority(url: &str) -> Result<Authority, Error> {
    let wrong = || Error::invalid("url", url, "write http://host:port or grpc://host:port");
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let known = matches!(uri.scheme_str(), Some("http" | "grpc"));
    let rootless = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let plain = |it: &&Authority| it.port().is_some() && !it.as_str().contains('@');
    match uri.authority().filter(plain) {
        Some(authority) if known && rootless => Ok(authority.clone()),
        _ => Err(wrong()),
    }
}

/// What HTTP/2 calls `:scheme` and `:authority`.
fn origin(authority: Authority) -> Uri {
    Uri::builder()
        .scheme("http")
        .authority(authority)
        .path_and_query("/")
        .build()
        .expect("scheme, authority and path make a URI")
}
