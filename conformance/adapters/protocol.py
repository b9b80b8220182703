"""docs/sut-protocol.md on standard input and output, for any system under test in Python.

  serve(name, System)   converses until the input ends. `System(state)` is made at hello, and raises
                        FileNotFoundError where the program it needs is not installed; it has
                        version        a text
                        abilities      list of words, only what is true
                        call(user, administrator, method, arguments)
                                       what stands in the reply beside S_OK, or None; may raise
                                       Refused or Unsupported
                        advance()      does what is due: called often, must not wait
                        close()        the input has ended
"""
import json
import os
import select

ADVANCE_S = 0.02  # between two looks at what is due while nobody calls; arbitrary


class Refused(Exception):
    """A call that fails, with its HRESULT."""


class Unsupported(Exception):
    """A call that nothing here stands for, with the reason."""


def refuse_if(wrong, hresult):
    if wrong:
        raise Refused(hresult)


def reply_to(system, message):
    ((method, arguments),) = message["call"].items()
    caller = message["as"]
    try:
        system.advance()
        beside = system.call(caller["user"], caller.get("administrator", False), method, arguments)
        system.advance()
        return {"reply": {"hresult": "S_OK"} | (beside or {})}
    except Refused as hresult:
        return {"reply": {"hresult": str(hresult)}}
    except Unsupported as reason:
        return {"unsupported": str(reason)}


def serve(name, make_system):
    system, unread, number = None, b"", 0
    hello = {"protocol": 1, "name": name}

    def answer(line):
        """What to say to a line, and None to one that wants no answer."""
        nonlocal system
        ours = {}
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError("expected an object")
            ours = {"id": message["id"]} if "id" in message else {}
            if system is None:
                if message["hello"]["protocol"] != 1:
                    raise ValueError("/hello/protocol: expected 1")
                try:
                    system = make_system(message["hello"]["state"])
                except FileNotFoundError as error:
                    missing = f"not installed: {error.filename}"
                    return {"hello": hello | {"version": "", "abilities": [], "missing": missing}}
                known = {"version": system.version, "abilities": system.abilities}
                return {"hello": hello | known}
            if "call" in message:
                return ours | reply_to(system, message)
            return ours | {"unsupported": "nothing but calls"} if ours else None
        except Exception as error:  # whatever went wrong, the runner is told and the next line read
            return ours | {"error": f"stdin:{number}: {type(error).__name__}: {error}"}

    while True:
        if not select.select([0], [], [], ADVANCE_S if system else None)[0]:
            system.advance()
            continue
        arrived = os.read(0, 65536)
        if not arrived:
            break
        *lines, unread = (unread + arrived).split(b"\n")
        for line in lines:
            number += 1
            said = answer(line)
            if said is not None:
                print(json.dumps(said), flush=True)
    if system:
        system.close()
