#!/bin/sh
# Commands for people who work on Millrace.
#
# Usage: ./millrace dev build|test|format|run [ARGUMENT...] (JAVA_HOME is set)
set -eu

cd "$(dirname "$0")/.."
task=${2:-}
[ $# -lt 2 ] || shift 2
case $task in
    build) exec dev/build.sh "$PWD/target/millrace" ;;
    test) exec dev/test.sh test "$@" ;;
    format) exec mvn -B -q spotless:apply ;;
    docs) exec dev/test.sh test -Dtest=CliReferenceTest,RejectionsPageTest -Dmillrace.docs=true ;;
    run) exec ./millrace "$@" ;;
    *)
        echo "Usage: ./millrace dev build | test [MAVEN ARGUMENT...] | format | docs | run COMMAND..." >&2
        exit 2
        ;;
esac
