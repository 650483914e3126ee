#!/bin/sh
# Builds Millrace into FOLDER: engines/ with what it embeds, lib/ with the application, and a cache
# that makes its commands start quicker. Shows its steps on standard error; the rest is in
# target/build.log.
#
# Usage: dev/build.sh FOLDER (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
home=$1
log=target/build.log
lock=target/build.lock
mkdir -p target

# Two launchers must not build at once. Whoever waits finds everything done.
until mkdir "$lock" 2>/dev/null; do
    builder=$(cat "$lock/pid" 2>/dev/null || echo)
    if [ -n "$builder" ] && ! kill -0 "$builder" 2>/dev/null; then
        rm -rf "$lock" # of a build that was killed
    else
        echo "Waiting for the build that is running (process ${builder:-unknown})." >&2
        while [ -d "$lock" ] && kill -0 "${builder:-$$}" 2>/dev/null; do sleep 1; done
    fi
    waited=yes
done
echo $$ >"$lock/pid"
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT TERM
if [ "${waited:-}" ] && [ -e "$home/built" ] &&
    [ -z "$(find src/main pom.xml engines -newer "$home/built" -print | head -n 1)" ]; then
    exit
fi

for tool in mvn npm tar xz; do
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
        printf '\nThe whole log is %s.\n' "$PWD/$log" >&2
        exit 1
    fi
}

# What a running Millrace has open stays readable for it: the old jars are unlinked, not overwritten.
application() {
    rm -rf "$home/lib" "$home/commands.aot"
    mvn -B -Dstyle.color=never -Dmaven.test.skip=true -Dexec.skip=true package
}

# Whatever this does, it must not fail the build: commands start without the cache, too.
cache() {
    set -- "$home"/lib/*.jar
    jars=$(IFS=: && echo "$*")
    "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$home/commands.aot" \
        -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m --enable-native-access=ALL-UNNAMED \
        -Dmillrace.home="$home" -cp "$jars" dev.millrace.app.Main job list || true
}

: >"$log"
touch target/build.started
echo "Building Millrace, which takes a few minutes the first time and downloads about 350 MB." >&2
step "ClickHouse, Kafka, PostgreSQL (178 + 44 + 20 MB)" engines/install.sh "$home/engines"
step "Millrace (its libraries and the compiler's: 110 MB)" application
step "A cache for quick starts" cache
mv target/build.started "$home/built"
