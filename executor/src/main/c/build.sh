#!/bin/sh
# Builds emissary with the machine's C compiler: build.sh SOURCE DEST. Static, so that it runs in any image, also a distroless one.
set -eu
source=$1 dest=$2
cc=$(command -v "${CC:-cc}" || command -v gcc || command -v clang) || {
  echo "emissary needs a C compiler: install gcc or clang, or set CC" >&2
  exit 1
}
mkdir -p "$(dirname "$dest")"
flags="-std=c11 -O2 -Wall -Wextra -Wno-format-truncation -Werror -pthread"
# shellcheck disable=SC2086
if ! "$cc" $flags -static -s -o "$dest" "$source" 2>"$dest.log"; then
  if ! "$cc" $flags -s -o "$dest" "$source" 2>>"$dest.log"; then
    cat "$dest.log" >&2
    exit 1
  fi
  echo "emissary: no static C library here, linked dynamically: images without the same libc cannot run it" >&2
fi
rm -f "$dest.log"
