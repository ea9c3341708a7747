//! Users from pages: each page's header `Link` leads to the next, and is followed when the users
//! before it have been read.

use std::collections::VecDeque;

use futures::StreamExt;
use futures::stream::unfold;
use http::{HeaderMap, header};
use services::model::{User, UserPage};
use services::{Context, Error, Stream};

use super::{Client, gather, step};
use crate::contract;
use crate::convert::{self, Users};

/// A page, and where the next one is.
pub(super) struct Pages {
    client: Client,
    context: Context,
    users: VecDeque<User>,
    next: Option<String>,
    left: usize,
}

impl Pages {
    /// Reads the first page.
    pub(super) async fn open(
        client: Client,
        context: &Context,
        page: UserPage,
    ) -> Result<Self, Error> {
        // The server's to refuse where it is negative.
        let left = usize::try_from(page.limit).unwrap_or_default();
        let mut pages = Self {
            client,
            context: context.clone(),
            users: VecDeque::new(),
            next: None,
            left: if left == 0 { usize::MAX } else { left },
        };
        let first = context.fresh_exchange();
        let query = convert::user_page_to_wire(page);
        pages.read(&first, &query).await?;
        Ok(pages)
    }

    /// The users of all pages.
    pub(super) fn users(self) -> Stream<User> {
        let users = unfold(Some(self), |pages| async {
            let mut pages = pages?;
            match pages.next_user().await {
                Ok(Some(user)) => Some((Ok(user), Some(pages))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        users.boxed()
    }

    async fn next_user(&mut self) -> Result<Option<User>, Error> {
        loop {
            if self.left == 0 {
                return Ok(None);
            }
            if let Some(user) = self.users.pop_front() {
                self.left -= 1;
                return Ok(Some(user));
            }
            let Some(query) = self.next.take() else {
                return Ok(None);
            };
            self.read(&step(&self.context), &query).await?;
        }
    }

    async fn read(&mut self, context: &Context, query: &str) -> Result<(), Error> {
        let route = &contract::LIST_USERS;
        let target = format!("{}?{query}", route.path);
        let read = self.client.page::<Users>(context, route, &target).await;
        gather(&self.context, context);
        let (page, headers) = read?;
        let users = page.users.into_iter().map(convert::user_from_wire);
        self.users.extend(users);
        self.next = next_query(&headers);
        Ok(())
    }
}

/// The query of the next page (RFC 8288). Of the address only the query counts: what stands before
/// it is the path that was asked, whatever a proxy between made of that, and never another server.
fn next_query(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(header::LINK).iter();
    let links = links.filter_map(|links| links.to_str().ok());
    let mut links = links.flat_map(|links| links.split('<').skip(1));
    links.find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let mut parameters = parameters.split([';', ',']).map(str::trim);
        let next = parameters.any(|parameter| matches!(parameter, "rel=\"next\"" | "rel=next"));
        let (_, query) = target.split_once('?').filter(|_| next)?;
        Some(query.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_next_page_is_found_among_other_links() {
        let next = |link: &'static str| {
            let headers = HeaderMap::from_iter([(header::LINK, HeaderValue::from_static(link))]);
            next_query(&headers)
        };
        let query = Some("after=5&limit=2".to_owned());
        for link in [
            "</api/users?after=5&limit=2>; rel=\"next\"",
            "<?after=5&limit=2>;rel=next",
            "</x?after=0>; rel=\"prev\", <http://other:1/users?after=5&limit=2>; title=a; rel=\"next\"",
        ] {
            assert_eq!(next(link), query, "{link}");
        }
        for link in [
            "",
            "</api/users?after=5>; rel=\"prev\"",
            "</api/users>; rel=\"next\"",
            "/api/users?after=5; rel=\"next\"",
        ] {
            assert_eq!(next(link), None, "{link}");
        }
    }
}
