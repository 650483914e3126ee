package dev.millrace.bench.corpus;

import java.util.List;

/// The scores as a page of the documentation.
final class ScorePage {
    private ScorePage() {}

    static String of(List<Score> scores) {
        var page = new StringBuilder("# How Millrace reads what others have collected\n\n");
        page.append(
                "Made by `./millrace bench corpus FOLDER --out docs/corpus.md` out of collections"
                        + " of files from other projects' tests, each with what other readers make"
                        + " of it. They are not part of this project. Where Millrace differs, the"
                        + " reason stands below.\n\n");
        page.append("| collection | verdict | cases |\n| --- | --- | ---: |\n");
        for (var score : scores) {
            score.verdicts()
                    .forEach((verdict, count) ->
                            page.append(
                                    "| %s | %s | %,d |\n".formatted(score.name(), verdict, count)));
        }
        for (var score : scores) {
            if (!score.reasons().isEmpty()) {
                page.append(section(score));
            }
        }
        return page.toString();
    }

    private static String section(Score score) {
        var section = new StringBuilder("\n## %s\n\n".formatted(score.name()));
        section.append("| verdict | reason | cases | such as |\n| --- | --- | ---: | --- |\n");
        score.reasons()
                .forEach((verdict, all) ->
                        all.forEach((reason, examples) ->
                                section.append(
                                        "| %s | %s | %,d | %s |\n"
                                                .formatted(
                                                        verdict,
                                                        cell(reason),
                                                        examples.size(),
                                                        code(Score.shown(examples))))));
        return section.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String code(String text) {
        var shown = text.replace("|", "\\|");
        return shown.contains("`") ? "`` " + shown + " ``" : "`" + shown + "`";
    }
}
