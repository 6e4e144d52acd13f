//! A command as a form, an option list or a JSON body fills it in: by the names of the table.

use serde::{Deserialize, Serialize};

/// A command's name with values for some of its parameters. It is read by the same code as a line,
/// so it can say nothing that a line could not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The command's name, or an alias of it.
    pub command: String,
    /// What was filled in, in the order in which it came.
    pub fields: Vec<Field>,
}

/// What was filled in for one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The parameter's name, or an alias of it.
    pub name: String,
    /// The value.
    pub value: FieldValue,
}

/// A value as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Letters.
    Text(String),
    /// A number, as it was written.
    Number(String),
    /// Yes or no.
    Truth(bool),
    /// Somebody, by the word that the request's mentions explain.
    Mention(String),
    /// Several values.
    #[cfg_attr(feature = "schema", schema(no_recursion))]
    List(Vec<Self>),
}
