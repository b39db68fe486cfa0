#!/bin/sh
# Completes the folder that becomes /tiphys in an executor's image: package.sh LAUNCHER DIST JAR JAVA_HOME
# A rehearsal (Rehearsal.java) shows the Java runtime which classes to keep ready in a cache. Without the cache the executor only starts
# slower, so a rehearsal that fails is no failure.
set -eu
launcher=$1 dist=$2 jar=$3 java_home=$4
here=$(cd "$(dirname "$0")" && pwd)
install -m 755 "$launcher" "$dist/executor"
install -m 644 "$jar" "$dist/lib/tiphys-executor.jar"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rm -f "$dist/executor.aot"
env -u JAVA_TOOL_OPTIONS -u TIPHYS_EMISSARY \
  TIPHYS_EXECUTOR_JAVA_OPTS="-XX:AOTCacheOutput=$scratch/executor.aot -Xlog:aot=off -Xlog:cds=off" \
  "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$here/Rehearsal.java" "$dist" "$scratch" "$java_home" \
  >>"$scratch/log" 2>&1 || true
if grep -qE ' (WARN|ERROR) ' "$scratch/log"; then
  echo "executor: the rehearsal did not go well, it may start slower:" >&2
  grep -E ' (WARN|ERROR) ' "$scratch/log" >&2
fi
if [ -s "$scratch/executor.aot" ]; then
  install -m 644 "$scratch/executor.aot" "$dist/executor.aot"
else
  echo "executor: no class cache was made; it starts slower" >&2
fi
