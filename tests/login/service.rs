//! GitHub's token service, Entra's token endpoint and an ARM endpoint's metadata in one loopback server with faults on request.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// What goes wrong with one answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Status(u16),
    RetryAfter(u64),
    Reset,
    Slow(Duration),
    Html,
    Truncated,
    Cut,
    Empty,
    Refusal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Github,
    Entra,
}

#[derive(Default)]
struct State {
    faults: [VecDeque<Fault>; 2],
    asked: [usize; 2],
}

pub(crate) struct Service {
    pub(crate) base: String,
    state: Arc<Mutex<State>>,
}

/// The signed token that the service hands out; its signature is the canary.
pub(crate) fn assertion() -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:octo/app:environment:prod","aud":"api://AzureADTokenExchange"}"#;
    format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("CANARY-assertion"))
}

pub(crate) const ACCESS_TOKEN: &str = "CANARY-access-token";
pub(crate) const REQUEST_TOKEN: &str = "CANARY-request-token";

const REFUSAL: &str = r#"{"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:octo/app:environment:prod'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. Trace ID: trace-1 Correlation ID: correlation-1 Timestamp: 2026-11-21 10:00:00Z","error_codes":[700213],"timestamp":"2026-11-21 10:00:00Z","trace_id":"trace-1","correlation_id":"correlation-1"}"#;

impl Service {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<State>>::default();
        let (shared, own) = (Arc::clone(&state), base.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, base) = (Arc::clone(&shared), own.clone());
                // A client that gives up early breaks the pipe; that is its business.
                thread::spawn(move || drop(serve(stream, &shared, &base)));
            }
        });
        Self { base, state }
    }

    pub(crate) fn fault(&self, at: Endpoint, faults: &[Fault]) {
        self.state.lock().unwrap().faults[at as usize].extend(faults);
    }

    pub(crate) fn asked(&self, at: Endpoint) -> usize {
        self.state.lock().unwrap().asked[at as usize]
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, base: &str) -> std::io::Result<()> {
    let mut first = [0; 12];
    stream.peek(&mut first)?;
    let at = if first.starts_with(b"POST") { Some(Endpoint::Entra) } else { None };
    let at = at.or_else(|| first.starts_with(b"GET /github").then_some(Endpoint::Github));
    let fault = at.and_then(|at| {
        let mut state = state.lock().unwrap();
        state.asked[at as usize] += 1;
        state.faults[at as usize].pop_front()
    });
    if matches!(fault, Some(Fault::Reset)) {
        // What was not read makes the system send a reset instead of an end.
        return Ok(());
    }
    read_request(&mut stream)?;
    let good = match at {
        Some(Endpoint::Github) => format!("{{\"value\":\"{}\"}}", assertion()),
        Some(Endpoint::Entra) => {
            format!("{{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"{ACCESS_TOKEN}\"}}")
        }
        None => {
            format!("{{\"resourceManager\":\"{base}\",\"authentication\":{{\"loginEndpoint\":\"{base}\"}}}}")
        }
    };
    stream.write_all(answer(fault, &good).as_bytes())
}

fn answer(fault: Option<Fault>, good: &str) -> String {
    let json = "content-type: application/json\r\n";
    match fault {
        None => whole(200, json, good),
        Some(Fault::Status(status)) => whole(status, "", ""),
        Some(Fault::RetryAfter(seconds)) => whole(429, &format!("retry-after: {seconds}\r\n"), "{}"),
        Some(Fault::Slow(time)) => {
            thread::sleep(time);
            whole(200, json, good)
        }
        Some(Fault::Html) => {
            whole(200, "content-type: text/html\r\n", "<!doctype html><p>Sign in to the proxy")
        }
        Some(Fault::Truncated) => whole(200, json, &good[..good.len() / 2]),
        Some(Fault::Cut) => whole(200, json, good)[..120].to_owned(),
        Some(Fault::Empty) => whole(200, json, ""),
        Some(Fault::Refusal) => whole(401, json, REFUSAL),
        Some(Fault::Reset) => String::new(),
    }
}

fn whole(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&seen).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(());
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => seen.extend_from_slice(&buffer[..read]),
        }
    }
}
