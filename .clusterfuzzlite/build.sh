#!/usr/bin/env bash
# What OSS-Fuzz and ClusterFuzzLite run in their image: builds every fuzz target of $SRC/qmgr with
# $CC, $CXX, $CFLAGS, $CXXFLAGS and $LIB_FUZZING_ENGINE, in $WORK. $OUT gets, for each of them, the
# program fuzz-NAME, its seeds fuzz-NAME_seed_corpus.zip and its limits fuzz-NAME.options; and in
# $OUT/lib the libraries that are not there where it runs.
set -euo pipefail

# The C++ libraries are the system's, so what is built over them has the system's standard library.
# Warnings are errors for the compilers that this project is tested with; another one has others.
export CXXFLAGS="${CXXFLAGS//-stdlib=libc++/} -w"
# No build type: how it is optimised and checked is said by $CXXFLAGS alone. The old kind of run
# path is the one that also counts for the libraries of libraries.
cmake -S "$SRC/qmgr" -B "$WORK/qmgr" -G Ninja -DQMGR_TESTS=OFF -DQMGR_FUZZERS=ON \
    -DQMGR_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" -DCMAKE_BUILD_TYPE= \
    -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags \
    -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON "-DCMAKE_INSTALL_RPATH=\$ORIGIN/lib"
cmake --build "$WORK/qmgr" --target fuzzers

mkdir -p "$OUT/lib"
for program in "$WORK"/qmgr/bin/fuzz-*; do
    name=${program##*/}
    # It has to be found, so it would be reported for ever.
    [[ $name != fuzz-canary ]] || continue
    seeds=$WORK/seeds/$name
    mkdir -p "$seeds"
    "$program" --write-seeds "$seeds"
    # cmake zips what there is; not every image has zip.
    (cd -- "$seeds" && cmake -E tar cf "$OUT/${name}_seed_corpus.zip" --format=zip -- *)
    cp -- "$program" "$OUT/"
    # 4096 bytes hold anything that is read here; ten seconds for one input are a find, too.
    printf '[libfuzzer]\nmax_len = 4096\ntimeout = 10\n' >"$OUT/$name.options"
    # All but the C library, which belongs to the machine.
    ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// && $1 !~ /^lib(c|m|dl|rt|pthread|resolv)\.so/ {
        print $3 }' | xargs -r cp -n -L -t "$OUT/lib"
done
