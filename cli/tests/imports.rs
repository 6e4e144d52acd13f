//! Imports run downward only: each crate's direct dependencies against a list.
//!
//! A dependency that is not on the list is a decision: add it here, and say in the commit why the
//! crate may know it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on, tests aside, from the bottom up.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "gmbot-engine",
        &[
            "base64",
            "caseless",
            "imagesize",
            "jiff",
            "rand_chacha",
            "rand_core",
            "serde",
            "serde_json",
            "sha2",
            "strsim",
            "thiserror",
            "unicode-bidi",
            "unicode-normalization",
            "unicode-security",
            "unicode-width",
            "utoipa",
        ],
    ),
    (
        "gmbot-store",
        &[
            "bytes",
            "futures-util",
            "gmbot-engine",
            "native-tls",
            "postgres-native-tls",
            "rusqlite",
            "serde",
            "serde_json",
            "sha2",
            "tokio",
            "tokio-postgres",
        ],
    ),
    (
        "gmbot-backend",
        &[
            "base64",
            "getrandom",
            "gmbot-engine",
            "gmbot-store",
            "prometheus",
            "serde",
            "serde_json",
            "sha2",
            "subtle",
            "thiserror",
            "tracing",
            "utoipa",
        ],
    ),
    (
        "gmbot-snapshots",
        &[
            "gmbot-backend",
            "gmbot-engine",
            "jiff",
            "rand_chacha",
            "rand_core",
            "regex",
            "similar",
            "tempfile",
            "thiserror",
        ],
    ),
    (
        "gmbot-fuzz",
        &[
            "gmbot-backend",
            "gmbot-engine",
            "gmbot-snapshots",
            "gmbot-store",
            "libfuzzer-sys",
            "serde_json",
        ],
    ),
    ("gmbot-mutants", &["clap", "diffy", "ignore", "serde_json", "thiserror", "wait-timeout"]),
    ("gmbot-chat", &["backon", "gmbot-backend", "gmbot-engine", "tokio", "tracing"]),
    (
        "gmbot-chat-testing",
        &["gmbot-backend", "gmbot-engine", "gmbot-snapshots", "libtest-mimic", "tempfile", "tokio"],
    ),
    (
        "gmbot-client",
        &["backon", "gmbot-backend", "gmbot-engine", "serde", "serde_json", "ureq", "utoipa"],
    ),
    (
        "gmbot-http",
        &[
            "askama",
            "axum",
            "futures-util",
            "getrandom",
            "gmbot-backend",
            "gmbot-client",
            "gmbot-engine",
            "governor",
            "http-body-util",
            "hyper",
            "hyper-util",
            "prometheus",
            "rustix",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "tokio",
            "tower-http",
            "tracing",
            "utoipa",
            "utoipa-axum",
        ],
    ),
    (
        "gmbot-discord-fake",
        &[
            "flate2",
            "form_urlencoded",
            "futures-util",
            "http-body-util",
            "hyper",
            "hyper-util",
            "jsonschema",
            "matchit",
            "multer",
            "openssl",
            "percent-encoding",
            "reqwest",
            "serde_json",
            "serenity",
            "tokio",
            "tokio-native-tls",
            "tokio-tungstenite",
            "tracing",
            "tracing-subscriber",
        ],
    ),
    (
        "gmbot-discord",
        &[
            "backon",
            "gmbot-backend",
            "gmbot-chat",
            "gmbot-engine",
            "reqwest",
            "serde",
            "serde_json",
            "serenity",
            "sha2",
            "thiserror",
            "tokio",
            "tracing",
        ],
    ),
    (
        "gmbot-matrix",
        &[
            "backon",
            "gmbot-backend",
            "gmbot-chat",
            "gmbot-engine",
            "matrix-sdk",
            "ruma-html",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "tokio",
            "tracing",
        ],
    ),
    (
        "gmbot-tui",
        &[
            "crossterm",
            "gmbot-backend",
            "gmbot-engine",
            "ratatui",
            "signal-hook",
            "tui-input",
            "unicode-segmentation",
            "unicode-width",
        ],
    ),
    (
        "gmbot-webhooks",
        &["base64", "gmbot-backend", "hmac", "sha2", "thiserror", "tracing", "ureq"],
    ),
    (
        "gmbot",
        &[
            "anstream",
            "anstyle",
            "async-trait",
            "clap",
            "etcetera",
            "fs4",
            "getrandom",
            "gmbot-backend",
            "gmbot-client",
            "gmbot-discord",
            "gmbot-engine",
            "gmbot-http",
            "gmbot-matrix",
            "gmbot-snapshots",
            "gmbot-store",
            "gmbot-tui",
            "gmbot-webhooks",
            "jiff",
            "opentelemetry",
            "opentelemetry-http",
            "opentelemetry-otlp",
            "opentelemetry_sdk",
            "serde",
            "serde_json",
            "sha2",
            "shlex",
            "terminal_size",
            "thiserror",
            "tokio",
            "toml",
            "tracing",
            "tracing-opentelemetry",
            "tracing-subscriber",
            "ureq",
        ],
    ),
    (
        "gmbot-bench",
        &[
            "clap",
            "gmbot-backend",
            "gmbot-engine",
            "gmbot-store",
            "memchr",
            "pty-process",
            "rand_chacha",
            "rand_core",
            "rusqlite",
            "rustix",
            "tempfile",
            "vt100",
        ],
    ),
    (
        "gmbot-discord-bench",
        &[
            "clap",
            "gmbot-backend",
            "gmbot-bench",
            "gmbot-discord",
            "gmbot-discord-fake",
            "serde_json",
            "serenity",
            "tempfile",
            "tokio",
        ],
    ),
    (
        "gmbot-http-bench",
        &[
            "axum",
            "clap",
            "gmbot-backend",
            "gmbot-bench",
            "gmbot-engine",
            "gmbot-http",
            "rusqlite",
            "serde_json",
            "tokio",
        ],
    ),
];

/// Each crate's dependencies of a kind: `None` for the crate itself, `dev` for its tests.
fn dependencies(kind: Option<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var("CARGO").expect("run by cargo");
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let ended = Command::new(cargo)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let metadata: Value = serde_json::from_slice(&ended.stdout).expect("JSON");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let packages = metadata["packages"].as_array().expect("packages").iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().expect("dependencies").iter();
            let wanted = all.filter(|dependency| dependency["kind"].as_str() == kind);
            (name(package), wanted.map(name).collect())
        })
        .collect()
}

#[test]
fn each_crate_knows_what_it_may_and_nothing_else() {
    let allowed: BTreeMap<String, BTreeSet<String>> = ALLOWED
        .iter()
        .map(|(name, list)| ((*name).to_owned(), list.iter().map(ToString::to_string).collect()))
        .collect();
    let found = dependencies(None);
    let names = |map: &BTreeMap<_, _>| map.keys().cloned().collect::<Vec<String>>();
    assert_eq!(
        names(&found),
        names(&allowed),
        "the crates of the workspace, and those on the list"
    );
    for (name, list) in &allowed {
        let new: Vec<_> = found[name].difference(list).collect();
        let gone: Vec<_> = list.difference(&found[name]).collect();
        assert!(new.is_empty(), "`{name}` may not depend on {new:?}");
        assert!(gone.is_empty(), "`{name}` does not need {gone:?}: take it off the list");
    }
}

#[test]
fn no_crate_is_tested_by_what_lies_above_it() {
    let order: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let place = |name: &str| order.iter().position(|known| *known == name);
    for (name, list) in dependencies(Some("dev")) {
        for other in list {
            assert!(place(&other) <= place(&name), "tests of `{name}` may not use `{other}`");
        }
    }
}
