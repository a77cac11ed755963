#!/usr/bin/env bash
# The whole test run: installs what is missing, builds every preset it needs, runs their tests, ends with one summary.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source "$here/lib/common.sh"
source "$here/lib/build.sh"

usage() {
  cat <<'END'
usage: tools/test.sh [--fast | --long] [--help] [preset]...

  --fast     a developer's inner loop: the presets host and riscv64-release, without tests labelled slow or long, few seeds
  (neither)  every preset, without tests labelled long
  --long     every preset, every test, many seeds: hours
  preset     only these presets

Tests see their tier as PROCYON_TEST_TIER (fast, default or long), and PROCYON_SEEDS where a tier asks for another number of seeds.
Whole logs are in build/PRESET/build.log and build/PRESET/test.log.
Exit status: 0 when everything passed, 1 when a build or a test failed, 125 when the run could not begin.
END
}

# show_tests PRESET LOG: reads ctest's output, keeps it in LOG, shows how far it is, and all that is not a passed test.
show_tests() {
  local preset=$1 log=$2 line last=$SECONDS clear=''
  [[ ! -t 1 ]] || clear=$'\r\e[K'
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    if [[ $line =~ ^\ *([0-9]+)/([0-9]+)\ Test\ .*\ Passed\  ]]; then
      if [[ -n $clear ]]; then
        printf '%s%s: %s of %s tests' "$clear" "$preset" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
      elif ((SECONDS - last >= kProgressInterval)); then
        printf '%s: %s of %s tests\n' "$preset" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
        last=$SECONDS
      fi
    elif [[ ! $line =~ ^(Internal\ ctest|\ *(Start\ |[0-9]+\ -\ |$)) ]]; then
      printf '%s%s\n' "$clear" "$line"
    fi
  done 3>"$log"
}

# In the presets that can tell: does every header stand alone?
verify_headers() {
  if grep -q '^build all_verify_interface_header_sets:' "$root/build/$1/build.ninja"; then
    build_preset "$1" all_verify_interface_header_sets
  fi
}

# Builds and tests one preset; adds its lines to summary and failures. Returns 1 when something failed.
test_preset() {
  local preset=$1 begin=$SECONDS log=$root/build/$1/test.log exclude=() failed total
  if ! build_preset "$preset" all || ! verify_headers "$preset"; then
    note "$build_error"
    summary+=$(printf '  %-16s %-7s %6s %6s %6s s' "$preset" failed - - $((SECONDS - begin)))$'\n'
    failures+="  $preset: $build_error"$'\n'
    return 1
  fi
  case $tier in
    fast) exclude=(-LE '^(slow|long)$') ;;
    default) exclude=(-LE '^long$') ;;
  esac
  note "testing $preset"
  ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" "${exclude[@]}" 2>&1 </dev/null |
    show_tests "$preset" "$log" || true
  read -r failed total < <(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests\{0,1\} failed out of \([0-9]*\)$/\1 \2/p' "$log") ||
    failed='-' total=0
  summary+=$(printf '  %-16s %-7s %6s %6s %6s s' "$preset" ok $((total - ${failed/-/0})) "$failed" $((SECONDS - begin)))$'\n'
  if [[ $failed != 0 ]]; then
    failures+=$(sed -n "/^The following tests FAILED:/,/^Errors while/{s/^[\t ]*[0-9]* - /  $preset: /p}" "$log")$'\n'
    ((total)) || failures+="  $preset: no tests ran"$'\n'
    return 1
  fi
}

tier=default
presets=()
while (($#)); do
  case $1 in
    --fast) tier=fast ;;
    --long) tier=long ;;
    --help | -h)
      usage
      exit
      ;;
    -*) die "unknown option '$1' (--help lists the options)" ;;
    *) presets+=("$1") ;;
  esac
  shift
done
if ((${#presets[@]} == 0)); then
  presets=(host riscv64-release)
  [[ $tier == fast ]] || presets+=(riscv64-debug host-release host-clang host-tsan)
fi
for preset in "${presets[@]}"; do
  check_preset "$preset"
done

export PROCYON_TEST_TIER=$tier
case $tier in
  fast) export PROCYON_SEEDS=${PROCYON_SEEDS:-50} ;;
  long) export PROCYON_SEEDS=${PROCYON_SEEDS:-1000000} ;;
esac

"$here/setup.sh" --quiet test || exit
summary='' failures='' result=0
for preset in "${presets[@]}"; do
  test_preset "$preset" || result=1
done

printf '\n  %-16s %-7s %6s %6s %8s\n%s' preset build passed failed time "$summary"
[[ -z $failures ]] || printf '\nfailed:\n%s' "$failures"
if ((result == 0)); then
  printf '\nall tests passed in %d s (%s)\n' "$SECONDS" "$tier"
else
  printf '\nsome tests failed, in %d s (%s)\n' "$SECONDS" "$tier"
fi
exit "$result"
