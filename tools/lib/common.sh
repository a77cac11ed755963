# What the scripts of tools/ share: the tree's root, messages, the exit status of their own failures. Sourced, never run.
# shellcheck shell=bash

# shellcheck disable=SC2034  # for those who source this
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
program=${0##*/}

# A script's own failures, as against those of what it runs.
readonly kOwnFailure=125

# Progress and remarks go to this descriptor; --log points it at a file. Errors always go to stderr.
messages=2

# Debian's python3 when it is there: python3-pexpect belongs to it, and wrappers of other pythons start slowly.
python=/usr/bin/python3
[[ -x $python ]] || python=python3

note() {
  printf '%s: %s\n' "$program" "$*" >&"$messages"
}

die() {
  printf '%s: %s\n' "$program" "$*" >&2
  exit "$kOwnFailure"
}
