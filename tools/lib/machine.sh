# Puts together the command line of a machine: QEMU's virt, the host board, a recording. Sourced by qemu-run.sh; boards.sh has
# the machines that stand in for boards.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034  # the options and the pieces of the session are qemu-run.sh's variables

# Below this, QEMU puts the initrd where it puts the device tree.
readonly kMemRoomy=$((16 << 20))
readonly kRamBase=$((0x80000000))
readonly kImageBase=$((0x80200000))

mem_bytes() {
  local number=$((10#${1%[KMGkmg]}))
  case $1 in
    *[Kk]) echo $((number << 10)) ;;
    *[Gg]) echo $((number << 30)) ;;
    *) echo $((number << 20)) ;;
  esac
}

# What --board host runs: harts are threads, or with a seed flows of the simulator.
host_program() {
  echo "procyon-host${seed:+-sim}"
}

host_machine() {
  machine=("$binary_dir/$(host_program)" --harts "$harts" --mem "$mem" --append "$append")
  [[ ! -e $work/initrd ]] || machine+=(--initrd "$work/initrd")
  [[ -z $seed ]] || machine+=(--seed "$seed")
  # As on virt: a machine that runs commands runs once.
  [[ -z $marker ]] || machine+=(--no-reboot)
}

# Begins a command line for QEMU's machine NAME, with QEMU's arguments for the console in `console_port`.
begin_qemu() {  # begin_qemu NAME HARTS MEM
  machine=(qemu-system-riscv64 -M "$1" -smp "$2" -m "$3" -nodefaults -display none -monitor none)
  console_port=(-chardev stdio,id=console,signal=off -serial chardev:console)
  # A machine that runs commands runs once; a person may want to restart it.
  [[ -z $marker ]] || machine+=(-no-reboot)
  ! $icount || machine+=(-icount shift=0,sleep=off)
}

virt_machine() {
  local store=$work image=$binary_dir/Image symbols=$binary_dir/procyon.elf
  if [[ -n $record ]]; then
    store=$(readlink -f -- "$record").session
    keep_recording "$store"
    image=$store/Image symbols=$store/procyon.elf
  fi
  begin_qemu virt "$harts" "$mem"
  machine+=(-kernel "$image" -append "$append")
  [[ -z $cpu ]] || machine+=(-cpu "$cpu")
  [[ ! -e $store/initrd ]] || place_initrd "$store"
  machine+=("${console_port[@]}")
  if [[ -n $record ]]; then
    # The snapshot at the beginning is what reverse execution goes back to. With shift=auto, and with shifts below 7, QEMU 7.2
    # records and replays well, but hangs on the way back.
    machine+=(-drive "file=$store/snapshot.qcow2,if=none,id=snapshots"
              -icount "shift=7,rr=record,rrsnapshot=start,rrfile=$(readlink -f -- "$record")")
    replay_hint="$(printf %q "$0") --replay $(printf %q "$record") --gdb"
  fi
  machine+=("${extra[@]}")
  [[ -z $record ]] || printf '%s\0' "${machine[@]}" >"$store/machine"
  ! $gdb || wait_for_debugger "$symbols"
}

refuse_many_harts() {
  local option version
  if ! { $icount || [[ -n $record ]]; } || ((harts == 1)); then
    return
  fi
  option=--icount
  [[ -z $record ]] || option=--record
  version=$(qemu-system-riscv64 --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')
  ((${version%%.*} >= 8)) ||
    die "$option with $harts harts does not work on QEMU $version: a hart that spins for another never yields to it; use --board virt --harts 1"
}

# The initrd goes where QEMU puts it, except on a small machine: there it would lie on the device tree, so we place it and
# say where in the device tree.
place_initrd() {
  local store=$1 size start tree_at kernel_end ram_end
  if (($(mem_bytes "$mem") >= kMemRoomy)); then
    machine+=(-initrd "$store/initrd")
    return
  fi
  size=$(stat -c %s -- "$store/initrd")
  ram_end=$((kRamBase + $(mem_bytes "$mem")))
  kernel_end=$((kImageBase + $(od -An -td8 -j16 -N8 "$image")))
  "${machine[@]}" -M "virt,dumpdtb=$store/tree.dtb" "${extra[@]}" >&"$messages" 2>&1 </dev/null || true
  [[ -s $store/tree.dtb ]] || die 'QEMU did not give the device tree of the machine'
  # QEMU's rule: the last 2 MiB boundary below which nothing of the tree lies; it keeps room for the tree to grow.
  tree_at=$(((ram_end - 0x10000) & ~0x1fffff))
  start=$(((ram_end - size) & ~0xfff))
  if ((start < tree_at + 0x20000)); then
    start=$(((tree_at - size) & ~0xfff))
  fi
  ((start >= kernel_end)) || die "the initrd ($size bytes) does not fit beside the kernel into $((ram_end - kRamBase >> 20))M"
  fdtput -t x "$store/tree.dtb" /chosen linux,initrd-start 0 "$(printf %x "$start")"
  fdtput -t x "$store/tree.dtb" /chosen linux,initrd-end 0 "$(printf %x $((start + size)))"
  machine+=(-dtb "$store/tree.dtb" -device "loader,file=$store/initrd,addr=$start,force-raw=on")
}

wait_for_debugger() {  # wait_for_debugger ELF
  local socket=$work/gdb.sock attach
  machine+=(-S -gdb "unix:$socket,server=on,wait=off")
  attach="gdb-multiarch -nx -ex 'set arch riscv:rv64' -ex 'file $1'"
  [[ ! -f $root/tools/gdb/procyon.py ]] || attach+=" -ex 'source $root/tools/gdb/procyon.py'"
  printf '%s: waiting for a debugger: %s\n' "$program" "$attach -ex 'target remote $socket'" >&2
}

# A recording is QEMU's log of events and, in a directory beside it, all that must be the same when it is replayed.
keep_recording() {
  local store=$1
  rm -rf -- "$store"
  mkdir -- "$store" || die "--record: cannot make '$store'"
  cp -- "$binary_dir/Image" "$binary_dir/procyon.elf" "$store/"
  [[ ! -e $work/initrd ]] || cp -- "$work/initrd" "$store/"
  printf '%s' "$marker" >"$store/marker"
  "$python" -S "$here/lib/empty_qcow2.py" "$store/snapshot.qcow2" || exit "$kOwnFailure"
}

replay_machine() {
  local store part
  replay=$(readlink -f -- "$replay")
  store=$replay.session
  marker=$(<"$store/marker")
  while IFS= read -r -d '' part; do
    machine+=("${part/rr=record/rr=replay}")
  done <"$store/machine"
  ! $gdb || wait_for_debugger "$store/procyon.elf"
}

