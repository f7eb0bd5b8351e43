//! The reqwest client: which roots it trusts, which way it goes, and how an answer is read within its limits.

use std::{net::IpAddr, sync::OnceLock};

use http::{Request, Response, Uri};
use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};

use super::{
    failure::Failure,
    http::{Direct, Limits},
};

/// What every request calls itself.
const USER_AGENT: &str = concat!("fedcred/", env!("CARGO_PKG_VERSION"));

/// The network. Clients are made when they are first needed.
#[derive(Debug)]
pub struct Wire {
    /// Through the proxies of the environment, if there are any.
    outside: OnceLock<Result<Client, Failure>>,
    /// To this machine itself and to whatever is [`Direct`], where no proxy can help.
    direct: OnceLock<Result<Client, Failure>>,
    /// Roots beside the system's, as PEM.
    roots: String,
}

impl Wire {
    pub(super) const fn new() -> Self {
        Self { outside: OnceLock::new(), direct: OnceLock::new(), roots: String::new() }
    }

    /// The network, trusting in addition the certificates in `roots` (PEM).
    #[must_use]
    pub const fn trusting(roots: String) -> Self {
        Self { outside: OnceLock::new(), direct: OnceLock::new(), roots }
    }

    /// The client for the outside world.
    fn client(&self) -> Result<&Client, Failure> {
        self.outside.get_or_init(|| self.make(false)).as_ref().map_err(Clone::clone)
    }

    pub(super) fn client_for(&self, to: &Uri) -> Result<&Client, Failure> {
        if is_loopback(to) { self.direct() } else { self.client() }
    }

    fn direct(&self) -> Result<&Client, Failure> {
        self.direct.get_or_init(|| self.make(true)).as_ref().map_err(Clone::clone)
    }

    pub(super) async fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Response<Vec<u8>>, Failure> {
        let direct = request.extensions().get::<Direct>().is_some();
        let client = if direct { self.direct() } else { self.client_for(request.uri()) }?;
        let mut request = reqwest::Request::try_from(request).map_err(Failure::of)?;
        *request.timeout_mut() = Some(limits.total);
        let work = async {
            let answer = client.execute(request).await.map_err(Failure::of)?;
            read(answer, limits.body).await
        };
        tokio::time::timeout(limits.total, work).await.unwrap_or(Err(Failure::Timeout))
    }

    fn make(&self, direct: bool) -> Result<Client, Failure> {
        // Another provider may already be there when we are used as a library; ours is then not needed.
        let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
        let extra = self.extra_roots()?;
        let build = |trust: &dyn Fn(ClientBuilder) -> ClientBuilder| {
            let builder = Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                .connect_timeout(Limits::default().connect)
                .retry(reqwest::retry::never());
            trust(if direct { builder.no_proxy() } else { builder }).build()
        };
        // Without any certificate store of the system the first attempt fails.
        // Source: seanmonstar/reqwest#2988.
        build(&|builder| builder.tls_certs_merge(extra.clone()))
            .or_else(|_| build(&|builder| builder.tls_certs_only(bundled_roots().chain(extra.clone()))))
            .map_err(Failure::of)
    }

    /// What `NODE_EXTRA_CA_CERTS` names, since runners behind TLS inspection set it. `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR` take the place of the system's own store by themselves.
    fn extra_roots(&self) -> Result<Vec<Certificate>, Failure> {
        let mut roots = parse(self.roots.as_bytes(), "the given roots")?;
        if let Some(path) = std::env::var_os("NODE_EXTRA_CA_CERTS").filter(|path| !path.is_empty()) {
            let shown = path.to_string_lossy().into_owned();
            // Node goes on without a file that it cannot read; so do we.
            if let Ok(pem) = std::fs::read(&path) {
                roots.extend(parse(&pem, &shown)?);
            }
        }
        Ok(roots)
    }
}

fn parse(pem: &[u8], from: &str) -> Result<Vec<Certificate>, Failure> {
    Certificate::from_pem_bundle(pem)
        .map_err(|error| Failure::Unsent(format!("certificates in {from} cannot be read: {error}")))
}

/// Mozilla's roots, for machines without any.
fn bundled_roots() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|root| Certificate::from_der(root).ok())
}

fn is_loopback(to: &Uri) -> bool {
    let host = to.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Response<Vec<u8>>, Failure> {
    if answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(Failure::TooLarge(limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(inside)? {
        if body.len() + chunk.len() > limit {
            return Err(Failure::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    let mut whole = Response::new(body);
    *whole.status_mut() = answer.status();
    std::mem::swap(whole.headers_mut(), answer.headers_mut());
    Ok(whole)
}

/// Inside a body a cut connection is a truncated answer.
fn inside(error: reqwest::Error) -> Failure {
    match Failure::of(error) {
        Failure::Reset | Failure::Other(_) => Failure::Truncated,
        other @ (Failure::Dns
        | Failure::Refused
        | Failure::Tls(_)
        | Failure::Timeout
        | Failure::TooLarge(_)
        | Failure::Truncated
        | Failure::Unsent(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
        time::Duration,
    };

    use super::*;
    use crate::host::{Http, block_on};

    /// Answers one connection with `answer` and closes it.
    fn once(answer: &'static [u8], hold: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer).unwrap();
            if hold {
                // Until the client goes away.
                let _ = stream.read(&mut request);
            }
        });
        url
    }

    fn get(url: &str, limits: Limits) -> Result<Response<Vec<u8>>, Failure> {
        let request = Request::get(url).body(Vec::new()).unwrap();
        block_on(Http::real().send(request, &limits)).unwrap()
    }

    #[test]
    fn every_way_to_have_no_answer_has_its_own_name() {
        let limits = Limits { total: Duration::from_millis(300), body: 10, ..Limits::default() };
        let body = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine";
        assert_eq!(get(&once(body, false), limits).unwrap().into_body(), b"fine");
        assert_eq!(get(&once(b"", false), limits).unwrap_err(), Failure::Reset);
        let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfi";
        assert_eq!(get(&once(cut, false), limits).unwrap_err(), Failure::Truncated);
        assert_eq!(get(&once(cut, true), limits).unwrap_err(), Failure::Timeout);
        let long = b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nfinefinefine";
        assert_eq!(get(&once(long, false), limits).unwrap_err(), Failure::TooLarge(10));
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(get(&format!("http://{closed}/"), limits).unwrap_err(), Failure::Refused);
        let plain = once(body, false).replace("http:", "https:");
        let failure = get(&plain, Limits::default()).unwrap_err();
        assert!(matches!(failure, Failure::Tls(_)), "{failure:?}");
    }

    #[test]
    fn a_redirect_is_an_answer_and_is_not_followed() {
        let answer = get(
            &once(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", false),
            Limits::default(),
        );
        assert_eq!(answer.unwrap().status(), 302);
    }

    #[test]
    fn only_this_machine_is_reached_without_a_proxy() {
        for (url, expected) in [
            ("http://127.0.0.1:1/", true),
            ("https://[::1]/", true),
            ("https://localhost/", true),
            ("https://localhost.example/", false),
            ("https://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
