#!/usr/bin/env python3
"""Writes the known deviations of Wine anew from reports of the suite.

usage: wine_findings.py LIST.json REPORT.json…   (reports of the shards, or one of all)

Each case that deviates gets an entry with the findings of docs/findings-wine.md that its wrong
answers show. A case whose wrong answers show none of them is printed and the exit status is 1: find
out what Wine does there, and add it to the page and to FINDINGS.
"""
import json
import re
import sys

UNTIL = "2027-11-30"
DEVIATES = ("fail", "difference", "inconclusive", "deviation")

# Number on the page, what a reason says, what shows it, and what speaks against it: patterns over
# the lines "clause | what | expected | actual" of a case's wrong answers; the first line is its id.
# A case is given the first of them that it shows as its reason, and the numbers of the rest; the
# last ones are what follows from others.
FINDINGS = [
    ("W5", "Suspend is not implemented (GROUP-SUSPEND-1, GROUP-SUSPEND-2, GROUP-SUSPEND-3)",
     r"SuspendGroup .*E_NOTIMPL|old handle still stands.*E_NOTIMPL", None),
    ("W6", "SetDisplayName is not implemented (PROP-NAME-1, PROP-ANY-1, PROP-KEEP-1)",
     r"SetProp .*E_NOTIMPL|the display name is", None),
    ("W7", "GetDescription of a job that was given none fails (PROP-DESCRIPTION-1)",
     r"PROP-DESCRIPTION-1 \| GetProp answers.*0x800703E6", None),
    ("W8", "SetPriority is answered S_OK, also by a cancelled job, and does nothing (GROUP-FG-1, "
           "GROUP-STATUS-8, GROUP-CANCEL-4)",
     r"\|[^|]*GROUP_FOREGROUND[^|]*\|[^|]*$|SwitchToForeground answers .*(false|S_OK)$",
     r"GROUP_FOREGROUND$"),
    ("W9", "AddFileSet refuses nothing, not even for a cancelled job (JOB1-ADD-2, JOB1-ADD-4, "
           "JOB1-ADD-5, JOB1-ADD-6, JOB1-ADD-7)",
     r"AddFiles .*answers.*S_OK$|AddFiles .*answers a failure .*false$", None),
    ("W10", "what was added last comes first, files and jobs alike (SCHED-3, ENUM-ORDER-1)",
     r"requests in the order added|the path asked for|JOB1-FILE-1 \| .* (comes? back|file)"
     r"|^(ENUM-NEXT|ENUM-SKIP|ENUM-RESET|ENUM-ORDER)", None),
    ("W11", "a cancelled job stays in the queue: it is listed and found (GROUP-CANCEL-1, "
            "QMGR-GET-2, ENUM-SNAP-1)",
     r"GetCount of a new one|GetGroup .*QM_E_ITEM_NOT_FOUND \| S_OK|EnumGroups lists", None),
    ("W12", "Clone of an enumerator is not implemented (ENUM-CLONE-1)", r"Clone answers", None),
    ("W13", "an error is never told: JobError is not called (NOTIFY-2)",
     r"NOTIFY-\S* \| (a delivery comes|deliveries come)", None),
    ("W14", "jobs do not survive the service (HANDLE-2, PROP-KEEP-1, XFER-START-1)",
     r"answers after the restart|PROP-KEEP-1 \| GetProp answers.*RPC_E_DISCONNECTED", None),
    ("W15", "Cancel, and a stop of the service, do not return while a server is silent "
            "(GROUP-CANCEL-1)",
     r"^BROKE no answer to .*cancel_group|^BROKE .*0x8007041D", None),
    ("W1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)", r"^http_statuses\.head_", None),
    ("W3", "most statuses that are no success are one: the body of the error is published as the "
           "file (XFER-STATUS-1)",
     r"^http_statuses\.get_(final|refused|transient)", None),
    ("W4", "a body that ended too early is published as the file (XFER-BODY-1)",
     r"is there, whole and of one version \| true \| false",
     r"GROUP_ERROR$|^group_|^BROKE|^restart|^http_errors\.redirect"),
    ("W2", "there is no retry and no range: every failure is an error at once, and its code E_FAIL "
           "(XFER-STATUS-1, XFER-QUICK-1, XFER-GET-4, GROUP-STATUS-4)",
     r"GETs|GROUP_ERROR$|XFER-QUICK-1|the GET and its repeats|Win32 result .*2147500037", None),
    ("W1", "a file is asked for by GET alone, so nothing that a HEAD is answered counts "
           "(XFER-HEAD-1)",
     r"HEAD|the fault .* fires|GROUP_ERROR .*GROUP_COMPLETE GROUP_SUSPENDED$"
     r"|JOB_INCOMPLETE.*JOB_COMPLETE|\| GROUP_INCOMPLETE.*\| GROUP_COMPLETE GROUP_SUSPENDED$"
     r"|PERCENT_DONE \| 0 \| 100|XFER-WAIT-1", None),
    ("W16", "the size of a job stays unknown, and bytes count in blocks of 4,096 or more "
            "(GROUP-SIZE-1, GROUP-PROG-1)",
     r"get_Size|PERCENT_DONE|bytes arrive|stands at|has the turn|SIZE_DONE", None),
    ("W2", "there is no retry, so failures are not counted (JOB1-STATUS-4)",
     r"retry count|failures \|", None),
    ("W21", "DISABLE is ignored (NOTIFY-3)", r"^NOTIFY-3 ", None),
    ("W20", "no limit of jobs or files was met; the user counts as an administrator, who has none "
            "(LIM-01, LIM-02, LIM-03)",
     r"^LIM-0[12]|TOO_MANY", None),
    ("W17", "the time of a published file is that of its download (FILE-TIME-1)",
     r"FILE-TIME-1", None),
    ("W18", "the temporary file is not beside the destination (FILE-TMP-1)", r"FILE-TMP-1", None),
    ("W19", "a directory that vanished is no error (FILE-DISK-1)", r"FILE-DISK-1", None),
]


def wrong_answers(case):
    lines = [case["id"]]
    broke = re.search(r"the system broke: (.*)|^((?:hello|no answer).*)", case["detail"], re.M)
    if broke:
        lines.append("BROKE " + (broke[1] or broke[2]))
    return lines + [" | ".join((found["clause"], found["what"], found["expected"], found["actual"]))
                    for found in case["findings"] if found["verdict"] != "lenient"]


def shown(case):
    def any_line(pattern):
        return pattern and any(re.search(pattern, line) for line in wrong_answers(case))

    found = {}  # the first reason of each number
    for number, reason, pattern, against in FINDINGS:
        if any_line(pattern) and not any_line(against):
            found.setdefault(number, reason)
    return list(found.items())


def main(list_path, report_paths):
    entries, unknown = [], 0
    cases = {}
    for path in report_paths:
        with open(path, encoding="utf-8") as report:
            cases |= {case["id"]: case for case in json.load(report)["cases"]}
    for case_id, case in sorted(cases.items()):
        if case["verdict"] not in DEVIATES:
            continue
        found = shown(case)
        # RPC_S_SERVER_UNAVAILABLE: the service went away under the case, so nothing was judged.
        if not found or "0x800706BA" in case["detail"]:
            unknown += 1
            print(case_id, *wrong_answers(case), sep="\n  ")
            continue
        reason = f"{found[0][0]}: {found[0][1]}"
        if len(found) > 1:
            reason += "; also " + ", ".join(number for number, _ in found[1:])
        entries.append({"pattern": case_id, "reason": reason, "until": UNTIL})
    with open(list_path, "w", encoding="utf-8") as known:
        json.dump(entries, known, indent=2, ensure_ascii=False)
        known.write("\n")
    print(f"{len(entries)} entries; {unknown} cases show nothing that is known")
    return 1 if unknown else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
