//! Every operation, guarded. One line each: what differs is the kind of call.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

use super::Guard;
use crate::backend::{Calculator, Chat, Files, Greeter, Metrics, Numbers, Users, Usuarios};
use crate::context::Context;
use crate::error::Error;
use crate::model::{
    ChatMessage, Health, Join, Metric, MetricRequest, MetricsSummary, NewUser, NewUsuario,
    NumberItem, NumberRange, SystemInfo, UploadReport, Usage, UsageReport, User, UserChanges,
    UserPage, Usuario,
};
use crate::operation;
use crate::stream::Stream;

#[async_trait]
impl Calculator for Guard {
    async fn add(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(&operation::ADD, context, self.backend.add(context, a, b))
            .await
    }

    async fn multiply(&self, context: &Context, a: i32, b: i32) -> Result<i32, Error> {
        self.call(
            &operation::MULTIPLY,
            context,
            self.backend.multiply(context, a, b),
        )
        .await
    }

    async fn uppercase(&self, context: &Context, text: &str) -> Result<String, Error> {
        self.call(
            &operation::UPPERCASE,
            context,
            self.backend.uppercase(context, text),
        )
        .await
    }

    async fn cube(&self, context: &Context, number: i32) -> Result<i32, Error> {
        self.call(
            &operation::CUBE,
            context,
            self.backend.cube(context, number),
        )
        .await
    }
}

#[async_trait]
impl Greeter for Guard {
    async fn say_hello(&self, context: &Context, pid: i32) -> Result<String, Error> {
        self.call(
            &operation::SAY_HELLO,
            context,
            self.backend.say_hello(context, pid),
        )
        .await
    }

    async fn say_hello_again(&self, context: &Context, pid: i32) -> Result<String, Error> {
        let call = self.backend.say_hello_again(context, pid);
        self.call(&operation::SAY_HELLO_AGAIN, context, call).await
    }
}

#[async_trait]
impl Metrics for Guard {
    async fn calculate_metrics(
        &self,
        context: &Context,
        usage: &Usage,
    ) -> Result<UsageReport, Error> {
        let call = self.backend.calculate_metrics(context, usage);
        self.call(&operation::CALCULATE_METRICS, context, call)
            .await
    }

    async fn get_system_info(&self, context: &Context) -> Result<SystemInfo, Error> {
        let call = self.backend.get_system_info(context);
        self.call(&operation::GET_SYSTEM_INFO, context, call).await
    }

    async fn get_metric(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Metric, Error> {
        self.call(
            &operation::GET_METRIC,
            context,
            self.backend.get_metric(context, request),
        )
        .await
    }

    async fn stream_metrics(
        &self,
        context: &Context,
        request: &MetricRequest,
    ) -> Result<Stream<Metric>, Error> {
        let call = self.backend.stream_metrics(context, request);
        self.open(&operation::STREAM_METRICS, context, call).await
    }

    async fn record_metrics(
        &self,
        context: &Context,
        metrics: Stream<Metric>,
    ) -> Result<MetricsSummary, Error> {
        let read = Arc::default();
        let metrics = self.counted(&operation::RECORD_METRICS, metrics, &read);
        let call = self.backend.record_metrics(context, metrics);
        self.read(&operation::RECORD_METRICS, context, read, call)
            .await
    }

    async fn check_health(&self, context: &Context, service: &str) -> Result<Health, Error> {
        let call = self.backend.check_health(context, service);
        self.call(&operation::CHECK_HEALTH, context, call).await
    }
}

#[async_trait]
impl Numbers for Guard {
    async fn stream_numbers(
        &self,
        context: &Context,
        range: NumberRange,
    ) -> Result<Stream<NumberItem>, Error> {
        let call = self.backend.stream_numbers(context, range);
        self.open(&operation::STREAM_NUMBERS, context, call).await
    }
}

#[async_trait]
impl Users for Guard {
    async fn create_user(&self, context: &Context, user: &NewUser) -> Result<User, Error> {
        let call = self.backend.create_user(context, user);
        self.call(&operation::CREATE_USER, context, call).await
    }

    async fn get_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let call = self.backend.get_user(context, id);
        self.call(&operation::GET_USER, context, call).await
    }

    async fn list_users(&self, context: &Context, page: UserPage) -> Result<Stream<User>, Error> {
        let call = self.backend.list_users(context, page);
        self.open(&operation::LIST_USERS, context, call).await
    }

    async fn update_user(
        &self,
        context: &Context,
        id: i32,
        changes: &UserChanges,
    ) -> Result<User, Error> {
        let call = self.backend.update_user(context, id, changes);
        self.call(&operation::UPDATE_USER, context, call).await
    }

    async fn delete_user(&self, context: &Context, id: i32) -> Result<User, Error> {
        let call = self.backend.delete_user(context, id);
        self.call(&operation::DELETE_USER, context, call).await
    }
}

#[async_trait]
impl Usuarios for Guard {
    async fn criar_usuario(
        &self,
        context: &Context,
        usuario: &NewUsuario,
    ) -> Result<Usuario, Error> {
        let call = self.backend.criar_usuario(context, usuario);
        self.call(&operation::CRIAR_USUARIO, context, call).await
    }

    async fn obter_usuarios(&self, context: &Context) -> Result<Vec<Usuario>, Error> {
        let call = self.backend.obter_usuarios(context);
        self.call(&operation::OBTER_USUARIOS, context, call).await
    }
}

#[async_trait]
impl Files for Guard {
    async fn upload_file(
        &self,
        context: &Context,
        chunks: Stream<Bytes>,
    ) -> Result<UploadReport, Error> {
        let read = Arc::default();
        let chunks = self.counted(&operation::UPLOAD_FILE, chunks, &read);
        let call = self.backend.upload_file(context, chunks);
        self.read(&operation::UPLOAD_FILE, context, read, call)
            .await
    }
}

#[async_trait]
impl Chat for Guard {
    async fn chat(
        &self,
        context: &Context,
        join: &Join,
        messages: Stream<ChatMessage>,
    ) -> Result<Stream<ChatMessage>, Error> {
        let read = Arc::default();
        let messages = self.counted(&operation::CHAT, messages, &read);
        let call = self.backend.chat(context, join, messages);
        self.exchange(&operation::CHAT, context, read, call).await
    }

    async fn post_message(
        &self,
        context: &Context,
        message: &ChatMessage,
    ) -> Result<ChatMessage, Error> {
        let call = self.backend.post_message(context, message);
        self.call(&operation::POST_MESSAGE, context, call).await
    }

    async fn list_participants(&self, context: &Context) -> Result<Vec<String>, Error> {
        let call = self.backend.list_participants(context);
        self.call(&operation::LIST_PARTICIPANTS, context, call)
            .await
    }
}
