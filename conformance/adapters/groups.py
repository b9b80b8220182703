"""Groups, jobs, files and handles for a program that only downloads. curl/adapter.py and
aria2/adapter.py hand in the program as a class:

  Tool(state)         for the life of the adapter; `state` is the folder that outlives it
  version             a text for hello
  start(file)         begins file["remote_name"] to file["local_name"] and gives a transfer; if
                      file["begun"], an earlier one of ours has stored bytes there
  transfer.look()     (ended, size of the file or None while nobody said it, failure: {} or
                      win32_result and transport_result)
  transfer.stop()     ends it; what was stored stays

A group and its job are one dict, kept in STATE/groups.json: its state is suspended, running, error
or complete, and cancelled when only handles hold it. Its files go one after another. All groups in
the foreground go, and of the others the one that was resumed first; there are no time slices. What
is not here is answered `unsupported`, and of the abilities only `restart` is stated: whoever calls
owns everything, nobody is notified, nothing follows the policy of hello.
"""
import json
import os

from programs import now, stored
from protocol import Unsupported, refuse_if

FLAGS = {"suspended": ["INCOMPLETE", "SUSPENDED"], "running": ["INCOMPLETE"], "cancelled": [],
         "error": ["INCOMPLETE", "SUSPENDED", "ERROR"], "complete": ["COMPLETE", "SUSPENDED"]}
CHANGES = ("create_job", "add_files", "resume_group", "suspend_group", "cancel_group", "set_prop",
           "switch_group_to_foreground")
STUBS = ("query_new_job_interface", "set_notification_pointer", "internal_set_prop", "cancel_job",
         "get_times", "switch_job_to_foreground")
TEXT_UNITS = {"GROUPPROP_DISPLAYNAME": 256, "GROUPPROP_DESCRIPTION": 1024}
NUMBERS = ("GROUPPROP_PRIORITY", "GROUPPROP_PROTOCOLFLAGS")
WHOLE = ("VT_I4", "VT_I2", "VT_UI4", "VT_UI2", "VT_INT", "VT_UINT")


class Groups:
    """The system that protocol.serve() takes, once it knows its tool."""

    abilities = ["restart"]

    def __init__(self, tool_class, state):
        os.makedirs(state, exist_ok=True)
        self.path, self.kept, self.groups = os.path.join(state, "groups.json"), "", []
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as kept:
                self.groups = json.load(kept)
        self.tool, self.transfers, self.objects, self.last = tool_class(state), {}, {}, 0
        self.version = self.tool.version

    def turns(self):
        running = [group for group in self.groups if group["state"] == "running"]
        first = min([one["resumed"] for one in running if not one["foreground"]], default=0)
        return [group for group in running if group["foreground"] or group["resumed"] == first]

    def advance(self):
        for group in self.turns():
            while group["state"] == "running" and self.goes_on(group):
                pass
        text = json.dumps(self.groups)
        if text != self.kept:
            with open(self.path + ".new", "w", encoding="utf-8") as new:
                new.write(text)
            os.replace(self.path + ".new", self.path)
            self.kept = text

    def goes_on(self, group):
        """Begins the group's next file, or looks at the one that is transferred; False if that has
        not ended."""
        file = next((one for one in group["files"] if not one["whole"]), None)
        transfer = self.transfers.get(group["id"])
        if file is None:
            group["state"] = "complete"
        elif transfer is None:
            file["old"] = file["old"] if file["begun"] else now(file["local_name"])[1]
            self.transfers[group["id"]] = self.tool.start(file)
            file["begun"] = True
        else:
            ended, file["size"], group["failure"] = transfer.look()
            if not ended:
                return False
            del self.transfers[group["id"]]
            file["whole"] = not group["failure"]
            group["state"] = "running" if file["whole"] else "error"
            file["size"] = stored(file) if file["whole"] else file["size"]
        return True

    def stop(self, group, state):
        group["state"] = state
        if group["id"] in self.transfers:
            self.transfers.pop(group["id"]).stop()

    def hand_out(self, kind, thing):
        self.last += 1
        self.objects[self.last] = thing
        return {kind: self.last}

    def close(self):
        for transfer in self.transfers.values():
            transfer.stop()

    def call(self, _user, _administrator, method, arguments):
        """What the reply has beside S_OK. A handle becomes what it stands for."""
        refuse_if(method in STUBS, "E_NOTIMPL")
        if method != "release" and not hasattr(Groups, "do_" + method):
            raise Unsupported("no such call here: " + method)
        kinds = [kind for kind in ("group", "job", "enumerator") if kind in arguments]
        held = [self.objects.get(arguments[kind]) for kind in kinds]
        refuse_if(None in held, "RPC_E_DISCONNECTED")
        if method == "release":
            del self.objects[arguments[kinds[0]]]
            return {}
        refuse_if(method in CHANGES and held[0]["state"] == "cancelled", "QM_E_INVALID_STATE")
        rest = {key: value.lower() if key in ("group_id", "job_id") else value  # either case is read
                for key, value in arguments.items() if key not in kinds}
        return getattr(self, "do_" + method)(*held, **rest)

    def do_create_group(self, group_id):
        used = [group["id"] for group in self.groups]
        refuse_if(group_id in used or not group_id.strip("0-"), "E_INVALIDARG")
        self.groups.append({"id": group_id, "state": "suspended", "job": None, "files": [],
                            "texts": {}, "failure": {}, "foreground": [], "resumed": 0})
        return self.hand_out("group", self.groups[-1])

    def do_get_group(self, group_id):
        found = [group for group in self.groups if group["id"] == group_id]
        refuse_if(not found, "QM_E_ITEM_NOT_FOUND")
        return self.hand_out("group", found[0])

    def do_get_group_id(self, group):
        return {"group_id": group["id"]}

    def do_create_job(self, group, job_id):
        refuse_if(group["state"] == "running", "QM_E_INVALID_STATE")
        refuse_if(group["job"], "E_NOTIMPL")
        refuse_if(job_id in [one["job"] for one in self.groups], "E_INVALIDARG")
        group["job"] = job_id
        return self.hand_out("job", group)

    def do_get_job(self, group, job_id):
        refuse_if(group["job"] != job_id, "QM_E_ITEM_NOT_FOUND")
        return self.hand_out("job", group)

    def do_get_job_id(self, group):
        return {"job_id": group["job"]}

    def do_resume_group(self, group):
        refuse_if(not group["files"], "BG_E_EMPTY")
        if group["state"] in ("suspended", "error"):
            last = max(one["resumed"] for one in self.groups)
            group.update(state="running", failure={}, resumed=last + 1)

    def do_suspend_group(self, group):
        if group["state"] == "running":
            self.stop(group, "suspended")

    def do_cancel_group(self, group):
        self.stop(group, "cancelled")
        self.groups.remove(group)

    def do_switch_group_to_foreground(self, group):
        group["foreground"] = ["FOREGROUND"]

    def do_get_group_status(self, group):
        flags = FLAGS[group["state"]] + group["foreground"]
        return {"group_status": ["GROUP_" + flag for flag in flags], "job_index": 0}

    def do_get_job_status(self, group):
        flags = ["JOB_" + flag for flag in FLAGS[group["state"]] if flag != "SUSPENDED"]
        nothing = {"win32_result": 0, "transport_result": 0, "retries": 0}
        return {"job_status": flags or ["JOB_INCOMPLETE"]} | nothing | group["failure"]

    def do_get_size(self, group):
        sizes = [file["size"] for file in group["files"]]
        return {"size": 0 if None in sizes or sum(sizes) > 0xFFFFFFFF else sum(sizes)}

    def do_get_group_progress(self, group, flag):
        done, total = sum(map(stored, group["files"])), self.do_get_size(group)["size"]
        if flag == "QM_PROGRESS_SIZE_DONE":
            return {"progress": min(done, 0xFFFFFFFF)}
        refuse_if(flag != "QM_PROGRESS_PERCENT_DONE", "E_NOTIMPL")
        percent = min(99, 100 * done // total) if total else 0
        return {"progress": 100 if group["state"] == "complete" else percent}

    do_get_job_progress = do_get_group_progress

    def do_add_files(self, group, files):
        refuse_if(not files, "E_INVALIDARG")
        for file in files:  # all else is the program's to refuse
            scheme = file["remote_name"].partition("://")[0].lower()
            refuse_if(scheme not in ("http", "https"), "E_INVALIDARG")
            refuse_if(not file["local_name"].startswith("/"), "E_INVALIDARG")
        ours = {"begun": False, "whole": False, "size": None, "old": 0}
        group["files"] += [file | ours for file in files]
        group["state"] = {"complete": "suspended"}.get(group["state"], group["state"])

    def do_get_file(self, group, index):
        refuse_if(index >= len(group["files"]), "QM_E_ITEM_NOT_FOUND")
        named = ("remote_name", "local_name", "size_hint")
        return {"file": {k: v for k, v in group["files"][index].items() if k in named}}

    def do_get_file_count(self, group):
        return {"count": len(group["files"])}

    def do_get_prop(self, group, property):
        if "NOTIFY" in str(property):
            raise Unsupported("nobody is notified")
        if property in TEXT_UNITS:
            return {"value": {"type": "VT_BSTR", "text": group["texts"].get(property, "")}}
        refuse_if(property not in NUMBERS, "E_NOTIMPL")
        return {"value": {"type": "VT_I4", "number": 1}}

    def do_set_prop(self, group, property, value):
        self.do_get_prop(group, property)  # refuses what is no property here
        if property in NUMBERS:
            refuse_if(value["type"] not in WHOLE or value.get("number") != 1, "E_INVALIDARG")
        else:
            units = len(value.get("text", "").encode("utf-16-le")) // 2
            refuse_if(value["type"] != "VT_BSTR" or units > TEXT_UNITS[property], "E_INVALIDARG")
            group["texts"][property] = value["text"]

    def enumerator(self, flags, ids):
        refuse_if(flags, "E_NOTIMPL")
        return self.hand_out("enumerator", {"ids": ids, "at": 0})

    def do_enum_groups(self, flags):
        return self.enumerator(flags, [group["id"] for group in self.groups])

    def do_enum_jobs(self, group, flags):
        return self.enumerator(flags, [group["job"]] if group["job"] else [])

    def do_next(self, place, count, fetched_is_null=False):
        refuse_if(fetched_is_null and count != 1, "E_INVALIDARG")
        ids = place["ids"][place["at"]:place["at"] + count]
        place["at"] += len(ids)
        fetched = {} if fetched_is_null else {"fetched": len(ids)}
        return {"hresult": "S_OK" if len(ids) == count else "S_FALSE", "ids": ids} | fetched

    def do_skip(self, place, count):
        left = len(place["ids"]) - place["at"]
        place["at"] += min(left, count)
        return {"hresult": "S_OK" if count <= left else "S_FALSE"}

    def do_reset(self, place):
        place["at"] = 0

    def do_clone(self, place):
        return self.hand_out("enumerator", dict(place))

    def do_get_count(self, place):
        return {"count": len(place["ids"])}
