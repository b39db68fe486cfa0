#!/bin/sh
# Builds emissary, from all C files of a folder, and the executor's library with the machine's C compiler:
# build.sh FOLDER DEST LIBRARY DEST. emissary is static, so that it runs in any image, also a distroless one.
set -eu
folder=$1 dest=$2 library=$3 library_dest=$4
cc=$(command -v "${CC:-cc}" || command -v gcc || command -v clang) || {
  echo "emissary needs a C compiler: install gcc or clang, or set CC" >&2
  exit 1
}
mkdir -p "$(dirname "$dest")"
flags="-std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wmissing-prototypes -Wno-format-truncation -Wno-psabi -Werror -pthread"
# shellcheck disable=SC2086
if ! "$cc" $flags -static -s -o "$dest" "$folder"/*.c 2>"$dest.log"; then
  if ! "$cc" $flags -s -o "$dest" "$folder"/*.c 2>>"$dest.log"; then
    cat "$dest.log" >&2
    exit 1
  fi
  echo "emissary: no static C library here, linked dynamically: images without the same libc cannot run it" >&2
fi
rm -f "$dest.log"

# shellcheck disable=SC2086
"$cc" $flags -shared -fPIC -fvisibility=default -nostdlib -s -o "$library_dest" "$library" -lgcc || {
  rm -f "$library_dest"
  echo "executor: no library for its sums could be built; it takes Java's own, which are slower" >&2
}
