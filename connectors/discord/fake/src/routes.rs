//! Which request goes where. The names in the paths are those of Discord's own description.

use std::collections::BTreeMap;

use hyper::Method;
use matchit::Router;

use crate::call::Endpoint;
use crate::{channels, commands, guilds, interactions, messages, reactions, users};

/// Every request that this Discord knows.
const ROUTES: &[(Method, &str, Endpoint)] = &[
    (Method::GET, "/gateway", users::gateway),
    (Method::GET, "/gateway/bot", users::gateway_bot),
    (Method::GET, "/applications/@me", users::application),
    (Method::GET, "/oauth2/applications/@me", users::application),
    (Method::GET, "/users/@me", users::me),
    (Method::GET, "/users/{user_id}", users::get),
    (Method::GET, "/users/@me/guilds", users::guilds),
    (Method::DELETE, "/users/@me/guilds/{guild_id}", users::leave),
    (Method::POST, "/users/@me/channels", users::direct),
    (Method::GET, "/guilds/{guild_id}", guilds::get),
    (Method::GET, "/guilds/{guild_id}/roles", guilds::roles),
    (Method::GET, "/guilds/{guild_id}/members", guilds::members),
    (Method::GET, "/guilds/{guild_id}/members/search", guilds::search),
    (Method::GET, "/guilds/{guild_id}/members/{user_id}", guilds::member),
    (Method::GET, "/guilds/{guild_id}/channels", channels::list),
    (Method::POST, "/guilds/{guild_id}/channels", channels::create),
    (Method::GET, "/channels/{channel_id}", channels::get),
    (Method::PATCH, "/channels/{channel_id}", channels::edit),
    (Method::DELETE, "/channels/{channel_id}", channels::delete),
    (Method::POST, "/channels/{channel_id}/typing", channels::typing),
    (Method::GET, "/channels/{channel_id}/messages", messages::list),
    (Method::POST, "/channels/{channel_id}/messages", messages::create),
    (Method::GET, "/channels/{channel_id}/messages/{message_id}", messages::get),
    (Method::PATCH, "/channels/{channel_id}/messages/{message_id}", messages::edit),
    (Method::DELETE, "/channels/{channel_id}/messages/{message_id}", messages::delete),
    (
        Method::GET,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}",
        reactions::list,
    ),
    (
        Method::PUT,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        reactions::add,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        reactions::remove,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}",
        reactions::remove_of,
    ),
    (Method::GET, "/applications/{application_id}/commands", commands::list),
    (Method::PUT, "/applications/{application_id}/commands", commands::overwrite),
    (Method::GET, "/applications/{application_id}/guilds/{guild_id}/commands", commands::list),
    (Method::PUT, "/applications/{application_id}/guilds/{guild_id}/commands", commands::overwrite),
    (
        Method::POST,
        "/interactions/{interaction_id}/{interaction_token}/callback",
        interactions::callback,
    ),
    (Method::POST, "/webhooks/{webhook_id}/{webhook_token}", interactions::follow_up),
    (Method::GET, "/webhooks/{webhook_id}/{webhook_token}/messages/@original", interactions::get),
    (
        Method::PATCH,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        interactions::edit,
    ),
    (
        Method::DELETE,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        interactions::delete,
    ),
    (
        Method::GET,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        interactions::get,
    ),
    (
        Method::PATCH,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        interactions::edit,
    ),
    (
        Method::DELETE,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        interactions::delete,
    ),
];

/// The routes, by path.
pub(crate) struct Routes(Router<(&'static str, Vec<(Method, Endpoint)>)>);

/// Where a request goes.
pub(crate) struct Match {
    pub(crate) path: &'static str,
    pub(crate) endpoint: Endpoint,
    pub(crate) named: BTreeMap<String, String>,
}

impl Routes {
    /// All of [`ROUTES`].
    ///
    /// # Panics
    /// If two of them can't be told apart, which the tests of this crate would notice.
    pub(crate) fn new() -> Self {
        let mut paths: BTreeMap<&'static str, Vec<(Method, Endpoint)>> = BTreeMap::new();
        for (method, path, endpoint) in ROUTES {
            paths.entry(path).or_default().push((method.clone(), *endpoint));
        }
        let mut router = Router::new();
        for (path, methods) in paths {
            router.insert(path, (path, methods)).expect("paths that can be told apart");
        }
        Self(router)
    }

    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Match> {
        let found = self.0.at(path).ok()?;
        let (template, methods) = found.value;
        let (_, endpoint) = methods.iter().find(|(known, _)| known == method)?;
        let named = found.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Match { path: template, endpoint: *endpoint, named: named.collect() })
    }
}
