#!/bin/sh
# What the launcher can do beside the application's own commands.
cat <<'TEXT'
For people who work on Millrace:
  test [ARGUMENT...]   run all tests, on real engines; arguments go to Maven
  dev build            build now
  dev test             the same as test
  dev format           bring the sources into the house's format
  dev docs             write anew what in docs/ the code itself says
  dev run COMMAND      the same as COMMAND
  bench chaos [ROUNDS [SEED]]
                       load while every process is killed now and then, and compare by content
  bench client         run the official JavaScript client against the embedded ClickHouse
  bench hostile [PERCENT [WORDS]]
                       load what nobody should send, and show its end, time and memory
  bench load [--file KIND] [--small] …
                       compare loads with ClickHouse's own imports, or time small ones, on a
                       Millrace of its own; a page shows it
  bench small [FILES [CLIENTS]]
                       load many small files at once, and show rate, latency and parts
  bench vectors FILE [RESULTS]
                       load texts whose fate in ClickHouse is known, and compare
  bench rounds FILE    load a generated file of game rounds and compare every figure

TEXT
