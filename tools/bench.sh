#!/usr/bin/env bash
# Measures a part of Procyon beside its peers: builds what that needs, optimised, and runs it.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source "$here/lib/common.sh"
source "$here/lib/build.sh"

usage() {
  cat <<'END'
usage: tools/bench.sh [--quick] [--rounds N] [--runs N] [--json FILE] [--help] pid
       tools/bench.sh processes

  pid        the Pid hash beside an array, a 9front-style table, a radix tree, cds_lfht, TBB and a locked map
  processes  what calls, forks, notes, pipes and faults cost in instructions, beside Linux and xv6

  --quick    one run of three rounds, two minutes: a look, not a verdict
  --rounds N rounds in a run (default 5); a figure is their median
  --runs N   runs at most (default 4); a goal is reached when it holds in 3 of 4
  --json FILE  writes all figures to FILE

pid wants two processors that nothing else uses: rows of two threads mean nothing otherwise.
Exit status: 0 every judged goal is reached; 1 one is missed; 125 it could not measure.
END
}

part=''
options=()
while (($#)); do
  case $1 in
    --help | -h)
      usage
      exit
      ;;
    --quick) options+=("$1") ;;
    --rounds | --runs | --json)
      (($# > 1)) || die "$1 wants a value"
      options+=("$1" "$2")
      shift
      ;;
    pid | processes) part=$1 ;;
    *) die "unknown argument '$1' (tools/bench.sh --help tells what there is)" ;;
  esac
  shift
done
[[ -n $part ]] || die 'say what to measure: pid or processes'

if [[ $part == processes ]]; then
  "$here/setup.sh" --quiet build || exit
  build_preset riscv64-release procyon.elf process_counts user_suite || die "$build_error"
  exec "$python" "$root/tests/bench/processes/processes.py" "$root/build/riscv64-release"
fi
"$here/setup.sh" --quiet test || exit
build_preset host-release pid_bench || die "$build_error"
build_preset riscv64-release pid_lookup_probe || die "$build_error"
lookup=$("$python" "$root/tests/bench/pid/riscv64/orders_test.py" "$root/build/riscv64-release" --lookup) ||
  die 'the orders of the hash on riscv64 are not as they should be (see above)'
exec "$python" "$root/tests/bench/pid/run.py" --program "$root/build/host-release/pid_bench" --rv64-lookup "$lookup" "${options[@]}"
