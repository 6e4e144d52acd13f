//! Refusals, in the shape in which Discord gives them.

use hyper::StatusCode;
use serde_json::{Map, Value, json};

/// What a request gets that Discord would not carry out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) message: &'static str,
    pub(crate) errors: Option<Value>,
}

const fn refusal(status: StatusCode, code: u32, message: &'static str) -> Refusal {
    Refusal { status, code, message, errors: None }
}

pub(crate) const NO_ROUTE: Refusal = refusal(StatusCode::NOT_FOUND, 0, "404: Not Found");
pub(crate) const UNAUTHORIZED: Refusal = refusal(StatusCode::UNAUTHORIZED, 0, "401: Unauthorized");
pub(crate) const UNKNOWN_APPLICATION: Refusal =
    refusal(StatusCode::NOT_FOUND, 10002, "Unknown Application");
pub(crate) const UNKNOWN_CHANNEL: Refusal =
    refusal(StatusCode::NOT_FOUND, 10003, "Unknown Channel");
pub(crate) const UNKNOWN_GUILD: Refusal = refusal(StatusCode::NOT_FOUND, 10004, "Unknown Guild");
pub(crate) const UNKNOWN_MEMBER: Refusal = refusal(StatusCode::NOT_FOUND, 10007, "Unknown Member");
pub(crate) const UNKNOWN_MESSAGE: Refusal =
    refusal(StatusCode::NOT_FOUND, 10008, "Unknown Message");
pub(crate) const UNKNOWN_USER: Refusal = refusal(StatusCode::NOT_FOUND, 10013, "Unknown User");
pub(crate) const UNKNOWN_EMOJI: Refusal = refusal(StatusCode::BAD_REQUEST, 10014, "Unknown Emoji");
pub(crate) const UNKNOWN_WEBHOOK: Refusal =
    refusal(StatusCode::NOT_FOUND, 10015, "Unknown Webhook");
pub(crate) const UNKNOWN_INTERACTION: Refusal =
    refusal(StatusCode::NOT_FOUND, 10062, "Unknown interaction");
pub(crate) const TOO_MANY_COMMANDS: Refusal =
    refusal(StatusCode::BAD_REQUEST, 30032, "Maximum number of application commands reached (100)");
pub(crate) const TOO_MANY_REACTIONS: Refusal =
    refusal(StatusCode::BAD_REQUEST, 30010, "Maximum number of reactions reached (20)");
pub(crate) const TOO_MANY_CHANNELS: Refusal =
    refusal(StatusCode::BAD_REQUEST, 30013, "Maximum number of server channels reached (500)");
pub(crate) const ALREADY_ACKNOWLEDGED: Refusal =
    refusal(StatusCode::BAD_REQUEST, 40060, "Interaction has already been acknowledged.");
pub(crate) const MISSING_ACCESS: Refusal = refusal(StatusCode::FORBIDDEN, 50001, "Missing Access");
pub(crate) const NOT_THE_AUTHOR: Refusal =
    refusal(StatusCode::FORBIDDEN, 50005, "Cannot edit a message authored by another user");
pub(crate) const EMPTY_MESSAGE: Refusal =
    refusal(StatusCode::BAD_REQUEST, 50006, "Cannot send an empty message");
pub(crate) const CANNOT_SEND_TO_USER: Refusal =
    refusal(StatusCode::FORBIDDEN, 50007, "Cannot send messages to this user");
pub(crate) const NOT_A_TEXT_CHANNEL: Refusal =
    refusal(StatusCode::BAD_REQUEST, 50008, "Cannot send messages in a non-text channel");
pub(crate) const MISSING_PERMISSIONS: Refusal =
    refusal(StatusCode::FORBIDDEN, 50013, "Missing Permissions");
pub(crate) const TOKEN_EXPIRED: Refusal =
    refusal(StatusCode::UNAUTHORIZED, 50027, "Invalid Webhook Token");
pub(crate) const INVALID_RECIPIENT: Refusal =
    refusal(StatusCode::BAD_REQUEST, 50033, "Invalid Recipient(s)");
pub(crate) const REPLY_NEEDS_HISTORY: Refusal = refusal(
    StatusCode::BAD_REQUEST,
    160_002,
    "Cannot reply without permission to read message history",
);
pub(crate) const NOT_JSON: Refusal =
    refusal(StatusCode::BAD_REQUEST, 50109, "The request body contains invalid JSON.");
pub(crate) const FILE_TOO_LARGE: Refusal =
    refusal(StatusCode::PAYLOAD_TOO_LARGE, 40005, "Request entity too large");

impl Refusal {
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

/// What is wrong with a body: where, as the path to the field, Discord's code, and its words.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<(Vec<String>, &'static str, String)>);

impl Errors {
    /// Notes a mistake at a path of names and numbers with dots between.
    pub(crate) fn add(&mut self, at: &str, code: &'static str, message: impl Into<String>) {
        let path = at.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        self.0.push((path, code, message.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The refusal that lists all mistakes.
    ///
    /// # Errors
    /// 50035 if there was any.
    pub(crate) fn into_result(self) -> Result<(), Refusal> {
        if self.is_empty() {
            return Ok(());
        }
        let mut tree = Value::Object(Map::new());
        for (path, code, message) in self.0 {
            let mut place = &mut tree;
            for part in path {
                place = &mut place[part];
            }
            let error = json!({ "code": code, "message": message });
            match place["_errors"].as_array_mut() {
                Some(list) => list.push(error),
                None => place["_errors"] = json!([error]),
            }
        }
        let status = StatusCode::BAD_REQUEST;
        Err(Refusal { errors: Some(tree), ..refusal(status, 50035, "Invalid Form Body") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_at_their_places() {
        let mut errors = Errors::default();
        errors.add("embeds.0.title", "BASE_TYPE_MAX_LENGTH", "Must be 256 or fewer in length.");
        errors.add("content", "A", "a");
        errors.add("content", "B", "b");
        let refusal = errors.into_result().unwrap_err();
        assert_eq!(
            refusal.errors.unwrap(),
            json!({
                "content": { "_errors": [
                    { "code": "A", "message": "a" },
                    { "code": "B", "message": "b" },
                ] },
                "embeds": { "0": { "title": { "_errors": [{
                    "code": "BASE_TYPE_MAX_LENGTH",
                    "message": "Must be 256 or fewer in length.",
                }] } } },
            })
        );
    }
}
