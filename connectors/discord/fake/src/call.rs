//! A request once it is understood, and the answer before it is bytes.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde_json::Value;

use crate::refusal::{Errors, NOT_JSON, Refusal};
use crate::state::{File, State};

/// What carries a request out.
pub(crate) type Endpoint = fn(&mut State, &Call) -> Answer;

pub(crate) type Answer = Result<Reply, Refusal>;

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// The parts of the path that have a name in the route.
    pub(crate) named: BTreeMap<String, String>,
    pub(crate) query: BTreeMap<String, String>,
    /// The body, if there was one and it is JSON.
    pub(crate) body: Option<Value>,
    pub(crate) files: Vec<File>,
}

impl Call {
    pub(crate) fn name(&self, name: &str) -> &str {
        self.named.get(name).map_or("", String::as_str)
    }

    /// An id of the path.
    ///
    /// # Errors
    /// 50035 if it isn't one.
    pub(crate) fn id<I: From<u64>>(&self, name: &str) -> Result<I, Refusal> {
        id(name, self.name(name))
    }

    /// An id of the query.
    ///
    /// # Errors
    /// 50035 if it isn't one.
    pub(crate) fn id_asked<I: From<u64>>(&self, name: &str) -> Result<Option<I>, Refusal> {
        self.query.get(name).map(|text| id(name, text)).transpose()
    }

    /// A number of the query between one and a limit.
    ///
    /// # Errors
    /// 50035 if it isn't.
    pub(crate) fn number(&self, name: &str, most: usize) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (1..=most).contains(number));
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(mistake(name, format!("int value should be between 1 and {most}."))),
        }
    }

    /// The JSON of the body.
    ///
    /// # Errors
    /// 50109 if there is none.
    pub(crate) fn json(&self) -> Result<&Value, Refusal> {
        self.body.as_ref().ok_or(NOT_JSON)
    }
}

fn id<I: From<u64>>(name: &str, text: &str) -> Result<I, Refusal> {
    match text.parse::<u64>() {
        // An id of all ones is none that serenity knows either.
        Ok(id) if id > 0 && id < u64::MAX => Ok(I::from(id)),
        _ => Err(mistake(name, format!("Value \"{text}\" is not snowflake."))),
    }
}

fn mistake(name: &str, words: String) -> Refusal {
    let mut errors = Errors::default();
    errors.add(name, "NUMBER_TYPE_COERCE", words);
    match errors.into_result() {
        Err(refusal) => refusal,
        Ok(()) => NOT_JSON,
    }
}

/// What a request is answered with.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(StatusCode, Value),
    Nothing,
    File(File),
}

/// 200 with a value.
#[expect(clippy::unnecessary_wraps, reason = "the end of every endpoint")]
pub(crate) fn found(value: Value) -> Answer {
    Ok(Reply::Json(StatusCode::OK, value))
}

/// 201 with a value.
#[expect(clippy::unnecessary_wraps, reason = "the end of every endpoint")]
pub(crate) fn made(value: Value) -> Answer {
    Ok(Reply::Json(StatusCode::CREATED, value))
}

/// 204.
#[expect(clippy::unnecessary_wraps, reason = "the end of every endpoint")]
pub(crate) fn done() -> Answer {
    Ok(Reply::Nothing)
}
