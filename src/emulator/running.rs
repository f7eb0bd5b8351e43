//! The handle of a running emulator: its URLs, its state, what it was asked. It stops when the handle is dropped.

use std::{io, sync::Arc, thread::JoinHandle};

use thiserror::Error;
use tokio::sync::oneshot;

use super::{
    certificate::{self, CertificateError},
    fault::Fault,
    github_oidc::TOKEN_REQUEST,
    key::Key,
    listener,
    record::Recorded,
    state::State,
    world::World,
};

/// The name of the agent's socket in its folder.
const AGENT: &str = "agent.sock";

/// How to listen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// TLS with a certificate of the emulator's own.
    pub tls: bool,
    /// The Workload API of SPIFFE at a Unix socket too, where the system has such.
    pub agent_socket: bool,
}

/// Why the emulator does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The socket or the thread could not be made.
    #[error("cannot listen on the loopback address")]
    Listen(#[from] io::Error),
    /// The certificate could not be made.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The fixed key could not be read.
    #[error("the fixed test key cannot be used")]
    Key(#[from] jsonwebtoken::errors::Error),
    /// The thread ended before it was ready.
    #[error("the emulator ended before it was ready")]
    Ended,
}

/// A running emulator. It lives in a thread of its own, so that a test may block.
#[derive(Debug)]
pub struct Emulator {
    ready: Ready,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Ready {
    world: Arc<World>,
    ca_pem: Option<String>,
    agent: Option<tempfile::TempDir>,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.world.base())
    }
}

impl Emulator {
    /// Starts on a free port, without TLS.
    ///
    /// # Errors
    /// When it cannot listen.
    pub async fn start(state: State) -> Result<Self, StartError> {
        let (starting, ready) = Starting::spawn(state, Options::default())?;
        starting.finish(ready.await)
    }

    /// Starts as `options` say and waits until it listens; for callers outside a runtime.
    ///
    /// # Errors
    /// When it cannot listen or make its certificate.
    pub fn start_blocking(state: State, options: Options) -> Result<Self, StartError> {
        let (starting, ready) = Starting::spawn(state, options)?;
        starting.finish(ready.blocking_recv())
    }

    /// Scheme, host and port, without a slash behind: the authority, the ARM endpoint and the Graph endpoint.
    #[must_use]
    pub fn url(&self) -> &str {
        self.ready.world.base()
    }

    /// The certificate that clients must trust, as PEM; `None` without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ready.ca_pem.as_deref()
    }

    /// Where the Workload API of SPIFFE is, without TLS: the value of `SPIFFE_ENDPOINT_SOCKET`.
    #[must_use]
    pub fn workload_api(&self) -> String {
        let port = self.url().rsplit(':').next().unwrap_or_default();
        match &self.ready.agent {
            Some(folder) => format!("unix:{}", folder.path().join(AGENT).display()),
            None => format!("tcp://127.0.0.1:{port}"),
        }
    }

    /// Where a job asks for its token: the value of `ACTIONS_ID_TOKEN_REQUEST_URL`.
    #[must_use]
    pub fn token_request_url(&self) -> String {
        format!("{}{TOKEN_REQUEST}", self.url())
    }

    /// The bearer of that request: the value of `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    #[must_use]
    pub fn request_token(&self) -> String {
        self.ready.world.state().github.request_token.clone()
    }

    /// The base of GitHub's REST API: the value of `GITHUB_API_URL`.
    #[must_use]
    pub fn github_api_url(&self) -> String {
        format!("{}/github/api", self.url())
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.ready.world.state().faults = faults;
    }

    /// Changes the state.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.ready.world.state());
    }

    /// A copy of the state.
    #[must_use]
    pub fn state(&self) -> State {
        self.ready.world.state().clone()
    }

    /// Everything asked so far, in order, but for the control door.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.ready.world.requests().clone()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has shown itself already.
            let _: std::thread::Result<()> = thread.join();
        }
    }
}

/// An emulator whose thread runs, but of which nobody knows yet whether it listens.
struct Starting {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

type Outcome = Result<Ready, StartError>;

impl Starting {
    fn spawn(state: State, options: Options) -> io::Result<(Self, oneshot::Receiver<Outcome>)> {
        let (tell, ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(live(state, options, tell, stopped)),
                Err(error) => drop(tell.send(Err(error.into()))),
            }
        };
        let thread = std::thread::Builder::new().name("fedcred-emulator".into()).spawn(run)?;
        Ok((Self { stop, thread }, ready))
    }

    fn finish(self, told: Result<Outcome, oneshot::error::RecvError>) -> Result<Emulator, StartError> {
        let ready = told.map_err(|_| StartError::Ended)??;
        Ok(Emulator { ready, stop: Some(self.stop), thread: Some(self.thread) })
    }
}

/// Listens, tells that it does, and serves until `stopped` ends.
async fn live(
    state: State,
    options: Options,
    tell: oneshot::Sender<Outcome>,
    stopped: oneshot::Receiver<()>,
) {
    let (listener, tls, ready) = match prepare(state, options).await {
        Ok(prepared) => prepared,
        Err(error) => return drop(tell.send(Err(error))),
    };
    let world = Arc::clone(&ready.world);
    #[cfg(unix)]
    let agent = match agent_socket(&ready) {
        Ok(agent) => agent,
        Err(error) => return drop(tell.send(Err(error.into()))),
    };
    drop(tell.send(Ok(ready)));
    #[cfg(unix)]
    let agent = listener::serve_agent(agent, Arc::clone(&world));
    #[cfg(not(unix))]
    let agent = std::future::pending();
    tokio::select! {
        () = agent => {}
        () = listener::serve(listener, tls, world) => {}
        _ = stopped => {}
    }
}

/// Listens where the agent's folder is.
#[cfg(unix)]
fn agent_socket(ready: &Ready) -> io::Result<Option<tokio::net::UnixListener>> {
    let folder = ready.agent.as_ref();
    folder.map(|folder| tokio::net::UnixListener::bind(folder.path().join(AGENT))).transpose()
}

type Prepared = (tokio::net::TcpListener, Option<tokio_rustls::TlsAcceptor>, Ready);

async fn prepare(state: State, options: Options) -> Result<Prepared, StartError> {
    let key = Key::fixed()?;
    let identity = if options.tls { Some(certificate::make()?) } else { None };
    let listener = listener::bind(options.port).await?;
    let port = listener.local_addr()?.port();
    let base =
        if options.tls { format!("https://localhost:{port}") } else { format!("http://127.0.0.1:{port}") };
    let world = Arc::new(World::new(base, key, state));
    let (tls, ca_pem) = identity.map(|identity| (identity.acceptor, identity.ca_pem)).unzip();
    let agent = if options.agent_socket && cfg!(unix) { Some(tempfile::tempdir()?) } else { None };
    Ok((listener, tls, Ready { world, ca_pem, agent }))
}
