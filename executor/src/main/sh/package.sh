#!/bin/sh
# Completes the folder that becomes /tiphys in an executor's image: package.sh LAUNCHER DIST JAR JAVA_HOME
set -eu
launcher=$1 dist=$2 jar=$3 java_home=$4
install -m 755 "$launcher" "$dist/executor"
install -m 644 "$jar" "$dist/lib/tiphys-executor.jar"
