#!/bin/sh
# Installs the engines that Millrace embeds: FOLDER/clickhouse/libchdb.so, FOLDER/kafka/lib/*.jar
# and FOLDER/postgres/{bin,lib,share}.
#
# Usage: engines/install.sh FOLDER
#
# Maven calls it before the tests, and so does every build. It is a script because the three come
# from npm, from Maven and out of a tar archive whose modes and links must stay, and no one Maven
# plugin does all that. What is installed and up to date is left alone, which takes milliseconds:
# beside each engine lies a copy of the file that says what it is.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
mvn=${MILLRACE_MVN:-mvn}

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
    "$mvn" -B -q -f "$here/postgres/pom.xml" dependency:unpack-dependencies \
        -Dplatform="$postgres" -DoutputDirectory="$PWD" -Dmdep.unpack.includes='*.txz' \
        -DmarkersDirectory="$PWD/markers"
    tar -xJf ./*.txz || {
        echo "PostgreSQL's archive could not be unpacked: tar needs xz (package xz-utils)." >&2
        return 1
    }
    rm -rf ./*.txz markers
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
install postgres pom.xml
wait "$first"
