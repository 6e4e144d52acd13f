//! Words, quotes, flags and mentions, each by the canonical line of what was read.

use gmbot_engine::grammar::lexer::mentions;
use gmbot_engine::grammar::{Command, Kind, Reading, kind_of, print, read};
use gmbot_engine::request::Input;

use crate::{Place, command, line, words};

#[track_caller]
fn check(input: &str, expect: &str) {
    assert_eq!(print(&command(line(input))), expect, "{input}");
}

#[track_caller]
fn check_words(input: &[&str], expect: &str) {
    assert_eq!(print(&command(words(input))), expect, "{input:?}");
}

const WAR: &str = "gmbot createwar -players <@1> <@2> -game 4 -duration 1d -type ft3";

#[test]
fn a_line_starts_with_the_bot() {
    for start in [
        "gmbot ",
        "GMBOT: ",
        "gmbot, ",
        "  gmbot\n",
        "<@99> ",
        "<@99>",
        "<@99>, ",
        "@gmbot:example.org: ",
        "@gmbot ",
    ] {
        check(&format!("{start}games"), "gmbot games");
    }
    for talk in [
        "games",
        "",
        "   ",
        "gmbots games",
        "hey gmbot games",
        "<@98> games",
        "!games",
        "gmbot is great",
        "gmbot was great",
        "gmbot @ann hi",
        "gmbot 'tis great",
    ] {
        assert_eq!(line(talk), Reading::NotForBot, "{talk}");
    }
    check("gmbot", "gmbot help");
    check("<@99>", "gmbot help");
}

#[test]
fn a_prefix_or_a_direct_message_calls_the_bot() {
    let check = |text: &str, prefix: Option<&'static str>, direct: bool, expect: Option<&str>| {
        let place = Place { prefix, direct, ..Place::new() };
        let reading = read(&Input::Line(text.to_owned()), &place);
        match expect {
            Some(expect) => assert_eq!(print(&command(reading)), expect, "{text}"),
            None => assert_eq!(reading, Reading::NotForBot, "{text}"),
        }
    };
    check("!games", Some("!"), false, Some("gmbot games"));
    check("! games", Some("!"), false, Some("gmbot games"));
    check("Wars: games", Some("wars"), false, Some("gmbot games"));
    check("wars games", Some("wars"), false, Some("gmbot games"));
    check("warsgames", Some("wars"), false, None);
    check("gmbot games", Some("!"), false, Some("gmbot games"));
    check("games", None, true, Some("gmbot games"));
    check("gmbot games", None, true, Some("gmbot games"));
    check("", None, true, Some("gmbot help"));
}

#[test]
fn flags_look_as_phones_and_shells_write_them() {
    for flag in [
        "-game 4",
        "--game 4",
        "–game 4",
        "—game 4",
        "-GAME 4",
        "-game=4",
        "--game=\"4\"",
        "-game\n4",
        "-game #4",
        "-game Mini Militia",
        "-game=mini militia",
    ] {
        check(&format!("gmbot createwar -players <@1><@2> {flag}"), WAR);
    }
    check("gmbot CREATEWAR <@1>, <@2>, -game 4", WAR);
    check("gmbot challenge <@1> <@2> -game 4 -format ft3 -duration 24", WAR);
    check("gmbot setup -name=-odd-", "gmbot setup -name \"-odd-\"");
    check("gmbot setup -name \"-game 4\"", "gmbot setup -name \"-game 4\"");
}

#[test]
fn quotes_open_at_a_value_and_close_at_its_end() {
    let check = |text: &str, expect: &str| {
        let line = format!("gmbot suspend -clan x -reason {text}");
        let Command::Suspend { reason, .. } = command(line_of(&line)) else { panic!("{line}") };
        assert_eq!(reason, expect, "{text}");
    };
    check("\"two words\"", "two words");
    check("'two words'", "two words");
    check("“two words”", "two words");
    check("„two words“", "two words");
    check("‘two words’", "two words");
    check("they didn't show", "they didn't show");
    check("they didn’t show", "they didn’t show");
    check("they said \"no way\" twice", "they said no way twice");
    check("\"a \\\"b\\\" c \\\\ d\"", "a \"b\" c \\ d");
    check("\"he said 5\"x\"", "he said 5\"x");
    check("it is so, clearly", "it is so, clearly");
    check("a,b", "a,b");
    check("5\" is small", "5\" is small");
}

fn line_of(text: &str) -> Reading {
    line(text)
}

#[test]
fn positional_parameters_need_no_flag() {
    check("gmbot accept k3x @ann @ben", "gmbot accept k3x -players @ann @ben");
    check("gmbot accept @ann K3XP2 @ben", "gmbot accept k3xp2 -players @ann @ben");
    check("gmbot accept #k3xp2", "gmbot accept k3xp2");
    check("gmbot accept k3xp2, @ann, @ben", "gmbot accept k3xp2 -players @ann @ben");
    check("gmbot accept @ann -war k3xp2", "gmbot accept k3xp2 -players @ann");
    check("gmbot promote @ann", "gmbot promote -players @ann");
    check("gmbot promote ann", "gmbot promote -players \"ann\"");
    check("gmbot show K3XP2", "gmbot show k3xp2");
    check("gmbot show", "gmbot show");
    check("gmbot subscribe 4,5", "gmbot subscribe 4,5");
    check("gmbot subscribe Mini Militia 5 Rainbow Six Siege", "gmbot subscribe 4,5,8");
    check("gmbot subscribe Mini Miltitia, fortnite", "gmbot subscribe 4,5");
    check("gmbot subscribe Mini Miltitia fortnite 4", "gmbot subscribe 4,5");
    check("gmbot subscribe", "gmbot subscribe");
    check("gmbot help accept", "gmbot help accept");
    check("gmbot help challenge", "gmbot help createwar");
    check("gmbot link k3xp2abc9d", "gmbot link k3xp2abc9d");
    check("gmbot relinquish @ann -yes", "gmbot relinquish -player @ann -yes");
    check("gmbot concede -yes k3xp2", "gmbot concede k3xp2 -yes");
    check("gmbot vote k3xp2 -winner US -score 3:1", "gmbot vote k3xp2 -winner us -score 3-1");
    check("gmbot vote -winner Clan F", "gmbot vote -winner \"Clan F\"");
}

#[test]
fn mentions_are_tokens() {
    check("gmbot promote <@1><@!2>", "gmbot promote -players <@1> <@!2>");
    check("gmbot promote @a:x.org, @b:x.org,", "gmbot promote -players @a:x.org @b:x.org");
    check("gmbot promote @everyone <@&7>", "gmbot promote -players @everyone <@&7>");
    let link = "https://matrix.to/#/@ann:example.org";
    check(&format!("gmbot promote {link}, @b"), &format!("gmbot promote -players {link} @b"));
    check(
        "gmbot substitute -war k3xp2 -out @a -in ben",
        "gmbot substitute -war k3xp2 -out @a -in \"ben\"",
    );
}

#[test]
fn the_longest_known_name_comes_first() {
    check("gmbot promote Ann Smith Jr Ben", "gmbot promote -players \"Ann Smith Jr\" \"Ben\"");
    check("gmbot promote ann smith ben", "gmbot promote -players \"ann smith\" \"ben\"");
    check("gmbot promote Ben Cobra, Ann", "gmbot promote -players \"Ben Cobra\" \"Ann\"");
    check("gmbot promote \"Ben Cobra\" Ann", "gmbot promote -players \"Ben Cobra\" \"Ann\"");
    check(
        "gmbot createwar Player 4 -game 4",
        "gmbot createwar -players \"Player 4\" -game 4 -duration 1d -type ft3",
    );
}

#[test]
fn say_takes_the_rest_as_it_stands() {
    check(
        "gmbot say rules: no sniper, no rpg, no \"shield\"",
        "gmbot say rules: no sniper, no rpg, no \"shield\"",
    );
    check("gmbot say -war K3XP2 -- -late", "gmbot say -war k3xp2 -- -late");
    check("gmbot say --war=k3xp2 hi  there", "gmbot say -war k3xp2 hi  there");
    check("gmbot say -- -war is over", "gmbot say -- -war is over");
    check("gmbot say we'll be 'late", "gmbot say we'll be 'late");
    check("gmbot say -warm hello", "gmbot say -- -warm hello");
    check_words(&["say", "no", "\"shield\""], "gmbot say no \"shield\"");
    check_words(&["say", "-war", "k3xp2", "it's on"], "gmbot say -war k3xp2 it's on");
    check_words(&["say", "-war is over"], "gmbot say -- -war is over");
}

#[test]
fn names_that_look_like_commands_trigger_nothing() {
    for name in ["edmundo", "undo", "status"] {
        check(&format!("gmbot promote @{name}"), &format!("gmbot promote -players @{name}"));
        check(&format!("gmbot promote {name}"), &format!("gmbot promote -players \"{name}\""));
        assert_eq!(line(&format!("{name} is here")), Reading::NotForBot);
    }
}

#[test]
fn a_terminals_words_are_not_joined_to_be_read() {
    check_words(&[], "gmbot help");
    check_words(&["createwar", "-players", "<@1>,<@2>", "-game", "4"], WAR);
    check_words(&["createwar", "<@1>", "<@2>", "--game=Mini Militia"], WAR);
    check_words(&["setup", "-name", "-my clan"], "gmbot setup -name \"-my clan\"");
    check_words(&["setup", "-name", "it's \"so\""], "gmbot setup -name \"it's \\\"so\\\"\"");
    check_words(&["setup", "-name", "'quoted'"], "gmbot setup -name \"'quoted'\"");
    check_words(&["setup", "-name=-x"], "gmbot setup -name \"-x\"");
    check_words(&["promote", "Ben Cobra", "Ann"], "gmbot promote -players \"Ben Cobra\" \"Ann\"");
}

#[test]
fn a_query_is_told_from_a_change_by_its_first_words() {
    let check = |text: &str, expect: Kind| {
        assert_eq!(kind_of(&Input::Line(text.to_owned())), expect, "{text}");
    };
    check("gmbot status", Kind::Query);
    check("gmbot createwar", Kind::Change);
    check("gmbot: Accept k3xp2", Kind::Change);
    check("<@99> vote -winner us", Kind::Change);
    check("<@99>vote -winner us", Kind::Change);
    check("!vote -winner us", Kind::Change);
    check("vote -winner us", Kind::Change);
    check("gmbot \"vote\" -winner us", Kind::Change);
    check("gmbot:vote -winner us", Kind::Change);
    check("wars vote -winner us", Kind::Change);
    check("@vote -winner us", Kind::Change);
    check("gmbot help createwar", Kind::Query);
    check("<@99> help createwar", Kind::Query);
    check("@gmbot:example.org: vote -winner us", Kind::Change);
    check("gmbot craetewar", Kind::Query);
    check("", Kind::Query);
    let words = |word: &str| kind_of(&Input::Words(vec![word.to_owned()]));
    assert_eq!(words("status"), Kind::Query);
    assert_eq!(words("CANCEL"), Kind::Change);
    assert_eq!(words("accept,"), Kind::Change);
    assert_eq!(kind_of(&Input::Words(Vec::new())), Kind::Query);
    assert_eq!(kind_of(&Input::Command(Command::Reclaim)), Kind::Change);
}

#[test]
fn a_command_with_help_behind_it_is_a_question_about_the_command() {
    check("gmbot createwar --help", "gmbot help createwar");
    check("gmbot challenge -HELP", "gmbot help createwar");
}

#[test]
fn mentions_are_found_where_a_reader_of_the_line_finds_them() {
    let line =
        r#"gmbot accept k3x @ann,@ben <@1><@!2> <@&3> -in=@c "@d" me@example.org @ @é:x.org <@1>"#;
    assert_eq!(mentions(line), ["@ann", "@ben", "<@1>", "<@!2>", "<@&3>", "@c", "@é:x.org"]);
}
