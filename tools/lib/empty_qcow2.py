"""Writes an empty qcow2 image, so that QEMU has a place for snapshots: saves depending on qemu-img for one file."""

import struct
import sys

CLUSTER_BITS = 16
CLUSTER = 1 << CLUSTER_BITS
DISK_BYTES = 1 << 20  # the disk itself is not used; snapshots lie outside of it

HEADER, REFCOUNT_TABLE, REFCOUNT_BLOCK, L1_TABLE, END = (CLUSTER * index for index in range(5))


def image():
    # Fields of a version 2 header: magic, version, backing file (offset, size), cluster bits, disk size, encryption,
    # L1 table (entries, offset), refcount table (offset, clusters), snapshots (count, offset).
    header = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, CLUSTER_BITS, DISK_BYTES, 0,
                         1, L1_TABLE, REFCOUNT_TABLE, 1, 0, 0)
    out = bytearray(END)
    out[: len(header)] = header
    struct.pack_into(">Q", out, REFCOUNT_TABLE, REFCOUNT_BLOCK)
    for cluster in range(END // CLUSTER):
        struct.pack_into(">H", out, REFCOUNT_BLOCK + 2 * cluster, 1)
    return out


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as file:
        file.write(image())
