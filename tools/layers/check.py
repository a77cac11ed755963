#!/usr/bin/env python3
"""Holds every #include of the tree against tools/layers/layers.txt, and a few rules that guard the layers.

usage: check.py [ROOT]
Prints one line per violation and exits 1 if there is any.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[>"]')
CONDITIONAL = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif)\b")
ASSEMBLY = re.compile(r"\b(asm|__asm__|__riscv)\b")
# Headers that the build picks by include path belong to the module that declares them.
PICKED = {"base/schedule_point.h": "base", "machine/context_storage.h": "machine", "machine/hart_access.h": "machine",
          "machine/interrupts_access.h": "machine", "machine/memory_access.h": "machine"}
MAY_TEST_THE_MACHINE = {"base", "arch", "sv39", "boot", "host"}


def read_table(path):
    folders, allowed = {}, {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        left, right = line.split(":")
        name, folder = left.split()
        folders[name] = folder
        allowed[name] = set(right.split())
    for name, others in allowed.items():
        for other in others:
            if other not in folders:
                sys.exit(f"layers.txt: {name} may include {other}, which is not a module")
    return folders, allowed


def module_of(path, folders):
    """The module with the longest folder that holds `path` (relative to the root), or None."""
    best = None
    for name, folder in folders.items():
        if path.startswith(folder + "/") and (best is None or len(folder) > len(folders[best])):
            best = name
    return best


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return text


def check(root):
    folders, allowed = read_table(root / "tools/layers/layers.txt")
    violations = []
    checked = 0
    for top in ("kernel", "arch", "boot", "user/programs/rc", "tests/host"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in {".h", ".cc"}:
                continue
            relative = path.relative_to(root).as_posix()
            module = module_of(relative, folders)
            if module is None:
                violations.append(f"{relative}: belongs to no module of layers.txt")
                continue
            checked += 1
            text = strip_comments(path.read_text())
            for number, line in enumerate(text.splitlines(), 1):
                where = f"{relative}:{number}"
                match = INCLUDE.match(line)
                if match:
                    violations += check_include(root, folders, allowed, module, relative, where, *match.groups())
                if module in MAY_TEST_THE_MACHINE:
                    continue
                if CONDITIONAL.match(line):
                    violations.append(f"{where}: a conditional above the machine layer; let the build pick a file")
                code = re.sub(r'"(\\.|[^"\\])*"', '""', line)
                if ASSEMBLY.search(code):
                    violations.append(f"{where}: assembly or __riscv above the machine layer")
    return checked, violations


def check_include(root, folders, allowed, module, relative, where, bracket, name):
    if bracket == "<":
        if relative == "kernel/base/std.h" or module == "host":
            return []
        return [f"{where}: <{name}>: standard headers come through base/std.h only"]
    if name in PICKED:
        target = PICKED[name]
    else:
        if (root / "kernel" / name).exists():
            found = "kernel/" + name
        elif (root / name).exists():
            found = name
        else:
            return [f"{where}: \"{name}\": no such header under kernel/ or the root"]
        target = module_of(found, folders)
    if target != module and target not in allowed[module]:
        return [f"{where}: {module} may not include {target} (\"{name}\")"]
    return []


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    checked, violations = check(root)
    for violation in violations:
        print(violation)
    print(f"layers: {checked} files, {len(violations)} violations")
    if checked == 0:
        sys.exit("layers: found nothing to check")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
