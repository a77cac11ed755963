#!/usr/bin/env bash
# Builds Procyon, boots it and gives its console; with -c or --script, runs commands in it and hands back output and status.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source "$here/lib/common.sh"
source "$here/lib/build.sh"
source "$here/lib/card.sh"
source "$here/lib/machine.sh"
source "$here/lib/boards.sh"

usage() {
  cat <<END
usage: tools/qemu-run.sh [option]... [-- extra arguments for QEMU]

Installs what is missing (on Debian), builds, boots, and gives the console. Ctrl-a x or the command halt leaves it.

  -c COMMANDS       run these in the kernel's shell instead, and power off; may be repeated
  --script FILE     the same with the commands in FILE; -c and --script run in the order given
  --board NAME      the machine:
$(show_boards)
  --harts N         number of harts of the machine (default 2; 5 where the first cannot run us)
  --mem SIZE        memory, e.g. 8M or 4G (default 512M; at least 8M on virt)
  --cpu OPTS        QEMU's -cpu, e.g. rv64,sstc=off
  --seed N          with --board host: one hart at a time, in the schedule of seed N
  --preset NAME     what to build (default riscv64-release; host-release for --board host)
  --append TEXT     boot arguments, e.g. '*hostowner=glenda'
  --initrd FILE     a cpio archive (tools/mkarchive.py) united with the built-in root
  --timeout S       end the machine after S seconds (default 60 with commands; 0 is never, and the default otherwise)
  --log FILE        boot log, build output and the like go here instead of to stderr; without commands, a copy of the console
  --gdb             wait for a debugger on a private socket; the command to attach it is printed
  --icount          count instructions instead of time: the same run each time
  --record FILE     record the run in FILE and FILE.session
  --replay FILE     run exactly what was recorded; with --gdb, reverse-continue and reverse-step work
  --help            this text

With commands, stdout carries exactly what they print. Exit status: 0 if the last command's status was empty, 1 if not, 2 on a
kernel panic (its text is on stderr), 124 on --timeout, 125 when something else went wrong, which one sentence explains.
--icount and --record take one hart unless --harts says more, which QEMU before 8 cannot do.

PROCYON_BINARY_DIR=DIR in the environment: run what DIR holds (Image and procyon.elf, or procyon-host, or for --seed
procyon-host-sim) and build nothing.
END
}

harts='' mem='' board='' cpu='' preset='' append='' initrd='' timeout='' log='' record='' replay='' seed=''
gdb=false icount=false
commands=()      # kind, text, kind, text ...: kind is -c or --script
extra=()         # for QEMU
given=' '        # the options on the command line, for those that exclude each other

parse_options() {
  while (($#)); do
    case $1 in
      --?*=*)
        local name=${1%%=*} value=${1#*=}
        shift
        set -- "$name" "$value" "$@"
        ;;
    esac
    given+="$1 "
    case $1 in
      --harts | --mem | --board | --cpu | --preset | --append | --initrd | --timeout | --log | --record | --replay | --seed)
        [[ -n ${2:-} || ($1 == --append && $# -ge 2) ]] || die "$1 needs a value"
        printf -v "${1#--}" '%s' "$2"
        shift 2
        ;;
      -c | --script)
        (($# >= 2)) || die "$1 needs a value"
        commands+=("$1" "$2")
        shift 2
        ;;
      --gdb | --icount)
        printf -v "${1#--}" true
        shift
        ;;
      --help | -h)
        usage
        exit
        ;;
      --)
        extra=("${@:2}")
        return
        ;;
      -*) die "unknown option '$1' (--help lists the options)" ;;
      *) die "unexpected argument '$1' (commands for the kernel's shell go behind -c)" ;;
    esac
  done
}

is_given() {
  [[ $given == *" $1 "* ]]
}

need_file() {  # need_file OPTION PATH
  [[ -e $2 ]] || die "$1: there is no file '$2'"
  [[ -r $2 && ! -d $2 ]] || die "$1: cannot read '$2'"
}

check_options() {
  local option
  [[ -z $timeout || $timeout =~ ^[0-9]{1,9}(\.[0-9]+)?$ ]] || die "--timeout takes seconds, not '$timeout'"
  if [[ -n $log ]]; then
    { : >"$log"; } 2>/dev/null || die "--log: cannot write '$log'"
    log=$(readlink -f -- "$log")
    exec {messages}>>"$log"
  fi
  if is_given --replay; then
    for option in -c --script --harts --mem --board --cpu --preset --append --initrd --seed --icount --record; do
      ! is_given "$option" || die "--replay takes everything from the recording, so $option cannot go with it"
    done
    ((${#extra[@]} == 0)) || die '--replay takes everything from the recording, so no QEMU arguments can go with it'
    need_file --replay "$replay"
    [[ -f $replay.session/machine ]] || die "--replay: '$replay' has no recording beside it in '$replay.session'"
    return
  fi
  board=${board:-virt}
  read_board
  harts=$(checked_harts "$harts") || exit
  mem=$(checked_mem "${mem:-${default_mem}M}") || exit
  [[ -z $initrd ]] || need_file --initrd "$initrd"
  local index
  for ((index = 0; index < ${#commands[@]}; index += 2)); do
    [[ ${commands[index]} == -c ]] || need_file --script "${commands[index + 1]}"
  done
  if [[ $board == host ]]; then
    for option in --cpu --gdb --icount --record; do
      ! is_given "$option" || die "$option is for QEMU and cannot go with --board host"
    done
    ((${#extra[@]} == 0)) || die 'arguments for QEMU cannot go with --board host'
    [[ -z $seed || $seed =~ ^[0-9]{1,20}$ ]] || die "--seed takes a number, not '$seed'"
  else
    ! is_given --seed || die '--seed is for --board host'
    [[ $board != uboot ]] || check_boot_arguments "$append"
    [[ $board == virt ]] || ! is_given --record || die '--record is for --board virt'
    [[ $board != sifive_u && $board != icicle ]] || ! is_given --cpu || die "the board $board has one kind of hart; --cpu cannot go with it"
  fi
  if is_given --record && [[ -z $record || ! -d $(dirname -- "$record") || -d $record ]]; then
    die "--record: cannot write '$record'"
  fi
}

# Sets binary_dir, with what the board runs in it, up to date.
make_artefacts() {
  local group=build wanted=(Image procyon.elf) file
  preset=${preset:-riscv64-release}
  [[ $board != uboot ]] || group=card
  if [[ $board == host ]]; then
    group=host wanted=("$(host_program)")
    is_given --preset || preset=host-release
  fi
  if [[ -n ${PROCYON_BINARY_DIR:-} ]]; then
    binary_dir=$(readlink -f -- "$PROCYON_BINARY_DIR") || die "there is no directory '$PROCYON_BINARY_DIR'"
  else
    binary_dir=$root/build/$preset
    "$here/setup.sh" --quiet "$group" 2>&"$messages" || die "cannot go on: $("$here/setup.sh" --check "$group" 2>&1 | tail -n 1)"
    check_preset "$preset"
    case $board:$preset in
      host:host*) ;;
      host:* | *:host*) die "the preset $preset does not build what --board $board runs" ;;
      *:riscv64-*) ;;
      *) die "the preset $preset does not build what --board $board runs" ;;
    esac
    build_preset "$preset" "${wanted[@]}" || die "$build_error"
  fi
  for file in "${wanted[@]}"; do
    [[ -f $binary_dir/$file ]] || die "'$binary_dir' does not hold $file"
  done
}

# Makes $work/initrd from the commands and the user's archive; without both there is none. Sets marker when there are commands.
make_initrd() {
  local index entries=() appended=()
  marker=''
  if ((${#commands[@]})); then
    marker=$(od -An -v -tx1 -N16 /dev/urandom | tr -d ' \n')
    printf '%s' "$marker" >"$work/marker"
    for ((index = 0; index < ${#commands[@]}; index += 2)); do
      if [[ ${commands[index]} == -c ]]; then
        printf '%s\n' "${commands[index + 1]}"
      else
        cat -- "${commands[index + 1]}"
        # A script without a last newline must not run into what follows it.
        [[ -z $(tail -c 1 -- "${commands[index + 1]}" | tr -d '\n\0') ]] || echo
      fi
    done >"$work/cmd"
    entries=("boot/cmd=$work/cmd" "boot/marker=$work/marker")
    [[ -z $initrd ]] || appended=(--append "$initrd")
    "$python" -S "$here/mkarchive.py" -o "$work/initrd" "${appended[@]}" "${entries[@]}" || exit "$kOwnFailure"
  elif [[ -n $initrd ]]; then
    cp -- "$initrd" "$work/initrd"
  fi
}

# Replaces this process by the session, which owns the working directory from then on.
run_session() {
  local session=(--work "$work" --timeout "${timeout:-$1}")
  [[ -z $log ]] || session+=(--log "$log")
  [[ -z $marker ]] || session+=(--marker "$marker")
  [[ -z $replay_hint ]] || session+=(--replay-hint "$replay_hint")
  # When even the session is killed, the machine goes with it.
  if type -P setpriv >/dev/null; then
    machine=(setpriv --pdeathsig KILL -- "${machine[@]}")
  fi
  exec "$python" -S "$here/lib/console_session.py" "${session[@]}" -- "${machine[@]}"
}

main() {
  parse_options "$@"
  check_options
  local binary_dir marker='' replay_hint='' machine=() console_port=() default_timeout=0
  # Sockets live here, and their paths must be short.
  work=$(TMPDIR='' mktemp -d -t procyon-run.XXXXXX)
  trap 'rm -rf -- "$work"' EXIT
  if is_given --replay; then
    replay_machine
  else
    make_artefacts
    make_initrd
    [[ $board == host ]] || refuse_many_harts
    "${board//-/_}_machine"
  fi
  [[ -z $marker ]] || $gdb || default_timeout=60
  run_session "$default_timeout"
}

main "$@"
