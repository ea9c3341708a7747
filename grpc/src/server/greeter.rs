//! Greetings.

use tonic::{Request, Response, Status};

use super::{Servicer, open, reply};
use crate::contract::hello::do_stuff_server::DoStuff;
use crate::contract::hello::{HelloReply, HelloRequest};

#[tonic::async_trait]
impl DoStuff for Servicer {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let (context, HelloRequest { pid }) = open(request);
        let greeting = self.0.say_hello(&context, pid).await;
        reply(greeting, |retval| HelloReply { retval })
    }

    async fn say_hello_again(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let (context, HelloRequest { pid }) = open(request);
        let greeting = self.0.say_hello_again(&context, pid).await;
        reply(greeting, |retval| HelloReply { retval })
    }
}
