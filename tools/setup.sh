#!/usr/bin/env bash
# Installs by Debian package name what Procyon is built and tested with and is missing here.
set -euo pipefail
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib/common.sh"

usage() {
  cat <<'END'
usage: tools/setup.sh [--check] [--quiet] [--help] [host|build|card|test]

Installs the packages that are missing (with sudo when not root); does nothing, and touches no network, when all are there.
  host    to build the host board and run it
  build   host, and to build the riscv64 kernel and run it in QEMU
  card    build, and to make SD cards and boot them through U-Boot in QEMU
  test    card, and all that tools/test.sh needs (the default)

  --check   only tell what is missing
  --quiet   say nothing when nothing is missing

Exit status: 0 everything is there; 125 something is missing still, and one sentence says what.
END
}

# package                 command that proves it     group  known to work  what it is for
packages='
cmake                     cmake                      host   3.25     configures every build
ninja-build               ninja                      host   1.11     runs the builds
g++                       g++                        host   12       builds the host board and the host tests
python3                   python3                    host   3.11     makes archives, relays the console, runs tool tests
util-linux                flock                      host   2.38     lets two runners build without disturbing each other
g++-riscv64-linux-gnu     riscv64-linux-gnu-g++      build  12       builds the kernel; brings the C++ headers for riscv64
gcc-riscv64-unknown-elf   riscv64-unknown-elf-gcc    build  12       builds the user programs
picolibc-riscv64-unknown-elf  -                      build  1.8      the C library for those that want one
qemu-system-misc          qemu-system-riscv64        build  7.2      is the machine
opensbi                   -                          build  1.1      firmware for boards for which QEMU has none built in
device-tree-compiler      fdtput                     build  1.6      edits device trees: small machines, tests with odd trees
gdisk                     sgdisk                     card   1.0      partitions the image of an SD card
mtools                    mcopy                      card   4.0      fills its FAT partition
u-boot-qemu               -                          card   2023.01  is the boot loader that --board uboot goes through
git                       git                        test   2.39     dates the build by its commit; tests of a clone
libgtest-dev              -                          test   1.12     GoogleTest
libbenchmark-dev          -                          test   1.7      Google Benchmark
liburcu-dev               -                          test   0.13     cds_lfht, beside which the Pid hash is measured
libtbb-dev                -                          test   2021.8   concurrent_hash_map, likewise
libfdt-dev                -                          test   1.6      the oracle for the device tree reader
clang-19                  clang++-19                 test   19       the second compiler; thread-safety analysis
libclang-rt-19-dev        -                          test   19       sanitizers and libFuzzer for it
clang-format-19           clang-format-19            test   19       the layout of the source
clang-tidy-19             clang-tidy-19              test   19       names and habits of the source
gdb-multiarch             gdb-multiarch              test   13       attaches to the machine; tools/gdb
python3-pexpect           -                          test   4.8      types into an interactive console in tests
9base                     -                          test   6        its rc is the oracle for the shell language
cpio                      cpio                       test   2.13     the oracle for tools/mkarchive.py
shellcheck                shellcheck                 test   0.9      reads the shell scripts
python3-z3                -                          test   4.8      proves the cell protocol of the Pid hash
spin                      spin                       test   6.5      searches all states of a model of it
relacy-dev                -                          test   0        runs its code under a C++ memory model
'

wants() {  # wants GROUP: is GROUP part of what was asked for?
  case $asked in
    test) true ;;
    card) [[ $1 != test ]] ;;
    build) [[ $1 == host || $1 == build ]] ;;
    host) [[ $1 == host ]] ;;
  esac
}

# Sets `missing` (package names) and `missing_text` (for people without apt). A command on PATH counts, wherever it came from;
# a package that brings no command is asked of dpkg, and off Debian left to the build, which names what it does not find.
find_missing() {
  local package command group version purpose unproven=() installed=''
  missing=() missing_text=''
  while read -r package command group version purpose; do
    if [[ -z $package ]] || ! wants "$group"; then
      continue
    elif [[ $command == - ]]; then
      unproven+=("$package")
    elif ! type -P "$command" >/dev/null; then
      unproven+=("$package")
      missing_text+="  $command (version $version, Debian package $package): $purpose"$'\n'
    fi
  done <<<"$packages"
  if ((${#unproven[@]} == 0)); then
    return
  elif ! type -P dpkg-query >/dev/null; then
    [[ -z $missing_text ]] || missing=("${unproven[@]}")
    return
  fi
  # dpkg-query fails when one name is unknown to it, and answers for the others all the same.
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${unproven[@]}" 2>/dev/null) || true
  for package in "${unproven[@]}"; do
    [[ $'\n'$installed$'\n' == *$'\n'"$package installed"$'\n'* ]] || missing+=("$package")
  done
}

is_debian() {
  local line
  type -P apt-get >/dev/null || return 1
  while read -r line; do
    case ${line//\"/} in
      ID=debian | ID=ubuntu | ID_LIKE=*debian*) return 0 ;;
    esac
  done 2>/dev/null </etc/os-release
  return 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif type -P sudo >/dev/null; then
    sudo "$@"
  else
    die "cannot install without being root, and there is no sudo; as root: apt-get install ${missing[*]}"
  fi
}

install_missing() {
  note "installing ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
  # Without a network the update fails, and what lies in the package cache can still be installed.
  as_root "${apt[@]}" update >&2 </dev/null || note 'apt-get update failed; trying with the package lists as they are'
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2 </dev/null || true
  local wanted=${missing[*]}
  hash -r
  find_missing
  ((${#missing[@]} == 0)) || die "could not install ${missing[*]} (apt-get's reason is above); install by hand and start again"
  note "installed $wanted"
}

asked='test'
check=false
quiet=false
while (($#)); do
  case $1 in
    --check) check=true ;;
    --quiet) quiet=true ;;
    --help | -h)
      usage
      exit
      ;;
    host | build | card | test) asked=$1 ;;
    *) die "unknown argument '$1' (tools/setup.sh --help tells what there is)" ;;
  esac
  shift
done

find_missing
if ((${#missing[@]} == 0)); then
  $quiet || note 'everything is installed'
elif $check; then
  die "missing: ${missing[*]}"
elif is_debian; then
  install_missing
else
  printf '%s' "$missing_text" >&2
  die "this is not Debian, so install the tools named above (package names are Debian's): ${missing[*]}"
fi
