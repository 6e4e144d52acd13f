//! What a server tells of its work: its log, and the spans that it sends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use rustix::process::Signal;
use serde_json::Value;

use crate::Program;
use crate::running::ended_by;
use crate::serving::{PATIENCE, Serving};

/// Things that people said, and that no log may repeat.
const SAID: [&str; 5] =
    ["Ann of the North", "final score", "see you at nine", "P1-ann", "One Clan"];

/// A server that was used and has ended in order.
struct Used {
    key: String,
    /// The ids that its answers carried.
    ids: Vec<String>,
    /// What it wrote to standard error.
    log: String,
}

/// Runs a server with some options, has it do one thing after the other, and ends it.
fn used(options: &str) -> Used {
    let program = Program::new();
    let key = program.done("keys add bff --platform discord --scope trusted").trim().to_owned();
    let line = format!("{options} --listen 127.0.0.1:0");
    let mut command = program.command(line.trim_start().split(' '));
    let mut serving = Serving::start(command.stderr(Stdio::piped()));
    let server = r#""server": {"id": "S1", "name": "One Clan"}"#;
    let actor = r#""actor": {"id": "P1-ann", "name": "Ann of the North", "role": "co-leader"}"#;
    let ben = r#"{"id": "P2", "name": "Ben of the South"}"#;
    let mut ids = Vec::new();
    for (path, id, body) in [
        ("/createwar", "", format!("{{{server}, {actor}, \"players\": [{ben}], \"game\": 4}}")),
        ("/say", "given-1", format!("{{{server}, {actor}, \"text\": \"see you at nine\"}}")),
        ("/line", "", format!("{{{server}, {actor}, \"text\": \"gmbot say see you at nine\"}}")),
        ("/line", "", "{\"text\": \"see you at nine\"}".to_owned()),
        ("/see+you+at+nine", "", "{}".to_owned()),
        ("/api/v1/wars/x/proof?actor=P1-ann&actor_name=a&note=final+score", "", "x".to_owned()),
    ] {
        let given = if id.is_empty() { String::new() } else { format!("x-request-id: {id}\r\n") };
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nclient: bff\r\n\
             x-api-key: {key}\r\n{given}content-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(serving.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream.write_all(request.as_bytes()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let mut lines = answer.lines().filter_map(|line| line.strip_prefix("x-request-id: "));
        let told = lines.next().expect("each answer has an id").to_owned();
        assert!(id.is_empty() || id == told, "{answer}");
        ids.push(told);
    }
    let mut errors = serving.child.stderr.take().expect("it is piped");
    assert_eq!(ended_by(&mut serving, Signal::TERM).code(), Some(0));
    let mut log = String::new();
    errors.read_to_string(&mut log).expect("text");
    Used { key, ids, log }
}

#[track_caller]
fn assert_no_secret(used: &Used) {
    let secret = used.key.rsplit('_').next().expect("the key's last part");
    for secret in SAID.iter().chain([&secret]) {
        assert!(!used.log.contains(secret), "`{secret}` is in\n{}", used.log);
    }
}

#[test]
fn a_log_for_programs_has_a_line_an_answer_under_its_id() {
    let used = used("serve --log-format json");
    let lines = used.log.lines().map(|line| serde_json::from_str::<Value>(line).expect(line));
    let answered: Vec<_> = lines.filter(|line| line["message"] == "answered").collect();
    let ids: Vec<_> =
        answered.iter().map(|line| line["spans"][0]["request_id"].as_str().unwrap()).collect();
    assert_eq!(ids, used.ids);
    let told = |line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap_or("none").to_owned();
        (line["status"].as_u64().unwrap(), text("code"), text("command"), text("route"))
    };
    let expected = [
        (201, "WAR_CREATED", "createwar", "/{command}"),
        (404, "E_NO_WAR_MEANT", "say", "/{command}"),
        (404, "E_NO_WAR_MEANT", "say", "/line"),
        (204, "", "", "/line"),
        (404, "E_NOT_FOUND", "", "/{command}"),
        (422, "E_IMAGE_TYPE", "proof", "/api/v1/wars/{id}/proof"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(status, code, command, route)| {
            (status, code.to_owned(), command.to_owned(), route.to_owned())
        })
        .collect();
    assert_eq!(answered.iter().map(told).collect::<Vec<_>>(), expected);
    assert!(answered.iter().all(|line| line["client"] == "bff" && line["ms"].is_f64()));
    assert_no_secret(&used);
}

#[test]
fn a_log_for_people_shows_stages_and_statements_to_who_wants_to_see_them() {
    let used = used("serve --log-level trace");
    for id in &used.ids[..3] {
        let request = format!("request{{request_id=\"{id}\"}}");
        for line in [":rule: ", ":rule:statement{statement=\"", ": gmbot_http::observe: answered "]
        {
            assert!(used.log.contains(&format!("{request}{line}")), "{line}\n{}", used.log);
        }
    }
    assert_no_secret(&used);
}

#[test]
fn production_logs_for_programs_and_each_level_less_than_the_one_before() {
    let lines = |options: &str| used(options).log.lines().count();
    assert!(used("--profile production serve").log.starts_with("{\"timestamp\":"));
    assert_eq!(lines("serve"), 6);
    assert_eq!(lines("serve --log-level warn"), 0);
    assert!(lines("serve --log-level info,gmbot_backend=debug") > 12);
}

/// A collector of spans, as far as one is needed here.
#[cfg(feature = "otlp")]
mod collector {
    use std::collections::BTreeMap;
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::thread::JoinHandle;

    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use opentelemetry_proto::tonic::trace::v1::Span;
    use prost::Message as _;

    use super::{assert_no_secret, used};

    /// Takes what comes over one connection until that ends.
    fn collect() -> (SocketAddr, JoinHandle<Vec<ExportTraceServiceRequest>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has one");
        let collecting = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("somebody sends");
            let mut answers = stream.try_clone().expect("both ways");
            let mut requests = BufReader::new(stream);
            let mut sent = Vec::new();
            while let Some(body) = next(&mut requests) {
                sent.push(ExportTraceServiceRequest::decode(&body[..]).expect("it is OTLP"));
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                answers.write_all(answer).expect("it waits for an answer");
            }
            sent
        });
        (address, collecting)
    }

    /// The body of the next request; none where there is no other.
    fn next(requests: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
        let mut head = Vec::new();
        while head.last().is_none_or(|line| line != "\r\n") {
            let mut line = String::new();
            if requests.read_line(&mut line).expect("a head") == 0 {
                return None;
            }
            head.push(line.to_ascii_lowercase());
        }
        assert_eq!(head[0], "post /v1/traces http/1.1\r\n");
        assert!(head.contains(&"content-type: application/x-protobuf\r\n".to_owned()), "{head:?}");
        let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.expect("a length").trim().parse().expect("a number");
        let mut body = vec![0; length];
        requests.read_exact(&mut body).expect("a whole body");
        Some(body)
    }

    /// The names of a span and of all around it, from the outermost.
    fn path<'s>(spans: &BTreeMap<&[u8], &'s Span>, span: &'s Span) -> Vec<&'s str> {
        let mut path = match spans.get(&span.parent_span_id[..]) {
            Some(around) => path(spans, around),
            None => Vec::new(),
        };
        path.push(&span.name);
        path
    }

    #[test]
    fn a_collector_gets_each_request_with_its_stages_and_statements() {
        let (address, collecting) = collect();
        let used = used(&format!("serve --otlp http://{address}"));
        let sent = collecting.join().expect("it collects");
        let scopes = sent.iter().flat_map(|sent| &sent.resource_spans);
        let spans: Vec<&Span> = scopes
            .flat_map(|resource| &resource.scope_spans)
            .flat_map(|scope| &scope.spans)
            .collect();
        let by_id: BTreeMap<&[u8], &Span> =
            spans.iter().map(|span| (&span.span_id[..], *span)).collect();
        let paths: Vec<_> = spans.iter().map(|span| path(&by_id, span).join(" > ")).collect();
        for expected in [
            "POST /{command} > authenticate > KEY",
            "POST /{command} > queue",
            "POST /{command} > parse > GAMES",
            "POST /{command} > access > CLAN_OF_SPACE",
            "POST /{command} > rule > SAVE_WAR",
            "POST /{command} > REMEMBER",
            "POST /{command} > commit",
            "POST /line > parse",
        ] {
            assert!(paths.iter().any(|path| path == expected), "no {expected} in {paths:#?}");
        }
        let requests = spans.iter().filter(|span| span.name.starts_with("POST "));
        let requests: Vec<_> = requests.collect();
        assert_eq!(requests.len(), used.ids.len());
        for (request, id) in requests.iter().zip(&used.ids) {
            assert!(request.parent_span_id.is_empty(), "{request:?}");
            assert!(format!("{:?}", request.attributes).contains(id), "{request:?}");
        }
        let told = format!("{sent:?}");
        assert!(told.contains("service.name") && told.contains("WAR_CREATED"));
        assert_no_secret(&super::Used { log: told, ..used });
    }

    #[test]
    fn of_so_many_requests_one_is_sent() {
        let (address, collecting) = collect();
        let used = used(&format!("--set otlp.every=4 serve --otlp http://{address}"));
        let told = format!("{:?}", collecting.join().expect("it collects"));
        let sent: Vec<_> = used.ids.iter().map(|id| told.contains(id)).collect();
        assert_eq!(sent.iter().filter(|sent| **sent).count(), 2, "{sent:?} of {:?}", used.ids);
    }
}

#[cfg(feature = "otlp")]
#[test]
fn a_collector_that_is_away_is_told_of_and_holds_nothing_up() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = nobody.local_addr().expect("it has one");
    drop(nobody);
    let used = used(&format!("serve --otlp http://{address} --log-format json"));
    assert_eq!(used.ids.len(), 6);
    assert!(used.log.contains("opentelemetry"), "{}", used.log);
}
