//! stub

/// How a command is written.
pub fn usage_line(spec: &super::CommandSpec) -> String {
    format!("gmbot {}", spec.name)
}
