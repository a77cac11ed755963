# Makes the image of an SD card that any U-Boot for a supported board boots from. Sourced, after common.sh.
# shellcheck shell=bash

# Sectors of 512 bytes. The first two partitions are where the JH7110's boot ROM and its SPL look for firmware; U-Boot is
# content with the third wherever firmware comes from. Their types are StarFive's.
readonly kCardSectors=$((72 * 2048))
readonly kSplStart=4096 kSplSectors=$((2 * 2048)) kSplType=2E54B353-1271-4842-806F-E436D6AF6985
readonly kUbootStart=8192 kUbootSectors=$((4 * 2048)) kUbootType=BC13C2FF-59E6-4262-A352-B275FD6F7172
readonly kBootStart=16384 kBootSectors=$((56 * 2048)) kBootType=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7

# Where uEnv.txt loads to: memory on every board (the JH7110's begins at 0x40000000, the others' at 0x80000000), clear of
# where the kernel goes and of U-Boot itself, which sits at the end.
readonly kLoadImageAt=0x84000000 kLoadArchiveAt=0x88000000

# Everything on a card is decided by what is put there: the same Image makes the same card.
readonly kDiskId=50524F43-594F-4E00-8000-000000000000 kVolumeSerial=50524f43

# check_boot_arguments TEXT: ends the script when the text would not arrive as it is.
check_boot_arguments() {
  [[ $1 != *[$'\n'\$\\\"\']* ]] ||
    die "--append: U-Boot changes quotes, \$, \\ and line ends, so boot arguments on a card are without: '${1//$'\n'/ }'"
}

# make_card OUT IMAGE ARCHIVE ARGUMENTS [SPL UBOOT]: writes the card to OUT; $work is a directory for what it needs meanwhile.
make_card() {
  local out=$1 image=$2 archive=$3 arguments=$4 spl=${5:-} uboot=${6:-} room
  room=$((kBootSectors * 512 * 9 / 10))
  (($(stat -Lc %s -- "$image") + $(stat -Lc %s -- "$archive") <= room)) ||
    die "the kernel and the archive do not fit on the card: $((room >> 20)) MiB are for both"
  rm -f -- "$out"
  truncate -s $((kCardSectors * 512)) -- "$out" || die "cannot write '$out'"
  partition_card "$out" >"$work/sgdisk.log" 2>&1 || die "sgdisk: $(tail -n 1 "$work/sgdisk.log")"
  [[ -z $spl ]] || put_firmware "$out" "$spl" $kSplStart $kSplSectors
  [[ -z $uboot ]] || put_firmware "$out" "$uboot" $kUbootStart $kUbootSectors
  fill_boot_partition "$out" "$image" "$archive" "$arguments" >"$work/mtools.log" 2>&1 ||
    die "mtools: $(tail -n 1 "$work/mtools.log")"
}

partition_card() {
  # Attribute 2, "legacy boot", is what makes U-Boot look at the third partition and not only at the first.
  sgdisk --clear --set-alignment=2048 --disk-guid=$kDiskId \
    --new=1:$kSplStart:+$kSplSectors --change-name=1:spl --typecode=1:$kSplType --partition-guid=1:${kDiskId%0}1 \
    --new=2:$kUbootStart:+$kUbootSectors --change-name=2:uboot --typecode=2:$kUbootType --partition-guid=2:${kDiskId%0}2 \
    --new=3:$kBootStart:+$kBootSectors --change-name=3:procyon --typecode=3:$kBootType --partition-guid=3:${kDiskId%0}3 \
    --attributes=3:set:2 "$1"
}

put_firmware() {  # put_firmware OUT FILE START SECTORS
  (($(stat -Lc %s -- "$2") <= $4 * 512)) || die "'$2' does not fit into its $(($4 / 2048)) MiB of the card"
  dd if="$2" of="$1" bs=512 seek="$3" conv=notrunc status=none || die "cannot write '$1'"
}

fill_boot_partition() {  # fill_boot_partition OUT IMAGE ARCHIVE ARGUMENTS
  local volume="$1@@$((kBootStart * 512))"
  extlinux_config "$4" >"$work/extlinux.conf"
  vendor_environment "$4" >"$work/uEnv.txt"
  # File times are the kernel's, not the clock's.
  export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH TZ=UTC
  SOURCE_DATE_EPOCH=$(stat -Lc %Y -- "$2")
  mformat -i "$volume" -F -v PROCYON -N $kVolumeSerial -T $kBootSectors -h 255 -s 63 :: &&
    mcopy -i "$volume" "$2" ::/Image &&
    mcopy -i "$volume" "$3" ::/initrd.img &&
    mmd -i "$volume" ::/extlinux &&
    mcopy -i "$volume" "$work/extlinux.conf" ::/extlinux/extlinux.conf &&
    mcopy -i "$volume" "$work/uEnv.txt" ::/uEnv.txt &&
    mcopy -i "$volume" "$work/uEnv.txt" ::/vf2_uEnv.txt
}

# For U-Boots that follow the generic distribution configuration. No fdt line: the tree in U-Boot's memory knows what firmware
# changed (how much memory there is, which harts are off); one from a file would not.
extlinux_config() {
  cat <<END
default procyon
timeout 1
label procyon
  kernel /Image
  initrd /initrd.img
END
  [[ -z $1 ]] || printf '  append %s\n' "$1"
}

# For StarFive's own U-Boots: they import uEnv.txt (or vf2_uEnv.txt) from the third partition and run uenvcmd, or boot2.
vendor_environment() {
  local load="fatload \${card} \${bootpart}"
  cat <<END
card=mmc
card_bootargs=$1
boot2=setenv bootargs "\${card_bootargs}"; $load $kLoadImageAt /Image && $load $kLoadArchiveAt /initrd.img && booti $kLoadImageAt $kLoadArchiveAt:\${filesize} \${fdtcontroladdr}
uenvcmd=run boot2
END
}
