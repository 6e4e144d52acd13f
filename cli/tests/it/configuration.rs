//! Settings through the real binary: which source wins, what `gmbot config` tells, and what a
//! mistake looks like.

use std::fs;

use serde_json::Value;

use crate::{Ended, Program};

/// A program whose folder holds a `gmbot.toml`, and no variable that sets anything.
fn with(file: &str) -> Program {
    let program = Program::new();
    fs::write(program.path("gmbot.toml"), file).expect("a file can be written");
    program
}

impl Program {
    /// Runs a line with some variables; nothing else sets anything.
    fn set(&self, variables: &[(&str, &str)], line: &str) -> Ended {
        let mut command = self.command(line.split(' '));
        command.env_remove("GMBOT_DB").envs(variables.iter().copied());
        Ended::from(command.output().expect("the binary runs"))
    }

    /// The value of a setting and where it came from, with some variables and options.
    #[track_caller]
    fn setting(&self, variables: &[(&str, &str)], options: &str, key: &str) -> (Value, String) {
        let ended = self.set(variables, format!("{options} config --json").trim_start());
        assert_eq!(ended.status, Some(0), "{ended:?}");
        let mut lines = ended.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let line = lines.find(|line| line["key"] == key).unwrap_or_else(|| panic!("no {key}"));
        (line["value"].clone(), line["origin"].as_str().expect("a text").to_owned())
    }

    /// Runs `gmbot config`, which has to fail, and returns what it says.
    #[track_caller]
    fn refused(&self, variables: &[(&str, &str)], options: &str) -> String {
        let ended = self.set(variables, format!("{options} config").trim_start());
        assert_eq!((ended.status, ended.out.as_str()), (Some(2), ""), "{ended:?}");
        ended.err
    }
}

#[test]
fn flags_win_over_the_environment_over_the_profile_over_the_file_over_defaults() {
    let program = with("clan = \"file\"\n\n[profile.production]\nclan = \"profile\"\n");
    let variable = [("GMBOT_CLAN", "variable")];
    let production = "--profile production";
    for (variables, options, value, origin) in [
        (&[][..], "--config none.toml", "local", "default"),
        (&[], "", "file", "gmbot.toml:1"),
        (&[("GMBOT_CLAN", "")], "", "file", "gmbot.toml:1"),
        (&[], production, "profile", "gmbot.toml:4"),
        (&[("GMBOT_PROFILE", "production")], "", "profile", "gmbot.toml:4"),
        (&variable, production, "variable", "environment GMBOT_CLAN"),
        (&variable, "--profile production --set clan=any", "any", "--set"),
        (&variable, "--profile production --set clan=any --in flag", "flag", "--in"),
    ] {
        fs::write(program.path("none.toml"), "").expect("a file can be written");
        let found = program.setting(variables, options, "clan");
        assert_eq!(found, (value.into(), origin.to_owned()), "{variables:?} {options}");
    }
}

#[test]
fn a_setting_does_what_it_says() {
    let program = with("clan = \"wolves\"\nuser = \"ann\"\ndb = \"pack/wolves.db\"\n");
    fs::create_dir(program.path("pack")).expect("a folder can be made");
    let ended = program.set(&[], "createwar @zucc -game 4");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(program.path("pack/wolves.db").exists(), "the file's own folder is where paths begin");
    let status = program.set(&[], "status");
    assert!(status.out.contains("wars of wolves"), "{status:?}");
    let elsewhere = program.set(&[("GMBOT_CLAN", "bears")], "status");
    assert!(!elsewhere.out.contains("wolves"), "{elsewhere:?}");
}

#[test]
fn a_file_is_found_where_it_is_named_or_here_or_in_the_configuration_folder() {
    let program = Program::new();
    let file = |program: &Program, variables: &[(&str, &str)], options: &str| {
        let (path, origin) = program.setting(variables, options, "file");
        (path.as_str().unwrap_or("none").to_owned(), origin)
    };
    let named = |path: &str, origin: &str| (path.to_owned(), origin.to_owned());
    assert_eq!(file(&program, &[], ""), named("none", "default"));
    if cfg!(unix) {
        let folder = program.path(".config/gmbot");
        fs::create_dir_all(&folder).expect("a folder can be made");
        let own = folder.join("gmbot.toml");
        fs::write(&own, "").expect("a file can be written");
        assert_eq!(file(&program, &[], ""), named(&own.display().to_string(), "default"));
    }
    for name in ["gmbot.toml", "one.toml", "two.toml"] {
        fs::write(program.path(name), "").expect("a file can be written");
    }
    let variable = [("GMBOT_CONFIG", "one.toml")];
    assert_eq!(file(&program, &[], ""), named("gmbot.toml", "default"));
    assert_eq!(file(&program, &variable, ""), named("one.toml", "environment GMBOT_CONFIG"));
    assert_eq!(file(&program, &variable, "--config two.toml"), named("two.toml", "--config"));
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let program = Program::new();
    for (variables, options) in
        [(&[][..], "--config no.toml"), (&[("GMBOT_CONFIG", "no.toml")], "")]
    {
        let said = program.refused(variables, options);
        assert!(said.starts_with("error: can't read `no.toml`: "), "{said}");
    }
    // The folder of the test is there, and is no file.
    let said = program.refused(&[], "--config .");
    assert!(said.starts_with("error: can't read `.`: "), "{said}");
}

#[test]
fn a_file_that_is_there_and_can_not_be_read_is_told() {
    let program = Program::new();
    fs::write(program.path("gmbot.toml"), [0xff, 0xfe]).expect("a file can be written");
    let said = program.refused(&[], "");
    assert!(said.starts_with("error: can't read `gmbot.toml`: "), "{said}");
    let chat = program.set(&[], "status");
    assert_eq!(chat.status, Some(2), "it is read before anything is done: {chat:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_may_change_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = with("clan = \"wolves\"\n");
    let path = program.path("gmbot.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("it is ours");
    let said = program.refused(&[], "");
    assert!(said.contains("everybody on this computer can change `gmbot.toml`"), "{said}");
}

#[test]
fn all_mistakes_of_a_file_are_told_with_their_lines() {
    let program = with(
        "dbb = \"x\"\n\
         client = 3\n\
         key_file = []\n\
         api_key = \"gm_hidden\"\n\
         faces = [\"htpp\"]\n\
         backend = \"https://ann:hidden@example.org\"\n\
         [tables]\n\
         [profile.production]\n\
         clna = \"x\"\n\
         [profile.prodution]\n",
    );
    let said = program.refused(&[], "");
    let lines: Vec<&str> = said.lines().collect();
    let expected = [
        "error: gmbot.toml:1: unknown key `dbb`; did you mean `db`?",
        "error: gmbot.toml:2: `client` is `3`; it has to be a name",
        "error: gmbot.toml:3: `key_file` is `[]`; it has to be the path of a file",
        "error: gmbot.toml:4: `api_key` is a secret and does not belong here; \
         set GMBOT_API_KEY, or name a file that holds it with `key_file`",
        "error: gmbot.toml:5: `faces` is `[\"htpp\"]`; \
         it has to be a list of faces; this version knows `discord`, `http`, `matrix`",
        "error: gmbot.toml:6: `backend` is an address with a name or a password in it; \
         it has to be the address of a server, like https://gmbot.example.org",
        "error: gmbot.toml:7: unknown key `tables`; `gmbot config` lists all",
        "error: gmbot.toml:9: unknown key `clna`; did you mean `clan`?",
        "error: gmbot.toml:10: unknown profile `prodution`; did you mean `production`?",
    ];
    assert_eq!(lines, expected, "{said}");
    assert!(!said.contains("hidden"), "{said}");
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let program = with("clan = \"wolves\"\nuser = ann\n");
    let said = program.refused(&[], "");
    assert!(said.starts_with("error: gmbot.toml:2: this is not TOML: "), "{said}");
    let program = with("profile = \"production\"\n");
    let said = program.refused(&[], "");
    assert!(
        said.contains("gmbot.toml:1: unknown key `profile`; choose one with `--profile`"),
        "{said}"
    );
}

#[test]
fn mistakes_of_other_sources_are_told_too() {
    let program = Program::new();
    for (variables, options, expected) in [
        (
            &[("GMBOT_FACES", "http,tcp")][..],
            "",
            "environment GMBOT_FACES: `faces` is `http,tcp`; it has to be a list of faces",
        ),
        (&[("GMBOT_PROFILE", "prod")], "", "environment GMBOT_PROFILE: unknown profile `prod`"),
        (&[], "--set clna=x", "--set: unknown key `clna`; did you mean `clan`?"),
        (&[], "--set clan", "`--set` takes a key and a value"),
        (&[], "--set clan=", "--set: `clan` is ``; it has to be a name"),
        (
            &[("GMBOT_DB", "x"), ("GMBOT_BACKEND", "http://127.0.0.1:9")],
            "",
            "`db` (environment GMBOT_DB) and `backend` (environment GMBOT_BACKEND) exclude",
        ),
    ] {
        let said = program.refused(variables, options);
        assert!(said.contains(expected), "{said}\nand not {expected}");
    }
}

#[test]
fn a_database_here_wins_over_a_server_that_a_weaker_source_names() {
    let program = with("backend = \"http://127.0.0.1:9\"\n");
    let variables = [("GMBOT_DB", "here.db")];
    assert_eq!(program.setting(&[], "", "backend").1, "gmbot.toml:1");
    assert_eq!(program.setting(&[], "", "db").0, Value::Null);
    assert_eq!(program.setting(&variables, "", "backend").1, "default");
    assert_eq!(program.setting(&variables, "", "db").0, "here.db");
    assert_eq!(program.set(&variables, "setup").status, Some(0));
    let verified = program.set(&[], "verify");
    assert!(verified.err.contains("`http://127.0.0.1:9` keeps its own"), "{verified:?}");
}

#[test]
fn secrets_are_masked() {
    let program = Program::new();
    let variables = [("GMBOT_API_KEY", "gm_hidden")];
    for line in ["config", "config --json", "--json config"] {
        let ended = program.set(&variables, line);
        assert!(ended.out.contains("***"), "{ended:?}");
        assert!(ended.out.contains("environment GMBOT_API_KEY"), "{ended:?}");
        assert!(!format!("{ended:?}").contains("hidden"), "{ended:?}");
    }
    let said = program.refused(&variables, "--set api_key=gm_hidden");
    assert!(said.contains("`api_key` is a secret"), "{said}");
    assert!(!said.contains("hidden"), "{said}");
}

#[test]
fn a_variable_that_sets_nothing_is_warned_of() {
    let program = Program::new();
    let ended = program.set(&[("GMBOT_DBB", "x")], "config");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(ended.err.contains("`GMBOT_DBB`; did you mean `GMBOT_DB`?"), "{ended:?}");
}

#[test]
fn what_needs_no_settings_works_with_a_file_that_is_wrong() {
    let program = with("dbb = 1\n");
    assert_eq!(program.set(&[], "completions bash").status, Some(0));
    let completed = program.set(&[], "complete createw");
    assert!(completed.out.starts_with("createwar\t"), "{completed:?}");
}

#[test]
fn nothing_runs_without_a_face() {
    let program = Program::new();
    let ended = program.set(&[], "run");
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.contains("no face is named"), "{ended:?}");
    let ended = program.set(&[("GMBOT_FACES", "htpp")], "run");
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.contains("this version knows `discord`, `http`, `matrix`"), "{ended:?}");
}

#[cfg(feature = "matrix")]
#[test]
fn matrix_says_what_it_lacks() {
    let program = Program::new();
    let (homeserver, store) =
        (("GMBOT_MATRIX_HOMESERVER", "a.org"), ("GMBOT_MATRIX_STORE", "store"));
    let user = ("GMBOT_MATRIX_USER", "gmbot");
    let lacks: [(&[(&str, &str)], &str); 3] = [
        (&[], "matrix.homeserver"),
        (&[homeserver], "matrix.store"),
        (&[homeserver, store, user], "matrix.password_file"),
    ];
    for (set, lacking) in lacks {
        let ended = program.set(set, "matrix");
        assert_eq!(ended.status, Some(2), "{ended:?}");
        assert!(ended.err.contains("Matrix wants") && ended.err.contains(lacking), "{ended:?}");
    }
}

#[cfg(not(feature = "http"))]
#[test]
fn a_face_that_was_not_built_is_told_with_its_feature() {
    let program = with("faces = [\"http\"]\n[http]\nlisten = \"127.0.0.1:0\"\n");
    let ended = program.set(&[], "run");
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(
        ended.err.contains("without the face `http`; build it with `--features http`"),
        "{ended:?}"
    );
    let said = program.refused(&[], "--set http.listen=127.0.0.1:0");
    assert!(said.contains("the feature `http`"), "{said}");
}

#[cfg(not(feature = "remote"))]
#[test]
fn a_server_can_not_be_used_without_its_feature() {
    let ended = with("backend = \"http://127.0.0.1:9\"\n").set(&[], "status");
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.err.contains("the feature `remote`"), "{ended:?}");
}

/// The table of the documentation, and its example.
mod documentation {
    use std::collections::BTreeSet;

    use serde_json::Value;
    use toml::de::{DeTable, DeValue};

    use super::{Program, with};

    const PAGE: &str = include_str!("../../../docs/configuration.md");

    /// The complete example.
    fn example() -> &'static str {
        let after = PAGE.split("```toml\n").nth(1).expect("an example");
        after.split("```").next().expect("its end")
    }

    /// All settings with what is said about each.
    fn lines(program: &Program, options: &str) -> Vec<Value> {
        let ended = program.set(&[], format!("{options} config --json").trim_start());
        assert_eq!(ended.status, Some(0), "{ended:?}");
        let lines = ended.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        // They are no settings, but what chooses them.
        lines.filter(|line| line["key"] != "file" && line["key"] != "profile").collect()
    }

    /// The names of all values in a table.
    fn keys(before: &str, table: &DeTable<'_>, found: &mut BTreeSet<String>) {
        for (name, value) in table {
            let path = format!("{before}{}", name.get_ref());
            let DeValue::Table(table) = value.get_ref() else {
                found.insert(path);
                continue;
            };
            if path == "profile" {
                table.values().for_each(|part| keys("", part.get_ref().as_table().unwrap(), found));
            } else {
                keys(&format!("{path}."), table, found);
            }
        }
    }

    #[test]
    fn the_example_sets_every_setting_and_nothing_else() {
        let program = with(example());
        let mut set = BTreeSet::new();
        keys("", DeTable::parse(example()).expect("TOML").get_ref(), &mut set);
        let mut known = BTreeSet::new();
        for profile in ["--profile development", "--profile production"] {
            let lines = lines(&program, profile);
            known.extend(lines.iter().map(|line| line["key"].as_str().unwrap().to_owned()));
        }
        // Secrets stand in no file.
        let secrets = [
            "api_key",
            "database_password",
            "discord.token",
            "matrix.password",
            "matrix.recovery_key",
            "matrix.token",
        ];
        for secret in secrets {
            known.remove(secret);
        }
        // Which of the two counts is the features' matter; that of others is left alone.
        set.retain(|key| cfg!(feature = "discord") || !key.starts_with("discord."));
        set.retain(|key| cfg!(feature = "http") || !key.starts_with("http."));
        set.retain(|key| cfg!(feature = "matrix") || !key.starts_with("matrix."));
        set.retain(|key| cfg!(feature = "web") || !key.starts_with("web."));
        set.retain(|key| cfg!(feature = "http") || !key.starts_with("log."));
        set.retain(|key| cfg!(feature = "otlp") || !key.starts_with("otlp."));
        assert_eq!(set, known);
    }

    #[test]
    fn the_table_lists_every_setting_with_its_variable_and_default() {
        let rows: Vec<Vec<&str>> = PAGE
            .lines()
            .filter(|line| line.starts_with("| `") && line.contains("`GMBOT_"))
            .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let mut documented = rows.iter();
        for line in lines(&with(""), "") {
            let key = line["key"].as_str().unwrap();
            let row = documented.next().unwrap_or_else(|| panic!("no row for {key}"));
            let variable = format!("GMBOT_{}", key.replace('.', "_").to_uppercase());
            let default = match (key, &line["value"]) {
                ("db", _) => "`gmbot.db` in your data folder".to_owned(),
                ("user", _) => "your login name".to_owned(),
                (_, Value::Null) => "none".to_owned(),
                (_, Value::Array(list)) if list.is_empty() => "none".to_owned(),
                (_, Value::String(text)) => format!("`{text}`"),
                (_, other) => format!("`{other}`"),
            };
            let about = line["about"].as_str().unwrap();
            let expected = [&format!("`{key}`"), &format!("`{variable}`"), &default, about];
            assert_eq!(row, &expected.to_vec(), "docs/configuration.md, the row of {key}");
        }
        if cfg!(all(feature = "web", feature = "otlp")) {
            assert_eq!(documented.next(), None, "docs/configuration.md: a setting that is none");
        }
    }
}
