//! Mentions in a line, as a platform would mark them.

/// The mentions in a line, as they are written: `@ann`, `@ann:example.org`, `<@123>`, `<@!123>`.
pub(super) fn written(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let starts = before.is_whitespace() || matches!(before, ',' | '=' | '"' | '\'' | '>');
        let end = if starts { end(rest) } else { None };
        let length = match end {
            Some(length) => {
                found.push(&rest[..length]);
                length
            }
            None => first.len_utf8(),
        };
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
    found
}

/// Where the mention ends that a text begins with, in bytes.
fn end(text: &str) -> Option<usize> {
    if text.starts_with("<@") {
        return text.find('>').map(|place| place + 1);
    }
    let name = text.strip_prefix('@')?;
    let stops = |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | '<' | '@');
    let length = name.find(stops).unwrap_or(name.len());
    (length > 0).then_some(length + 1)
}

/// Whom a mention names.
pub(super) fn name(written: &str) -> &str {
    let bare = written.trim_start_matches(['<', '@', '!', '&']);
    bare.trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_stand_apart_from_words() {
        let line = r#"gmbot accept k3x @ann,@ben <@1><@!2> -in=@c "@d" me@example.org @ @é:x.org"#;
        assert_eq!(written(line), ["@ann", "@ben", "<@1>", "<@!2>", "@c", "@d", "@é:x.org"]);
        assert_eq!(name("<@!2>"), "2");
        assert_eq!(name("@é:x.org"), "é:x.org");
    }
}
