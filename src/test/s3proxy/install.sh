#!/bin/sh
# Installs the S3 that the tests run on: FOLDER/lib/*.jar. It is no part of the distribution.
#
# Usage: src/test/s3proxy/install.sh FOLDER
#
# Maven calls it before the tests. What is installed and up to date is left alone.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
if ! cmp -s "$here/pom.xml" "$out/installed-from"; then
    rm -rf "$out/lib" "$out/installed-from"
    "${MILLRACE_MVN:-mvn}" -B -q -f "$here/pom.xml" dependency:copy-dependencies \
        -DoutputDirectory="$out/lib"
    cp "$here/pom.xml" "$out/installed-from"
fi
