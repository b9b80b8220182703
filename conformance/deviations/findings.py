#!/usr/bin/env python3
"""Writes the known deviations of an implementation anew from reports of the suite.

usage: findings.py IMPLEMENTATION LIST.json REPORT.json…   (reports of the shards, or one of all)

IMPLEMENTATION is aria2, curl or wine: findings_IMPLEMENTATION.py beside this file is its table, and
docs/findings-IMPLEMENTATION.md the page with the same numbers. Each case that deviates gets an
entry with the findings that its wrong answers show. A case that shows none of them is printed and
the exit status is 1: find out what the program does there, and add it to the page and the table.

A table has
  FINDINGS    rows (number on the page, what a reason says, what shows it, what speaks against it);
              the last two are patterns over the lines "clause | what | expected | actual" of a
              case's wrong answers, and the last may be left out. A line before them is the id of
              the case; one that begins with BROKE or RIG BROKE says what went wrong there. A case
              is given the first row that it shows as its reason, and the numbers of the rest, so
              what follows from other findings stands last.
  NOT_JUDGED  a pattern over the detail of a case that says nothing about the implementation
"""
import importlib
import json
import re
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is

UNTIL = "2027-11-30"  # the programs are looked at anew by then
DEVIATES = ("fail", "difference", "inconclusive", "deviation")


def wrong_answers(case):
    lines = [case["id"]]
    broke = re.search(r"the system broke: (.*)|^((?:hello|no answer).*)", case["detail"], re.M)
    if broke:
        lines.append("BROKE " + (broke[1] or broke[2]))
    rig = re.search(r"the rig broke: (.*)", case["detail"])
    if rig:
        lines.append("RIG BROKE " + rig[1])
    return lines + [" | ".join((found["clause"], found["what"], found["expected"], found["actual"]))
                    for found in case["findings"] if found["verdict"] != "lenient"]


def shown(table, case):
    lines = wrong_answers(case)

    def any_line(pattern):
        return any(re.search(pattern, line) for line in lines)

    found = {}  # the first reason of each number
    for number, reason, pattern, *against in table.FINDINGS:
        if any_line(pattern) and not any(map(any_line, against)):
            found.setdefault(number, reason)
    return list(found.items())


def reason_of(found):
    (number, reason), *others = found
    also = "; also " + ", ".join(other for other, _ in others) if others else ""
    return f"{number}: {reason}{also}"


def main(implementation, list_path, report_paths):
    table = importlib.import_module("findings_" + implementation)
    cases = {}
    for path in report_paths:
        with open(path, encoding="utf-8") as report:
            cases |= {case["id"]: case for case in json.load(report)["cases"]}
    entries, unknown = [], 0
    for case_id, case in sorted(cases.items()):
        if case["verdict"] not in DEVIATES:
            continue
        found = shown(table, case)
        if not found or re.search(table.NOT_JUDGED, case["detail"]):
            unknown += 1
            print(*wrong_answers(case), sep="\n  ")
            continue
        entries.append({"pattern": case_id, "reason": reason_of(found), "until": UNTIL})
    with open(list_path, "w", encoding="utf-8") as known:
        json.dump(entries, known, indent=2, ensure_ascii=False)
        known.write("\n")
    print(f"{len(entries)} entries; {unknown} cases show nothing that is known")
    return 1 if unknown else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
