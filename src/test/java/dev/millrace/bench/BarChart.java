package dev.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A bar for each [Way], lying, as inline SVG whose colours the page's style says.
///
/// @param form how a value is written
record BarChart(String title, String unit, String form, List<Bar> bars) {
    private static final int WIDTH = 760;
    private static final int LEFT = 96;
    private static final int RIGHT = 84;
    private static final int TOP = 8;
    private static final int ROW = 40;
    private static final int THICKNESS = 24;
    private static final int AXIS = 24;

    /// Below it a value does not fit inside its segment.
    private static final int ROOM_FOR_TEXT = 44;

    private static final int MAX_TICKS = 6;

    /// @param segments by what their colour stands for; their sum is the bar's length
    /// @param dots single measurements, drawn over it; the line between the outermost is the spread
    record Bar(String name, Map<String, Double> segments, double value, List<Double> dots) {
        double most() {
            return dots.stream()
                    .mapToDouble(Double::doubleValue)
                    .reduce(
                            segments.values().stream().mapToDouble(Double::doubleValue).sum(),
                            Math::max);
        }
    }

    String svg() {
        var most = bars.stream().mapToDouble(Bar::most).max().orElse(1);
        var scale = (WIDTH - LEFT - RIGHT) / Math.max(most, 1e-9);
        var height = TOP + ROW * bars.size() + AXIS;
        var svg = new StringBuilder();
        svg.append(
                format(
                        "<figure><figcaption>%s <span>%s</span></figcaption>%n<svg viewBox=\"0 0 %d %d\""
                                + " role=\"img\" aria-label=\"%s\">%n",
                        title, unit, WIDTH, height, title));
        axis(svg, most, scale, TOP + ROW * bars.size());
        for (var i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), scale, TOP + ROW * i + (ROW - THICKNESS) / 2);
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private static void axis(StringBuilder svg, double most, double scale, int bottom) {
        for (var tick : ticks(most)) {
            var x = LEFT + tick * scale;
            svg.append(
                    format(
                            "<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>"
                                    + "<text class=\"tick\" x=\"%1$.1f\" y=\"%4$d\">%5$s</text>%n",
                            x, TOP, bottom, bottom + 16, number(tick)));
        }
    }

    /// Round numbers from 0 on.
    private static List<Double> ticks(double most) {
        var power = Math.pow(10, Math.floor(Math.log10(most / MAX_TICKS)));
        var step =
                List.of(1.0, 2.0, 5.0, 10.0).stream()
                        .map(s -> s * power)
                        .filter(s -> most / s <= MAX_TICKS)
                        .findFirst()
                        .orElse(most);
        var ticks = new ArrayList<Double>();
        for (var i = 0; i * step <= most; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private void bar(StringBuilder svg, Bar bar, double scale, int y) {
        var middle = y + THICKNESS / 2;
        svg.append(text("name", LEFT - 10, middle, bar.name()));
        double x = LEFT;
        for (var segment : bar.segments().entrySet()) {
            var width = segment.getValue() * scale;
            var value = format(form, segment.getValue());
            svg.append(
                    format(
                            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">"
                                    + "<title>%s: %s %s</title></rect>%n",
                            colour(segment.getKey()),
                            x,
                            y,
                            width,
                            THICKNESS,
                            segment.getKey(),
                            value,
                            unit));
            if (width > ROOM_FOR_TEXT && bar.segments().size() > 1) {
                svg.append(text("inside", x + width / 2, middle, value));
            }
            x += width;
        }
        spread(svg, bar, scale, middle);
        svg.append(
                text("value", LEFT + bar.most() * scale + 10, middle, format(form, bar.value())));
    }

    private static void spread(StringBuilder svg, Bar bar, double scale, int middle) {
        if (bar.dots().isEmpty()) {
            return;
        }
        var sorted = bar.dots().stream().sorted().toList();
        svg.append(
                format(
                        "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%3$d\" y2=\"%3$d\"/>%n",
                        LEFT + sorted.getFirst() * scale, LEFT + sorted.getLast() * scale, middle));
        for (var dot : sorted) {
            svg.append(
                    format(
                            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%d\" r=\"3.5\"/>%n",
                            LEFT + dot * scale, middle));
        }
    }

    private static String text(String style, double x, int middle, String text) {
        return format(
                "<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n", style, x, middle + 4, text);
    }

    /// The class of the style that colours it.
    static String colour(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String number(double tick) {
        return tick == Math.rint(tick)
                ? format("%,.0f", tick)
                : format("%.4f", tick).replaceAll("0+$", "");
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
