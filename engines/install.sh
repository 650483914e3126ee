#!/bin/sh
# Installs the engines that Millrace embeds: FOLDER/clickhouse/libchdb.so, FOLDER/kafka/lib/*.jar
# and FOLDER/postgres/{bin,lib,share}.
#
# Usage: engines/install.sh FOLDER (JAVA_HOME is set)
#
# Maven calls it before the tests, and so does every build. It is a script because the three come
# from npm, from Maven and out of a tar archive whose modes and links must stay, and no one Maven
# plugin does all that; the JDK does what it can of it. What is installed and up to date is left alone, which takes milliseconds:
# beside each engine lies a copy of the file that says what it is.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
mvn=${MILLRACE_MVN:-mvn}
java=$JAVA_HOME/bin/java

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) clickhouse=linux-x64-gnu postgres=linux-amd64 ;;
    Linux-aarch64) clickhouse=linux-arm64-gnu postgres=linux-arm64v8 ;;
    Darwin-x86_64) clickhouse=darwin-x64 postgres=darwin-amd64 ;;
    Darwin-arm64) clickhouse=darwin-arm64 postgres=darwin-arm64v8 ;;
    *)
        echo "No embedded engines exist for $(uname -s) on $(uname -m)." >&2
        exit 1
        ;;
esac

# The library is 178 MB to download and 566 MB on disk.
install_clickhouse() {
    cp "$here/clickhouse/package.json" .
    if [ "$clickhouse" = linux-x64-gnu ]; then
        # npm refuses a lock that names packages its registry lacks: only this platform is locked
        cp "$here/clickhouse/package-lock.json" .
        npm ci --no-fund --no-audit --loglevel=error
    else
        version=$(sed -n 's/.*"@chdb\/lib-linux-x64-gnu": "\(.*\)".*/\1/p' package.json)
        rm package.json
        npm install --no-save --no-package-lock --no-fund --no-audit --loglevel=error \
            "@chdb/lib-$clickhouse@$version"
    fi
    mv "node_modules/@chdb/lib-$clickhouse/libchdb.so" .
    rm -rf node_modules package.json package-lock.json
}

install_kafka() {
    "$mvn" -B -q -f "$here/kafka/pom.xml" dependency:copy-dependencies \
        -DoutputDirectory="$PWD/lib"
}

install_postgres() {
    "$mvn" -B -q -f "$here/postgres/pom.xml" dependency:copy-dependencies \
        -Dplatform="$postgres" -DoutputDirectory="$PWD/jars"
    "$java" -cp 'jars/*' "$here/postgres/Unpack.java" jars/embedded-postgres-binaries-*.jar .
    rm -rf jars
}

# What the JVM remembers of a broker's start, for this very JVM. Kafka starts without it, only slower.
train_kafka() {
    jvm=$("$java" -XX:+UseSerialGC -Xlog:disable -version 2>&1)
    [ "$(cat "$out/kafka/trained-on" 2>/dev/null)" != "$jvm" ] || return 0
    "$java" "$here/kafka/Train.java" "$out/kafka/lib" "$out/kafka/kafka.aot" ||
        echo "Kafka starts slower than it could: there is no cache of its classes." >&2
    printf '%s\n' "$jvm" >"$out/kafka/trained-on"
}

# Runs install_ENGINE in an empty folder, which takes the engine's place only when it is complete.
install() {
    engine=$1 definition=$2
    if cmp -s "$here/$engine/$definition" "$out/$engine/installed-from"; then
        return
    fi
    rm -rf "$out/$engine.part"
    mkdir "$out/$engine.part"
    (cd "$out/$engine.part" && "install_$engine") || {
        echo "The engine $engine could not be installed." >&2
        return 1
    }
    rm -rf "${out:?}/$engine"
    cp "$here/$engine/$definition" "$out/$engine.part/installed-from"
    mv "$out/$engine.part" "$out/$engine"
}

install clickhouse package.json &
first=$!
install kafka pom.xml
train_kafka
install postgres pom.xml
wait "$first"
