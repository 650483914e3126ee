#!/bin/sh
# Runs something from bench/ against what is built.
#
# Usage: ./millrace bench client (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
case ${2:-} in
    client)
        cd bench/clickhouse-client
        npm ci --no-fund --no-audit --loglevel=error
        exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
            -Dmillrace.home=../../target/millrace -cp '../../target/millrace/lib/*' Bench.java
        ;;
    *)
        echo "Usage: ./millrace bench client" >&2
        exit 2
        ;;
esac
