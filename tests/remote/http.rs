//! Single files from a server, which the tests run.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use super::*;

/// A server on this machine, for as long as the tests run: what it serves, and how often it was asked. A text `-> URL`
/// sends the request on.
pub struct Server {
    port: u16,
    state: Arc<Mutex<(BTreeMap<String, String>, usize)>>,
}

impl Server {
    /// `None` where there is no curl.
    pub fn start(files: &[(&str, &str)]) -> Option<Server> {
        if Command::new("curl").arg("--version").output().is_err() {
            eprintln!("skipped: the program curl is not installed");
            return None;
        }
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let state = Arc::new(Mutex::new((files, 0)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { port: listener.local_addr().unwrap().port(), state: state.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(&stream).lines();
                let request = lines.next().and_then(Result::ok).unwrap_or_default();
                lines.map_while(Result::ok).find(String::is_empty);
                let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                let mut state = state.lock().unwrap();
                state.1 += 1;
                let (status, body) = match state.0.get(&path) {
                    Some(text) if text.starts_with("-> ") => {
                        let head =
                            format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", &text[3..]);
                        let _ = (&stream).write_all(head.as_bytes());
                        continue;
                    }
                    Some(text) => ("200 OK", text.clone()),
                    None => ("404 Not Found", "<html>none</html>".to_owned()),
                };
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = (&stream).write_all((head + &body).as_bytes());
            }
        });
        Some(server)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn put(&self, path: &str, text: &str) {
        self.state.lock().unwrap().0.insert(path.to_owned(), text.to_owned());
    }

    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().1
    }
}

#[test]
fn files_wherever_a_file_can_be_named() {
    let Some(place) = Place::new() else { return };
    let patch = "- {op: replace, path: /data/level, value: debug}\n";
    let Some(server) = Server::start(&[("/a/config.yaml", CONFIG), ("/patch.yaml", patch), ("/app.conf", "x=1\n")])
    else {
        return;
    };
    let text = format!(
        "resources: [\"{}\"]\npatches: [{{path: \"{}\", target: {{name: shop}}}}]\nconfigMapGenerator:\n- name: made\n  files: [\"{}\"]\n",
        server.url("/a/config.yaml"),
        server.url("/patch.yaml"),
        server.url("/app.conf")
    );
    place.write("app/kustomization.yaml", &text);
    let text = place.build(plain_http()).unwrap();
    says(&text, &["level: debug", "app.conf: |\n    x=1\n"]);
    match Command::new("kubectl").args(["kustomize"]).arg(place.0.join("app")).output() {
        Ok(output) if output.status.success() => assert_eq!(text, String::from_utf8_lossy(&output.stdout)),
        _ => eprintln!("skipped: kubectl kustomize does not build this here"),
    }
    let lock = place.read("app/kollate.lock").unwrap();
    assert_eq!(lock.matches("sha256: ").count(), 3, "{lock}");
}

#[test]
fn a_file_is_pinned_and_asked_for_once() {
    let Some(place) = Place::new() else { return };
    let Some(server) = Server::start(&[("/config.yaml", CONFIG)]) else { return };
    for i in 0..6 {
        let text = format!("resources: [\"{}\"]\n", server.url("/config.yaml"));
        place.write(&format!("app/environments/e{i}/kustomization.yaml"), &text);
    }
    let (session, remotes, _) = place.session(plain_http());
    let folders: Vec<PathBuf> = (0..6).map(|i| place.0.join(format!("app/environments/e{i}"))).collect();
    for build in session.build_all(&folders) {
        assert!(!build.findings.has_errors(), "{}", plain(session.store().map(), &build.findings));
        assert!(build.reads.contains(&place.0.join("app/kollate.lock")));
        let resource = build.resources.iter().next().unwrap();
        assert_eq!(session.store().map().place(resource.declared).file, "127.0.0.1/config.yaml");
    }
    assert_eq!(server.asked(), 1);
    remotes.save().unwrap();

    place.resources(&[&server.url("/config.yaml")]);
    server.put("/config.yaml", &CONFIG.replace("info", "debug"));
    says(&place.build(Settings { lock: LockMode::Frozen, ..plain_http() }).unwrap(), &["level: info"]);
    assert_eq!(server.asked(), 1, "what is pinned and cached is not asked for");
    fs::remove_dir_all(place.0.join("cache")).unwrap();
    says(&place.fails(plain_http()), &["error[build/remote-drift]", "kollate lock"]);
    says(&place.build(Settings { lock: LockMode::Refresh, ..plain_http() }).unwrap(), &["level: debug"]);
    says(&place.build(Settings { offline: true, ..plain_http() }).unwrap(), &["level: debug"]);
}

#[test]
fn answers_that_are_no_file() {
    let Some(place) = Place::new() else { return };
    let Some(server) = Server::start(&[("/download/latest", CONFIG), ("/large.yaml", &"#\n".repeat(17 << 20))]) else {
        return;
    };
    place.resources(&[&server.url("/none.yaml")]);
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "the server answers 404"]);
    place.resources(&[&server.url("/large.yaml")]);
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "longer than 32 MiB"]);
    // It could be a repository as well; the server knows.
    place.resources(&[&server.url("/download/latest")]);
    says(&place.build(plain_http()).unwrap(), &["name: shop"]);
    place.resources(&[&server.url("/org/repo")]);
    says(&place.fails(plain_http()), &["error[build/remote-fetch]", "note: git says: "]);
}
