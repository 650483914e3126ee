package dev.millrace.bench;

import dev.millrace.bench.FileResult.WayResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Results as one page that needs nothing beside it.
final class ResultPage {
    private static final Map<Way, String> NAMES =
            Map.of(Way.FILE, "a · file()", Way.HTTP, "b · HTTP", Way.MILLRACE, "c · Millrace");

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1d2430; --soft: #667085; --line: #e3e7ee;
              --page: #f6f7f9; --card: #fff; --millrace: #2563c9; --clickhouse: #e3a008;
              --kafka: #8b5fbf; --postgresql: #17977f; --curl: #8a94a6; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #9aa4b5;
              --line: #333b49; --page: #14181f; --card: #1c222c; --millrace: #5b93ee; } }
            * { box-sizing: border-box; }
            body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem; background: var(--page);
              color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
            h2 { font-size: 1.25rem; margin: 0; }
            .soft, figcaption span, dt { color: var(--soft); }
            section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
              padding: 1.25rem 1.5rem; margin-top: 1.25rem; }
            dl { display: grid; grid-template-columns: 7rem 1fr; gap: .15rem 1rem; margin: 0; }
            dd { margin: 0; overflow-wrap: anywhere; }
            .tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
            .tile { flex: 1 1 10rem; border: 1px solid var(--line); border-radius: 8px;
              padding: .6rem .9rem; }
            .tile b { display: block; font-size: 1.6rem; line-height: 1.3;
              font-variant-numeric: tabular-nums; }
            .tile small { color: var(--soft); display: block; line-height: 1.35; }
            figure { margin: 1.5rem 0 0; }
            figcaption { font-weight: 600; }
            figcaption span { font-weight: 400; }
            svg { display: block; width: 100%; height: auto; }
            svg text { font-size: 12px; fill: var(--ink); font-variant-numeric: tabular-nums; }
            svg .name { text-anchor: end; }
            svg .tick { text-anchor: middle; fill: var(--soft); }
            svg .inside { text-anchor: middle; fill: #fff; }
            svg .clickhouse + .inside { fill: #1d2430; }
            svg .value { font-weight: 600; }
            .grid { stroke: var(--line); }
            .spread { stroke: var(--ink); stroke-width: 1.5; }
            .dot { fill: var(--card); stroke: var(--ink); stroke-width: 1.5; }
            .millrace { fill: var(--millrace); } .clickhouse { fill: var(--clickhouse); }
            .kafka { fill: var(--kafka); } .postgresql { fill: var(--postgresql); }
            .curl { fill: var(--curl); }
            .legend { display: flex; flex-wrap: wrap; gap: 1.1rem; margin-top: 1.25rem; }
            .legend svg { display: inline-block; width: 11px; height: 11px; margin-right: .4rem; }
            table { border-collapse: collapse; width: 100%; margin-top: 1rem;
              font-variant-numeric: tabular-nums; }
            th, td { padding: .35rem .5rem; text-align: right; border-bottom: 1px solid var(--line);
              white-space: nowrap; }
            th:first-child, td:first-child { text-align: left; }
            th { color: var(--soft); font-weight: 500; }
            """;

    private ResultPage() {}

    static String of(BenchResult result) {
        var page = new StringBuilder();
        page.append(
                format(
                        "<!doctype html>%n<html lang=\"en\"><meta charset=\"utf-8\">"
                                + "<meta name=\"viewport\" content=\"width=device-width\">"
                                + "<title>Millrace: loads beside ClickHouse's own</title>"
                                + "<style>%s</style>%n<h1>Loads by Millrace, beside ClickHouse's own"
                                + " imports</h1>%n<div class=\"soft\">%s</div>%n",
                        STYLE, result.measuredAt()));
        conditions(page, result);
        for (var file : result.files()) {
            file(page, file);
        }
        if (result.small() != null) {
            small(page, result.small());
        }
        return page.append("</html>\n").toString();
    }

    private static void conditions(StringBuilder page, BenchResult result) {
        var items = result.machine().described();
        items.putAll(result.conditions());
        page.append("<section><dl>");
        items.forEach((name, words) -> page.append(format("<dt>%s<dd>%s%n", name, escaped(words))));
        page.append("</dl></section>\n");
    }

    private static void file(StringBuilder page, FileResult file) {
        page.append(
                format(
                        "<section><h2>%s</h2><div class=\"soft\">%,d rows of %d columns, %,.0f MB of"
                                + " CSV, ordered by %s</div>%n<div class=\"tiles\">",
                        file.name(),
                        file.rows(),
                        file.columns().size(),
                        file.bytes() / 1e6,
                        String.join(", ", file.orderBy())));
        tile(
                page,
                format("%.2f", file.fileRatio().median()),
                "of a's speed (a/c); " + range(file.fileRatio()));
        tile(
                page,
                format("%.2f", file.httpRatio().median()),
                "of b's speed (b/c); " + range(file.httpRatio()));
        tile(page, format("%.2f", file.serverCpuRatio()), "ClickHouse's CPU in c by that in a");
        tile(
                page,
                format("%.2f s", file.coldSeconds()),
                format(
                        "first load after the start, %.2f of a's speed when warm",
                        file.coldRatio()));
        page.append("</div>");
        page.append(wallTime(file).svg());
        page.append(new BarChart("CPU", "seconds, medians", "%.2f", bars(file, true)).svg());
        page.append(
                new BarChart(
                                "Peak memory",
                                "MB resident, the most of each process",
                                "%,.0f",
                                bars(file, false))
                        .svg());
        legend(page);
        table(page, file);
        page.append("</section>\n");
    }

    private static BarChart wallTime(FileResult file) {
        return new BarChart(
                "Wall time",
                "seconds: median, and each round",
                "%.2f",
                file.ways().stream()
                        .map(w ->
                                new BarChart.Bar(
                                        name(w),
                                        Map.of(
                                                w.way() == Way.MILLRACE
                                                        ? Processes.MILLRACE
                                                        : Processes.CLICKHOUSE,
                                                w.seconds().median()),
                                        w.seconds().median(),
                                        file.rounds().stream()
                                                .filter(m -> m.way() == w.way())
                                                .map(Measurement::seconds)
                                                .toList()))
                        .toList());
    }

    private static List<BarChart.Bar> bars(FileResult file, boolean ofCpu) {
        return file.ways().stream()
                .map(w -> {
                    var of = ofCpu ? w.cpuSeconds() : w.peakMegabytes();
                    var sum = of.values().stream().mapToDouble(Double::doubleValue).sum();
                    return new BarChart.Bar(name(w), of, sum, List.of());
                })
                .toList();
    }

    private static String name(WayResult way) {
        return NAMES.getOrDefault(way.way(), way.way().letter());
    }

    private static void legend(StringBuilder page) {
        page.append("<div class=\"legend\">");
        for (var name : Processes.NAMES) {
            page.append(
                    format(
                            "<span><svg viewBox=\"0 0 1 1\"><rect class=\"%s\" width=\"1\""
                                    + " height=\"1\"/></svg>%s</span>",
                            BarChart.colour(name), name));
        }
        page.append("</div>\n");
    }

    private static void table(StringBuilder page, FileResult file) {
        page.append(
                "<table><tr><th>way<th>median s<th>min … max<th>M rows/s<th>MB/s<th>parts</tr>\n");
        for (var way : file.ways()) {
            page.append(
                    format(
                            "<tr><td>%s · %s<td>%.2f<td>%.2f … %.2f<td>%.2f<td>%.0f<td>%d</tr>%n",
                            way.way().letter(),
                            escaped(way.way().title()),
                            way.seconds().median(),
                            way.seconds().min(),
                            way.seconds().max(),
                            way.rowsPerSecond() / 1e6,
                            way.megabytesPerSecond(),
                            way.parts()));
        }
        page.append("</table>");
    }

    private static void small(StringBuilder page, SmallLoads small) {
        page.append(
                "<section><h2>What waits for a person</h2><table><tr><th>milliseconds<th>median"
                        + "<th>95 %<th>most<th>of</tr>\n");
        latency(page, "One row, from the request to SUCCESS", small.oneRow(), small.loads());
        latency(page, "One megabyte, the same", small.megabyte(), small.loads());
        latency(page, "up --detach, in a folder that was used", small.start(), small.commands());
        latency(page, "job list", small.list(), small.commands());
        page.append("</table></section>\n");
    }

    private static void latency(StringBuilder page, String name, Spread seconds, int count) {
        page.append(
                format(
                        "<tr><td>%s<td>%,.0f<td>%,.0f<td>%,.0f<td>%d</tr>%n",
                        name,
                        seconds.median() * 1e3,
                        seconds.high() * 1e3,
                        seconds.max() * 1e3,
                        count));
    }

    private static void tile(StringBuilder page, String value, String meaning) {
        page.append(format("<div class=\"tile\"><b>%s</b><small>%s</small></div>", value, meaning));
    }

    private static String range(Spread ratio) {
        return format("rounds %.2f to %.2f", ratio.min(), ratio.max());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
