"""A whole frontend for gmbot: reads lines, prints answers, and shows notices as they fall due.

GMBOT_KEY=… python3 frontend.py URL CLIENT PLATFORM SERVER PERSON     (the key of a trusted client)
"""
import json, os, sys, threading, time, urllib.error, urllib.request

URL, CLIENT, PLATFORM, SERVER, PERSON = sys.argv[1:]
HEADERS = {"client": CLIENT, "x-api-key": os.environ["GMBOT_KEY"]}
SPACE = {"key": {"platform": PLATFORM, "id": SERVER}, "name": SERVER, "direct": False}


def post(path, body):
    headers = HEADERS | {"content-type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return json.loads(answer.read() or "null")


def deliver():
    for notice in post("/api/v1/outbox/claim", {"platform": PLATFORM, "space": SPACE, "limit": 10}):
        print(notice["text"], flush=True)
        post("/api/v1/outbox/acknowledge", {"token": notice["token"], "fate": "delivered"})


def listen():
    while True:
        try:
            due = urllib.request.Request(URL + "/api/v1/outbox/due", headers=HEADERS)
            with urllib.request.urlopen(due, timeout=60) as events:
                for line in events:
                    if line == b"event: due\n":
                        deliver()
        except OSError as away:
            print(away, file=sys.stderr)
            time.sleep(5)


threading.Thread(target=listen, daemon=True).start()
for line in sys.stdin:
    answer = post("/line", {
        "text": line.strip(),
        "server": {"id": SERVER, "name": SERVER},
        "actor": {"id": PERSON, "name": PERSON, "role": "co-leader"},
    })
    if answer:
        print(answer["text"], flush=True)
