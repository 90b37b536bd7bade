"""A scripted stand-in for an OpenAI-compatible server, on this machine."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Script:
    """What the server does with the next request, and what requests it has had.

    `gate` holds the response up while it is cleared. `requests` are pairs of headers and body.
    """

    def __init__(self, address):
        self.url = f"{address}/v1"
        self.status = 200
        self.headers = {"Content-Type": "application/json"}
        self.body = b""
        self.gate = threading.Event()
        self.gate.set()
        self.requests = []

    def says(self, content, **choice):
        """Answer with a chat completion; None is no text."""
        message = {"role": "assistant", "content": content}
        self.gives({"choices": [{"message": message, "finish_reason": "stop"} | choice]})

    def gives(self, body, status=200, **headers):
        self.status, self.headers = status, headers
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


@contextmanager
def chat_server():
    """Serve one script on a free port of the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            sent = json.loads(self.rfile.read(length))
            script.requests.append((self.path, dict(self.headers), sent))
            script.gate.wait(timeout=20)
            try:
                self.send_response(script.status)
                for name, value in script.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(script.body)))
                self.end_headers()
                self.wfile.write(script.body)
            except OSError:  # who asked has gone
                pass

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host, port = server.server_address
        script = Script(f"http://{host}:{port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield script
        finally:
            script.gate.set()
            server.shutdown()
            thread.join(timeout=10)
