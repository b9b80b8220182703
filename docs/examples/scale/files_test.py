#!/usr/bin/env python3
"""files_test.py PROGRAMS: reads the files of this folder and does what their engines would do, with
the programs of that folder: every shard on its own, and everything at once. Exit status 77:
python3-yaml is not installed.

A file that is changed so that two machines do the same work, or none does some of it, is refused.
"""

import os
import pathlib
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
SHARD_VARIABLES = ("GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE")
# The work of the files is hours; what it is divided by can be seen of less. The second and the third
# are of a shell's command and of a list of words.
LESS = [(r"max_success=\d+", "max_success=2"),
        (r"--runs \d+", "--runs 30 --commands 20 --each"),
        (r'"--runs", "\d+"', '"--runs", "30", "--commands", "20", "--each"')]


def demand(holds, what):
    if not holds:
        print("failed: " + what)
        sys.exit(1)


def less(text):
    for pattern, smaller in LESS:
        text = re.sub(pattern, smaller, text)
    return text


def run(command, folder, variables, cwd=None):
    """What was done, a line for each piece of work: tests and runs of the swarm. What they find is
    for their own tests; the one that draws most is left out."""
    environment = {k: v for k, v in os.environ.items() if k not in SHARD_VARIABLES}
    environment.update(variables)
    environment["GTEST_FILTER"] = "-CoverageOfBehaviour.*"
    environment["PATH"] = str(folder) + ":" + environment["PATH"]
    done = subprocess.run(command, env=environment, cwd=cwd, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    demand(done.returncode in (0, 1), f"{command} with {variables}: {done.returncode}\n{done.stdout}")
    tests = re.findall(r"^\[ RUN      \] (\S+)", done.stdout, re.MULTILINE)
    runs = re.findall(r"^run \d+: .*", done.stdout, re.MULTILINE)
    return tests + runs


def compare(what, parts, whole):
    together = sorted(piece for part in parts for piece in part)
    demand(len(whole) > 1, f"{what}: one process did nothing")
    demand(together == sorted(whole), f"{what}: {len(parts)} shards did {together}, one {whole}")
    print(f"{what}: {len(parts)} shards did the {len(whole)} pieces of work of one")


def kubernetes(programs):
    job = yaml.safe_load((HERE / "kubernetes-indexed-job.yaml").read_text())
    demand((job["apiVersion"], job["kind"]) == ("batch/v1", "Job"), "a Job is expected")
    spec = job["spec"]
    demand(spec["completionMode"] == "Indexed", "the Job has to be an indexed one")
    pod = spec["template"]["spec"]
    demand(pod["restartPolicy"] in ("Never", "OnFailure"), "a Job's pods are not started for ever")
    (container,) = pod["containers"]
    variables = {one["name"]: one["value"] for one in container["env"]}
    demand(all(isinstance(value, str) for value in variables.values()), "values are texts")
    demand(variables["GTEST_TOTAL_SHARDS"] == str(spec["completions"]), "shards and completions")
    command = container["command"] + [less(one) for one in container["args"]]
    demand("GTEST_SHARD_INDEX" not in variables, "the index is each pod's own")
    parts = [run(command, programs, {**variables, "JOB_COMPLETION_INDEX": str(i)})
             for i in range(spec["completions"])]
    alone = {"GTEST_TOTAL_SHARDS": "1", "JOB_COMPLETION_INDEX": "0"}
    compare("kubernetes-indexed-job.yaml", parts, run(command, programs, alone))


def github(programs):
    workflow = yaml.safe_load((HERE / "github-actions.yml").read_text())
    demand("schedule" in workflow[True], "a time at which it runs")  # YAML 1.1 reads `on` as true
    (job,) = workflow["jobs"].values()
    shards = job["strategy"]["matrix"]["shard"]
    env = {name: str(value) for name, value in job["env"].items()}
    demand(env["GTEST_TOTAL_SHARDS"] == str(len(shards)), "shards and the matrix")
    demand(env["GTEST_SHARD_INDEX"] == "${{ matrix.shard }}", "the index is the matrix's")
    env["SEED"] = "7"
    for step in job["steps"]:
        if "build/release/bin/" not in step.get("run", ""):
            continue
        command = ["/bin/bash", "-ec", less(step["run"]).replace("build/release/bin/", "")]
        parts = [run(command, programs, {**env, "GTEST_SHARD_INDEX": str(i)}) for i in shards]
        one = {**env, "GTEST_TOTAL_SHARDS": "1", "GTEST_SHARD_INDEX": "0"}
        compare("github-actions.yml, " + step["name"], parts, run(command, programs, one))


def bazel(programs):
    text = less((HERE / "bazel" / "BUILD.bazel").read_text())
    tests = re.findall(r"sh_test\((.*?)\n\)", text, re.DOTALL)
    demand(len(tests) == text.count("sh_test(") and tests, "sh_test rules")
    for test in tests:
        # A rule is Python's syntax for a call.
        rule = eval("dict(" + test + ")", {})  # pylint: disable=eval-used
        demand(rule["srcs"] == ["program.sh"], "tests are programs")
        demand(rule["args"][0] in rule["data"], "the program is there")
        command = [str(HERE / "bazel" / "program.sh")] + rule["args"]
        command[1] = str(programs / pathlib.Path(command[1]).name)
        status = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"shard-status-{os.getpid()}"
        parts = []
        for i in range(rule["shard_count"]):
            variables = {"TEST_TOTAL_SHARDS": str(rule["shard_count"]),
                         "TEST_SHARD_INDEX": str(i), "TEST_SHARD_STATUS_FILE": str(status)}
            parts.append(run(command, programs, {**rule.get("env", {}), **variables}))
            demand(status.exists(), rule["name"] + ": Bazel would not believe in its shards")
            status.unlink()
        whole = run(command, programs, rule.get("env", {}))
        compare("bazel, " + rule["name"], parts, whole)


def fuzzing():
    workflow = yaml.safe_load((HERE / "clusterfuzzlite.yml").read_text())
    project = yaml.safe_load((HERE.parents[2] / ".clusterfuzzlite" / "project.yaml").read_text())
    demand(project["language"] == "c++", "the language")
    sanitizers = workflow["jobs"]["fuzzing"]["strategy"]["matrix"]["sanitizer"]
    demand(sanitizers == project["sanitizers"], "sanitizers of project and workflow")
    print("clusterfuzzlite.yml: the sanitizers of the project")


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    kubernetes(programs)
    github(programs)
    bazel(programs)
    fuzzing()


main()
