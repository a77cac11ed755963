#!/usr/bin/env python3
"""Fails when a flat image is larger than its budget.

usage: check_budget.py IMAGE BYTES
"""
import os
import sys

image, budget = sys.argv[1], int(sys.argv[2])
size = os.path.getsize(image)
if size > budget:
    sys.exit(f"{image}: {size} bytes, the budget is {budget}")
