#!/usr/bin/env bash
# Makes the image of a bootable SD card, and writes it to a card.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
source "$here/lib/common.sh"
source "$here/lib/build.sh"
source "$here/lib/card.sh"

usage() {
  cat <<'END'
usage: tools/sdcard.sh [option]... [OUT.img]

Installs what is missing (on Debian), builds, and makes the image of an SD card with the kernel, its archive and what every
U-Boot for a VisionFive needs to find them. OUT.img is build/procyon-sd.img if not given. Neither root nor a loop device is needed.

  --device DEV     write it to the card in DEV too, after showing what it overwrites and asking
  --list           show the cards that it could be written to, and make nothing
  --append TEXT    boot arguments, e.g. '*hostowner=glenda'
  --initrd FILE    a cpio archive (tools/mkarchive.py) to put on the card in place of a copy of the built-in one
  --spl FILE       firmware for the first partition (u-boot-spl.bin.normal.out), for boards that boot wholly from the card
  --u-boot FILE    firmware for the second (u-boot.itb)
  --preset NAME    what to build (default riscv64-release)
  --help           this text

docs/boards.md tells what to do with the card. Exit status: 0 when the image (and the card) is written, 125 when not, which one
sentence explains.
PROCYON_BINARY_DIR=DIR in the environment: put what DIR holds on the card and build nothing.
END
}

# Of each disk: NAME="/dev/sda" SIZE="..." and so on, a line each.
describe_disks() {
  lsblk -dpnP -o NAME,SIZE,RM,TRAN,RO,TYPE,MODEL "$@"
}

field() {  # field NAME LINE
  local rest=" $2"
  rest=${rest#*" $1=\""}
  printf '%s' "${rest%%\"*}"
}

# What of DEV is mounted or swapped to; nothing if it is idle.
uses_of() {
  lsblk -pnro NAME,MOUNTPOINT "$1" | sed -n 's/^\([^ ]*\) \(..*\)$/\1 on \2/p'
}

list_cards() {
  local line name found=false
  while IFS= read -r line; do
    name=$(field NAME "$line")
    [[ $(field TYPE "$line") == disk && $(field RO "$line") == 0 ]] || continue
    [[ $(field RM "$line") == 1 || $(field TRAN "$line") == usb || $name == /dev/mmcblk* ]] || continue
    [[ -z $(uses_of "$name") ]] || continue
    found=true
    printf '%-16s %8s  %s\n' "$name" "$(field SIZE "$line")" "$(field MODEL "$line")"
  done < <(describe_disks)
  $found || note 'there is no card: none that is removable, writable and not in use'
}

# Ends the script unless DEV is a whole disk, idle, writable by us and large enough.
check_device() {
  local line uses size
  line=$(describe_disks "$1" 2>/dev/null) || true
  [[ -n $line ]] || die "--device: there is no disk '$1' (--list shows them)"
  [[ $(field TYPE "$line") == disk ]] || die "--device: '$1' is a $(field TYPE "$line"), not a whole disk"
  uses=$(uses_of "$1")
  [[ -z $uses ]] || die "--device: '$1' is in use (${uses//$'\n'/, }); unmount it first"
  [[ -w $1 ]] || die "--device: cannot write '$1' (are you root?)"
  size=$(lsblk -bdno SIZE "$1")
  ((size >= kCardSectors * 512)) || die "--device: '$1' is too small: $size bytes; the image has $((kCardSectors * 512))"
}

write_device() {
  local answer
  printf 'This overwrites all of %s:\n\n' "$1" >&2
  lsblk -po NAME,SIZE,TYPE,FSTYPE,LABEL,MODEL "$1" >&2
  printf '\nTo go on, type %s again: ' "$1" >&2
  read -r answer || true
  [[ $answer == "$1" ]] || die "nothing was written to '$1'"
  dd if="$out" of="$1" bs=4M conv=notrunc,fsync status=progress || die "writing '$1' failed"
  # The copy of the partition table belongs at the end of the card.
  sgdisk --move-second-header "$1" >"$work/sgdisk.log" 2>&1 || die "sgdisk: $(tail -n 1 "$work/sgdisk.log")"
  # The table's sectors differ now; the partitions must not.
  cmp -s -i $((kSplStart * 512)) -n $(((kBootStart + kBootSectors - kSplStart) * 512)) "$out" "$1" ||
    die "'$1' does not hold what was written to it: the card may be broken"
  note "wrote and checked $1: it can be taken out"
}

out='' device='' append='' initrd='' spl='' uboot='' preset=riscv64-release
list=false
while (($#)); do
  case $1 in
    --?*=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      continue
      ;;
    --device | --append | --initrd | --spl | --u-boot | --preset)
      [[ -n ${2:-} || ($1 == --append && $# -ge 2) ]] || die "$1 needs a value"
      name=${1#--}
      printf -v "${name//-/}" '%s' "$2"
      shift
      ;;
    --list) list=true ;;
    --help | -h)
      usage
      exit
      ;;
    -*) die "unknown option '$1' (--help lists the options)" ;;
    *)
      [[ -z $out ]] || die "unexpected argument '$1': the image is '$out' already"
      out=$1
      ;;
  esac
  shift
done

check_boot_arguments "$append"
for file in "$initrd" "$spl" "$uboot"; do
  [[ -z $file || (-r $file && ! -d $file) ]] || die "cannot read '$file'"
done
"$here/setup.sh" --quiet card || die "cannot go on: $("$here/setup.sh" --check card 2>&1 | tail -n 1)"
if $list; then
  list_cards
  exit
fi
[[ -z $device ]] || check_device "$device"

if [[ -n ${PROCYON_BINARY_DIR:-} ]]; then
  binary_dir=$(readlink -f -- "$PROCYON_BINARY_DIR") || die "there is no directory '$PROCYON_BINARY_DIR'"
else
  binary_dir=$root/build/$preset
  check_preset "$preset"
  [[ $preset == riscv64-* ]] || die "the preset $preset does not build what a card holds"
  build_preset "$preset" Image || die "$build_error"
fi
image=$binary_dir/Image
initrd=${initrd:-$binary_dir/archive/root.cpio}
for file in "$image" "$initrd"; do
  [[ -f $file ]] || die "'$binary_dir' does not hold ${file#"$binary_dir"/}"
done

out=${out:-$root/build/procyon-sd.img}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
make_card "$out" "$image" "$initrd" "$append" "$spl" "$uboot"
note "made $out with the kernel $(sha256sum <"$image" | cut -c 1-16)"
if [[ -n $device ]]; then
  write_device "$device"
else
  note 'docs/boards.md tells what to do with it; --device writes it to a card'
fi
