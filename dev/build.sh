#!/bin/sh
# Builds Millrace into FOLDER: engines/ with what it embeds, lib/ with the application, and caches
# that make it start quicker. Shows its steps on standard error; the rest is in
# target/build.log.
#
# Usage: dev/build.sh FOLDER (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
home=$1
log=target/build.log
lock=target/build.lock
mkdir -p target
[ -w target ] || {
    echo "Millrace cannot be built: $PWD/target cannot be written." >&2
    exit 1
}

# Two launchers must not build at once. Whoever waits finds everything done. The lock
# is a link to nowhere, named after its owner's process: one step makes both.
until ln -ns $$ "$lock" 2>/dev/null; do
    builder=$(readlink "$lock") || continue
    if kill -0 "$builder" 2>/dev/null; then
        echo "Waiting for the build that is running (process $builder)." >&2
        while [ -h "$lock" ] && kill -0 "$builder" 2>/dev/null; do sleep 1; done
    else
        rm -f "$lock" # of a build that was killed
    fi
    waited=yes
done
leave() {
    [ -z "${data:-}" ] || {
        ./millrace down
        rm -rf "$data"
    }
    rm -f "$lock"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP
if [ "${waited:-}" ] && [ -e "$home/built" ] &&
    [ -z "$(find src/main pom.xml engines -newer "$home/built" -print | head -n 1)" ]; then
    exit
fi

for tool in mvn npm; do
    command -v "$tool" >/dev/null || {
        echo "Building Millrace needs $tool, which is not on the PATH." >&2
        exit 1
    }
done

steps=0
step() {
    steps=$((steps + 1))
    title=$1
    shift
    printf '  %d/3  %-52s' "$steps" "$title" >&2
    start=$(date +%s)
    if "$@" >>"$log" 2>&1; then
        printf '%4d s\n' "$(($(date +%s) - start))" >&2
    else
        printf 'failed\n\n' >&2
        tail -n 25 "$log" >&2
        ! grep -qE "Unknown host|UnknownHost|EAI_AGAIN|ENOTFOUND|Connection refused|offline mode" "$log" ||
            printf '\nThis step downloads, and the network could not be reached. Connect, then repeat the command.\n' >&2
        printf '\nThe whole log is %s.\n' "$PWD/$log" >&2
        exit 1
    fi
}

# What a running Millrace has open stays readable for it: the old jars are unlinked, not overwritten.
application() {
    rm -rf "$home/lib" "$home"/*.aot*
    mvn -B -Dstyle.color=never -Dmaven.test.skip=true -Dexec.skip=true package && compile_picocli
}

# Its jar has classes of Java 5, which the JVM takes into no cache: to load and check them took half
# of a command's time.
compile_picocli() {
    rm -rf target/picocli/classes
    "$JAVA_HOME/bin/javac" --release 25 -nowarn -proc:none -d target/picocli/classes \
        target/picocli/sources/picocli/*.java &&
        "$JAVA_HOME/bin/jar" --update --file "$home"/lib/picocli-*.jar -C target/picocli/classes .
}

# The example's good rows over and over, enough to make the code that reads them hot.
many_purchases() {
    awk 'NR == 1 { print; next }
         { good[NR] = $0 }
         END { for (i = 0; i < 100000; i++) for (n = 2; n <= NR; n++) print good[n] }' \
        examples/purchases/good.csv
}

# Starts everything once, loads examples and stops it, so that the JVM writes down what a server
# and a command need to start, and which code becomes hot (JEP 514, 515): the first load after a
# start is then about as quick as later ones. A cache that is missing makes them slower, nothing
# else, so nothing here fails the build.
caches() {
    data=$(mktemp -d)
    export MILLRACE_LAUNCHER=no-build MILLRACE_DATA="$data"
    MILLRACE_JAVA_OPTS="-XX:AOTCacheOutput=$home/server.aot" ./millrace up --detach --port 0 \
        --clickhouse-port 0 --clickhouse-tcp-port 0 --kafka-port 0 --postgres-port 0 &&
        ./millrace model create purchases examples/purchases/model.json &&
        ./millrace job create purchases examples/purchases/good.csv --wait &&
        many_purchases >"$data/many.csv" &&
        ./millrace job create purchases "$data/many.csv" --wait &&
        ./millrace job create purchases "$data/many.csv" --if-loaded load --wait &&
        MILLRACE_MAIN=Rehearsal MILLRACE_JAVA_OPTS="-XX:AOTCacheOutput=$home/commands.aot" \
            ./millrace job list then job status last then model list then model describe purchases \
            then load examples/purchases/good.csv --into rehearsed --yes --if-loaded load \
            then sql "SELECT 1" then tables then export --query "SELECT 1 AS n" --to - &&
        ./millrace down || {
        ./millrace down || true
        rm -f "$home"/*.aot*
    }
    rm -rf "$data"
    data=
}

: >"$log"
touch target/build.started
echo "Building Millrace, which takes a few minutes the first time and downloads about 350 MB." >&2
step "ClickHouse, Kafka, PostgreSQL (178 + 44 + 20 MB)" engines/install.sh "$home/engines"
step "Millrace (its libraries and the compiler's: 110 MB)" application
step "Caches for quick starts" caches
mv target/build.started "$home/built"
