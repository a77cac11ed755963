#!/usr/bin/env python3
"""Makes files that are not what they say from a program that is good: broken_programs.py FOLDER PROGRAM.

Each file is named for what is wrong with it; exec must refuse each of them, and whoever tried goes on.
"""
import pathlib
import struct
import sys

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
FIELDS = ("identity", "type", "machine", "version", "entry", "headers", "sections", "flags", "size", "entry_size", "count",
          "section_size", "section_count", "names")
PARTS = ("type", "flags", "offset", "address", "physical", "file_size", "memory_size", "alignment")


class Program:
    """An ELF file whose headers can be changed by name."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.header = dict(zip(FIELDS, HEADER.unpack_from(data)))
        self.segments = [dict(zip(PARTS, SEGMENT.unpack_from(data, self.header["headers"] + i * SEGMENT.size)))
                         for i in range(self.header["count"])]

    def bytes(self):
        at = self.header["headers"]
        for i, segment in enumerate(self.segments):
            SEGMENT.pack_into(self.data, at + i * SEGMENT.size, *(segment[name] & (2 ** 64 - 1) for name in PARTS))
        HEADER.pack_into(self.data, 0, *self.header.values())
        return bytes(self.data)


def of_header(name, value):
    def change(program):
        data = bytearray(program.bytes())
        header = dict(program.header)
        header[name] = value
        HEADER.pack_into(data, 0, *header.values())
        return bytes(data)
    return change


def of_segment(index, **values):
    def change(program):
        program.segments[index].update(values)
        return program.bytes()
    return change


def identity(at, value):
    def change(program):
        data = bytearray(program.bytes())
        data[at] = value
        return bytes(data)
    return change


def overlap(program):
    program.segments[1]["address"] = program.segments[0]["address"] + (program.segments[1]["offset"] & 0xFFF)
    return program.bytes()


BROKEN = {
    "empty": lambda program: b"",
    "one_byte": lambda program: b"\x7f",
    "magic_only": lambda program: b"\x7fELF",
    "text": lambda program: b"echo this is no program\n",
    "header_cut": lambda program: program.bytes()[:63],
    "headers_cut": lambda program: program.bytes()[:100],
    "truncated": lambda program: program.bytes()[:600],
    "class_32": identity(4, 1),
    "big_endian": identity(5, 2),
    "machine": of_header("machine", 62),
    "type_shared": of_header("type", 3),
    "type_object": of_header("type", 1),
    "headers_beyond": of_header("headers", 2 ** 63),
    "headers_wrap": of_header("headers", 2 ** 64 - 8),
    "headers_many": of_header("count", 65535),
    "headers_none": of_header("count", 0),
    "headers_small": of_header("entry_size", 8),
    "entry_outside": of_header("entry", 0x3000000),
    "entry_kernel": of_header("entry", 0xFFFFFFC000000000),
    "entry_odd": of_header("entry", 0x10001),
    "entry_null": of_header("entry", 0),
    "offset_beyond": of_segment(0, offset=2 ** 40),
    "offset_wraps": of_segment(0, offset=2 ** 64 - 4096),
    "size_beyond": of_segment(0, file_size=2 ** 32, memory_size=2 ** 32),
    "size_wraps": of_segment(0, memory_size=2 ** 64 - 1),
    "smaller_in_memory": of_segment(0, memory_size=1),
    "address_kernel": of_segment(0, address=0xFFFFFFC000000000),
    "address_null": of_segment(0, address=0),
    "address_stack": of_segment(0, address=0x3FFFF000),
    "address_beyond": of_segment(0, address=2 ** 38 - 4096),
    "misaligned": of_segment(0, address=0x10008),
    "writable_code": of_segment(0, flags=7),
    "unreadable": of_segment(0, flags=1),
    "overlap": overlap,
    "script_without_interpreter": lambda program: b"#!\n",
    "script_without_end": lambda program: b"#!/bin/" + b"x" * 300,
    "script_of_nothing": lambda program: b"#!/no/such/program\n",
    "script_of_itself": lambda program: b"#!/broken/script_of_itself\n",
    "script_of_script": lambda program: b"#!/broken/script_of_itself again\n",
    "script_of_directory": lambda program: b"#!/bin\n",
    "script_of_text": lambda program: b"#!/broken/text\n",
}


def main(folder, program):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(program).read_bytes()
    for name, change in BROKEN.items():
        file = folder / name
        file.write_bytes(change(Program(data)))
        file.chmod(0o755)


if __name__ == "__main__":
    main(*sys.argv[1:])
