# Everything that one does here more than once. `just` lists it; each recipe is one command to read.

# lists the recipes
default:
    @just --list --unsorted

# what has to pass before anything is merged
ci *words:
    .ci/run {{ words }}

# formats the code
fmt:
    cargo fmt --all

# looks for what the compiler lets through
lint:
    cargo clippy --workspace --all-targets --features gmbot/full -- -D warnings

# compares what all is built of with deny.toml (installs cargo-deny below target/)
deny:
    .ci/deny

# runs all tests; words narrow it down: `just test -p gmbot-engine render`
test *words:
    cargo test --workspace --features gmbot/full {{ words }}

# runs what stands in `snapshots/transcripts` on the engine
transcripts:
    cargo test -p gmbot-snapshots

# writes what the engine says into the transcripts; look at the difference before you keep it
bless:
    GMBOT_BLESS=1 cargo test -p gmbot-snapshots
    git diff --stat -- snapshots/transcripts docs

# goes through changed snapshots one by one (needs cargo-insta)
review:
    cargo insta test --workspace --review --unreferenced=delete

# checks that no snapshot is stale (needs cargo-insta)
stale:
    cargo insta test --workspace --require-full-match --unreferenced=reject

# builds the documentation of all crates and opens it
doc:
    cargo doc --workspace --no-deps --document-private-items --open

# many processes on one database: GMBOT_RACERS at a time, GMBOT_KILLS killed
race racers="400" kills="60":
    GMBOT_RACERS={{ racers }} GMBOT_KILLS={{ kills }} cargo test -p gmbot --test it -- processes

# the stores' tests on a PostgreSQL that is started for them and ended again
postgres *words:
    .ci/with-postgres cargo test -p gmbot-store -p gmbot-snapshots --features gmbot-store/postgres,gmbot-snapshots/postgres --lib --test suite --test engine -- --include-ignored {{ words }}

# the real program beside real counterparts, which are installed below target/; `just e2e --skip PART` leaves one out
e2e *words:
    cargo test --workspace --features gmbot/full --test e2e -- --include-ignored {{ words }}

# many clans, people who break the rules, and everything that goes wrong, from a seed
simulate seed steps:
    cargo run --release --quiet -- simulate --seed {{ seed }} --steps {{ steps }}

# fuzzes each target, or one of them, for so many minutes (needs a C++ compiler; installs cargo-fuzz below target/)
fuzz minutes target="":
    snapshots/fuzz/run {{ minutes }} {{ target }}

# plants a bug a rule in a copy and looks who notices; names narrow it down, `--write` updates the docs
mutants *words:
    cargo run --quiet --package gmbot-mutants -- {{ words }}

# changes the rules in every way that cargo-mutants knows and lists what no test noticed (hours; installs it below target/)
mutants-all *options:
    snapshots/mutants/all {{ options }}

# measures against yardsticks and writes the table of docs/performance.md; the first run makes a million wars
bench:
    cargo build --release -p gmbot -p gmbot-bench
    cargo run --release -q -p gmbot-bench -- --page docs/performance.md

# the same for the server, with wrk, which Debian has
bench-http:
    cargo run --release -q -p gmbot-http-bench -- --page docs/performance.md

# the same for the connector of Discord, at a fake Discord with 2,500 servers
bench-discord:
    cargo run --release -q -p gmbot-discord-bench -- --page docs/performance.md

# plays a whole war between two clans
demo:
    cargo run --quiet -- demo

# answers clients over HTTP (see docs/http.md); `just serve --listen 127.0.0.1:9000`
serve *options:
    cargo run --quiet --features http -- serve {{ options }}
