//! Whether a line is plainly for the bot: what the engine makes of it is the engine's.

/// What somebody is told whose words could not be looked into.
pub const OUT_OF_ORDER: &str =
    "something is out of order here, and I did not get to it; please say it again in a minute";

/// Whether a line is plainly for the bot, so that it may be told that something failed. `mention` is
/// how the platform writes a mention of the bot.
pub fn is_called(line: &str, mention: &str) -> bool {
    let line = line.trim_start();
    let named = line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("gmbot"));
    named || line.starts_with(mention)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_mention_in_front_calls_the_bot() {
        for line in ["gmbot status", " GMBOT: help", "<@42> status"] {
            assert!(is_called(line, "<@42>"), "{line}");
        }
        for line in ["", "gmb", "who is gmbot?", "<@43> status", "gmb🎮t"] {
            assert!(!is_called(line, "<@42>"), "{line}");
        }
    }
}
