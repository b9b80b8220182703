#!/usr/bin/env bash
# program.sh PROGRAM ARGUMENTS…: runs it as the shard that Bazel's variables say, in the words of
# GoogleTest. Bazel fails a test with shards that does not make the file named to it; GoogleTest and
# qmgr-swarm make it.
set -euo pipefail
if ((${TEST_TOTAL_SHARDS:-0} > 0)); then
    # shellcheck disable=SC2153 # Bazel sets it
    export GTEST_TOTAL_SHARDS=$TEST_TOTAL_SHARDS GTEST_SHARD_INDEX=$TEST_SHARD_INDEX
    export GTEST_SHARD_STATUS_FILE=${TEST_SHARD_STATUS_FILE:-}
fi
exec "$@"
