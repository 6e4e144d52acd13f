//! Checks what the bot sent against Discord's own description of its interface.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::requests::Request;

/// Where the description's path stands in the environment.
const VARIABLE: &str = "GMBOT_DISCORD_OPENAPI";

/// Discord's description of its interface, an OpenAPI document.
#[derive(Debug)]
pub struct Description(Value);

/// What a comparison brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many bodies were compared, by route.
    pub bodies: BTreeMap<String, usize>,
    /// What does not fit: route, place, and why.
    pub wrong: BTreeSet<String>,
}

impl Description {
    /// Reads the document whose path `GMBOT_DISCORD_OPENAPI` names.
    ///
    /// # Errors
    /// Says what is missing: the variable, the file, or JSON in it.
    pub fn from_env() -> Result<Self, String> {
        let path = env::var_os(VARIABLE)
            .ok_or_else(|| format!("`{VARIABLE}` has to name Discord's OpenAPI document"))?;
        Self::read(Path::new(&path))
    }

    /// Reads a document.
    ///
    /// # Errors
    /// Says what is missing: the file, or JSON in it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text =
            fs::read(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
        let document = serde_json::from_slice(&text)
            .map_err(|error| format!("{} is not JSON: {error}", path.display()))?;
        Ok(Self(document))
    }

    /// Compares the bodies of all requests that were carried out.
    pub fn check(&self, requests: &[Request]) -> Checked {
        let mut checked = Checked::default();
        let mut known: BTreeMap<&str, Result<Validator, String>> = BTreeMap::new();
        let done = requests.iter().filter(|request| {
            !request.body.is_empty() && request.status.is_some_and(|status| status < 300)
        });
        for request in done {
            let route = request.route.as_str();
            *checked.bodies.entry(route.to_owned()).or_default() += 1;
            match known.entry(route).or_insert_with(|| self.validator(route)) {
                Ok(validator) => {
                    let body = request.json();
                    for error in validator.iter_errors(&body) {
                        checked
                            .wrong
                            .insert(format!("{route} at {}: {error}", error.instance_path()));
                    }
                }
                Err(why) => {
                    checked.wrong.insert(format!("{route}: {why}"));
                }
            }
        }
        checked
    }

    fn validator(&self, route: &str) -> Result<Validator, String> {
        let (method, path) = route.split_once(' ').unwrap_or_default();
        let method = method.to_lowercase();
        let content = &self.0["paths"][path][&method]["requestBody"]["content"];
        if content["application/json"]["schema"].is_null() {
            return Err("the description has no body for it".to_owned());
        }
        let path =
            path.replace('~', "~0").replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
        let place = format!("#/paths/{path}/{method}/requestBody/content/application~1json/schema");
        let mut schema =
            json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": place });
        for name in ["paths", "components"] {
            schema[name] = self.0[name].clone();
        }
        jsonschema::validator_for(&schema).map_err(|error| error.to_string())
    }
}

impl Checked {
    /// A line a route.
    pub fn report(&self) -> String {
        let line = |(route, number): (&String, &usize)| format!("{number:>6}  {route}\n");
        self.bodies.iter().map(line).collect()
    }

    /// Asserts that there was something to compare and that all of it fits.
    ///
    /// # Panics
    /// If not.
    #[track_caller]
    pub fn assert_fits(&self) {
        assert!(!self.bodies.is_empty(), "no body was compared");
        assert!(self.wrong.is_empty(), "bodies that Discord does not describe: {:#?}", self.wrong);
    }
}
