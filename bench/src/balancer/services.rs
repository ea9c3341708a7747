//! Every operation, balanced. What differs is whether a call can be made again, and what streams.

use async_trait::async_trait;
use bytes::Bytes;
use services::model::{
    ChatMessage, Health, Join, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario,
    NumberItem, NumberRange, SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges,
    UserPage, Usuario,
};
use services::{
    Calculator, Chat, Context, Error, Files, Greeter, Metrics, Numbers, Stream, Users, Usuarios,
    operation,
};

use super::RoundRobin;

/// A call that can be made again, as one expression over the client of the server whose turn it is.
macro_rules! again {
    ($balancer:expr, $operation:ident, $context:expr, $client:ident => $call:expr) => {
        $balancer
            .call(&operation::$operation, $context, |$client| {
                Box::pin(async move { $call.await })
            })
            .await
    };
}

#[async_trait]
impl Calculator for RoundRobin {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let (answer, _) = again!(self, ADD, context, client => client.add(context, a, b))?;
        Ok(answer)
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        let (answer, _) =
            again!(self, MULTIPLY, context, client => client.multiply(context, a, b))?;
        Ok(answer)
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        let (answer, _) =
            again!(self, UPPERCASE, context, client => client.uppercase(context, text))?;
        Ok(answer)
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        let (answer, _) = again!(self, CUBE, context, client => client.cube(context, number))?;
        Ok(answer)
    }
}

#[async_trait]
impl Greeter for RoundRobin {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let (answer, _) =
            again!(self, SAY_HELLO, context, client => client.say_hello(context, pid))?;
        Ok(answer)
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let (answer, _) =
            again!(self, SAY_HELLO_AGAIN, context, client => client.say_hello_again(context, pid))?;
        Ok(answer)
    }
}

#[async_trait]
impl Metrics for RoundRobin {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let (answer, _) = again!(self, CALCULATE_METRICS, context, client => client.calculate_metrics(context, usage))?;
        Ok(answer)
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let (answer, _) =
            again!(self, GET_SYSTEM_INFO, context, client => client.get_system_info(context))?;
        Ok(answer)
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        let (answer, _) =
            again!(self, GET_METRIC, context, client => client.get_metric(context, request))?;
        Ok(answer)
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let context = &self.opening(context);
        let (stream, index) = again!(self, STREAM_METRICS, context, client => client.stream_metrics(context, request))?;
        Ok(self.watched(index, stream))
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let (client, index) = self.client(context).await?;
        self.judged(index, client.record_metrics(context, metrics).await)
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let (answer, _) =
            again!(self, CHECK_HEALTH, context, client => client.check_health(context, service))?;
        Ok(answer)
    }
}

#[async_trait]
impl Numbers for RoundRobin {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let context = &self.opening(context);
        let (stream, index) =
            again!(self, STREAM_NUMBERS, context, client => client.stream_numbers(context, range))?;
        Ok(self.watched(index, stream))
    }
}

#[async_trait]
impl Users for RoundRobin {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let (answer, _) =
            again!(self, CREATE_USER, context, client => client.create_user(context, user))?;
        Ok(answer)
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let (answer, _) = again!(self, GET_USER, context, client => client.get_user(context, id))?;
        Ok(answer)
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let context = &self.opening(context);
        let (stream, index) =
            again!(self, LIST_USERS, context, client => client.list_users(context, page))?;
        Ok(self.watched(index, stream))
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let (answer, _) =
            again!(self, UPDATE_USER, context, client => client.update_user(context, id, changes))?;
        Ok(answer)
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let (answer, _) =
            again!(self, DELETE_USER, context, client => client.delete_user(context, id))?;
        Ok(answer)
    }
}

#[async_trait]
impl Usuarios for RoundRobin {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let (answer, _) =
            again!(self, CRIAR_USUARIO, context, client => client.criar_usuario(context, usuario))?;
        Ok(answer)
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let (answer, _) =
            again!(self, OBTER_USUARIOS, context, client => client.obter_usuarios(context))?;
        Ok(answer)
    }
}

#[async_trait]
impl Files for RoundRobin {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let (client, index) = self.client(context).await?;
        self.judged(index, client.upload_file(context, chunks).await)
    }
}

#[async_trait]
impl Chat for RoundRobin {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let context = &self.opening(context);
        let (client, index) = self.client(context).await?;
        let stream = self.judged(index, client.chat(context, join, messages).await)?;
        Ok(self.watched(index, stream))
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        let (answer, _) =
            again!(self, POST_MESSAGE, context, client => client.post_message(context, message))?;
        Ok(answer)
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        let (answer, _) =
            again!(self, LIST_PARTICIPANTS, context, client => client.list_participants(context))?;
        Ok(answer)
    }
}
