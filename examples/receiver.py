"""Receives the desk's webhooks and takes only what the desk has signed. Put TLS in front of it."""

import base64
import hmac
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        head, body = self.headers, self.rfile.read(int(self.headers.get("content-length", 0)))
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        right = "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
        given, sent_at = head.get("webhook-signature", ""), head.get("webhook-timestamp", "0")
        is_ours = any(hmac.compare_digest(right, one) for one in given.split())
        is_fresh = abs(time.time() - int(sent_at)) < 300
        if is_ours and is_fresh:
            print(head["webhook-id"], body.decode(), flush=True)
        self.send_response(204 if is_ours and is_fresh else 401)
        self.end_headers()


HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Receiver).serve_forever()
