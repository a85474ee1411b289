#!/usr/bin/env bash
# Bills written by other programs, for the tests in e2e/generated.rs: koku-nise writes legacy CUR, focus-data-toolkit
# writes FOCUS 1.2 and 1.3 of three providers. Usage: generate_bills.sh DIRECTORY; does nothing where it is already done.
set -euo pipefail
directory=$1
[ -f "$directory/done" ] && exit 0
mkdir -p "$directory"
[ -x "$directory/venv/bin/nise" ] || {
    python3 -m venv "$directory/venv"
    "$directory/venv/bin/pip" install --quiet 'koku-nise==5.4.4' 'focus-data-toolkit==0.14.1'
}
for provider in aws azure gcp; do
    for version in 1.2 1.3; do
        "$directory/venv/bin/focus-toolkit" generate --provider "$provider" --focus-version "$version" --rows 3000 --seed 7 --out "$directory/focus" >/dev/null
    done
done
mkdir -p "$directory/cur"
(cd "$directory/cur" && "$directory/venv/bin/nise" report aws -s 2026-09-01 -e 2026-09-04 -w >/dev/null 2>&1)
touch "$directory/done"
