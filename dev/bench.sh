#!/bin/sh
# Runs something from bench/ against what is built.
#
# Usage: ./millrace bench client | load [ROWS [ROUNDS]] | rounds FILE | vectors FILE [RESULTS] (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
case ${2:-} in
    client)
        cd bench/clickhouse-client
        npm ci --no-fund --no-audit --loglevel=error
        exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
            -Dmillrace.home=../../target/millrace -cp '../../target/millrace/lib/*' Bench.java
        ;;
    load) shift 2 && exec node bench/load/compare.mjs "$@" ;;
    vectors) shift 2 && exec node bench/vectors/check.mjs "$@" ;;
    rounds) shift 2 && exec node bench/game-rounds/check.mjs "$@" ;;
    *)
        echo "Usage: ./millrace bench client | load [ROWS [ROUNDS]] | rounds FILE | vectors FILE [RESULTS]" >&2
        exit 2
        ;;
esac
