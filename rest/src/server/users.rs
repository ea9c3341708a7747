//! Users: pages, entity tags and conditions. `If-Match` guards against a change that the caller has
//! not seen, as far as a backend without transactions lets it: the check and the write are two
//! steps, and between them another caller can write.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use services::model::{User, UserPage};
use services::{Context, Error};

use super::conditions::{Verdict, has_conditions, tag, verdict};
use super::request::{Address, Call, Json, Refusal};
use super::{Answer, Room, Server, json_response, reply};
use crate::codec::{json, percent};
use crate::contract;
use crate::convert::{self, NewUser, UserChanges, Users};

pub(super) fn routes() -> Router<Arc<Room>> {
    let one = get(get_user).patch(update_user).delete(delete_user);
    Router::new()
        .route(
            contract::CREATE_USER.path,
            get(list_users).post(create_user),
        )
        .route(contract::GET_USER.path, one)
}

async fn create_user(
    State(room): Server,
    Call(context): Call,
    address: Address,
    Json(body): Json<NewUser<'static>>,
) -> Answer {
    let [] = percent::query(address.query(), [])?;
    let user = convert::new_user_from_wire(body);
    let user = room.backend.create_user(&context, &user).await?;
    let place = contract::GET_USER.with_segment(&convert::user_id_to_wire(user.id));
    let mut response = tagged(user)?;
    *response.status_mut() = StatusCode::CREATED;
    let place = HeaderValue::from_str(&place).expect("a path of letters and digits is a header");
    response.headers_mut().insert(header::LOCATION, place);
    Ok(response)
}

async fn get_user(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let id = convert::user_id_from_wire(address.segment(2), address.query())?;
    let user = room.backend.get_user(&context, id).await?;
    let mut response = tagged(user)?;
    match verdict(&Method::GET, &headers, &response.headers()[header::ETAG]) {
        Verdict::Holds => Ok(response),
        Verdict::NotModified => {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_TYPE);
            *response.body_mut() = axum::body::Body::empty();
            Ok(response)
        }
        Verdict::Fails => Err(Refusal::changed()),
    }
}

/// One user more than the page has tells whether there is a next page.
async fn list_users(State(room): Server, Call(context): Call, address: Address) -> Answer {
    let page = convert::user_page_from_wire(address.query())?;
    let limit = usize::try_from(page.limit).unwrap_or_default();
    let asked = UserPage {
        limit: page.limit + i32::from(page.limit > 0),
        ..page
    };
    let listing = async {
        let users = room.backend.list_users(&context, asked).await?;
        users.take(limit + 1).try_collect::<Vec<User>>().await
    };
    let mut users = context.within(listing).await?;
    let more = users.len() > limit;
    users.truncate(limit);
    let next = users.last().filter(|_| more).map(|last| UserPage {
        after: last.id,
        ..page
    });
    let users = users.into_iter().map(convert::user_to_wire).collect();
    let mut response = reply(&Users { users })?;
    if let Some(next) = next {
        response.headers_mut().insert(header::LINK, link(next));
    }
    Ok(response)
}

/// Where the next page is (RFC 8288).
fn link(next: UserPage) -> HeaderValue {
    let (path, query) = (contract::LIST_USERS.path, convert::user_page_to_wire(next));
    let link = format!("<{path}?{query}>; rel=\"next\"");
    HeaderValue::from_str(&link).expect("an address of letters and digits is a header")
}

async fn update_user(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
    Json(body): Json<UserChanges<'static>>,
) -> Answer {
    let id = convert::user_id_from_wire(address.segment(2), address.query())?;
    check(&room, &context, id, &Method::PATCH, &headers).await?;
    let changes = convert::user_changes_from_wire(body);
    let user = room.backend.update_user(&context, id, &changes).await?;
    tagged(user)
}

async fn delete_user(
    State(room): Server,
    Call(context): Call,
    address: Address,
    headers: HeaderMap,
) -> Answer {
    let id = convert::user_id_from_wire(address.segment(2), address.query())?;
    check(&room, &context, id, &Method::DELETE, &headers).await?;
    let user = room.backend.delete_user(&context, id).await?;
    reply(&convert::user_to_wire(user))
}

/// Whether the conditions of a write hold for the user as it is now. Without any the user is not
/// read.
async fn check(
    room: &Room,
    context: &Context,
    id: i32,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    if !has_conditions(headers) {
        return Ok(());
    }
    let user = room.backend.get_user(context, id).await?;
    match verdict(method, headers, &tag(&representation(user)?)) {
        Verdict::Holds => Ok(()),
        Verdict::NotModified | Verdict::Fails => Err(Refusal::changed()),
    }
}

fn tagged(user: User) -> Answer {
    let body = representation(user)?;
    let tag = tag(&body);
    let mut response: Response = json_response(body);
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

fn representation(user: User) -> Result<Bytes, Error> {
    json::to_bytes(&convert::user_to_wire(user)).map_err(json::not_finite)
}
