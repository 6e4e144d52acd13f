//! Spaces, people and lines as bodies hold them, as `routes/people.rs` and `routes/line.rs` read them.

use std::borrow::Cow;

use gmbot_engine::model::Role;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, Components, KnownFormat, ObjectBuilder, Schema,
    SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::routes::people::LONGEST;

/// The names of the schemas.
pub(super) const SPACE: &str = "Server";
pub(super) const ACTOR: &str = "Actor";
pub(super) const PERSON: &str = "Person";

/// The body of `POST /line`.
pub(crate) struct Line;

/// An image as it is.
pub(crate) struct Image;

/// An event that says that something is due; a stream consists of such.
pub(crate) struct Due;

/// Adds the schemas that bodies refer to.
pub(super) fn add(components: &mut Components) {
    let space =
        named("where it is said").property("direct", truth("whether it is a direct message"));
    let schemas = [
        (SPACE, space),
        (ACTOR, person("who speaks; never a bot")),
        (
            PERSON,
            person("somebody whom a command names; the id of letters, digits and `-_.:+=/`")
                .property("bot", truth("whether the account is a bot's")),
        ),
    ];
    for (name, schema) in schemas {
        components.schemas.insert(name.to_owned(), RefOr::T(schema.into()));
    }
}

/// An object with an id and a name, and nothing besides what is added.
fn named(words: &str) -> ObjectBuilder {
    let text = |words| {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(words));
        text.min_length(Some(1)).max_length(Some(LONGEST))
    };
    ObjectBuilder::new()
        .description(Some(words))
        .property("id", text("the platform's id"))
        .property("name", text("the name, as shown there"))
        .required("id")
        .required("name")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn person(words: &str) -> ObjectBuilder {
    let roles = Role::ALL.map(|role| Some(role.word()));
    let role = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(roles.into_iter().chain([None])))
        .description(Some("the role of somebody who is new to the clan; from trusted clients"));
    named(words)
        .property("role", role)
        .property("owner", truth("whether they own the server; from trusted clients"))
}

/// A schema by its name, or `null`, which counts as left out.
pub(super) fn or_null(name: &str) -> Schema {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    AnyOfBuilder::new().item(Ref::from_schema_name(name)).item(null).into()
}

fn truth(words: &str) -> ObjectBuilder {
    let types = SchemaType::from_iter([Type::Boolean, Type::Null]);
    ObjectBuilder::new().schema_type(types).description(Some(words))
}

impl PartialSchema for Line {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("the line, as it was typed"));
        let mentions = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
            .description(Some("whom the mentions mean, by the words as they were written"))
            .additional_properties(Some(Ref::from_schema_name(PERSON)));
        let line = ObjectBuilder::new()
            .property("text", text)
            .property("server", or_null(SPACE))
            .property("actor", or_null(ACTOR))
            .property("mentions", mentions)
            .required("text")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)));
        RefOr::T(line.into())
    }
}

impl ToSchema for Line {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Line")
    }
}

impl PartialSchema for Image {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        let image = ObjectBuilder::new().schema_type(Type::String).format(Some(binary));
        RefOr::T(image.description(Some("an image as it is")).into())
    }
}

impl ToSchema for Image {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Image")
    }
}

impl PartialSchema for Due {
    fn schema() -> RefOr<Schema> {
        let always = |text: &str| {
            ObjectBuilder::new().schema_type(Type::String).enum_values(Some([text.to_owned()]))
        };
        let event = ObjectBuilder::new()
            .description(Some("an event of the stream, by its fields"))
            .property("event", always("due"))
            .property("data", always("{}").content_media_type("application/json"))
            .required("event")
            .required("data");
        RefOr::T(event.into())
    }
}

impl ToSchema for Due {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Due")
    }
}
