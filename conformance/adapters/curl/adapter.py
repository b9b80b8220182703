#!/usr/bin/env python3
"""curl as a system under test: --sut "exec:conformance/adapters/curl/adapter.py".

  group            files in a row, one curl process at a time
  ResumeGroup      starts curl for the first file that is not whole; --continue-at - if an earlier
                   curl of ours has begun it. If that was ended when the last byte had come, curl
                   asks for what is behind it, and the 416 is an error to it but not here
  SuspendGroup     ends that curl; CancelGroup too, and what it stored stays where it is
  SIZE_DONE        the size of the local file: curl writes straight to it, so there is no other name
  get_Size         Content-Length or Content-Range of the answer, as curl wrote it to a file
  error            curl's exit status is not 0: 0x80190000 + HTTP status if that is over 299, else
                   E_FAIL, since the exit status of curl is no HRESULT
  retries          0: curl 7.88 does not say
  requests, dates, retries, redirects: curl's, with the options below

Unsupported: see ../groups.py.
"""
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from groups import Groups
from programs import now, start_program
from protocol import serve

E_FAIL = 0x80004005
# Without a word from the server for 5 s, and 1 s between attempts: a case waits 20 s.
OPTIONS = ["--disable", "--silent", "--noproxy", "127.0.0.1", "--proto", "=http,https", "--globoff",
           "--fail", "--location", "--remote-time", "--no-buffer", "--connect-timeout", "5",
           "--speed-limit", "1", "--speed-time", "5", "--retry", "5", "--retry-delay", "1",
           "--write-out", "%{json}"]


class Transfer:
    def __init__(self, file, heads):
        self.local_name, self.continued, self.heads = file["local_name"], file["begun"], heads
        open(heads, "wb").close()
        go_on = ["--continue-at", "-"] if self.continued else []
        self.process = start_program(
            ["curl", *OPTIONS, *go_on, "--dump-header", heads, "--output", file["local_name"],
             "--url", file["remote_name"]])

    def last_head(self):
        with open(self.heads, encoding="latin-1") as heads:
            return re.split(r"^(?=HTTP/)", heads.read(), flags=re.M)[-1]

    def nothing_is_missing(self):
        """A 416 tells as many bytes as are here."""
        told = re.search(r"^content-range: bytes \*/(\d+)\s*$", self.last_head(), re.I | re.M)
        return self.continued and told and int(told[1]) == now(self.local_name)[0]

    def size(self):
        """From the last head, and None if that is no answer with the file."""
        last = self.last_head()
        told = re.search(r"^content-range: bytes .*/(\d+)\s*$", last, re.I | re.M) or re.search(
            r"^content-length: (\d+)\s*$", last, re.I | re.M)
        return int(told[1]) if told and re.match(r"HTTP/\S+ 2", last) else None

    def look(self):
        if self.process.poll() is None:
            return False, self.size(), {}
        if self.process.returncode == 0 or self.nothing_is_missing():
            return True, self.size(), {}
        status = json.loads(self.process.stdout.read() or "{}").get("http_code", 0)
        code = 0x80190000 + status if status >= 300 else E_FAIL
        return True, self.size(), {"win32_result": code, "transport_result": status}

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Curl:
    def __init__(self, state):
        told = subprocess.run(["curl", "--disable", "--version"], capture_output=True, text=True,
                              check=True)
        self.version = told.stdout.split()[1]
        self.state, self.started = state, 0

    def start(self, file):
        self.started += 1
        return Transfer(file, os.path.join(self.state, f"heads.{self.started}"))


if __name__ == "__main__":
    serve("curl", lambda state: Groups(Curl, state))
