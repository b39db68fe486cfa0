#!/bin/sh
# Completes the folder that becomes /tiphys in an executor's image: package.sh LAUNCHER DIST JAR JAVA_HOME
# A rehearsal against an uploader that isn't there shows the Java runtime which classes to keep ready in a cache. Without the cache the
# executor only starts slower, so a rehearsal that fails is no failure.
set -eu
launcher=$1 dist=$2 jar=$3 java_home=$4
install -m 755 "$launcher" "$dist/executor"
install -m 644 "$jar" "$dist/lib/tiphys-executor.jar"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rm -f "$dist/executor.aot"
env -u JAVA_TOOL_OPTIONS \
  TIPHYS_JAVA_HOME="$java_home" \
  TIPHYS_EXECUTOR_JAVA_OPTS="-XX:AOTCacheOutput=$scratch/executor.aot -Xlog:aot=off -Xlog:cds=off" \
  TIPHYS_DIR="$scratch/run" TIPHYS_INPUTS_DIR="$scratch/inputs" TIPHYS_MODE=stage TIPHYS_RETRY_SECONDS=0 \
  TIPHYS_UPLOADER=http://127.0.0.1:1 TIPHYS_CAPABILITY=none \
  TIPHYS_TASK='{"workflow":{"namespace":"n","name":"w","uid":"u"},"nodeId":"n","podName":"p","containers":["main"],"script":"true",
    "inputs":[{"name":"a","path":"/a","stagePath":"'"$scratch"'/inputs/a"}]}' \
  "$dist/executor" >"$scratch/log" 2>&1 || true
if [ -s "$scratch/executor.aot" ]; then
  install -m 644 "$scratch/executor.aot" "$dist/executor.aot"
else
  echo "executor: no class cache was made; it starts slower" >&2
fi
