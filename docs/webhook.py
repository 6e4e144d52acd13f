"""Receives gmbot's webhooks, and believes only what is signed.

GMBOT_SECRET=whsec_… python3 webhook.py PORT
"""
import base64, hashlib, hmac, http.server, json, os, sys, time

KEY = base64.b64decode(os.environ["GMBOT_SECRET"].removeprefix("whsec_"))
SEEN = set()  # keep it where it outlives the process


def is_gmbots(headers, body):
    message, moment = headers["webhook-id"], headers["webhook-timestamp"]
    signed = f"{message}.{moment}.".encode() + body
    signature = "v1," + base64.b64encode(hmac.digest(KEY, signed, hashlib.sha256)).decode()
    is_fresh = abs(time.time() - int(moment)) < 300
    return is_fresh and hmac.compare_digest(signature, headers["webhook-signature"])


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            good = is_gmbots(self.headers, body)
        except (TypeError, ValueError):
            good = False
        self.send_response(204 if good else 401)
        self.end_headers()
        if good and self.headers["webhook-id"] not in SEEN:
            SEEN.add(self.headers["webhook-id"])
            told = json.loads(body)
            print(told["type"], told["war"]["id"], flush=True)


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
