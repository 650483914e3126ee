#!/bin/sh
# Runs something from bench/ against what is built.
#
# Usage: ./millrace bench TASK [ARGUMENT...] (JAVA_HOME is set; without a task it says what there is)
set -eu

cd "$(dirname "$0")/.."

# Runs a program that stands among the tests and shares their code.
of_tests() {
    mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
    exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx1g \
        -cp "target/test-classes:target/classes:$(cat target/test.classpath)" "$@"
}

case ${2:-} in
    chaos) shift 2 && of_tests dev.millrace.app.Chaos "$@" ;;
    client)
        cd bench/clickhouse-client
        npm ci --no-fund --no-audit --loglevel=error
        exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
            -Dmillrace.home=../../target/millrace -cp '../../target/millrace/lib/*' Bench.java
        ;;
    hostile) shift 2 && of_tests dev.millrace.app.Hostile "$@" ;;
    load) shift 2 && of_tests dev.millrace.bench.LoadBench "$@" ;;
    small) shift 2 && of_tests dev.millrace.app.SmallFiles "$@" ;;
    vectors) shift 2 && exec node bench/vectors/check.mjs "$@" ;;
    rounds) shift 2 && exec node bench/game-rounds/check.mjs "$@" ;;
    *)
        cat >&2 <<'TEXT'
Usage: ./millrace bench chaos [ROUNDS [SEED]]
                        client
                        hostile [PERCENT [WORDS]]
                        load [--file rounds|narrow|wide|all] [--rounds N] [--rows N] [--heap SIZE]
                             [--small] [--out FOLDER]
                        rounds FILE
                        small [FILES [CLIENTS]]
                        vectors FILE [RESULTS]
TEXT
        exit 2
        ;;
esac
