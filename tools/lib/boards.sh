# The boards of --board: what each takes, and the machines of QEMU that stand in for one. Sourced by qemu-run.sh, after
# machine.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034  # the options and the pieces of the session are qemu-run.sh's variables

# Harts are what the machine has. On sifive_u, icicle and vf2-like the first cannot run a kernel, as on the boards.
# Of virt's harts OpenSBI takes 128 at most, and the kernel uses the first 64.
# board     harts: least, default, most   memory in MiB: least, default   what it is
readonly kBoardTable='
virt        1 2 128    8  512   the virt machine of QEMU (default)
sifive_u    2 5   5   64  512   the HiFive Unleashed of QEMU: hart 0 cannot run us, another UART, a clock of 1 MHz
icicle      2 5   5 3072 3072   the Icicle kit of QEMU: hart 0 cannot run us, two banks of memory, no way to switch off
uboot       1 2 128  256  512   virt, where U-Boot finds the image of an SD card (tools/sdcard.sh), as on a board
vf2-like    2 5   5   64  512   virt that says it is a VisionFive 2: hart 0 cannot run us, no Sstc
host        1 2  64    8  512   the same kernel core as a Linux process, without QEMU
'

board_names() {
  awk 'NF { printf "%s%s", comma, $1; comma = ", " }' <<<"$kBoardTable"
}

show_boards() {
  awk 'NF { name = $1; text = $7; for (i = 8; i <= NF; i++) text = text " " $i; printf "                    %-9s %s\n", name ":", text }' \
    <<<"$kBoardTable"
}

# Sets least_harts, default_harts, most_harts, least_mem and default_mem (in MiB) of $board.
read_board() {
  local name rest
  while read -r name least_harts default_harts most_harts least_mem default_mem rest; do
    [[ -z $name || $name != "$board" ]] || return 0
  done <<<"$kBoardTable"
  die "there is no board '$board'; the boards are: $(board_names)"
}

checked_harts() {
  if [[ -z $1 ]]; then
    if ((least_harts == 1)) && { $icount || [[ -n $record ]]; }; then echo 1; else echo "$default_harts"; fi
  elif [[ ! $1 =~ ^0*[1-9][0-9]{0,8}$ ]]; then
    die "--harts takes a number from $least_harts to $most_harts, not '$1'"
  elif ((10#$1 > most_harts)); then
    die "--harts $1 is more than the board $board takes: at most $most_harts"
  elif ((10#$1 < least_harts)); then
    die "--harts $1 is less than the board $board takes: the first of its harts cannot run a kernel, so at least $least_harts"
  else
    echo "$((10#$1))"
  fi
}

# Prints the size as QEMU takes it.
checked_mem() {
  local bytes
  [[ $1 =~ ^[0-9]{1,12}[KMGkmg]?$ ]] || die "--mem takes a size such as 512M or 4G, not '$1'"
  bytes=$(mem_bytes "$1")
  ((bytes >= least_mem << 20)) || die "--mem $1 is too little for the board $board: the least is ${least_mem}M"
  [[ $board != icicle ]] || ((bytes == least_mem << 20)) || die "the board icicle has ${least_mem}M of memory, no more"
  echo "$((bytes >> 10))K"
}

# How a machine without virt's finisher tells its exit status: the kernel asks QEMU for it, if it is told that it can.
tell_status_by_semihosting() {
  machine+=(-semihosting-config enable=on,target=native)
  append="${append:+$append }*semihosting=1"
}

finish_board() {
  [[ ! -e $work/initrd ]] || machine+=(-initrd "$work/initrd")
  machine+=("${console_port[@]}" "${extra[@]}")
  ! $gdb || wait_for_debugger "$binary_dir/procyon.elf"
}

sifive_u_machine() {
  begin_qemu sifive_u "$harts" "$mem"
  tell_status_by_semihosting
  machine+=(-kernel "$binary_dir/Image" -append "$append")
  finish_board
}

icicle_machine() {
  local index firmware
  firmware=$(find_firmware)
  begin_qemu microchip-icicle-kit "$harts" "$mem"
  dtc -q -I dts -O dtb -o "$work/tree.dtb" "$here/boards/icicle.dts" || die 'dtc could not compile tools/boards/icicle.dts'
  for ((index = harts; index < most_harts; ++index)); do
    fdtput -t s "$work/tree.dtb" "/cpus/cpu@$index" status disabled
  done
  tell_status_by_semihosting
  machine+=(-bios "$firmware" -dtb "$work/tree.dtb" -kernel "$binary_dir/Image" -append "$append" -serial null)
  finish_board
}

# QEMU has no firmware for the Icicle kit; OpenSBI's generic one finds everything in the device tree.
find_firmware() {
  local file
  for file in /usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin /usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin \
    /usr/share/opensbi/lp64/generic/firmware/fw_dynamic.bin; do
    if [[ -r $file ]]; then
      echo "$file"
      return
    fi
  done
  die "there is no OpenSBI firmware: install opensbi (Debian's package has $file or the like)"
}

vf2_like_machine() {
  local tree=$work/tree.dtb
  begin_qemu virt "$harts" "$mem"
  machine+=(-cpu "${cpu:-rv64,sstc=off}")
  "${machine[@]}" -M "virt,dumpdtb=$tree" "${extra[@]}" >&"$messages" 2>&1 </dev/null || true
  [[ -s $tree ]] || die 'QEMU did not give the device tree of the machine'
  fdtput -t s "$tree" / compatible starfive,visionfive-2-v1.3b starfive,jh7110
  fdtput -t s "$tree" / model 'a stand-in for the StarFive VisionFive 2'
  fdtput -t s "$tree" /cpus/cpu@0 status disabled
  fdtput -d "$tree" /cpus/cpu@0 mmu-type
  # OpenSBI for the JH7110 takes its boot hart from here; the generic one draws lots among 1 to 4.
  fdtput -t i "$tree" /chosen starfive,boot-hart-id 3
  machine+=(-dtb "$tree" -kernel "$binary_dir/Image" -append "$append")
  finish_board
}

uboot_machine() {
  local loader=/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin archive=$binary_dir/archive/root.cpio
  [[ -r $loader ]] || die "there is no U-Boot for QEMU: install u-boot-qemu (Debian's package has $loader)"
  [[ ! -e $work/initrd ]] || archive=$work/initrd
  make_card "$work/card.img" "$binary_dir/Image" "$archive" "$append"
  rm -f -- "$work/initrd"
  begin_qemu virt "$harts" "$mem"
  [[ -z $cpu ]] || machine+=(-cpu "$cpu")
  machine+=(-kernel "$loader" -drive "file=$work/card.img,format=raw,if=none,id=card" -device virtio-blk-device,drive=card)
  finish_board
}
