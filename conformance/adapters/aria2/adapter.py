#!/usr/bin/env python3
"""aria2c as a system under test: --sut "exec:conformance/adapters/aria2/adapter.py".

  group            files in a row, each a download of one aria2c that is asked over JSON-RPC on
                   127.0.0.1, with a port that was free and a secret
  ResumeGroup      aria2.addUri for the first file that is not whole, with `continue` if an earlier
                   download of ours has begun it
  SuspendGroup     aria2.forceRemove; CancelGroup too, and what it stored stays where it is
  SIZE_DONE        the size of the local file: aria2 writes straight to it, in one piece with
                   --split=1; its own count goes up by blocks of 16 KiB
  get_Size         totalLength of aria2.tellStatus, if it is not 0
  error            status "error": 0x80190000 + HTTP status where errorMessage or errorCode tells
                   one, ERROR_DISK_FULL for errorCode 9, else E_FAIL
  retries          0: aria2 does not say
  requests, dates, retries, redirects: aria2's, with the options below; in a control file NAME.aria2
                   beside the local file it keeps what it has

Unsupported: see ../groups.py.
"""
import http.client
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from groups import Groups
from programs import start_program
from protocol import serve

E_FAIL, DISK_FULL = 0x80004005, 0x80070070
HTTP_STATUS = {"3": 404, "24": 401, "29": 503}  # errorCode (aria2c(1), EXIT STATUS) without a text
# Without a word from the server for 5 s, and 1 s between attempts: a case waits 20 s. Without IPv6,
# because aria2c would take a port that is only half free.
OPTIONS = """enable-rpc=true
disable-ipv6=true
quiet=true
file-allocation=none
disk-cache=0
allow-overwrite=true
auto-file-renaming=false
remote-time=true
split=1
max-concurrent-downloads=1000
timeout=5
connect-timeout=5
retry-wait=1
no-proxy=127.0.0.1
no-netrc=true
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Download:
    def __init__(self, aria2, gid):
        self.aria2, self.gid = aria2, gid

    def look(self):
        keys = ["status", "totalLength", "errorCode", "errorMessage"]
        now = self.aria2.ask("tellStatus", self.gid, keys)
        size = int(now["totalLength"]) or None
        if now["status"] != "error":
            return now["status"] == "complete", size, {}
        told = re.search(r"(?:status[ =]|Got )(\d{3})\b", now["errorMessage"])
        status = int(told[1]) if told else HTTP_STATUS.get(now["errorCode"], 0)
        code = DISK_FULL if now["errorCode"] == "9" else E_FAIL
        return True, size, {"win32_result": 0x80190000 + status if status else code,
                            "transport_result": status}

    def status(self):
        return self.aria2.ask("tellStatus", self.gid, ["status"])["status"]

    def stop(self):
        if self.status() in ("active", "waiting"):
            self.aria2.ask("forceRemove", self.gid)
        patience = 500  # times 10 ms, which is half of what a call may take
        while self.status() == "active":  # as long as it is, no other may write to that file
            patience -= 1
            if patience == 0:
                raise RuntimeError("aria2c does not remove a download")
            time.sleep(0.01)


class Aria2:
    def __init__(self, state):
        told = subprocess.run(["aria2c", "--version"], capture_output=True, text=True, check=True)
        self.version = told.stdout.split()[2]
        self.settings, self.secret = os.path.join(state, "aria2.conf"), secrets.token_hex(16)
        self.process = None

    def begin(self):
        """Starts aria2c. Another program may take the port first; then it ends and another port is
        tried."""
        while self.process is None:
            self.port = free_port()
            with open(self.settings, "w", encoding="utf-8",
                      opener=lambda path, flags: os.open(path, flags, 0o600)) as settings:
                settings.write(f"{OPTIONS}rpc-listen-port={self.port}\nrpc-secret={self.secret}\n")
            self.process = start_program(
                ["aria2c", "--conf-path=" + self.settings, f"--stop-with-process={os.getpid()}"])
            end = time.monotonic() + 8  # a call may take ten seconds
            while self.process and not self.answers():
                if time.monotonic() > end:
                    self.process.kill()
                    raise RuntimeError("aria2c does not answer")
                try:
                    self.process.wait(0.005)  # between two tries; arbitrary
                    self.process = None
                except subprocess.TimeoutExpired:
                    pass

    def answers(self):
        try:
            return self.ask("getVersion")["version"] == self.version
        except (OSError, RuntimeError, http.client.HTTPException):
            return False

    def ask(self, method, *arguments):
        question = {"jsonrpc": "2.0", "id": 1, "method": "aria2." + method,
                    "params": ["token:" + self.secret, *arguments]}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        line.request("POST", "/jsonrpc", json.dumps(question))
        answer = json.loads(line.getresponse().read())
        line.close()
        if "result" not in answer:
            raise RuntimeError(f"{method}: {answer}")
        return answer["result"]

    def start(self, file):
        self.begin()
        folder, name = os.path.split(file["local_name"])
        options = {"dir": folder, "out": name, "continue": "true" if file["begun"] else "false"}
        return Download(self, self.ask("addUri", [file["remote_name"]], options))


if __name__ == "__main__":
    serve("aria2", lambda state: Groups(Aria2, state))
