#!/usr/bin/env python3
"""Brings a list of known deviations up to date with a report, for a person to edit.

usage: draft.py REPORT.json DEVIATIONS.json   (the list is written anew)

An entry stays as it is while every case it names and the report knows still deviates; one that
names a case that passes by now is narrowed to those that do not; one that names no case at all
stays, because the report may be of some cases only. Each case that deviates and is in no entry gets
one, with what was found as its reason: put into words what the implementation does otherwise, join
the cases with one cause under one pattern where one can be had, and keep the clause ids.
"""
import datetime
import fnmatch
import json
import sys

DEVIATES = ("fail", "difference", "inconclusive", "deviation")


def matches(pattern, case_id):
    return fnmatch.fnmatchcase(case_id, pattern.replace("[", "[[]"))


def kept(entry, bad, good):
    """The entry, or what is left of it."""
    if not any(matches(entry["pattern"], case_id) for case_id in good):
        return [entry]
    return [entry | {"pattern": case_id} for case_id in bad if matches(entry["pattern"], case_id)]


def reason(case):
    clauses = dict.fromkeys(finding["clause"] for finding in case["findings"])
    first = case["findings"][0] if case["findings"] else {}
    found = f"{first['what']}: {first['actual']}, not {first['expected']}" if first else "broke"
    return f"{found} ({', '.join(clauses or case['covers'])})"


def main(report_path, list_path):
    with open(report_path, encoding="utf-8") as report:
        cases = {case["id"]: case for case in json.load(report)["cases"]}
    with open(list_path, encoding="utf-8") as known:
        entries = json.load(known)
    bad = sorted(key for key, case in cases.items() if case["verdict"] in DEVIATES)
    good = [key for key, case in cases.items() if case["verdict"] in ("pass", "lenient")]
    entries = [left for entry in entries for left in kept(entry, bad, good)]
    new = [key for key in bad if not any(matches(entry["pattern"], key) for entry in entries)]
    until = str(datetime.date.today() + datetime.timedelta(days=365))
    entries += [{"pattern": key, "reason": reason(cases[key]), "until": until} for key in new]
    with open(list_path, "w", encoding="utf-8") as known:
        json.dump(entries, known, indent=2, ensure_ascii=False)
        known.write("\n")
    print(f"{len(entries)} entries, {len(new)} of them new: edit their reasons")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
