//! Arithmetic and text.

use tonic::{Request, Response, Status};

use super::{Servicer, open, reply};
use crate::contract::calculator::calculator_server::Calculator;
use crate::contract::calculator::{
    CubeReply, CubeRequest, NumberReply, OperandsRequest, TextReply, TextRequest,
};

#[tonic::async_trait]
impl Calculator for Servicer {
    async fn add(
        &self,
        request: Request<OperandsRequest>,
    ) -> Result<Response<NumberReply>, Status> {
        let (context, OperandsRequest { a, b }) = open(request);
        let sum = self.0.add(&context, a, b).await;
        reply(sum, |result| NumberReply { result })
    }

    async fn multiply(
        &self,
        request: Request<OperandsRequest>,
    ) -> Result<Response<NumberReply>, Status> {
        let (context, OperandsRequest { a, b }) = open(request);
        let product = self.0.multiply(&context, a, b).await;
        reply(product, |result| NumberReply { result })
    }

    async fn uppercase(
        &self,
        request: Request<TextRequest>,
    ) -> Result<Response<TextReply>, Status> {
        let (context, TextRequest { text }) = open(request);
        let text = self.0.uppercase(&context, &text).await;
        reply(text, |result| TextReply { result })
    }

    async fn calculate_cube(
        &self,
        request: Request<CubeRequest>,
    ) -> Result<Response<CubeReply>, Status> {
        let (context, CubeRequest { number }) = open(request);
        let cube = self.0.cube(&context, number).await;
        reply(cube, |result| CubeReply { result })
    }
}
