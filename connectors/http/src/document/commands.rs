//! The commands: one path a row of the table, with a body of the row's parameters.

use gmbot_engine::grammar::{CommandSpec, Kind, ParamSpec, Shape, TABLE, ValueKind};
use gmbot_engine::reply::Status;
use utoipa::openapi::path::{Operation, OperationBuilder, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType,
    Type,
};
use utoipa::openapi::{Content, HttpMethod, Ref, Required};

use super::bodies::{ACTOR, PERSON, SPACE, or_null};
use super::refusals;

/// Adds every command.
pub(super) fn add(paths: &mut Paths) {
    for row in TABLE {
        for name in std::iter::once(&row.name).chain(row.aliases) {
            let operation = operation(row, name);
            paths.add_path_operation(format!("/{name}"), vec![HttpMethod::Post], operation);
        }
    }
}

fn operation(row: &CommandSpec, name: &str) -> Operation {
    let words = format!("{}\n\nFor {}.", row.details, row.access.words());
    let body = Content::new(Some(Schema::Object(body(row))));
    let body = RequestBodyBuilder::new().content("application/json", body);
    let mut operation = OperationBuilder::new()
        .tag(super::COMMANDS)
        .operation_id(Some(format!("command_{name}")))
        .summary(Some(row.summary))
        .description(Some(words))
        .request_body(Some(body.required(Some(Required::True)).build()));
    let creates = row.kind == Kind::Change;
    for status in Status::ALL.iter().filter(|status| creates || **status != Status::Created) {
        let (number, response) = refusals::of_engine(*status);
        operation = operation.response(number, response);
    }
    operation.build()
}

/// What a command takes. A parameter with several names is required under none of them.
fn body(row: &CommandSpec) -> Object {
    let mut body = ObjectBuilder::new()
        .property("server", or_null(SPACE))
        .property("actor", or_null(ACTOR))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    for param in row.params {
        body = body.property(param.name, value(param));
        for alias in param.aliases {
            body = body.property(*alias, value(param));
        }
        if param.required && param.aliases.is_empty() {
            body = body.required(param.name);
        }
    }
    body.build()
}

/// What a parameter takes. What may be left out may be `null`.
fn value(param: &ParamSpec) -> Schema {
    let or_null = (!param.required).then_some(Type::Null);
    let one = |types: &[Type]| {
        let types = SchemaType::from_iter(types.iter().cloned().chain(or_null.clone()));
        ObjectBuilder::new().schema_type(types).min_length(Some(1)).description(Some(words(param)))
    };
    let number = (param.value == ValueKind::Count).then_some(100);
    let texts = || ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
    let games = || texts().schema_type(SchemaType::from_iter([Type::String, Type::Integer]));
    let people = || AnyOfBuilder::new().item(texts()).item(Ref::from_schema_name(PERSON));
    let any = || AnyOfBuilder::new().description(Some(words(param)));
    match Shape::of(param.value) {
        Shape::Text => one(&[Type::String]).into(),
        Shape::TextOrNumber => {
            one(&[Type::String, Type::Integer]).minimum(Some(1)).maximum(number).into()
        }
        Shape::Switch => one(&[Type::Boolean]).into(),
        Shape::YesNo => one(&[Type::Boolean, Type::String]).into(),
        Shape::Person => {
            any().item(one(&[Type::String])).item(Ref::from_schema_name(PERSON)).into()
        }
        Shape::People => any()
            .item(one(&[Type::String]))
            .item(Ref::from_schema_name(PERSON))
            .item(ArrayBuilder::new().min_items(Some(1)).items(people()))
            .into(),
        Shape::Texts => any()
            .item(one(&[Type::String]))
            .item(ArrayBuilder::new().min_items(Some(1)).items(texts()))
            .into(),
        Shape::Games => any()
            .item(one(&[Type::String, Type::Integer]))
            .item(ArrayBuilder::new().min_items(Some(1)).items(games()))
            .into(),
    }
}

/// What a parameter is, and what holds if it is left out.
fn words(param: &ParamSpec) -> String {
    match param.default {
        Some(default) => format!("{}; {default} unless given", param.summary),
        None => param.summary.to_owned(),
    }
}
