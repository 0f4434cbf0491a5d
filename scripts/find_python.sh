#!/bin/sh
# Prints a Python that can make Matinee's environment: 3.11 or later, with venv and pip inside.
# PYTHON=... in the environment is tried first. Prints nothing and fails when there is none.
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
exit 1
