#!/bin/sh
# Runs all tests and the check of the format, showing a line for each test class. Further arguments
# go to Maven. The whole output is in target/test.log.
#
# Usage: ./millrace test [ARGUMENT...] (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
shift
mkdir -p target
{
    mvn -B -Dstyle.color=never verify "$@" 2>&1 && echo 0 >target/test.code || echo $? >target/test.code
} | tee target/test.log | while IFS= read -r line; do
    case $line in
        '[INFO] Tests run:'*) printf '%s\n' "${line#\[INFO\] }" ;;
        '[INFO]'* | '') ;;
        *) printf '%s\n' "$line" ;;
    esac
done
code=$(cat target/test.code)
[ "$code" -eq 0 ] && echo "All tests pass." || echo "There are failures; the whole log is $PWD/target/test.log." >&2
exit "$code"
