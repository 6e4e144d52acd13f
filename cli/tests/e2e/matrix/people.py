"""People on a Matrix homeserver, by matrix-nio: what they do is read from standard input, a request a line.

A request is `{"id": 1, "do": "send", …}`, its answer `{"id": 1, "done": …}` or `{"id": 1, "failed": "…"}`.
Requests are carried out side by side; a method of `People` is one kind of request. Everybody who has
logged in keeps reading what is said, also over restarts of the homeserver; `read` tells it.

usage: people.py URL SHARED-SECRET FOLDER
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import os
import sys
import time
import urllib.request

import nio
from nio.crypto.attachments import decrypt_attachment

# How many events of a room a sync may bring: more than are ever said between two of them here.
FILTER = {"room": {"timeline": {"limit": 500}, "ephemeral": {"types": []}}, "presence": {"types": []}}
# How long a sync waits for something, and what comes between two tries, in seconds.
LONG_POLL, REST = 30, 0.2
# How a line begins that somebody repeats who echoes.
ECHO = "echo "


class Person:
    """Somebody with a device, and what they have read in each room."""

    def __init__(self, url, user, folder):
        os.makedirs(folder, exist_ok=True)
        # A request that takes long on a busy machine is not made twice.
        config = nio.AsyncClientConfig(
            store_sync_tokens=False, max_timeout_retry_wait_time=1, request_timeout=600
        )
        self.client = nio.AsyncClient(url, user, store_path=folder, config=config)
        self.client.add_event_callback(self.hear, None)
        self.read, self.locked, self.sending, self.answering = {}, [], {}, set()
        self.news = asyncio.Condition()
        self.echoes = False
        self.listening = None

    async def log_in(self, password):
        good(await self.client.login(password, device_name="people"), nio.LoginResponse)
        await self.sync(0)
        self.listening = asyncio.create_task(self.listen())

    async def listen(self):
        while True:
            try:
                await self.sync(LONG_POLL)
            except Exception as problem:  # the homeserver may be away, and will be back
                print(f"{self.client.user_id}: {problem!r}", file=sys.stderr)
                await asyncio.sleep(REST)

    async def sync(self, seconds):
        client = self.client
        answer = await client.sync(timeout=seconds * 1000, sync_filter=FILTER)
        if not isinstance(answer, nio.SyncResponse):
            await asyncio.sleep(REST)
            return
        if client.should_upload_keys:
            await client.keys_upload()
        if client.should_query_keys:
            await client.keys_query()
        if client.should_claim_keys:
            await client.keys_claim(client.get_users_for_key_claiming())
        await client.send_to_device_messages()
        for room in list(client.invited_rooms):
            await client.join(room)
        locked, self.locked = self.locked, []
        for room, event in locked:
            await self.hear(room, self.unlock(event))
        async with self.news:
            self.news.notify_all()

    def unlock(self, event):
        try:
            return self.client.decrypt_event(event)
        except nio.EncryptionError:
            return event

    async def hear(self, room, event):
        if isinstance(event, nio.MegolmEvent):
            self.locked.append((room, event))
            return
        if not isinstance(event, (nio.Event, nio.BadEvent, nio.UnknownBadEvent)):
            return
        source = event.source
        heard = {key: source.get(key) for key in ("event_id", "sender", "type", "content", "redacts", "state_key")}
        heard["encrypted"] = bool(getattr(event, "decrypted", False))
        heard["at"] = time.monotonic()
        self.read.setdefault(room.room_id, []).append(heard)
        body = (heard["content"] or {}).get("body") or ""
        if self.echoes and body.startswith(ECHO):
            answer = {"msgtype": "m.notice", "body": body[len(ECHO):], "m.mentions": {}}
            answer["m.relates_to"] = {"m.in_reply_to": {"event_id": heard["event_id"]}}
            task = asyncio.create_task(self.send(room.room_id, "m.room.message", answer))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)

    async def send(self, room, kind, content):
        # The first message into a room shares its key; others wait for that.
        async with self.sending.setdefault(room, asyncio.Lock()):
            while self.client.should_query_keys:
                await self.client.keys_query()
            begun = time.monotonic()
            sent = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
            return {"event": good(sent, nio.RoomSendResponse).event_id, "at": begun}


class People:
    """Everybody, and what they can be asked to do."""

    def __init__(self, url, secret, folder):
        self.url, self.secret, self.folder = url, secret, folder
        self.all = {}

    def client(self, who):
        return self.all[who].client

    async def register(self, user, password, admin=False):
        """Makes an account, by the secret that the homeserver shares."""
        path = f"{self.url}/_synapse/admin/v1/register"
        nonce = (await asyncio.to_thread(fetch, path))["nonce"]
        words = [nonce, user, password, "admin" if admin else "notadmin"]
        mac = hmac.new(self.secret.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": user, "password": password, "admin": admin, "mac": mac}
        made = await asyncio.to_thread(fetch, path, body)
        return {"user": made["user_id"], "token": made["access_token"]}

    async def login(self, user, password):
        """Logs an account in, on a device of its own; from then on it reads."""
        person = Person(self.url, user, os.path.join(self.folder, user.strip("@").replace(":", "_")))
        self.all[user] = person
        await person.log_in(password)

    async def echo(self, who):
        """Lets somebody repeat what asks for it: the least that a bot can do."""
        self.all[who].echoes = True

    async def create(self, who, name, version, encrypted, invite=()):
        """Makes a room, and invites others to it."""
        state = [nio.EnableEncryptionBuilder().as_dict()] if encrypted else []
        made = await self.client(who).room_create(
            name=name, room_version=version, initial_state=state, invite=invite
        )
        room = good(made, nio.RoomCreateResponse).room_id
        await self.in_room(who, room)
        return room

    async def in_room(self, who, room, seconds=120):
        """Waits until somebody is in a room; everybody joins where they are invited."""
        person = self.all[who]
        async with person.news:
            await asyncio.wait_for(person.news.wait_for(lambda: room in person.client.rooms), seconds)

    async def alone(self, who, with_whom, seconds=120):
        """The rooms in which somebody is alone with another; waits for the first."""
        person = self.all[who]

        def found():
            rooms = person.client.rooms.items()
            return [room for room, inside in rooms if set(inside.users) == {who, with_whom}]

        async with person.news:
            return await asyncio.wait_for(person.news.wait_for(found), seconds)

    async def invite(self, who, room, whom):
        good(await self.client(who).room_invite(room, whom), nio.RoomInviteResponse)

    async def leave(self, who, room):
        good(await self.client(who).room_leave(room), nio.RoomLeaveResponse)

    async def kick(self, who, room, whom):
        good(await self.client(who).room_kick(room, whom), nio.RoomKickResponse)

    async def send(self, who, room, content, kind="m.room.message"):
        """Says something; it is encrypted where the room is."""
        return await self.all[who].send(room, kind, content)

    async def image(self, who, room, data, name, mime, relation=None):
        """Sends an image; it is encrypted where the room is."""
        client, data = self.client(who), base64.b64decode(data)
        encrypted = client.rooms[room].encrypted
        uploaded, keys = await client.upload(
            lambda *_: data, mime, name, encrypt=encrypted, filesize=len(data)
        )
        url = good(uploaded, nio.UploadResponse).content_uri
        content = {"msgtype": "m.image", "body": name, "info": {"mimetype": mime, "size": len(data)}}
        content.update({"file": dict(keys, url=url)} if encrypted else {"url": url})
        if relation:
            content["m.relates_to"] = relation
        return await self.all[who].send(room, "m.room.message", content)

    async def download(self, who, content):
        """The bytes of an image that somebody sent."""
        file = content.get("file")
        got = await self.client(who).download(mxc=file["url"] if file else content["url"])
        data = good(got, nio.MemoryDownloadResponse).body
        if file:
            data = decrypt_attachment(data, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
        return base64.b64encode(data).decode()

    async def state(self, who, room, kind, content, key=""):
        """Says something that holds for a room from then on."""
        put = await self.client(who).room_put_state(room, kind, content, key)
        return good(put, nio.RoomPutStateResponse).event_id

    async def redact(self, who, room, event):
        good(await self.client(who).room_redact(room, event), nio.RoomRedactResponse)

    async def read(self, who, room, after, seconds):
        """What somebody read in a room after so many events; waits for the first."""
        person = self.all[who]

        def news():
            return person.read.get(room, [])[after:]

        async with person.news:
            try:
                await asyncio.wait_for(person.news.wait_for(news), seconds)
            except asyncio.TimeoutError:
                pass
        locked = sum(where.room_id == room for where, _ in person.locked)
        return {"events": news(), "locked": locked}

    async def serve(self):
        loop = asyncio.get_running_loop()
        lines = asyncio.StreamReader(limit=64 << 20)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        tasks = set()
        while line := await lines.readline():
            task = asyncio.create_task(self.answer(json.loads(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def answer(self, request):
        number = request.pop("id")
        try:
            answer = {"id": number, "done": await getattr(self, request.pop("do"))(**request)}
        except Exception as problem:  # whoever asked decides what it means
            answer = {"id": number, "failed": repr(problem)}
        print(json.dumps(answer), flush=True)


def good(answer, kind):
    """An answer of the homeserver that has to be of a kind."""
    if not isinstance(answer, kind):
        raise RuntimeError(str(answer))
    return answer


def fetch(url, body=None):
    request = urllib.request.Request(url, body and json.dumps(body).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    # It tells of each refusal and each try while the homeserver is away.
    logging.getLogger("nio").setLevel(logging.CRITICAL)
    asyncio.run(People(*sys.argv[1:]).serve())
