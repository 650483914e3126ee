#!/bin/sh
# Runs something from bench/ against what is built.
#
# Usage: ./millrace bench TASK [ARGUMENT...] (JAVA_HOME is set; without a task it says what there is)
set -eu

cd "$(dirname "$0")/.."

# Compiles the tests, and finds their class path.
compile_tests() {
    mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
    classpath="target/test-classes:target/classes:$(cat target/test.classpath)"
}

# Runs a program that stands among the tests and shares their code.
of_tests() {
    compile_tests
    exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx1g \
        -cp "$classpath" "$@"
}

# Compiles and runs the measurements of single parts.
of_parts() {
    compile_tests
    rm -rf target/parts
    "$JAVA_HOME/bin/javac" -d target/parts -cp "$classpath" -processorpath "$classpath" \
        -processor org.openjdk.jmh.generators.BenchmarkProcessor bench/parts/*.java
    exec "$JAVA_HOME/bin/java" -cp "target/parts:$classpath" dev.millrace.bench.PartsBench "$@"
}

case ${2:-} in
    builds) shift 2 && of_tests dev.millrace.bench.BuildBench "$@" ;;
    chaos) shift 2 && of_tests dev.millrace.app.Chaos "$@" ;;
    client)
        cd bench/clickhouse-client
        npm ci --no-fund --no-audit --loglevel=error
        exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
            -Dmillrace.home=../../target/millrace -cp '../../target/millrace/lib/*' Bench.java
        ;;
    corpus) shift 2 && of_tests dev.millrace.bench.corpus.Corpus "$@" ;;
    export) shift 2 && of_tests dev.millrace.bench.ExportBench "$@" ;;
    fuzz) shift 2 && of_tests dev.millrace.bench.fuzz.Fuzz "$@" ;;
    hostile) shift 2 && of_tests dev.millrace.app.Hostile "$@" ;;
    load) shift 2 && of_tests dev.millrace.bench.LoadBench "$@" ;;
    parts) shift 2 && of_parts "$@" ;;
    small) shift 2 && of_tests dev.millrace.app.SmallFiles "$@" ;;
    two-way) shift 2 && exec node bench/two-way/check.mjs "$@" ;;
    vectors) shift 2 && exec node bench/vectors/check.mjs "$@" ;;
    rounds) shift 2 && exec node bench/game-rounds/check.mjs "$@" ;;
    *)
        cat >&2 <<'TEXT'
Usage: ./millrace bench builds FOLDER [--file rounds|narrow|wide] [--format FORMAT] [--pairs N] [--heap SIZE]
                               [--flags FLAGS]
                        chaos [ROUNDS [SEED]]
                        client
                        corpus FOLDER [--out PAGE]
                        export [--rows N] [--rounds N] [--heap SIZE]
                        fuzz SECONDS [FOLDER|- [SEED]]
                        hostile [PERCENT [WORDS]]
                        load [--file rounds|narrow|wide|all] [--format FORMAT] [--rounds N] [--rows N] [--heap SIZE]
                             [--small] [--out FOLDER]
                        parts [REGEX]
                        rounds FILE
                        small [FILES [CLIENTS]]
                        two-way PRICES.csv TRIPS.csv ROUNDS.csv
                        vectors FILE [RESULTS]
TEXT
        exit 2
        ;;
esac
